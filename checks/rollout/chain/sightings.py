"""Sightings of a lane's chain: its links, and whether it moved while they were looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from checks.rollout.chain.nodes import ASKED, MOVING
from checks.rollout.chain.probe import ChainOf, compare_looks, link_nodes, put_together
from checks.rollout.chain.seen import Moved, Round
from checks.rollout.places import vantage_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.again import again, only_after
from fixtures.sightings import Sighting

Asked = tuple[tuple[str, Sighting], ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """The sightings that the nodes of a lane ask for, each by what it is asked as.

    `absent` is what they ask for and the lane does not have, with the reasons.
    """

    asked: Asked
    absent: Mapping[str, Absent]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.asked)

    @property
    def needs(self) -> tuple[Sighting, ...]:
        return tuple(one for _, one in self.asked)


def chain_of(profile: Profile, lane: Lane) -> Sighting:
    """Return the sighting of a lane's chain, a `Chain`: it looks at all that its nodes ask for.

    What may move is looked at again at the end. Where it has moved, all is looked at once more,
    and what moves a third time.
    """
    vantage, looks = vantage_of(profile, lane.vantage), looks_of(profile, lane)
    moving = tuple((name, one) for name, one in looks.asked if name in MOVING)
    of = ChainOf(lane.name, looks.names, lane, looks.absent)
    first = Sighting(link_nodes, of, vantage, needs=looks.needs)
    moved = _compared(lane, vantage, moving, first)
    second = again(first, moved, Moved)
    since = tuple((name, again(one, moved, Moved)) for name, one in moving)
    third = only_after(_compared(lane, vantage, since, second, moving), moved, Moved)
    whole = ChainOf(lane.name, (), lane)
    return Sighting(put_together, whole, vantage, needs=(first, moved, second, third))


def looks_of(profile: Profile, lane: Lane) -> Looks:
    """Return what the nodes of a lane ask for."""
    asked: list[tuple[str, Sighting]] = []
    absent: dict[str, Absent] = {}
    for name, sighting_of in ASKED.items():
        made = sighting_of(profile, lane)
        if isinstance(made, Absent):
            absent[name] = made
        else:
            asked += [(name, one) for one in (made if isinstance(made, tuple) else (made,))]
    return Looks(tuple(asked), absent)


def _compared(
    lane: Lane, vantage: str, first: Asked, since: Sighting, looked: Asked | None = None
) -> Sighting:
    """Look again, after a round, at what was looked at in it, and compare."""
    seconds = tuple(again(one, since, Round) for _, one in looked or first)
    of = ChainOf(lane.name, tuple(name for name, _ in first), lane)
    needs = (since, *(one for _, one in first), *seconds)
    return Sighting(compare_looks, of, vantage, needs=needs)
