"""Pods and events, of which two nodes judge their own: listed once, and then told apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from checks.rollout.pipeline.beside import project_pod, project_warning
from checks.rollout.pipeline.listed import RunPods, RunWarnings
from checks.rollout.pipeline.objects import PodSeen, Warned
from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.rollout.runtime.objects import Event, Pod
from checks.rollout.runtime.reading_objects import read_event, read_pod
from checks.rollout.runtime.seen import PodsSeen
from checks.rollout.runtime.seen_beside import EventsSeen
from checks.wire.clusters import list_of, listed, lists
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.clusters import Listing, Object
from fixtures.clusters.kinds import EVENT, POD
from fixtures.sightings import EXPECTED, Look, Sighting, derived
from fixtures.vantages import Vantage
from reports.asides import Aside
from reports.codec import observation

Namespaces = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Runtimes:
    """In which namespaces lanes run: of the others only what is of runs is kept."""

    namespaces: frozenset[str] = field(metadata=EXPECTED)


@observation
class AllPods:
    """The pods of lanes, and those of their runs."""

    kind: Literal["all-pods"] = "all-pods"
    listing: Listing
    pods: tuple[Pod, ...]
    of_runs: tuple[PodSeen, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.pods) + len(self.of_runs))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@observation
class AllEvents:
    """The events of lanes, and the warnings of their runs."""

    kind: Literal["all-events"] = "all-events"
    listing: Listing
    events: tuple[Event, ...]
    of_runs: tuple[Warned, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.events) + len(self.of_runs))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@lists(POD)
async def list_pods(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: Namespaces,
    runtimes: Runtimes,
    *,
    deadline: float,
) -> AllPods:
    """List the pods of some namespaces."""
    project = partial(_pod, runtimes=runtimes)
    found = await listed(cluster, vantage, POD, namespaces, project, holed=True, deadline=deadline)
    return AllPods(
        listing=found.listing,
        pods=tuple(one for one, _ in found.items if one),
        of_runs=tuple(one for _, one in found.items if one),
        asides=found.asides,
    )


@lists(EVENT)
async def list_events(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: Namespaces,
    runtimes: Runtimes,
    *,
    deadline: float,
) -> AllEvents:
    """List the events of some namespaces."""
    project = partial(_event, runtimes=runtimes)
    found = await listed(
        cluster, vantage, EVENT, namespaces, project, holed=True, deadline=deadline
    )
    return AllEvents(
        listing=found.listing,
        events=tuple(one for one, _ in found.items if one),
        of_runs=tuple(one for _, one in found.items if one),
        asides=found.asides,
    )


def _pod(item: Object, runtimes: Runtimes) -> tuple[Pod | None, PodSeen | None]:
    inside = item["metadata"]["namespace"] in runtimes.namespaces
    return read_pod(item) if inside else None, project_pod(item)


def _event(item: Object, runtimes: Runtimes) -> tuple[Event | None, Warned | None]:
    inside = item["metadata"]["namespace"] in runtimes.namespaces
    return read_event(item) if inside else None, project_warning(item)


@derived
async def take_pods(_: ClusterSpec, __: Vantage, every: AllPods, *, deadline: float) -> PodsSeen:
    """Take the pods of lanes."""
    del deadline
    return PodsSeen(listing=_taken_of(every.listing), items=every.pods)


@derived
async def take_pods_of_runs(
    _: ClusterSpec, __: Vantage, every: AllPods, *, deadline: float
) -> RunPods:
    """Take the pods of runs."""
    del deadline
    return RunPods(listing=_taken_of(every.listing), pods=every.of_runs)


@derived
async def take_events(
    _: ClusterSpec, __: Vantage, every: AllEvents, *, deadline: float
) -> EventsSeen:
    """Take the events of lanes."""
    del deadline
    return EventsSeen(listing=_taken_of(every.listing), items=every.events)


@derived
async def take_warnings(
    _: ClusterSpec, __: Vantage, every: AllEvents, *, deadline: float
) -> RunWarnings:
    """Take the warnings of runs."""
    del deadline
    return RunWarnings(listing=_taken_of(every.listing), events=every.of_runs)


def _taken_of(listing: Listing) -> Listing:
    """Return how something was listed for who asked nothing himself."""
    return replace(listing, asked=())


def pods_of_lanes(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the pods in the namespaces of all lanes of a cluster."""
    return _of_runtimes(profile, lane, list_pods, take_pods)


def events_of_lanes(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the events there."""
    return _of_runtimes(profile, lane, list_events, take_events)


def pods_of_runs(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the pods of the runs of all lanes of a cluster."""
    return _of_pipelines(profile, lane, list_pods, take_pods_of_runs)


def warnings_of_runs(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the warnings of runs, and of their pods."""
    return _of_pipelines(profile, lane, list_events, take_warnings)


def _of_runtimes(profile: Profile, lane: Lane, look: Look, take: Look) -> Sighting | Absent:
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    if not any(True for _ in _parts(profile, cluster, "runtime")):
        return Absent(absent="no lane of the cluster has a runtime")
    return _taken(profile, cluster, look, take)


def _of_pipelines(profile: Profile, lane: Lane, look: Look, take: Look) -> Sighting | Absent:
    cluster = cluster_of(profile, lane)
    if isinstance(lane.pipeline, Absent):
        return lane.pipeline
    if isinstance(cluster, Absent):
        return cluster
    return _taken(profile, cluster, look, take)


@once_for_all_lanes
def _taken(profile: Profile, cluster: ClusterSpec, look: Look, take: Look) -> Sighting:
    every = _list(profile, cluster, look)
    return Sighting(take, cluster, every.vantage, needs=(every,))


@once_for_all_lanes
def _list(profile: Profile, cluster: ClusterSpec, look: Look) -> Sighting:
    own = frozenset(one.namespace for one in _parts(profile, cluster, "runtime"))
    of_runs = {one.namespace for one in _parts(profile, cluster, "pipeline")}
    vantage = vantage_of(profile, cluster.vantage)
    return list_of(look, cluster, vantage, own | of_runs, Runtimes(own))


def _parts(profile: Profile, cluster: ClusterSpec, name: str) -> Iterator[Any]:
    lanes = () if isinstance(profile.lanes, Absent) else profile.lanes or ()
    for one in lanes:
        part = getattr(one, name)
        if one.cluster == cluster.name and not isinstance(part, Absent):
            yield part
