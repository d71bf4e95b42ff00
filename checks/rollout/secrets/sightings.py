"""What is looked at of a lane's Secrets."""

from checks.rollout.places import cluster_of, once_for_all_lanes, vantage_of
from checks.rollout.secrets.comparing import Compare, compare_secret
from checks.rollout.secrets.dsn import judge_dsn
from checks.rollout.secrets.private import compare_config
from checks.rollout.secrets.probe import list_runner_jobs, look_for_secret, look_for_sync
from checks.rollout.secrets.published import search_files
from checks.wire.clusters import LISTING, list_of, one_of
from config.clusters import ClusterSpec
from config.lanes import Lane
from config.lanes.secrets import Dsn, NamedSecret, Private
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

_NOWHERE = Absent(absent="the Secret names no namespace, and the lane has no runtime")


def namespace_of(lane: Lane, secret: NamedSecret) -> str | Absent:
    """Return where a Secret is: in its own namespace, or in the runtime's."""
    if secret.namespace is not None:
        return secret.namespace
    return _NOWHERE if isinstance(lane.runtime, Absent) else lane.runtime.namespace


def secret_of(profile: Profile, lane: Lane, secret: NamedSecret) -> Sighting | Absent:
    """Look whether a Secret is there: each by its name, as a role may allow it."""
    cluster, namespace = cluster_of(profile, lane), namespace_of(lane, secret)
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(namespace, Absent):
        return namespace
    vantage = vantage_of(profile, cluster.vantage)
    return one_of(look_for_secret, cluster, vantage, namespace, secret.name)


def sync_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Look when the lane's application was synced last."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(lane.argo, Absent):
        return lane.argo
    vantage = vantage_of(profile, cluster.vantage)
    return one_of(look_for_sync, cluster, vantage, lane.argo.namespace, lane.argo.application)


def comparison_of(profile: Profile, lane: Lane, secret: NamedSecret) -> Sighting | Absent:
    """Compare a Secret of the cluster with the secret of the profile that it is made of."""
    cluster, namespace = cluster_of(profile, lane), namespace_of(lane, secret)
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(namespace, Absent):
        return namespace
    allowed = not isinstance(lane.secrets, Absent) and lane.secrets.compare_values
    pair = Compare(namespace, secret.name, secret.key or "", secret.same_as or "", allowed)
    vantage = vantage_of(profile, cluster.vantage)
    return Sighting(compare_secret, cluster, vantage, (pair,), deadline=LISTING)


def runner_jobs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """List the Jobs of all lanes of the cluster that have runners: once for all of them."""
    cluster = cluster_of(profile, lane)
    if isinstance(cluster, Absent):
        return cluster
    if isinstance(lane.runtime, Absent):
        return lane.runtime
    if isinstance(lane.runtime.runner, Absent):
        return lane.runtime.runner
    return _runner_jobs(profile, cluster)


@once_for_all_lanes
def _runner_jobs(profile: Profile, cluster: ClusterSpec) -> Sighting:
    lanes = () if isinstance(profile.lanes, Absent) else profile.lanes or ()
    runtimes = (one.runtime for one in lanes if one.cluster == cluster.name)
    wanted = {
        one.namespace
        for one in runtimes
        if not isinstance(one, Absent) and not isinstance(one.runner, Absent)
    }
    return list_of(list_runner_jobs, cluster, vantage_of(profile, cluster.vantage), wanted)


def dsn_of(profile: Profile, lane: Lane, dsn: Dsn) -> Sighting:
    """Judge a connection string that is a secret of the profile."""
    vantage = vantage_of(profile, lane.vantage)
    return Sighting(
        judge_dsn, dsn.secret, vantage, (dsn.database,), deadline=profile.deadlines.resolve
    )


def config_of(profile: Profile, lane: Lane, private: Private, secret: str) -> Sighting:
    """Compare what the lane is configured with, with a private file."""
    vantage = vantage_of(profile, lane.vantage)
    arguments = (secret, private.options)
    deadline = profile.deadlines.resolve
    return Sighting(compare_config, private.file, vantage, arguments, deadline=deadline)


def published_of(profile: Profile, lane: Lane, paths: tuple[str, ...]) -> Sighting:
    """Search what is published of the lane."""
    return Sighting(search_files, paths, vantage_of(profile, lane.vantage), deadline=LISTING)
