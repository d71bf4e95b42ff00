"""What is looked at of a lane's metrics."""

from checks.rollout.observability.probe import ask_promql, ask_promql_of_commit, list_targets
from checks.rollout.observability.seen import Server
from checks.rollout.places import vantage_of
from config.lanes import Lane
from config.lanes.observability import Observability, Query
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting


def server_of(observability: Observability) -> Server:
    """Return the Prometheus of a lane."""
    return Server(observability.prometheus.rstrip("/"), observability.secret)


def answer_of(
    profile: Profile, lane: Lane, observability: Observability, query: Query, target: Sighting
) -> Sighting:
    """Ask a query of the lane; `target` is needed where the query names its commit."""
    server, vantage = server_of(observability), _vantage(profile, lane, observability)
    asked = query.resolved(_own(lane))
    deadline = profile.deadlines.http
    if query.asks_for("commit"):
        return Sighting(
            ask_promql_of_commit, server, vantage, (asked,), needs=(target,), deadline=deadline
        )
    return Sighting(ask_promql, server, vantage, (asked,), deadline=deadline)


def targets_of(profile: Profile, lane: Lane, observability: Observability) -> Sighting | Absent:
    """List the targets of all jobs that lanes have at the same Prometheus: once for all of them."""
    if isinstance(observability.jobs, Absent):
        return observability.jobs
    server, vantage = server_of(observability), _vantage(profile, lane, observability)
    jobs = {job for one in _beside(profile, server) for job in one}
    return Sighting(
        list_targets, server, vantage, (tuple(sorted(jobs)),), deadline=profile.deadlines.http
    )


def _beside(profile: Profile, server: Server) -> list[tuple[str, ...]]:
    """Return the jobs of every lane that has this server."""
    lanes = () if isinstance(profile.lanes, Absent) else profile.lanes or ()
    every = [one.observability for one in lanes]
    told = [one for one in every if not isinstance(one, Absent) and server_of(one) == server]
    return [one.jobs for one in told if not isinstance(one.jobs, Absent)]


def _own(lane: Lane) -> dict[str, str]:
    """Return what stands for the lane's own in a query, but for the commit."""
    own = {"lane": lane.lane}
    if lane.node is not None:
        own["node"] = lane.node
    if not isinstance(lane.runtime, Absent):
        own["namespace"] = lane.runtime.namespace
    return own


def _vantage(profile: Profile, lane: Lane, observability: Observability) -> str:
    return vantage_of(profile, observability.vantage or lane.vantage)
