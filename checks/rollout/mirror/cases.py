"""What a lane's mirror offers its checks."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.mirror.claims import list_claims
from checks.rollout.mirror.probe import (
    Flushed,
    Gate,
    look_at_exact_fetch,
    look_at_flush,
    look_for_gate,
)
from checks.rollout.mirror.sightings import (
    ASKING,
    gitops_ref_of,
    mirror_refs_of,
    mirror_told_of,
    source_ref_of,
    upstream_of,
)
from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.rollout.source.sightings import target_of, wanted_of
from checks.wire.clusters import list_of
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.lanes.mirror import Mirror
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

_NAMES = (
    *("mirror", "source_ref", "gitops_ref", "mirror_refs", "upstream", "exact_fetch"),
    *("told_mirror", "told_synced", "flush", "mirror_cache", "mirror_claims", "mirror_gate"),
)


def offer(profile: Profile, lane: Lane, vantage: str) -> Mapping[str, Any]:
    """Offer the mirror's refs, its upstream's, what it gives by full ids, and what it is told."""
    mirror = lane.mirror
    if isinstance(mirror, Absent):
        return dict.fromkeys(_NAMES, mirror)
    target = target_of(profile, lane)
    return {
        "mirror": mirror,
        "source_ref": source_ref_of(lane),
        "gitops_ref": gitops_ref_of(lane) or lane.gitops,
        "mirror_refs": mirror_refs_of(profile, lane),
        "upstream": upstream_of(profile, lane),
        "exact_fetch": Sighting(
            look_at_exact_fetch, mirror.repository, vantage, needs=(target,), deadline=ASKING
        ),
        "told_mirror": mirror_told_of(profile, lane),
        "flush": _flush_of(profile, lane, mirror),
        **_of_runs(profile, lane, mirror),
        "mirror_gate": _gate_of(profile, lane, mirror, target),
    }


def _of_runs(profile: Profile, lane: Lane, mirror: Mirror) -> Mapping[str, Any]:
    """Offer what tells of the mirror's part in a run; the run itself its own node offers."""
    no_time = Absent(absent="the lane does not say which field tells when its mirror had a commit")
    return {
        "told_synced": mirror_told_of(profile, lane) if mirror.synced_at else no_time,
        "mirror_cache": mirror.cache,
        "mirror_claims": _claims_of(profile, lane, mirror),
    }


def _claims_of(profile: Profile, lane: Lane, mirror: Mirror) -> Sighting | Absent:
    """Return the sighting of the claims of all mirrors that lanes of this cluster have."""
    cluster = cluster_of(profile, lane)
    if isinstance(mirror.cache, Absent):
        return mirror.cache
    if isinstance(cluster, Absent):
        return cluster
    return _claims(profile, cluster)


@once_for_all_lanes
def _claims(profile: Profile, cluster: ClusterSpec) -> Sighting:
    lanes = profile.lanes if isinstance(profile.lanes, tuple) else ()
    caches = [
        one.mirror.cache
        for one in lanes
        if one.cluster == cluster.name and not isinstance(one.mirror, Absent)
    ]
    namespaces = [one.namespace for one in caches if not isinstance(one, Absent)]
    return list_of(list_claims, cluster, vantage_of(profile, cluster.vantage), namespaces)


def _flush_of(profile: Profile, lane: Lane, mirror: Mirror) -> Sighting | Absent:
    refs, upstream = mirror_refs_of(profile, lane), upstream_of(profile, lane)
    if isinstance(lane.gitops, Absent):
        return lane.gitops
    if isinstance(refs, Absent) or isinstance(upstream, Absent):
        return Absent(absent="the lane has no mirror")
    staged = f"{mirror.stage.rstrip('/')}/heads/{lane.gitops.branch}"
    return Sighting(
        look_at_flush,
        Flushed(mirror.repository, f"refs/heads/{lane.gitops.branch}", staged),
        vantage_of(profile, lane.vantage),
        needs=(refs, upstream),
        deadline=ASKING,
    )


def _gate_of(profile: Profile, lane: Lane, mirror: Mirror, target: Sighting) -> Sighting | Absent:
    if not mirror.manifests or not mirror.retired_gate:
        return Absent(absent="the lane does not name the files that define its mirror")
    gate = Gate(wanted_of(lane).repository, mirror.manifests, mirror.retired_gate)
    vantage = vantage_of(profile, lane.vantage)
    return Sighting(look_for_gate, gate, vantage, needs=(target,), deadline=ASKING)
