"""Sightings of what a closeout states, and of where it is written down besides."""

from checks.rollout.chain.sightings import looks_of
from checks.rollout.closeout.gathering import FactsOf, gather_facts
from checks.rollout.closeout.probe import (
    CommentsOf,
    IssuesOf,
    PointersOf,
    look_at_comments,
    look_at_issues,
    look_at_pointers,
)
from checks.rollout.places import vantage_of
from checks.rollout.source.cases import merge_of, pull_of
from checks.rollout.told.sightings import told_of
from config.lanes import Lane
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import Source, source_of
from fixtures.sightings import Look, Sighting

ASKING = 60.0
"""Seconds that asking for a few pages may take."""
_WORDS = {"told_trigger": "trigger", "told_git_mirror": "git-mirror"}
"""What tools tell that a closeout states too."""


def facts_of(profile: Profile, lane: Lane) -> Sighting:
    """Return the sighting of the facts of a lane's rollout: `Facts`, of all that its chain asks."""
    looks = looks_of(profile, lane)
    asked, absent = list(looks.asked), dict(looks.absent)
    beside = {name: told_of(profile, lane, tells) for name, tells in _WORDS.items()}
    for name, made in {"merge": _merge_of(profile, lane), **beside}.items():
        if isinstance(made, Absent):
            absent[name] = made
        else:
            asked.append((name, made))
    of = FactsOf(lane.name, tuple(name for name, _ in asked), lane, absent)
    needs = tuple(one for _, one in asked)
    return Sighting(gather_facts, of, vantage_of(profile, lane.vantage), needs=needs)


def _merge_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the merge that is closed out: git's, or what GitHub tells of it."""
    merge = merge_of(profile, lane)
    if not isinstance(merge, Absent):
        return merge
    pull = pull_of(profile, lane)
    return merge if isinstance(pull, Absent) else pull


def comments_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the comments of the pull request that is closed out."""
    if isinstance(lane.closeout, Absent):
        return lane.closeout
    if isinstance(lane.closeout.comment, Absent):
        return lane.closeout.comment
    if not lane.closeout.comment:
        return Absent(absent="the lane's closeout is no comment of a pull request")
    if lane.source.pull_request is None:
        return Absent(absent="the profile names no pull request that is closed out")
    source = _github_of(profile, lane)
    if isinstance(source, Absent):
        return source
    of = CommentsOf(source, lane.source.pull_request)
    return _asking(look_at_comments, of, profile, lane)


def issues_of(profile: Profile, lane: Lane, label: str | Absent) -> Sighting | Absent:
    """Return the sighting of the issues that have a label."""
    if isinstance(label, Absent):
        return label
    source = _github_of(profile, lane)
    if isinstance(source, Absent):
        return source
    return _asking(look_at_issues, IssuesOf(source, label), profile, lane)


def pointers_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the files that point to the lane's latest jobs."""
    if isinstance(lane.closeout, Absent):
        return lane.closeout
    if isinstance(lane.closeout.pointers, Absent):
        return lane.closeout.pointers
    of = PointersOf(lane.closeout.pointers, lane.closeout.pointer_jobs)
    return _asking(look_at_pointers, of, profile, lane)


def _asking(look: Look, of: object, profile: Profile, lane: Lane) -> Sighting:
    return Sighting(look, of, vantage_of(profile, lane.vantage), deadline=ASKING)


def _github_of(profile: Profile, lane: Lane) -> Source | Absent:
    """Return where GitHub is asked of the lane's source, or why it cannot be."""
    every = profile.repositories or ()
    if isinstance(every, Absent):
        return every
    named = next((one for one in every if one.name == lane.source.github), None)
    if not isinstance(named, Repository) or named.github is None:
        return Absent(absent="the lane names no repository through which GitHub is asked")
    return source_of(named)
