"""What moves of a lane, read twice: whether anything had moved by the end. All pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.rollout.chain.seen import Move
from fixtures.outcomes import Unreached, Unseen

Refs = Mapping[str, str]
"""Commits, or what tells one state from another, by ref."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of reading refs a second time."""

    refs: tuple[str, ...]
    moves: tuple[Move, ...]
    unread: tuple[str, ...]


def compared(name: str, before: Any, after: Any, refs: Any) -> Reread:
    """Compare two looks at what is called so; `refs` reads an observation's own.

    A ref that is there only once has moved too. What could not be looked at either time is told.
    """
    for seen in (before, after):
        if isinstance(seen, Unseen):
            return Reread((), (), (f"{name}: {seen.reason}",))
        if isinstance(seen, Unreached):
            saw = "; ".join(one.headline for one in seen.refusals)
            return Reread((), (), (f"{name}: {saw}",))
    first, second = refs(before), refs(after)
    return Reread(tuple(sorted({*first, *second})), tuple(_moves(first, second)), ())


def together(*every: Reread) -> Reread:
    """Return what came of several, each ref once."""
    return Reread(
        tuple(dict.fromkeys(ref for one in every for ref in one.refs)),
        tuple(dict.fromkeys(move for one in every for move in one.moves)),
        tuple(dict.fromkeys(unread for one in every for unread in one.unread)),
    )


def _moves(before: Refs, after: Refs) -> Iterator[Move]:
    for ref in sorted({*before, *after}):
        then, now = before.get(ref, "nothing"), after.get(ref, "nothing")
        if then != now:
            yield Move(ref, then, now)
