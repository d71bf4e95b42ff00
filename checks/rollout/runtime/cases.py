"""What the node runtime offers the checks of a lane."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.listed_once import events_of_lanes, pods_of_lanes
from checks.rollout.runtime import listing
from checks.rollout.runtime.sightings import (
    everywhere_of,
    listed_of,
    live_images_of,
    scope_of,
    scopes_of,
    settled_of,
    workloads_of,
)
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Look

_INSIDE: Mapping[str, Look] = {
    "live_deployments": listing.list_deployments,
    "live_stateful_sets": listing.list_stateful_sets,
    "live_daemon_sets": listing.list_daemon_sets,
    "live_replica_sets": listing.list_replica_sets,
    "live_jobs": listing.list_jobs,
    "live_services": listing.list_services,
    "live_ingresses": listing.list_ingresses,
    "live_role_bindings": listing.list_role_bindings,
    "live_accounts": listing.list_accounts,
    "live_claims": listing.list_claims,
    "live_config_maps": listing.list_config_maps,
}


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer the objects of the lane's namespace, and what the lane expects of them.

    `live_workloads` are those of the kinds that it names; of a lane without a cluster, or without
    a runtime, all are absent.
    """
    runtime = lane.runtime
    gone = runtime if isinstance(runtime, Absent) else None
    offered: dict[str, Any] = {
        "runtime": runtime,
        "runner": gone or runtime.runner,  # type: ignore[union-attr]
        "runtime_peripherals": gone or runtime.peripherals,  # type: ignore[union-attr]
        "scope": scope_of(lane),
        "scopes": scopes_of(profile, lane),
        "live_workloads": workloads_of(profile, lane),
        "settled_deployments": settled_of(profile, lane),
        "live_namespaces": everywhere_of(profile, lane, listing.list_namespaces),
        "live_cluster_role_bindings": everywhere_of(
            profile, lane, listing.list_cluster_role_bindings
        ),
        "live_images": live_images_of(profile, lane),
        "live_pods": pods_of_lanes(profile, lane),
        "live_events": events_of_lanes(profile, lane),
    }
    return offered | {name: listed_of(profile, lane, look) for name, look in _INSIDE.items()}
