"""What a lane's mirror offers its checks."""

from collections.abc import Mapping
from typing import Any

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
from checks.rollout.places import vantage_of
from checks.rollout.source.sightings import target_of, wanted_of
from config.lanes import Lane
from config.lanes.mirror import Mirror
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

_NAMES = ("mirror", "mirror_refs", "upstream", "exact_fetch", "told_mirror", "flush", "mirror_gate")


def offer(profile: Profile, lane: Lane, vantage: str) -> Mapping[str, Any]:
    """Offer the mirror's refs, its upstream's, what it gives by full ids, and what it is told."""
    mirror = lane.mirror
    if isinstance(mirror, Absent):
        return dict.fromkeys((*_NAMES, "source_ref", "gitops_ref"), mirror)
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
        "mirror_gate": _gate_of(profile, lane, mirror, target),
    }


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
