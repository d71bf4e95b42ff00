"""From where lanes are looked at."""

from config.clusters import ClusterSpec
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile

_NEAR = ("local", "lab")


def vantage_of(profile: Profile, named: str | None) -> str:
    """Return the vantage that is named, or the first of the profile that is this host or the lab.

    Where there is none, it is the first of all: looking from there is inconclusive, and says why.
    """
    if named is not None:
        return named
    near = (vantage.name for vantage in profile.vantages if vantage.kind in _NEAR)
    return next(near, profile.vantages[0].name)


def cluster_of(profile: Profile, lane: Lane) -> ClusterSpec | Absent:
    """Return the cluster of a lane, or why it has none."""
    if isinstance(lane.cluster, Absent):
        return lane.cluster
    return next(one for one in profile.clusters if one.name == lane.cluster)
