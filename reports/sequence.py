"""The sequence of the runs in a folder: each names the newest that was sealed when it began."""

import graphlib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

AT_ONCE = 60.0
"""Seconds. What lies closer together has no order: a run is sealed a while after its last line."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The newest sealed run in the folder, at the time when another one began."""

    run: str
    head: str


@dataclass(frozen=True, slots=True)
class Known:
    """A run of which something is known: it is here, or its tombstone is."""

    run: str
    """The name that its folder was given."""
    began: datetime
    previous: Previous | None
    head: str = ""
    """The digest of its last line; empty while it is under way."""
    ended: datetime | None = None
    """When its last line was written; None while it is under way."""
    sealed: bool = False
    broken: bool = False
    """Its evidence contradicts itself, which is told elsewhere: its head proves nothing."""
    folder: str = ""
    """The name that its folder has now; empty where only its tombstone is here."""

    @property
    def renamed(self) -> bool:
        """Whether it is here under another name, under which no run that begins looks for it."""
        return self.folder not in ("", self.run)


def previous_in(fields: Mapping[str, Any]) -> Previous | None:
    """Read which run a first line, or a tombstone, names; raises `ValueError` where it cannot."""
    match fields.get("previous"):
        case None:
            return None
        case {"run": str(run), "head": str(head)}:
            return Previous(run, head)
    raise ValueError("what it names as the run before it is not a run with its head")


def follow(
    here: Sequence[Known], buried: Sequence[Known], unread: Collection[str] = ()
) -> list[str]:
    """Follow the runs, those that are here and those with a tombstone, from each to its previous.

    `unread` are names of runs that are here, and of which nothing could be read. Returns what
    contradicts the sequence, in words; empty where nothing does. Runs that were under way at
    the same time rightly name the same previous.
    """
    known = [*here, *buried]
    backwards = list(_backwards(known))
    untimely = {one for one, _ in backwards}
    found = [
        *_twice(here),
        *_not_there(here, buried, unread),
        *_passed_over([one for one in known if one not in untimely]),
        *(_told_backwards(*pair) for pair in backwards),
        *_in_circles(known),
    ]
    return list(dict.fromkeys(found))


def unnamed(here: Iterable[Known], buried: Iterable[Known]) -> list[str]:
    """Return the names of the sealed runs here that no other run names: nobody would miss them."""
    runs = list(here)
    named = {one.previous.head for one in (*runs, *buried) if one.previous is not None}
    return sorted(one.run for one in runs if one.sealed and one.head not in named)


def _twice(here: Iterable[Known]) -> Iterator[str]:
    """Find copies: one run must not count as two."""
    found: dict[str, list[str]] = {}
    for one in here:
        if one.head and not one.broken:
            found.setdefault(one.head, []).append(one.folder)
    for folders in found.values():
        if len(folders) > 1:
            yield f"{listed(sorted(folders))} are one and the same run"


def _not_there(
    here: Sequence[Known], buried: Sequence[Known], unread: Collection[str]
) -> Iterator[str]:
    """Look for each run that another one names."""
    by_head = {one.head: one for one in (*buried, *here) if one.head}
    by_name = {one.run: one for one in (*buried, *here)}
    named: dict[Previous, list[str]] = {}
    for one in (*buried, *here):
        if one.previous is not None:
            named.setdefault(one.previous, []).append(one.run)
    for previous, namers in sorted(named.items(), key=lambda item: item[0].run):
        whom = f"{listed(namers)} {'names' if len(namers) == 1 else 'name'} it"
        found = by_head.get(previous.head)
        other = by_name.get(previous.run)
        if found is not None:
            if not found.sealed:
                yield f"{found.run} was sealed, and is not any more: {whom} as sealed"
        elif other is None and previous.run not in unread:
            yield (
                f"{previous.run} is missing: {whom}, with the head {previous.head}; there is no"
                " tombstone of it, and what it named in its turn is not known"
            )
        elif other is not None and not other.broken:
            ends = f"ends with the head {other.head}" if other.head else "has not ended"
            yield (
                f"{other.run} {ends}, and {whom} with {previous.head}: it was changed or"
                " replaced since"
            )


def _backwards(known: Sequence[Known]) -> Iterator[tuple[Known, Known]]:
    """Find runs that began before the one that they name had ended; returns both."""
    by_head = {one.head: one for one in known if one.head and not one.broken}
    for one in known:
        before = by_head.get(one.previous.head) if one.previous is not None else None
        if before is None or before.ended is None:
            continue
        if one.began.timestamp() < before.ended.timestamp() - AT_ONCE:
            yield one, before


def _told_backwards(one: Known, before: Known) -> str:
    ended = instant(before.ended) if before.ended is not None else ""
    return (
        f"time runs backwards: {one.run} began at {instant(one.began)}, and names {before.run},"
        f" which ended at {ended}; a clock was wrong, or set"
    )


def _passed_over(known: Sequence[Known]) -> Iterator[str]:
    """Find forks: a run that was sealed, and that one which began later does not name."""
    ended = sorted(
        (one.ended.timestamp(), one.run)
        for one in known
        if one.ended is not None and one.sealed and not (one.broken or one.renamed)
    )
    instants = [at for at, _ in ended]
    newest = list(accumulate((run for _, run in ended), max))
    for one in known:
        before = bisect_left(instants, one.began.timestamp() - AT_ONCE)
        named = one.previous.run if one.previous is not None else ""
        if before and newest[before - 1] > named:
            yield (
                f"{one.run} names {named or 'no run'} as the newest before it, and"
                f" {newest[before - 1]} had been sealed by then: the sequence forks, and one of"
                " the two was put here later"
            )


def _in_circles(known: Iterable[Known]) -> Iterator[str]:
    names = {one.run: {one.previous.run} for one in known if one.previous is not None}
    try:
        graphlib.TopologicalSorter(names).prepare()
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1]
        yield f"the sequence runs in a circle: {' before '.join(circle)}"


def instant(at: datetime) -> str:
    """Write an instant for people, in UTC and to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def listed(names: Sequence[str]) -> str:
    """List names in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
