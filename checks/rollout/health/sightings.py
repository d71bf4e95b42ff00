"""What is looked at of a lane's health."""

from collections.abc import Iterator

from checks.rollout.health.asking import asked_of
from checks.rollout.health.probe import ask_health, ask_health_plainly
from checks.rollout.places import vantage_of
from checks.wire.identity import Named
from checks.wire.names import ask_system
from config.lanes import Lane
from config.lanes.health import Health, place_of
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting


def vantages_of(profile: Profile, lane: Lane, health: Health) -> tuple[str, ...]:
    """Return from where an endpoint is asked: the lane's own vantage, if it names none."""
    return health.vantages or (vantage_of(profile, lane.vantage),)


def health_of(profile: Profile, health: Health, vantage: str) -> Sighting:
    """Ask one endpoint from one vantage."""
    scheme, host, port = place_of(health.url)
    forbidden = tuple(str(network) for network in profile.forbidden)
    named = Named(host=host, port=port, known=(), forbidden=forbidden)
    answer = Sighting(ask_system, host, vantage, deadline=profile.deadlines.resolve)
    fields = tuple(sorted(health.identity))
    return Sighting(
        ask_health if scheme == "https" else ask_health_plainly,
        asked_of(health),
        vantage,
        (fields, named),
        needs=(answer,),
        deadline=profile.deadlines.http,
    )


def healths_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Ask every endpoint of a lane, from each of its vantages."""
    if isinstance(lane.health, Absent):
        return lane.health
    return tuple(one for _, _, one in every_health(profile, lane))


def every_health(profile: Profile, lane: Lane) -> Iterator[tuple[Health, str, Sighting]]:
    """Walk the endpoints of a lane, each with a vantage and what is seen from there."""
    for health in () if isinstance(lane.health, Absent) else lane.health:
        for vantage in vantages_of(profile, lane, health):
            yield health, vantage, health_of(profile, health, vantage)
