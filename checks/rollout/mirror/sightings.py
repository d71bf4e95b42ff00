"""Sightings of a lane's mirror, which nodes share."""

from checks.rollout.mirror.probe import look_at_upstream
from checks.rollout.places import vantage_of
from checks.rollout.source.target import HEADS
from checks.rollout.told.sightings import told_named, told_of
from checks.wire.refs import look_at_refs
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

ASKING = 60.0
"""Seconds that git may take for an answer."""


def source_ref_of(lane: Lane) -> str:
    """Return the full name of the source branch's ref."""
    return f"{HEADS}{lane.source.branch}"


def gitops_ref_of(lane: Lane) -> str | None:
    """Return the full name of the GitOps branch's ref; None where the lane has none."""
    return None if isinstance(lane.gitops, Absent) else f"{HEADS}{lane.gitops.branch}"


def branches_of(lane: Lane) -> tuple[str, ...]:
    """Return the full names of the branches that the mirror carries for a lane."""
    gitops = gitops_ref_of(lane)
    return (source_ref_of(lane), gitops) if gitops else (source_ref_of(lane),)


def mirror_refs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the mirror's own refs: branches, and what it last saw of GitHub."""
    if isinstance(lane.mirror, Absent):
        return lane.mirror
    patterns = (*branches_of(lane), f"{lane.mirror.stage.rstrip('/')}/*")
    vantage = vantage_of(profile, lane.vantage)
    return Sighting(look_at_refs, lane.mirror.repository, vantage, (patterns,), deadline=ASKING)


def upstream_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the branches of the mirror's upstream, asked of itself."""
    if isinstance(lane.mirror, Absent):
        return lane.mirror
    vantage = vantage_of(profile, lane.vantage)
    return Sighting(
        look_at_upstream,
        lane.source.repository,
        vantage,
        (branches_of(lane),),
        deadline=ASKING,
    )


def mirror_told_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the status command that tells of the mirror."""
    if isinstance(lane.mirror, Absent):
        return lane.mirror
    if lane.mirror.status is not None:
        return told_named(profile, lane, lane.mirror.status)
    return told_of(profile, lane, "git-mirror")
