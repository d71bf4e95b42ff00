"""Sightings of what runs, which nodes share: one list of each kind for all lanes of a cluster."""

from collections.abc import Iterator

from checks.rollout.catalog.sightings import catalog_of
from checks.rollout.listed_once import pods_of_lanes
from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.rollout.runtime import listing
from checks.rollout.runtime.again import look_again_at_deployments
from checks.rollout.runtime.images import LiveImagesOf, show_live_images
from checks.rollout.runtime.isolation import Scope
from checks.wire.clusters import LISTING, Judged, list_of
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.lanes.runtime import Runtime
from config.model import Absent
from config.schema import Profile
from fixtures.registries import place_of
from fixtures.sightings import Look, Sighting

ASKING = 60.0
"""Seconds that a registry may take."""
_LOOKS: dict[str, Look] = {
    "Deployment": listing.list_deployments,
    "StatefulSet": listing.list_stateful_sets,
    "DaemonSet": listing.list_daemon_sets,
}
_WIDER = frozenset({*_LOOKS.values(), listing.list_services, listing.list_ingresses,
                    listing.list_config_maps, listing.list_claims,
                    listing.list_accounts})  # fmt: skip
"""Kinds that are looked at beyond the lanes' own namespaces: of Argo CD, and of the platform."""


def listed_of(profile: Profile, lane: Lane, look: Look) -> Sighting | Absent:
    """Return the sighting of a kind in the namespaces of all lanes of the lane's cluster."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    return _list(profile, cluster, look)


@once_for_all_lanes
def _list(profile: Profile, cluster: ClusterSpec, look: Look) -> Sighting | Absent:
    namespaces = set(_own(profile, cluster))
    if look in _WIDER:
        namespaces |= set(_beside(profile, cluster))
    if not namespaces:
        return Absent(absent="no lane of the cluster has a runtime")
    judged = _deployments(profile, cluster) if look is listing.list_deployments else None
    return list_of(look, cluster, vantage_of(profile, cluster.vantage), namespaces, judged)


def _deployments(profile: Profile, cluster: ClusterSpec) -> Judged:
    """Return the Deployments that lanes name: their own, managers of runners, and those beside."""
    places = set()
    for _, runtime in _runtimes(profile, cluster):
        own = [one.name for one in runtime.workloads if one.kind == "Deployment"]
        own += [] if isinstance(runtime.runner, Absent) else [runtime.runner.manager]
        places |= {(runtime.namespace, name) for name in own}
        if not isinstance(runtime.peripherals, Absent):
            places |= {(one.namespace, one.name) for one in runtime.peripherals}
    return Judged(frozenset(places))


def everywhere_of(profile: Profile, lane: Lane, look: Look) -> Sighting | Absent:
    """Return the sighting of a kind that is of no namespace."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    return _list_everywhere(profile, cluster, look)


@once_for_all_lanes
def _list_everywhere(profile: Profile, cluster: ClusterSpec, look: Look) -> Sighting:
    return list_of(look, cluster, vantage_of(profile, cluster.vantage), None)


def workloads_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sightings of the kinds of workloads that the lane names."""
    if isinstance(lane.runtime, Absent):
        return lane.runtime
    named = dict.fromkeys(one.kind for one in lane.runtime.workloads)
    found = [listed_of(profile, lane, _LOOKS[kind]) for kind in named]
    absent = next((one for one in found if isinstance(one, Absent)), None)
    return absent or tuple(one for one in found if isinstance(one, Sighting))


def replica_sets_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the ReplicaSets, by which a Deployment's own pods are known."""
    return listed_of(profile, lane, listing.list_replica_sets)


def pods_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the pods."""
    return pods_of_lanes(profile, lane)


def settled_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sighting of those Deployments that were rolled out lately, a moment later.

    Of a snapshot there is none, nor of a lane without a Deployment.
    """
    cluster, first = cluster_of(profile, lane), listed_of(profile, lane, listing.list_deployments)
    if isinstance(cluster, Absent) or isinstance(first, Absent):
        return next(one for one in (cluster, first) if isinstance(one, Absent))
    runtime = lane.runtime
    if isinstance(runtime, Absent):
        return runtime
    places = tuple(
        sorted(
            (runtime.namespace, one.name) for one in runtime.workloads if one.kind == "Deployment"
        )
    )
    if cluster.snapshot is not None or not places:
        return ()
    again = Sighting(
        look_again_at_deployments,
        cluster,
        first.vantage,
        (places, runtime.settle),
        (first,),
        deadline=LISTING,
        takes=runtime.settle + LISTING / 2,
    )
    return (again,)


def live_images_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the manifests by which what runs is compared with the catalog."""
    catalog, pods = catalog_of(profile, lane), pods_of(profile, lane)
    for one in (lane.runtime, catalog, pods):
        if isinstance(one, Absent):
            return one
    if isinstance(lane.runtime, Absent) or isinstance(catalog, Absent) or isinstance(pods, Absent):
        raise TypeError("what is absent was returned above")
    absent = lane.registry.absent if isinstance(lane.registry, Absent) else ""
    place = None if isinstance(lane.registry, Absent) else place_of(lane.registry)
    of = LiveImagesOf(lane.runtime.namespace, place, absent)
    return Sighting(
        show_live_images,
        of,
        vantage_of(profile, lane.vantage),
        needs=(catalog, pods),
        deadline=ASKING,
    )


def scope_of(lane: Lane) -> Scope | Absent:
    """Return a lane as the others have to leave it alone."""
    if isinstance(lane.runtime, Absent):
        return lane.runtime
    return Scope(lane.name, lane.runtime.namespace, lane.runtime.prefix)


def scopes_of(profile: Profile, lane: Lane) -> tuple[Scope, ...]:
    """Return all lanes of the lane's cluster, so."""
    return _scopes(profile, lane.cluster if isinstance(lane.cluster, str) else "")


@once_for_all_lanes
def _scopes(profile: Profile, cluster: str) -> tuple[Scope, ...]:
    every = (scope_of(one) for one in _lanes(profile) if one.cluster == cluster)
    return tuple(one for one in every if isinstance(one, Scope))


def _lanes(profile: Profile) -> tuple[Lane, ...]:
    return () if isinstance(profile.lanes, Absent) else profile.lanes or ()


def _runtimes(profile: Profile, cluster: ClusterSpec) -> Iterator[tuple[Lane, Runtime]]:
    for lane in _lanes(profile):
        if lane.cluster == cluster.name and not isinstance(lane.runtime, Absent):
            yield lane, lane.runtime


def _own(profile: Profile, cluster: ClusterSpec) -> Iterator[str]:
    for _, runtime in _runtimes(profile, cluster):
        yield runtime.namespace


def _beside(profile: Profile, cluster: ClusterSpec) -> Iterator[str]:
    for _, runtime in _runtimes(profile, cluster):
        if not isinstance(runtime.peripherals, Absent):
            yield from (one.namespace for one in runtime.peripherals)
    for lane in _lanes(profile):
        if lane.cluster != cluster.name:
            continue
        if not isinstance(lane.argo, Absent) and not isinstance(lane.argo.install, Absent):
            yield lane.argo.namespace
        if not isinstance(lane.closeout, Absent) and lane.closeout.old_platform:
            yield lane.closeout.old_platform
