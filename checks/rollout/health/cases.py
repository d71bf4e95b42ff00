"""What the lane's health offers to its checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from checks.rollout.chain.sightings import chain_of
from checks.rollout.health.sightings import every_health, healths_of
from checks.rollout.source.sightings import target_of
from checks.wire.endpoints import asked_beside
from config.endpoints import Request
from config.lanes import Lane
from config.lanes.health import Health
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case


def offer(profile: Profile, lane: Lane, _vantage: str) -> Mapping[str, Any]:
    """Offer all endpoints at once, for the lane's chain; where there are none, why."""
    if isinstance(lane.health, Absent):
        asked = ("health", "health_seen", "health_target", "health_chain", "healths")
        return dict.fromkeys(asked, lane.health)
    return {"healths": healths_of(profile, lane)}


def cases(profile: Profile, lane: Lane) -> Iterator[Case]:
    """Make a case of each endpoint at each of its vantages: its failure is diagnosed from there."""
    for health, vantage, seen in every_health(profile, lane):
        arguments = {
            "lane": lane,
            "health": health,
            "health_seen": seen,
            "health_target": target_of(profile, lane),
            "health_chain": chain_of(profile, lane),
            "http": _request(health),
            **dict(asked_beside(profile)),
        }
        yield Case(f"{lane.name}:{health.name}", vantage, arguments)


def _request(health: Health) -> Request:
    """Return what the diagnosis has to know of it: which statuses are right."""
    first, last = health.status
    return Request(status=tuple(range(first, last + 1)), redirects=0)
