"""Sightings of a lane's source, which nodes share."""

from checks.rollout.places import vantage_of
from checks.rollout.source.target import Wanted, find_target
from checks.wire.worktrees import look_at_worktree
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

ASKING = 60.0
"""Seconds that git may take for an answer of a remote: histories are fetched."""


def target_of(profile: Profile, lane: Lane) -> Sighting:
    """Return the sighting of the commit to be proved: a `Target`, or `NoTarget`."""
    vantage = vantage_of(profile, lane.vantage)
    return Sighting(find_target, wanted_of(lane), vantage, deadline=ASKING)


def worktree_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the lane's fixed worktree, or why it has none."""
    worktree = lane.source.worktree
    if isinstance(worktree, Absent):
        return worktree
    vantage = vantage_of(profile, lane.vantage)
    ignored = (worktree.ignored,)
    return Sighting(look_at_worktree, worktree.path, vantage, ignored, deadline=ASKING)


def wanted_of(lane: Lane) -> Wanted:
    """Return what is to be proved of a lane."""
    source = lane.source
    is_kept = source.authority == "snapshot" and not isinstance(source.snapshots, Absent)
    keeper = source.repository if isinstance(lane.mirror, Absent) else lane.mirror.repository
    return Wanted(
        repository=keeper if is_kept else source.repository,
        branch=source.branch,
        authority=source.authority,
        snapshots=None if isinstance(source.snapshots, Absent) else source.snapshots.rstrip("/"),
        commit=source.commit,
    )
