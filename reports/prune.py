"""Removing old runs by a rule, so that what is left tells of them: each leaves a tombstone.

A run is removed in steps, each of which lasts before the next: its tombstone is written, its
folder is renamed, what it holds is removed. Whoever is killed in between leaves either a run
that has its tombstone already, or a renamed folder: the next prune goes on from there.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reports import files, tombstones
from reports.anchors import unlike_anchors
from reports.journal import JournalError
from reports.sequence import Known
from reports.survey import Member, Survey, refuse_without_run, survey
from reports.tombstones import ASIDE, LOOK_FIRST, TOMBSTONES, TombstonesError, Writing
from reports.verify import State


class NotRemovedError(Exception):
    """A run that had to go is still there; the message says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which runs are kept: what either part keeps is kept, and the newest one always."""

    keep: int | None
    """So many of the newest runs."""
    days: int | None
    """The runs that ended within so many days."""

    def kept(self, runs: Sequence[Known], now: datetime) -> set[str]:
        """Return the names of those that are kept, of runs in the order of their beginning."""
        newest = runs[-max(self.keep or 1, 1) :]
        age = timedelta(days=self.days or 0)
        young = (one for one in runs if one.ended is not None and now - one.ended <= age)
        return {one.run for one in newest} | {one.run for one in young}

    def told(self) -> dict[str, Any]:
        """Return the rule as a tombstone names it."""
        return {"keep": self.keep, "days": self.days}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a rule says of the runs in a folder."""

    go: tuple[Member, ...]
    """The oldest first."""
    kept: int
    left: tuple[str, ...]
    """What is older than what is kept, and does not go, in words."""
    broken: bool
    """Whether one of those is broken."""


def choose(found: Survey, rule: Rule, now: datetime) -> Chosen:
    """Apply a rule to what is in a folder.

    Only runs that are sealed, hold, and bear their own name can go: what is under way, was
    never sealed, or shows that somebody changed it, stays to be looked at.
    """
    whole = [member for member in found.members if _can_go(member)]
    runs = [member.begun.known for member in whole if member.begun is not None]
    kept = rule.kept(runs, now)
    oldest = min(kept, default="")
    left = [
        f"{member.name}: {_why_left(member)}"
        for member in found.members
        if not _can_go(member) and _name(member) < oldest
    ]
    left += [f"{name}: {why}" for name, why in found.unjudged.items() if name < oldest]
    left += [f"{name}: it is {what}" for name, what in found.strangers.items()]
    return Chosen(
        go=tuple(member for member in whole if member.name not in kept),
        kept=len(kept),
        left=tuple(left),
        broken=any(
            member.state is State.BROKEN and _name(member) < oldest for member in found.members
        ),
    )


def prune(folder: Path, rule: Rule, say: Callable[[str], None]) -> Chosen:
    """Remove what the rule does not keep, and say each step.

    Raises `NoRunError` where there is no run, `TombstonesError` where another prune is at
    work or the tombstones were changed, `NotRemovedError` for the first run that could not
    be removed, and `OSError` where the folder cannot be read or written.
    """
    refuse_without_run(folder)
    with tombstones.writing(folder) as stones:
        found = survey(folder)
        for problem in unlike_anchors(found.begun, found.stones):
            raise TombstonesError(f"{problem}; {LOOK_FIRST}")
        _finish(found, say)
        chosen = choose(found, rule, datetime.now(UTC))
        for member in chosen.go:
            try:
                _remove(folder, member, rule, stones)
            except (OSError, JournalError) as error:
                raise _not_removed(member.name, error) from error
            say(f"removed {_told(member)}")
        _say_left(chosen, say)
        say(
            f"{len(chosen.go)} removed, {chosen.kept} kept;"
            f" {TOMBSTONES} has {stones.count}, head {stones.head}"
        )
    return chosen


def rehearse(folder: Path, rule: Rule, say: Callable[[str], None]) -> Chosen:
    """Say what `prune` would do, and write nothing; raises `NoRunError`, `OSError`."""
    found = survey(folder)
    for name in found.leftovers:
        say(f"would remove {name}, the rest of a run that has its tombstone")
    chosen = choose(found, rule, datetime.now(UTC))
    for member in chosen.go:
        say(f"would remove {_told(member)}")
    _say_left(chosen, say)
    say(f"{len(chosen.go)} would be removed, {chosen.kept} kept; nothing was done")
    return chosen


def _finish(found: Survey, say: Callable[[str], None]) -> None:
    """Remove the rest of what a prune that was killed had begun to remove."""
    buried = {one.run for one in found.stones.buried}
    for name in found.leftovers:
        if (run := name.removeprefix(ASIDE)) not in buried:
            say(f"left {name}: there is no tombstone of it")
            continue
        try:
            shutil.rmtree(found.folder / name)
        except OSError as error:
            raise _not_removed(name, error) from error
        say(f"removed what was left of {run}, which has its tombstone")


def _remove(folder: Path, member: Member, rule: Rule, stones: Writing) -> None:
    assert member.begun is not None
    stones.bury(member.begun.known, {**member.epitaph, "rule": rule.told()})
    aside = folder / f"{ASIDE}{member.name}"
    (folder / member.name).rename(aside)
    files.sync_folder(folder)
    shutil.rmtree(aside)


def _not_removed(name: str, error: OSError | JournalError) -> NotRemovedError:
    why = error.strerror if isinstance(error, OSError) else error
    return NotRemovedError(f"{name} was not removed: {why}")


def _can_go(member: Member) -> bool:
    whole = member.state in (State.COMPLETE, State.INCOMPLETE)
    return whole and member.begun is not None and not member.begun.known.renamed


def _name(member: Member) -> str:
    return member.begun.known.run if member.begun is not None else member.name


def _why_left(member: Member) -> str:
    if member.state in (State.BROKEN, State.UNSEALED):
        return f"it is {member.state}: {member.why}"
    return f"it was renamed, and is the run {_name(member)}"


def _told(member: Member) -> str:
    counts = ", ".join(f"{count} {word}" for word, count in member.epitaph["counts"].items())
    return f"{member.name}: {member.state}, {counts or 'nothing judged'}"


def _say_left(chosen: Chosen, say: Callable[[str], None]) -> None:
    for left in chosen.left:
        say(f"left {left}")
