"""What GitHub requires of a branch: active rules, rulesets, and the older protection."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from checks.wire.github.asking import gh
from fixtures.github.values import BranchRule, Protection, RequiredCheck, Ruleset
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

if TYPE_CHECKING:
    from fixtures.github.client import GitHub

ADMINISTRATORS = "administrators"
"""Who passes by a protection that does not hold for them."""
_RULESETS = 30
"""Rulesets that are read one by one."""


@observation
class Requirements:
    """What a branch requires. What could not be seen is told in `hidden`, with what would help."""

    kind: Literal["branch-requirements"] = "branch-requirements"
    repository: str
    branch: str
    rules: tuple[BranchRule, ...]
    """The active ones, of every ruleset."""
    rulesets: tuple[Ruleset, ...]
    bodies: tuple[tuple[int, str], ...]
    """The rules of each ruleset as JSON, by its id."""
    protection: Protection | None
    hidden: tuple[tuple[str, str], ...]
    at: datetime

    @property
    def required(self) -> tuple[RequiredCheck, ...]:
        """The required contexts, of rules and of the protection."""
        protected = self.protection.required if self.protection else ()
        return (*(one for rule in self.rules for one in rule.required), *protected)

    @property
    def merge_queue(self) -> bool:
        """Whether pull requests pass through a merge queue."""
        return any(rule.type == "merge_queue" for rule in self.rules)

    @property
    def binding(self) -> tuple[Ruleset, ...]:
        """The rulesets of whose rules the branch has any that require a context."""
        ids = {rule.ruleset for rule in self.rules if rule.required}
        return tuple(one for one in self.rulesets if one.id in ids)

    @property
    def headline(self) -> str:
        contexts = dict.fromkeys(one.context for one in self.required)
        where = [f"{one.name} ({one.enforcement})" for one in self.binding]
        where += ["branch protection"] if self.protection else []
        hidden = f"; not seen: {', '.join(reason for reason, _ in self.hidden)}"
        return (
            f"{self.branch} requires {', '.join(contexts) or 'nothing'}"
            f" by {', '.join(where) or 'no rule'}{hidden if self.hidden else ''}"
        )

    @property
    def transcript(self) -> str:
        return "\n".join(_told(self))


def _told(seen: Requirements) -> Iterator[str]:
    for one in seen.required:
        yield f"required {one.context!r} app {one.app or 'any'} by {one.source}"
    for ruleset in seen.rulesets:
        bypass = "hidden" if ruleset.bypass is None else ", ".join(ruleset.bypass) or "nobody"
        yield f"ruleset {ruleset.id} {ruleset.name!r} {ruleset.enforcement}, bypass: {bypass}"
    if seen.protection is not None:
        yield f"branch protection, administrators bound: {seen.protection.admins}"
    for reason, mend in seen.hidden:
        yield f"not seen: {reason}; {mend}"


@prepared_by(import_client)
@by_hand(lambda source, branch: gh(source, f"/rules/branches/{branch}"), here=True)
async def read_requirements(
    source: Source, vantage: Vantage, branch: str, *, deadline: float
) -> Requirements:
    """Read a branch's active rules, the rulesets, and its protection, as far as it may be seen."""
    from fixtures.github.client import github_of  # noqa: PLC0415 - httpx, for it alone

    async with github_of(source, vantage, deadline=deadline) as github:
        active, unknown = await _active(github, branch)
        rulesets, bodies, hidden = await _rulesets(github, active)
        protection, unseen = await _protection(github, branch)
    return Requirements(
        repository=github.repository,
        branch=branch,
        rules=active,
        rulesets=rulesets,
        bodies=bodies,
        protection=protection,
        hidden=(*unknown, *hidden, *unseen),
        at=datetime.now(UTC),
    )


async def _active(
    github: "GitHub", branch: str
) -> tuple[tuple[BranchRule, ...], list[tuple[str, str]]]:
    from fixtures.github import rules  # noqa: PLC0415
    from fixtures.github.answers import ForbiddenError, NotFoundError  # noqa: PLC0415

    try:
        return await rules.list_branch_rules(github, branch), []
    except (ForbiddenError, NotFoundError) as error:
        return (), [(f"the rules of {branch} ({error.reason})", error.mend)]


async def _rulesets(
    github: "GitHub", active: tuple[BranchRule, ...]
) -> tuple[tuple[Ruleset, ...], tuple[tuple[int, str], ...], list[tuple[str, str]]]:
    """Read the rulesets of the active rules, and those that are not enforced."""
    from fixtures.github import rules  # noqa: PLC0415
    from fixtures.github.answers import ForbiddenError, NotFoundError  # noqa: PLC0415

    hidden: list[tuple[str, str]] = []
    try:
        listed = await rules.list_rulesets(github)
    except (ForbiddenError, NotFoundError) as error:
        hidden.append((f"the list of rulesets ({error.reason})", error.mend))
        listed = ()
    ids = [rule.ruleset for rule in active]
    ids += [one.id for one in listed if one.enforcement != "active" and one.target != "tag"]
    found, bodies = [], []
    distinct = list(dict.fromkeys(ids))
    if (beyond := len(distinct) - _RULESETS) > 0:
        hidden.append((f"{beyond} more rulesets: {_RULESETS} are read", "look at them by hand"))
    for number in distinct[:_RULESETS]:
        try:
            found.append(await rules.read_ruleset(github, number))
            whole = (await github.get(github.path("rulesets", number))).json()
        except (ForbiddenError, NotFoundError) as error:
            hidden.append((f"ruleset {number} ({error.reason})", error.mend))
            continue
        bodies.append((number, json.dumps(whole.get("rules") or [], ensure_ascii=False)))
    return tuple(found), tuple(bodies), hidden


async def _protection(
    github: "GitHub", branch: str
) -> tuple[Protection | None, list[tuple[str, str]]]:
    from fixtures.github import rules  # noqa: PLC0415
    from fixtures.github.answers import ForbiddenError, NotFoundError  # noqa: PLC0415

    try:
        return await rules.read_protection(github, branch), []
    except (ForbiddenError, NotFoundError) as error:
        told = f"the protection of {branch}, which an administrator may see ({error.reason})"
        return None, [(told, error.mend)]
