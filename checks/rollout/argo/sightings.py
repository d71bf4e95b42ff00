"""Sightings of Argo CD, which nodes share."""

from checks.rollout.argo.again import look_again_at_application
from checks.rollout.argo.listing import get_definition, list_applications, list_projects
from checks.rollout.argo.revisions import RevisionsOf, compare_revisions
from checks.rollout.catalog.sightings import gitops_of
from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.wire.clusters import LISTING, Judged, list_of, one_of
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.lanes.argo import Argo
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Look, Sighting

ASKING = 60.0
"""Seconds that git may take to compare revisions."""


def applications_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of all Applications that lanes of the cluster have."""
    return _listed(profile, lane, list_applications)


def settled_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sighting of the lane's own Application a moment later; of a snapshot none."""
    cluster, first = cluster_of(profile, lane), applications_of(profile, lane)
    for one in (cluster, first, lane.argo):
        if isinstance(one, Absent):
            return one
    if isinstance(cluster, Absent) or isinstance(first, Absent) or isinstance(lane.argo, Absent):
        raise TypeError("what is absent was returned above")
    if cluster.snapshot is not None:
        return ()
    argo = lane.argo
    again = Sighting(
        look_again_at_application,
        cluster,
        first.vantage,
        ((argo.namespace, argo.application), argo.settle),
        (first,),
        deadline=LISTING,
        takes=argo.settle + LISTING / 2,
    )
    return (again,)


def definitions_of(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sightings of the definitions that Argo CD has to have installed."""
    cluster, argo = cluster_of(profile, lane), lane.argo
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(argo, Absent):
        return argo
    if isinstance(argo.install, Absent):
        return argo.install
    vantage = vantage_of(profile, cluster.vantage)
    return tuple(
        one_of(get_definition, cluster, vantage, None, name) for name in argo.install.definitions
    )


def projects_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of all AppProjects that bound lanes of the cluster."""
    return _listed(profile, lane, list_projects)


def _listed(profile: Profile, lane: Lane, look: Look) -> Sighting | Absent:
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(lane.argo, Absent):
        return lane.argo
    return _list(profile, cluster, look)


@once_for_all_lanes
def _list(profile: Profile, cluster: ClusterSpec, look: Look) -> Sighting:
    own = argos_of(profile, cluster)
    places = frozenset((one.namespace, one.application) for one in own)
    judged = Judged(places) if look is list_applications else None
    namespaces = {namespace for namespace, _ in places}
    return list_of(look, cluster, vantage_of(profile, cluster.vantage), namespaces, judged)


def argos_of(profile: Profile, cluster: ClusterSpec) -> tuple[Argo, ...]:
    """Return what the lanes of a cluster expect of Argo CD."""
    lanes = () if isinstance(profile.lanes, Absent) else profile.lanes or ()
    own = (lane.argo for lane in lanes if lane.cluster == cluster.name)
    return tuple(one for one in own if not isinstance(one, Absent))


def revisions_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of how Argo CD's revisions stand to the head of the GitOps branch."""
    applications, head = applications_of(profile, lane), gitops_of(profile, lane)
    if isinstance(applications, Absent):
        return applications
    if isinstance(head, Absent) or isinstance(lane.gitops, Absent) or isinstance(lane.argo, Absent):
        return next(one for one in (head, lane.gitops, lane.argo) if isinstance(one, Absent))
    argo, gitops = lane.argo, lane.gitops
    of = RevisionsOf(
        repository=gitops.repository,
        path=gitops.path.strip("/"),
        urls=(argo.repo_url or gitops.repository,),
        branch=None if argo.repo_url else gitops.branch,
        namespace=argo.namespace,
        application=argo.application,
    )
    return Sighting(
        compare_revisions,
        of,
        vantage_of(profile, lane.vantage),
        needs=(applications, head),
        deadline=ASKING,
    )
