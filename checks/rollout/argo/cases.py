"""What the node argo offers the checks of a lane."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.argo.sightings import (
    applications_of,
    definitions_of,
    projects_of,
    revisions_of,
    settled_of,
)
from config.lanes import Lane
from config.lanes.argo import Argo
from config.model import Absent
from config.schema import Profile


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer Argo CD's objects of the lane's cluster, and what the lane expects of them."""
    argo = lane.argo
    return {
        "argo": argo,
        "argo_alone": _alone(argo),
        "argo_gitops": lane.gitops,
        "argo_install": argo if isinstance(argo, Absent) else argo.install,
        "applications": applications_of(profile, lane),
        "settled_applications": settled_of(profile, lane),
        "argo_definitions": definitions_of(profile, lane),
        "argo_projects": projects_of(profile, lane),
        "argo_revisions": revisions_of(profile, lane),
    }


def _alone(argo: Argo | Absent) -> Argo | Absent:
    """Return what is expected of an Application that has its destination for itself."""
    if isinstance(argo, Absent) or argo.exclusive:
        return argo
    return Absent(absent="the profile lets other applications into the destination")
