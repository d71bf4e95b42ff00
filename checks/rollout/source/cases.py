"""What a lane's source offers its checks."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.mirror.sightings import mirror_refs_of
from checks.rollout.places import vantage_of
from checks.rollout.source.heads import look_at_told_head
from checks.rollout.source.origins import Places
from checks.rollout.source.probe import (
    Merged,
    Searched,
    Suspected,
    look_at_log,
    look_at_merge,
    look_at_tree,
    look_at_truth_file,
    look_for_retired,
)
from checks.rollout.source.pulls import PullOf, look_at_pull
from checks.rollout.source.sightings import ASKING, target_of, wanted_of, worktree_of
from checks.rollout.source.snapshots import look_at_snapshots_again
from checks.rollout.told.sightings import told_of
from checks.wire.refs import look_at_refs
from config.lanes import Lane
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import source_of
from fixtures.sightings import Baseline, Sighting

_NO_SNAPSHOTS = Absent(absent="a worktree is the lane's authority, and no snapshots of the branch")
_NO_RETIRED = Absent(absent="the lane names no retired names")
_TOLD_ORIGINS = ("control-plane", "git-mirror")


def offer(profile: Profile, lane: Lane, vantage: str) -> Mapping[str, Any]:
    """Offer the target, the worktree, the snapshots, and what the branch tracks."""
    del vantage
    target = target_of(profile, lane)
    return {
        "target": target,
        **_of_worktree(profile, lane),
        **_of_snapshots(profile, lane),
        **_of_tree(profile, lane, target),
        **_of_drift(profile, lane, target),
        "gitops_expected": lane.gitops,
        "retired": lane.retired if lane.retired.names else _NO_RETIRED,
        "evidence": (evidence := _evidence(profile, lane)),
        "evidence_from": _looked_from(profile, evidence),
    }


def _of_worktree(profile: Profile, lane: Lane) -> Mapping[str, Any]:
    worktree = worktree_of(profile, lane)
    before = worktree if isinstance(worktree, Absent) else Baseline(worktree)
    return {"worktree": worktree, "worktree_before": before}


def _of_snapshots(profile: Profile, lane: Lane) -> Mapping[str, Any]:
    wanted = wanted_of(lane)
    kept_at = wanted.repository if isinstance(lane.mirror, Absent) else lane.mirror.repository
    if isinstance(lane.source.snapshots, Absent):
        names = ("snapshots", "snapshots_again", "snapshots_before", "told_of_snapshots")
        return dict.fromkeys(names, lane.source.snapshots)
    vantage, patterns = vantage_of(profile, lane.vantage), (f"{wanted.below}*",)
    first = Sighting(look_at_refs, kept_at, vantage, (patterns,), deadline=ASKING)
    again = Sighting(
        look_at_snapshots_again,
        kept_at,
        vantage,
        (patterns,),
        needs=(first,),
        deadline=ASKING,
    )
    of_snapshots = lane.source.authority == "snapshot"
    return {
        "snapshots": first,
        "snapshots_again": again,
        "snapshots_before": Baseline(first),
        "told_of_snapshots": told_of(profile, lane, "control-plane")
        if of_snapshots
        else _NO_SNAPSHOTS,
    }


def _of_tree(profile: Profile, lane: Lane, target: Sighting) -> Mapping[str, Any]:
    source, repository = lane.source, wanted_of(lane).repository
    vantage = vantage_of(profile, lane.vantage)
    truth = None if isinstance(source.truth_file, Absent) else source.truth_file
    generated = generated_of(lane)

    def looked(probe: Any, *arguments: Any) -> Sighting:
        return Sighting(probe, repository, vantage, arguments, (target,), deadline=ASKING)

    suspected = Suspected(source.robots, source.human_paths, generated, truth, source.since)
    is_told = source.robots or generated or source.human_paths != ("**",)
    said = "the lane names no robots, no generated files, and no paths that people change"
    log = looked(look_at_log, suspected)
    return {
        "source_tree": looked(look_at_tree, generated)
        if generated
        else Absent(absent="the lane does not say what builds write"),
        "source_log": log if is_told else Absent(absent=said),
        "truth_log": log if truth else source.truth_file,
        "truth_file": looked(look_at_truth_file, truth, source.truth_fields)
        if truth
        else source.truth_file,
        "document_mentions": _searched(lane, source.documents, "documents", looked),
        "definition_mentions": _searched(lane, source.definitions, "definitions", looked),
    }


def _searched(lane: Lane, files: tuple[str, ...], what: str, looked: Any) -> Sighting | Absent:
    if not lane.retired.names:
        return _NO_RETIRED
    if not files:
        return Absent(absent=f"the lane names no {what} of its source")
    found: Sighting = looked(
        look_for_retired, Searched(files, lane.retired.names, lane.retired.allowed_in)
    )
    return found


def _of_drift(profile: Profile, lane: Lane, target: Sighting) -> Mapping[str, Any]:
    repository, vantage = wanted_of(lane).repository, vantage_of(profile, lane.vantage)
    told = told_of(profile, lane, "control-plane")
    return {
        "merge": merge_of(profile, lane),
        "told_head": told
        if isinstance(told, Absent)
        else Sighting(
            look_at_told_head, repository, vantage, needs=(told, target), deadline=ASKING
        ),
        "pull": pull_of(profile, lane),
    }


def merge_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of whether the merge that is closed out is in the tip's history."""
    merge = lane.source.merge_commit
    if merge is None:
        return Absent(absent="the lane names no merge that is closed out")
    what = f"the merge of pull request {lane.source.pull_request or ''}".rstrip()
    return Sighting(
        look_at_merge,
        Merged(wanted_of(lane).repository, merge, what),
        vantage_of(profile, lane.vantage),
        needs=(target_of(profile, lane),),
        deadline=ASKING,
    )


def pull_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the pull request that is closed out, or why it is not asked for."""
    number, name = lane.source.pull_request, lane.source.github
    if number is None or name is None:
        return Absent(absent="the lane names no pull request, or no repository to ask about it")
    repositories = profile.repositories if isinstance(profile.repositories, tuple) else ()
    found: Repository | None = next((one for one in repositories if one.name == name), None)
    if found is None or found.github is None:
        return Absent(absent=f"the repository {name} is not said to be on GitHub")
    vantage = found.vantage or vantage_of(profile, None)
    return Sighting(look_at_pull, PullOf(source_of(found), number), vantage, deadline=ASKING)


def _evidence(profile: Profile, lane: Lane) -> tuple[Sighting, ...] | Absent:
    """Return the sightings of which it is judged where they were read from."""
    if not lane.retired.origins and not lane.retired.names:
        return Absent(absent="the lane names no origins that are no evidence")
    every = (
        target_of(profile, lane),
        worktree_of(profile, lane),
        mirror_refs_of(profile, lane),
        *(told_of(profile, lane, one) for one in _TOLD_ORIGINS),
    )
    return tuple(one for one in every if isinstance(one, Sighting))


def _looked_from(profile: Profile, evidence: tuple[Sighting, ...] | Absent) -> Places | Absent:
    """Return from where the evidence is read: a container of this host may be no place for it."""
    if isinstance(evidence, Absent):
        return evidence
    kinds = {one.name: one.kind for one in profile.vantages}
    names = sorted({one.vantage for one in evidence})
    return Places(tuple((name, kinds.get(name, "")) for name in names))


def generated_of(lane: Lane) -> tuple[str, ...]:
    """Return the globs of what builds write: what the source says, the catalog, the manifests."""
    catalog = () if isinstance(lane.catalog, Absent) else (lane.catalog.path,)
    gitops = () if isinstance(lane.gitops, Absent) else (f"{lane.gitops.path.strip('/')}/**",)
    return (*lane.source.generated, *catalog, *gitops)
