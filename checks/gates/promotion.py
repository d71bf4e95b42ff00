"""What a ledger earns: promotion after greens in a row, demotion after failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from checks.gates.ledger import Entry, Ledger
from config.gates import Gate, Promotion


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is on its way to be required."""

    greens: tuple[Entry, ...]
    """The last completed runs, as far back as all of them are green."""
    needed: int
    broken_by: Entry | None
    """What is before them, and no green; None where there is nothing before."""
    pending: int
    whole: bool
    """Whether there are no older runs than those that were looked at."""

    @property
    def reached(self) -> bool:
        """Whether it may become required."""
        return len(self.greens) >= self.needed

    @property
    def is_known(self) -> bool:
        """Whether more of the past would change nothing."""
        return self.reached or self.broken_by is not None or self.whole

    @property
    def fraction(self) -> str:
        """The progress in short: `2/3`."""
        return f"{min(len(self.greens), self.needed)}/{self.needed}"

    def __str__(self) -> str:
        parts = [self.fraction]
        if self.greens:
            parts.append(f"green: {', '.join(f'run {one.run}' for one in self.greens)}")
        if self.broken_by is not None and not self.reached:
            parts.append(f"before that: {self.broken_by}")
        if self.pending:
            parts.append(f"{self.pending} not over yet")
        return "; ".join(parts)


def progress(ledger: Ledger, rule: Promotion) -> Progress:
    """Return how many of the last completed runs are green, one after another."""
    over = ledger.completed
    greens: list[Entry] = []
    broken_by = None
    for one in reversed(over):
        if one.colour != "green":
            broken_by = one
            break
        greens.append(one)
    return Progress(
        greens=tuple(reversed(greens)),
        needed=rule.greens,
        broken_by=broken_by,
        pending=len(ledger.pending),
        whole=ledger.whole,
    )


def promoted_by(ledger: Ledger, gate: Gate) -> Ledger:
    """Return the part of a ledger by which a gate was, or would be, promoted."""
    return ledger.before(gate.since) if gate.required and gate.since else ledger


def failures_to_demote(ledger: Ledger, rule: Promotion) -> tuple[Entry, ...]:
    """Return the failures for which a required job is to be demoted; none if it may stay.

    Those before it earned its promotion anew, by as many greens in a row, do not count.
    """
    due: tuple[Entry, ...] = ()
    failures: list[Entry] = []
    in_a_row = 0
    for one in ledger.completed:
        in_a_row = in_a_row + 1 if one.colour == "green" else 0
        if in_a_row >= rule.greens:
            due, failures = (), []
        elif one.colour == "red":
            failures.append(one)
            due = _due(failures, rule) or due
        elif one.colour == "green" and rule.demote_within is None:
            failures = []
    return due


def _due(failures: Sequence[Entry], rule: Promotion) -> tuple[Entry, ...]:
    """Return failures that are as many as the rule wants, and within its window."""
    needed = rule.demote_after
    if rule.demote_within is None:
        return tuple(failures[-needed:]) if len(failures) >= needed else ()
    window = timedelta(seconds=rule.demote_within)
    in_time = sorted(failures, key=lambda one: (one.at, one.run))
    groups = (tuple(in_time[at : at + needed]) for at in range(len(in_time) - needed + 1))
    return next((one for one in groups if one[-1].at - one[0].at <= window), ())


def told_demotion(rule: Promotion) -> str:
    """Say when a job is demoted: `after 2 failures within 24 h`."""
    failures = "failure" if rule.demote_after == 1 else "failures"
    if rule.demote_within is None:
        row = " in a row" if rule.demote_after > 1 else ""
        return f"after {rule.demote_after} {failures}{row}"
    return f"after {rule.demote_after} {failures} within {rule.demote_within / 3600:g} h"
