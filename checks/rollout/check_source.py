"""The source branch: it is there, its authority is what the lane says, and it has not drifted."""

from typing import Any

from checks.rollout.failures import Failure
from checks.rollout.source.origins import Places, found_inadmissible
from checks.rollout.source.seen import AncestrySeen, NoTarget, PullSeen, Target
from checks.rollout.source.snapshots import moved
from checks.rollout.source.workspaces import tells_of_blockers, workspace_blockers
from checks.rollout.told.fields import MISSING, dig, first_of, shown, text_at
from checks.rollout.told.seen import Told
from checks.wire.refs import RefsSeen
from checks.wire.worktrees import WorktreeSeen
from config.lanes import Lane
from config.lanes.catalog import GitOps
from config.lanes.pipeline import PipelineTold
from config.model import Absent
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as

_NODE = "source"
_STAGE_REFS = (
    "sourceStageRef",
    "summary.sourceStageRef",
    "summary.source.sourceStageRef",
    "source.sourceStageRef",
)
_DRIFTS = ("summary.branchDrift", "alignment.branchDrift", "branchDrift")
_TRUTHS = ("true", "false", "True", "False")
_BY_HAND = "run it by hand"
_FETCH = "fetch what is missing, so that git can tell"


@holds(NoTarget)
@fails_as(Failure.SOURCE_REF_MISSING)
def check_source_has_the_commit_to_be_proved(target: Target | NoTarget, lane: Lane) -> None:
    if isinstance(target, NoTarget):
        kept = target.authority == "snapshot"
        failure = Failure.SOURCE_SNAPSHOT_MISSING if kept else Failure.SOURCE_REF_MISSING
        mend = lane.next_for(failure, _NODE)
        assert not target.why, expected(f"{target.ref}", target.why, failure, mend=mend)
    elif target.ancestry == "unknown":
        raise Inconclusive(f"evidence-missing-object: {target.why}", _FETCH)


@fails_as(Failure.BRANCH_DRIFT_NOT_ANCESTOR)
def check_target_is_in_the_source_branch(target: Target, lane: Lane, remark: Remark) -> None:
    if target.ancestry == "unknown":
        raise Inconclusive(f"evidence-missing-object: {target.why}", _FETCH)
    mend = lane.next_for(Failure.BRANCH_DRIFT_NOT_ANCESTOR, _NODE)
    saw = f"{target.commit} is not in the history of {target.tip}"
    assert target.ancestry != "not-contained", expected(f"it in {target.ref}", saw, mend=mend)
    if target.ancestry == "contained":
        remark(f"superseded: {target.tip} has {target.commit} in its history, proved by git")


@fails_as(Failure.SOURCE_SNAPSHOT_MISSING)
def check_snapshots_are_of_the_commits_that_they_name(
    snapshots: RefsSeen, target: Target, lane: Lane
) -> None:
    named = {one.name.rpartition("/")[2]: one for one in snapshots.refs}
    saw = [f"{one.name} is at {one.commit}" for name, one in named.items() if name != one.commit]
    if target.commit not in named:
        saw.append(f"none of {target.commit}: {snapshots.headline}")
    mend = lane.next_for(Failure.SOURCE_SNAPSHOT_MISSING, _NODE)
    assert not saw, expected("snapshots, each at the commit it is called by", saw, mend=mend)
    if not target.asked and target.head is not None and target.head not in named:
        raise Inconclusive(
            f"pending: {lane.source.branch} is at {target.head}, of which there is no snapshot;"
            f" the newest is of {target.tip}",
            lane.next_for("pending", _NODE) or "wait for it, or name the commit that is meant",
        )


@fails_as(Failure.SOURCE_SNAPSHOT_MUTATED)
def check_snapshots_do_not_move_while_they_are_looked_at(
    snapshots: RefsSeen, snapshots_again: RefsSeen, lane: Lane
) -> None:
    saw = moved(snapshots, snapshots_again)
    mend = lane.next_for(Failure.SOURCE_SNAPSHOT_MUTATED, _NODE)
    assert not saw, expected("each snapshot where it was a moment ago", saw, mend=mend)
    _ensure_some(snapshots)


@fails_as(Failure.SOURCE_SNAPSHOT_MUTATED)
def check_snapshots_are_where_an_earlier_run_saw_them(
    snapshots: RefsSeen, snapshots_before: RefsSeen, lane: Lane, remark: Remark
) -> None:
    saw = moved(snapshots_before, snapshots)
    mend = lane.next_for(Failure.SOURCE_SNAPSHOT_MUTATED, _NODE)
    before = f"each snapshot as at {snapshots_before.at:%Y-%m-%dT%H:%M:%SZ}"
    assert not saw, expected(before, saw, mend=mend)
    _ensure_some(snapshots_before)
    remark(f"{before}: {len(snapshots_before.refs)} of them")


@fails_as(Failure.SOURCE_SNAPSHOT_MISSING)
def check_status_shows_the_snapshot(
    told_of_snapshots: Told, target: Target, lane: Lane, remark: Remark
) -> None:
    path, _ = first_of(told_of_snapshots, *_STAGE_REFS)
    ref = text_at(told_of_snapshots, path)
    if told_of_snapshots.status and ref is MISSING:
        raise Inconclusive(f"{told_of_snapshots.worded}, {path} is absent", _BY_HAND)
    saw = f"{told_of_snapshots.worded}, {path} is {shown(ref)}"
    mend = lane.next_for(Failure.SOURCE_SNAPSHOT_MISSING, _NODE)
    of_tip = target.ref.removesuffix(target.commit) + target.tip
    if ref == of_tip != target.ref and target.ancestry == "contained":
        remark(f"superseded: {saw}; git proves that it contains {target.commit}")
        return
    assert ref == target.ref, expected(f"{target.ref}", saw, mend=mend)
    remark(f"{told_of_snapshots.worded}; {target.repository} has it")


@fails_as(Failure.SOURCE_WORKTREE_DIVERGED)
def check_worktree_follows_its_branch(worktree: WorktreeSeen, lane: Lane) -> None:
    declared = lane.source.worktree
    named = None if isinstance(declared, Absent) else declared.upstream
    branch, upstream = lane.source.branch, named or f"origin/{lane.source.branch}"
    saw = []
    if worktree.branch != branch:
        saw.append(f"{worktree.path} is on {worktree.branch or 'a detached HEAD'}")
    if worktree.upstream != upstream:
        saw.append(f"it follows {worktree.upstream or 'nothing'}")
    if worktree.upstream == upstream and worktree.ahead is None:
        saw.append(f"{upstream} is gone there")
    if worktree.ahead or worktree.behind:
        saw.append(f"it is +{worktree.ahead} -{worktree.behind} of {worktree.upstream}")
    mend = lane.next_for(Failure.SOURCE_WORKTREE_DIVERGED, _NODE)
    assert not saw, expected(f"{branch}...{upstream} +0 -0", saw, mend=mend)


@fails_as(Failure.SOURCE_WORKTREE_DIVERGED)
def check_worktree_is_at_the_branchs_tip(
    worktree: WorktreeSeen, target: Target, lane: Lane
) -> None:
    saw = f"{worktree.path} is at {worktree.commit}"
    mend = lane.next_for(Failure.SOURCE_WORKTREE_DIVERGED, _NODE)
    what = f"it at {target.tip}, where {target.ref} of {target.repository} is now"
    assert worktree.commit == target.tip, expected(what, saw, mend=mend)


@fails_as(Failure.SOURCE_WORKTREE_DIRTY)
def check_worktree_is_clean(worktree: WorktreeSeen, lane: Lane) -> None:
    mend = lane.next_for(Failure.SOURCE_WORKTREE_DIRTY, _NODE)
    what = f"nothing changed in {worktree.path}"
    assert not worktree.entries, expected(what, worktree.changed, mend=mend)


@fails_as(Failure.SOURCE_WORKTREE_NOT_IGNORED)
def check_worktree_ignores_work_folders(worktree: WorktreeSeen, lane: Lane) -> None:
    own = lane.source.worktree
    if isinstance(own, Absent) or not own.ignored:
        raise NotApplicable("the lane names no path that its worktree has to ignore (ignored)")
    saw = [f"{one} is not ignored" for one in worktree.not_ignored]
    mend = lane.next_for(Failure.SOURCE_WORKTREE_NOT_IGNORED, _NODE)
    what = f"{worktree.path} to ignore them by rules of its own (.gitignore, info/exclude)"
    assert not saw, expected(what, saw, mend=mend)


@fails_as(Failure.SOURCE_WORKSPACE_POLLUTED)
def check_publishing_left_the_worktree_alone(
    worktree: WorktreeSeen, gitops_expected: GitOps, lane: Lane
) -> None:
    gitops, saw = gitops_expected, []
    catalog = () if isinstance(lane.catalog, Absent) else (lane.catalog.path,)
    if worktree.branch is None:
        saw.append(f"{worktree.path} has a detached HEAD at {worktree.commit}")
    if worktree.branch == gitops.branch:
        saw.append(f"{worktree.path} is on {gitops.branch}")
    below = f"{gitops.path.strip('/')}/"
    saw += [
        f"{one.state} {one.path}"
        for one in worktree.entries
        if one.path.startswith(below) or one.path in catalog
    ]
    mend = lane.next_for(Failure.SOURCE_WORKSPACE_POLLUTED, _NODE)
    what = f"a clone of its own for what is published to {gitops.branch}"
    assert not saw, expected(what, saw, mend=mend)


@fails_as(Failure.SOURCE_WORKSPACE_POLLUTED)
def check_publishing_since_left_the_worktree_as_it_was(
    worktree: WorktreeSeen, worktree_before: WorktreeSeen, lane: Lane
) -> None:
    saw = []
    if worktree.branch != worktree_before.branch:
        saw.append(f"it was on {worktree_before.branch}, and is on {worktree.branch}")
    fresh = set(worktree.entries) - set(worktree_before.entries)
    saw += sorted(f"{one.state} {one.path}" for one in fresh)
    mend = lane.next_for(Failure.SOURCE_WORKSPACE_POLLUTED, _NODE)
    before = f"{worktree.path} as at {worktree_before.at:%Y-%m-%dT%H:%M:%SZ}"
    assert not saw, expected(before, saw, mend=mend)


@fails_as(Failure.SOURCE_AUTHORITY_REGRESSION)
def check_no_host_workspace_is_the_authority(
    told_of_snapshots: Told, target: Target, lane: Lane, remark: Remark
) -> None:
    saw = workspace_blockers(told_of_snapshots)
    mend = lane.next_for(Failure.SOURCE_AUTHORITY_REGRESSION, _NODE)
    what = f"snapshots for the source, {told_of_snapshots.worded}"
    assert not saw, expected(what, saw, mend=mend)
    if not tells_of_blockers(told_of_snapshots):
        why = f"{told_of_snapshots.worded}, there are neither blockers nor a workspace"
        raise Inconclusive(why, "let the tool tell of its blockers, an empty list too")
    remark(f"{told_of_snapshots.worded}: no host workspace blocks it; {target.headline}")


@fails_as(Failure.BRANCH_DRIFT_NOT_ANCESTOR)
def check_merge_is_in_the_source_branch(merge: AncestrySeen, lane: Lane, remark: Remark) -> None:
    if merge.stands == "unknown":
        raise Inconclusive(f"evidence-missing-object: {merge.why}", _FETCH)
    mend = lane.next_for(Failure.BRANCH_DRIFT_NOT_ANCESTOR, _NODE)
    saw = f"{merge.older} is not in the history of {merge.newer}"
    assert merge.stands != "not-contained", expected(f"{merge.what} in it", saw, mend=mend)
    remark(merge.headline)


@fails_as(Failure.BRANCH_DRIFT)
def check_no_branch_drift_is_told(
    told_control_plane: Told, target: Target, lane: Lane, remark: Remark
) -> None:
    told = told_control_plane
    every = [(path, dig(told, path)) for path in _DRIFTS]
    drifts = [f"{path} is {shown(drift)}" for path, drift in every if not _is_none(drift)]
    saw = f"{told.worded}, {'; '.join(drifts) or 'no drift is told'}"
    mend = lane.next_for(Failure.BRANCH_DRIFT, _NODE)
    what = "no drift, or a superseded target"
    superseded = dig(told, _validation_of(lane)) == "superseded"
    if target.ancestry == "unknown" and (superseded or not drifts):
        raise Inconclusive(f"evidence-missing-object: {target.why}", _FETCH)
    if not drifts and all(dig(told, one) is MISSING for one in ("summary", "alignment", *_DRIFTS)):
        raise Inconclusive(f"{told.worded}, there is neither a summary nor an alignment", _BY_HAND)
    proved = target.ancestry in {"same", "contained"}
    assert proved and (superseded or not drifts), expected(  # noqa: PT018 - one sentence
        what, [saw, target.headline], mend=mend
    )
    said = f"superseded: {saw}, and git proves that" if drifts else f"{saw};"
    remark(f"{said} {target.headline}")


@fails_as(Failure.HEAD_CONFUSED_WITH_TARGET)
def check_told_head_is_not_taken_for_the_target(
    told_head: AncestrySeen, lane: Lane, remark: Remark
) -> None:
    if told_head.stands == "unknown":
        raise Inconclusive(f"evidence-missing-object: {told_head.why}", _FETCH)
    mend = lane.next_for(Failure.HEAD_CONFUSED_WITH_TARGET, _NODE)
    saw = f"{told_head.newer} has not {told_head.older} in its history"
    assert told_head.stands != "not-contained", expected(f"{told_head.what}", saw, mend=mend)
    if told_head.stands == "contained":
        remark(f"superseded: the head {told_head.newer} is newer than {told_head.older}")


@fails_as(Failure.WRONG_BASE)
def check_pull_request_goes_into_the_lanes_branch(
    pull: PullSeen, lane: Lane, remark: Remark
) -> None:
    branch = lane.source.branch
    mend = lane.next_for(Failure.WRONG_BASE, _NODE)
    assert pull.base == branch, expected(f"{branch} as its base", pull.headline, mend=mend)
    remark(pull.headline)


@fails_as(Failure.INADMISSIBLE_EVIDENCE)
def check_evidence_is_of_this_lane(
    evidence: tuple[Target | NoTarget | RefsSeen | WorktreeSeen | Told, ...],
    evidence_from: Places,
    lane: Lane,
) -> None:
    saw = list(found_inadmissible(evidence, evidence_from, lane))
    mend = lane.next_for(Failure.INADMISSIBLE_EVIDENCE, _NODE)
    what = f"nothing read from what is no evidence: {', '.join(lane.retired.origins)}"
    assert not saw, expected(what, saw, mend=mend)


def _ensure_some(snapshots: RefsSeen) -> None:
    if not snapshots.refs:
        raise Inconclusive(f"no snapshot could move: {snapshots.headline}", "look at the mirror")


def _is_none(drift: Any) -> bool:
    """Tell whether a field says that there is no drift: absent, null, false, or empty.

    Of an object that tells it by a yes or no, `{"drifted": false, "head": ...}`, those count.
    """
    if isinstance(drift, dict):
        told = [one for one in drift.values() if isinstance(one, bool) or one in _TRUTHS]
        return all(map(_is_none, told or drift.values()))
    return drift is MISSING or drift in (None, False, "", [], "false", "False")


def _validation_of(lane: Lane) -> str:
    named = PipelineTold() if isinstance(lane.pipeline, Absent) else lane.pipeline.told
    return named.target_validation
