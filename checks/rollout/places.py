"""From where lanes are looked at."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from config.clusters import ClusterSpec
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile

Given = ParamSpec("Given")
Made = TypeVar("Made")
_NEAR = ("local", "lab")


def once_for_all_lanes(
    make: Callable[Concatenate[Profile, Given], Made],
) -> Callable[Concatenate[Profile, Given], Made]:
    """Make what is the same for all lanes of a profile once, and return it to each of them.

    Of the profile that was asked for last alone: nothing is held of any other.
    """
    held: list[tuple[Profile, dict[Hashable, Made]]] = []

    @wraps(make)
    def made(profile: Profile, /, *given: Given.args, **named: Given.kwargs) -> Made:
        if not held or held[0][0] is not profile:
            held[:] = [(profile, {})]
        known = held[0][1]
        key = (given, tuple(named.items()))
        if key not in known:
            known[key] = make(profile, *given, **named)
        return known[key]

    return made


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
