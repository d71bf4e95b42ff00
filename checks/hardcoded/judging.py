"""What a rule may be judged by: its findings, once it is known that it looked."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.hardcoded.seen import HardcodedSeen, RuleSeen
from config.rules import Rule
from reports.findings import Finding
from reports.verdicts import Inconclusive

_SHOWN = 20
_FEW = 3


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's findings."""

    rule: RuleSeen
    found: tuple[Finding, ...]
    allowed: tuple[Finding, ...]

    @property
    def told(self) -> list[str]:
        """Say each finding in a line, those beyond a screen as a number."""
        lines = [f"{one.where}: {one.snippet}" for one in self.found[:_SHOWN]]
        more = len(self.found) - len(lines) + self.rule.unlisted
        return [*lines, f"and {more} more"] if more else lines

    def ensure_all_was_read(self) -> None:
        """Raise `Inconclusive` where a file that the rule concerns was not read."""
        if self.rule.unread_files:
            named = ", ".join(self.rule.unread[:_FEW])
            raise Inconclusive(
                f"{self.rule.unread_files} files that it concerns could not be read: {named}",
                "let us read them, raise `largest`, or leave them out by `not_in`",
            )


def look_into(seen: HardcodedSeen, rule: Rule) -> Judged:
    """Return a rule's findings; raises `Inconclusive` for one that cannot be relied on."""
    own = seen.rule(rule.id)
    if own is None:
        raise Inconclusive(
            f"the rule {rule.id} was not looked for then", "look again, by the profile of now"
        )
    if own.failing:
        raise Inconclusive(
            f"the rule {rule.id} does not hold its samples: {'; '.join(own.failing)}",
            "mend its pattern, or its samples",
            held_by=("check_rules_hold_their_samples",),
        )
    if not own.files:
        raise Inconclusive(
            f"the rule {rule.id} read no file: none is meant by {', '.join(rule.files)}",
            "correct `files` of the rule, or leave it away where there are no such files",
        )
    found = seen.of(rule.id)
    return Judged(
        own,
        tuple(one for one in found if not one.suppressions),
        tuple(one for one in found if one.suppressions),
    )


def first(told: Sequence[str]) -> str:
    """Put the first of some findings into one line."""
    more = f" and {len(told) - _FEW} more" if len(told) > _FEW else ""
    return "; ".join(told[:_FEW]) + more
