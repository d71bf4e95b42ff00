"""What the control plane offers the checks of a lane."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.control.probe import ControlPlaneOf, compare_control_plane
from checks.rollout.places import cluster_of, vantage_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

_GETTING = 60.0
"""Seconds that reading the live objects may take besides rendering them."""


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer the comparison of the rendered control plane, and since when the old platform rests."""
    closeout = lane.closeout
    return {
        "control_plane": control_plane_of(profile, lane),
        "platform": closeout
        if isinstance(closeout, Absent) or (closeout.platform_since and closeout.old_platform)
        else Absent(absent="the lane names no old platform, or not since when it rests"),
    }


def control_plane_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the rendered control plane beside the live one."""
    cluster = cluster_of(profile, lane)
    if isinstance(lane.control, Absent):
        return lane.control
    if isinstance(cluster, Absent):
        return cluster
    control = lane.control
    return Sighting(
        compare_control_plane,
        ControlPlaneOf(lane.name, control.render, control.namespace, cluster),
        vantage_of(profile, control.vantage or lane.vantage),
        deadline=control.deadline,
        takes=control.deadline + _GETTING,
    )
