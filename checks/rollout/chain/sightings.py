"""Sightings of a lane's chain: its links, and whether it moved while they were looked at."""

from collections.abc import Mapping

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


def chain_of(profile: Profile, lane: Lane) -> Sighting:
    """Return the sighting of a lane's chain, a `Chain`: it looks at all that its nodes ask for.

    What may move is looked at again at the end. Where it has moved, all is looked at once more,
    and what moves a third time.
    """
    vantage = vantage_of(profile, lane.vantage)
    asked = asked_of(profile, lane)
    moving = tuple((name, one) for name, one in asked if name in MOVING)
    first = round_of(profile, lane)
    moved = _compared(lane, vantage, moving, first)
    second = again(first, moved, Moved)
    since = tuple((name, again(one, moved, Moved)) for name, one in moving)
    third = only_after(_compared(lane, vantage, since, second, moving), moved, Moved)
    of = ChainOf(lane.name, (), lane)
    return Sighting(put_together, of, vantage, needs=(first, moved, second, third))


def round_of(profile: Profile, lane: Lane) -> Sighting:
    """Return the sighting of a lane's links, as one round of looking sees them: a `Round`."""
    asked = asked_of(profile, lane)
    of = ChainOf(lane.name, tuple(name for name, _ in asked), lane)
    needs = tuple(one for _, one in asked)
    return Sighting(link_nodes, of, vantage_of(profile, lane.vantage), needs=needs)


def asked_of(profile: Profile, lane: Lane) -> Asked:
    """Return the sightings that the nodes of a lane ask for, each by what it is asked as."""
    asked: list[tuple[str, Sighting]] = []
    for name, sighting_of in ASKED.items():
        made = sighting_of(profile, lane)
        if not isinstance(made, Absent):
            asked += [(name, one) for one in (made if isinstance(made, tuple) else (made,))]
    return tuple(asked)


def absent_of(profile: Profile, lane: Lane) -> Mapping[str, Absent]:
    """Return what the nodes of a lane ask for and the lane does not have, with the reasons."""
    made = {name: sighting_of(profile, lane) for name, sighting_of in ASKED.items()}
    return {name: one for name, one in made.items() if isinstance(one, Absent)}


def _compared(
    lane: Lane, vantage: str, first: Asked, since: Sighting, looked: Asked | None = None
) -> Sighting:
    """Look again, after a round, at what was looked at in it, and compare."""
    seconds = tuple(again(one, since, Round) for _, one in looked or first)
    of = ChainOf(lane.name, tuple(name for name, _ in first), lane)
    needs = (since, *(one for _, one in first), *seconds)
    return Sighting(compare_looks, of, vantage, needs=needs)
