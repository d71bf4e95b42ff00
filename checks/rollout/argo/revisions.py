"""The revisions that Argo CD tells, beside the head of the GitOps branch, as git compares them."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.argo.equality import (
    Compared,
    Standing,
    What,
    generate_paths,
    own_sources,
)
from checks.rollout.argo.objects import Application
from checks.rollout.argo.seen import ApplicationsSeen, NoApplication, RevisionsCompared
from checks.rollout.catalog.seen import Head
from checks.wire.objects import FULL, Ancestry, Objects, objects_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

_FEW = 3
"""Paths that are named of those that differ."""


@dataclass(frozen=True, slots=True)
class RevisionsOf:
    """An application, the repository and folder that it reads, and by what its sources are known.

    `branch` is None where their URL alone tells.
    """

    repository: str
    path: str
    urls: tuple[str, ...]
    branch: str | None
    namespace: str
    application: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.application}"


@by_hand(
    lambda of: shlex.join(
        ("git", "-C", of.repository, "diff", "--stat", "REVISION", "HEAD", "--", of.path)
    )
)
async def compare_revisions(
    of: RevisionsOf,
    vantage: Vantage,
    applications: ApplicationsSeen,
    head: Head,
    *,
    deadline: float,
) -> RevisionsCompared | NoApplication:
    """Compare what Argo CD compared to, and what it applied last, with the head, below the path.

    Raises `VantageError` where the repository cannot be asked at all; a revision that it does not
    have is `unknown`.
    """
    at = datetime.now(UTC)
    app = applications.named(of.namespace, of.application)
    if app is None:
        return NoApplication(application=str(of), at=at)
    look = _Look(objects_of(of.repository, vantage, deadline=deadline), of.path, head.commit, app)
    places = own_sources(app, of.urls, of.branch)
    each = [await look.stand("compared", one) for one in _at(places, app.compared.each)]
    if app.operation is not None and app.operation.applied is not None:
        each += [
            await look.stand("applied", one) for one in _at(places, app.operation.applied.each)
        ]
    behind = [one.revision for one in each if one.standing == "lags"]
    return RevisionsCompared(
        application=str(of),
        head=head.commit,
        path=of.path,
        each=tuple(each),
        changed=await look.changed(behind[0]) if behind else None,
        at=at,
    )


def _at(places: tuple[int, ...], revisions: tuple[str, ...]) -> list[str]:
    """Return the revisions at those places; a source that has none has an empty one."""
    return [revisions[number] if number < len(revisions) else "" for number in places]


@dataclass(frozen=True, slots=True)
class _Look:
    """What is compared, and with what."""

    objects: Objects
    path: str
    head: str
    app: Application

    async def stand(self, of: What, revision: str) -> Compared:
        """Tell how a revision stands to the head."""
        if not revision:
            return Compared(of, revision, "none")
        if revision == self.head:
            return Compared(of, revision, "same")
        if not FULL.fullmatch(revision):
            return Compared(of, revision, "unknown", "it is no full commit id")
        try:
            standing, why = await self._differ(revision)
        except SourceError as error:
            return Compared(of, revision, "unknown", error.reason)
        return Compared(of, revision, standing, why)

    async def _differ(self, revision: str) -> tuple[Standing, str]:
        older = await self.objects.ancestry(revision, self.head)
        if older.stands != "contained":
            return await self._apart(revision, older)
        changed = await self.objects.changed(revision, self.head, self.path)
        if not changed:
            return "path-equal", f"nothing differs below {self.path}"
        few = ", ".join(changed[:_FEW])
        if self.app.generate_paths:
            paths = generate_paths(self.app.generate_paths, self.path)
            if paths and not await self.objects.changed(revision, self.head, *paths):
                return "unread", f"{few} differ, and nothing below {', '.join(paths)}"
        more = f" and {len(changed) - _FEW} more" if len(changed) > _FEW else ""
        return "lags", f"below {self.path} differ {few}{more}"

    async def _apart(self, revision: str, older: Ancestry) -> tuple[Standing, str]:
        """Tell how a revision stands that is not in the head's history."""
        if older.stands == "unknown":
            return "unknown", older.why
        newer = await self.objects.ancestry(self.head, revision)
        if newer.stands == "contained":
            return "ahead", "the branch has moved since its head was read"
        if newer.stands == "unknown":
            return "unknown", newer.why
        return "diverged", "it is not in the history of the branch"

    async def changed(self, since: str) -> datetime | None:
        """Return when the head's last commit below the path was committed; None if not told."""
        try:
            log = await self.objects.log(since, self.head, self.path, most=1)
        except SourceError:
            return None
        return datetime.fromisoformat(log[0].committed).astimezone(UTC) if log else None
