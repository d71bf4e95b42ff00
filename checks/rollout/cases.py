"""What is looked at of a lane, node by node, and judged."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checks.rollout.catalog.cases import offer as offer_catalog
from checks.rollout.mirror.cases import offer as offer_mirror
from checks.rollout.places import vantage_of
from checks.rollout.source.cases import offer as offer_source
from checks.rollout.told.cases import offer as offer_told
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case

_OFFERS: tuple[Callable[[Profile, Lane, str], Mapping[str, Any]], ...] = (
    offer_source,
    offer_mirror,
    offer_catalog,
    offer_told,
)
"""What each node offers its checks: `offer(profile, lane, vantage)` of `checks.rollout.NODE.cases`,
a mapping of arguments by name."""


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of each lane: all that its nodes offer."""
    if isinstance(profile.lanes, Absent):
        yield Case("lanes", "profile", absent=profile.lanes)
        return
    for lane in profile.lanes or ():
        vantage = vantage_of(profile, lane.vantage)
        offered: dict[str, Any] = {"lane": lane}
        for offer in _OFFERS:
            offered |= offer(profile, lane, vantage)
        yield Case(lane.name, vantage, offered)
