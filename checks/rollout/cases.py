"""What is looked at of a lane, node by node, and judged."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checks.rollout.argo import cases as argo
from checks.rollout.catalog import cases as catalog
from checks.rollout.chain import cases as chain
from checks.rollout.closeout import cases as closeout
from checks.rollout.control import cases as control
from checks.rollout.health import cases as health
from checks.rollout.mirror import cases as mirror
from checks.rollout.observability import cases as observability
from checks.rollout.pipeline import cases as pipeline
from checks.rollout.places import vantage_of
from checks.rollout.runtime import cases as runtime
from checks.rollout.secrets import cases as secrets
from checks.rollout.source import cases as source
from checks.rollout.told import cases as told
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case

_OFFERS: tuple[Callable[[Profile, Lane, str], Mapping[str, Any]], ...] = (
    source.offer,
    mirror.offer,
    pipeline.offer,
    catalog.offer,
    argo.offer,
    runtime.offer,
    control.offer,
    health.offer,
    secrets.offer,
    observability.offer,
    told.offer,
    closeout.offer,
    chain.offer,
)
"""What each node offers its checks: `offer(profile, lane, vantage)` of `checks.rollout.NODE.cases`,
a mapping of arguments by name."""

_FURTHER: tuple[Callable[[Profile, Lane], Iterator[Case]], ...] = (
    health.cases,
    secrets.cases,
    observability.cases,
)
"""What a lane has several of, such as endpoints: `cases(profile, lane)` of the same modules, each
named LANE:NAME, so that one that cannot be looked at leaves the others judged."""


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
        for further in _FURTHER:
            yield from further(profile, lane)
