"""Putting a lane's chain together of what its nodes saw; nothing is looked at here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from checks.rollout.chain.linking import Told, links_of
from checks.rollout.chain.moving import compared, together
from checks.rollout.chain.nodes import MOVING, NODES
from checks.rollout.chain.seen import Chain, Moved, Round, Still
from checks.rollout.chain.standing import settled, to_come
from config.lanes import Lane
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen
from fixtures.sightings import EXPECTED, derived
from fixtures.vantages import Vantage
from fixtures.waiting import awaited

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ChainOf:
    """A lane, as what each of the needed observations was asked for, and what it does not have."""

    name: str
    asked: tuple[str, ...]
    lane: Lane = field(metadata=EXPECTED)
    absent: Mapping[str, Absent] = field(default_factory=dict, metadata=EXPECTED)

    def __str__(self) -> str:
        return self.name


def told_of(asked: Sequence[str], seen: Iterable[object]) -> Told:
    """Sort what was seen by what it was asked as; what is asked several times is a tuple."""
    told: dict[str, Any] = {}
    for name, one in zip(asked, seen, strict=True):
        told[name] = (*told.get(name, ()), one) if asked.count(name) > 1 else one
    return told


@awaited(lambda seen: to_come(seen.looked))
@derived
async def link_nodes(of: ChainOf, _vantage: Vantage, *seen: object, deadline: float) -> Round:
    """Make the links of a lane of what was seen of its nodes; what is unknown of one is told."""
    del deadline
    told = told_of(of.asked, seen)
    links = settled(links_of(of.lane, told, NODES, of.absent), told.get("target"))
    return Round(lane=of.name, looked=links, at=last_of(seen))


@derived
async def compare_looks(
    of: ChainOf, _vantage: Vantage, since: Round, *seen: object, deadline: float
) -> Still | Moved:
    """Compare two looks at all that may move: the first ones, and then the second."""
    del deadline
    names = of.asked
    first, second = (
        dict(zip(names, half, strict=True)) for half in (seen[: len(names)], seen[len(names) :])
    )
    read = together(*(compared(name, first[name], second[name], MOVING[name]) for name in names))
    at = max(since.at, last_of(seen))
    if read.moves:
        return Moved(lane=of.name, moves=read.moves, refs=read.refs, unread=read.unread, at=at)
    return Still(lane=of.name, refs=read.refs, unread=read.unread, at=at)


@derived
async def put_together(
    of: ChainOf,
    _vantage: Vantage,
    first: Round,
    moved: Still | Moved,
    second: Round | Unseen | Unreached,
    moving: Still | Moved | Unseen | Unreached,
    *,
    deadline: float,
) -> Chain:
    """Return the chain that counts: the one of the second look, where the first one moved."""
    del deadline
    counts = second if isinstance(second, Round) else first
    last = moving if isinstance(moving, Still | Moved) else moved
    moves = moved.moves if isinstance(moved, Moved) else ()
    still = moving.moves if isinstance(moving, Moved) else ()
    if moves and not (isinstance(second, Round) and isinstance(moving, Still | Moved)):
        still = moves  # it could not be looked at once more: the links are of no one moment
    return Chain(
        lane=of.name,
        links=counts.looked,
        moved=moves,
        moving=still,
        reread=last.refs,
        unread=last.unread,
        at=max(counts.at, last.at),
    )


def last_of(seen: Iterable[object]) -> datetime:
    """Return when the last of several observations was made."""
    times = [at for one in seen if isinstance(at := getattr(one, "at", None), datetime)]
    return max(times, default=_LONG_AGO)
