"""What the lane's own control plane tells of its alignment, beside what was seen: a tool's word."""

from checks.rollout.argo.equality import GOOD
from checks.rollout.argo.seen import RevisionsCompared
from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_lane_not_on_its_way, ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.runtime.picking import WorkloadsSeen, commit_of, found, not_rolled_out
from checks.rollout.runtime.runners import keeps_session, runners_in
from checks.rollout.runtime.seen import JobsSeen
from checks.rollout.source.seen import Target
from checks.rollout.told.fields import (
    MISSING,
    Missing,
    Truth,
    dig,
    first_of,
    required,
    shown,
    truth_at,
)
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.runtime import Runner, Runtime
from config.model import Absent
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_ARGO = ("summary.runtimeAlignment.argoSyncedToGitops", "argoSyncedToGitops")
_MANAGER = (
    "summary.runtimeAlignment.managerSourceMatchesExpected",
    "managerSourceMatchesExpected",
)
_ALIGNED = ("alignment.aligned", "aligned")
_BLOCKERS = ("alignment.blockers", "blockers")
_SHAPE = (
    "summary.sourceCommit",
    "summary.expectedPipelineRun",
    "summary.runtimeAlignment",
    "summary.gitMirror",
    "summary.ci.pipelineRun",
    "summary.argo",
    "alignment",
)
_OLD = "status"
_BLOCKED = "reuse-blocked"


@fails_as(Failure.ARGO_GITOPS_MISMATCH)
def check_tool_and_git_agree_that_argo_is_at_the_gitops_branch(
    *,
    told_control_plane: Told,
    argo_revisions: RevisionsCompared,
    chain: Chain,
    lane: Lane,
    remark: Remark,
) -> None:
    told = told_control_plane
    path, truth = _first_truth(told, _ARGO)
    mend = lane.next_for(Failure.ARGO_GITOPS_MISMATCH, "argo")
    compared = argo_revisions.of("compared")
    bad = [str(one) for one in compared if one.standing not in {*GOOD, "unknown"}]
    saw = [_said(told, path, truth), *bad]
    if bad or not truth.holds:
        ensure_not_on_its_way(chain, "argo", "; ".join(saw))
    assert truth.holds, expected("argoSyncedToGitops true", _said(told, path, truth), mend=mend)
    assert not bad, expected("the same of git as the tool tells", saw=saw, mend=mend)
    if not compared or any(one.standing == "unknown" for one in compared):
        raise Inconclusive(f"{_said(told, path, truth)}; git does not tell, and no tool is enough")
    remark(f"{_said(told, path, truth)}, as git does")


@fails_as(Failure.MANAGER_SOURCE_MISMATCH)
def check_tool_tells_that_the_manager_is_of_the_source(
    *,
    told_control_plane: Told,
    live_workloads: tuple[WorkloadsSeen, ...],
    target: Target,
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    told = told_control_plane
    path, truth = _first_truth(told, _MANAGER)
    mend = lane.next_for(Failure.MANAGER_SOURCE_MISMATCH, "runtime")
    said = _said(told, path, truth)
    if not truth.holds:
        ensure_not_on_its_way(chain, "runtime", said)
    assert truth.holds, expected("managerSourceMatchesExpected true", said, mend=mend)
    pairs = [one for one in found(runtime, live_workloads)[0] if one.expected.commit_env]
    if not pairs:
        raise Inconclusive(f"{said}; no workload was seen that has its commit in a variable")
    ours = [(one, *commit_of(one)) for one in pairs]
    good = (target.commit, target.tip if target.ancestry == "contained" else target.commit)
    wrong = [f"{one}: {name} is {value or 'not set'}" for one, name, value in ours
             if value not in good]  # fmt: skip
    what = "the same of the cluster as the tool tells"
    if wrong:
        ensure_not_on_its_way(chain, "runtime", "; ".join([said, *wrong]))
    assert not wrong, expected(what, saw=[said, *wrong], mend=mend)
    if target.commit not in {value for _, _, value in ours}:
        remark(f"superseded: what runs is of {target.tip}, whose history has {target.commit}")
    remark(f"{said}, as the cluster does")


@fails_as(Failure.MISALIGNED)
def check_tool_tells_that_the_lane_is_aligned(
    *,
    told_control_plane: Told,
    live_workloads: tuple[WorkloadsSeen, ...],
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    told = told_control_plane
    path, truth = _first_truth(told, _ALIGNED)
    where, blockers = first_of(told, *_BLOCKERS)
    mend = lane.next_for(Failure.MISALIGNED, "runtime")
    saw = [_said(told, path, truth), f"{where} is {shown(blockers)}"]
    what = "aligned true, and no blockers"
    none = blockers in ([], {}, MISSING, None)
    if not (truth.holds and none):
        ensure_lane_not_on_its_way(chain, "; ".join(saw))
    assert truth.holds, expected(what, saw=saw, mend=mend)
    assert none, expected(what, saw=saw, mend=mend)
    if isinstance(blockers, Missing) or blockers is None:
        raise Inconclusive("; ".join(saw), "let the tool tell of its blockers, an empty list too")
    if unlike := not_rolled_out(runtime, live_workloads):
        raise Inconclusive(f"{saw[0]}; what was seen does not bear it out: {'; '.join(unlike)}")
    remark(f"{saw[0]}, and the workloads are rolled out")


@fails_as(Failure.STATUS_SCHEMA_DRIFT)
def check_tools_answer_has_the_declared_shape(
    told_control_plane: Told, lane: Lane, remark: Remark
) -> None:
    told = told_control_plane
    saw = [f"{path} is absent" for path in _SHAPE if dig(told, path) is MISSING]
    saw += [f"{_OLD} is there"] if dig(told, _OLD) is not MISSING else []
    mend = lane.next_for(Failure.STATUS_SCHEMA_DRIFT, "runtime")
    assert not saw, expected("the fields of the answer, and no `status`", saw=saw, mend=mend)
    remark(f"its shape was read {told.worded}")


@fails_as(Failure.REUSE_BLOCKED)
def check_tool_tells_of_no_blocked_reuse(
    *,
    told_runtime: Told,
    live_jobs: JobsSeen,
    runner: Runner,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    blocked = _BLOCKED in told_runtime.document
    mend = lane.next_for(Failure.REUSE_BLOCKED, "runtime")
    said = f"no word of {_BLOCKED} {told_runtime.worded}"
    what = f"no word of {_BLOCKED}"
    assert not blocked, expected(what, f"it stands there {told_runtime.worded}", mend=mend)
    jobs = runners_in(live_jobs.inside(runtime.namespace), runner.selector)
    claim = "" if isinstance(runner.sessions, Absent) else runner.sessions
    if not jobs or not keeps_session(jobs[0], claim):
        raise Inconclusive(f"{said}, and no runner was seen that keeps its session")
    remark(f"{said}, and Job {jobs[0].meta.name} mounts {claim}")


@fails_as(Failure.MIGRATION_FAILED)
def check_tool_tells_that_migrations_ran(
    *,
    told_migration: Told,
    live_workloads: tuple[WorkloadsSeen, ...],
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    path, truth = _first_truth(told_migration, ("ok", "migration.ok"))
    mend = lane.next_for(Failure.MIGRATION_FAILED, "runtime")
    said = _said(told_migration, path, truth)
    assert truth.holds, expected("migrations that ran", said, mend=mend)
    ended = told_migration.status == 0
    assert ended, expected("the command to end with 0", told_migration.worded, mend=mend)
    if unlike := not_rolled_out(runtime, live_workloads):
        raise Inconclusive(f"{said}; what was seen does not bear it out: {'; '.join(unlike)}")
    remark(f"{said}, and what runs on it is rolled out")


def _first_truth(told: Told, paths: tuple[str, ...]) -> tuple[str, Truth]:
    path, _ = first_of(told, *paths)
    truth = truth_at(told, path)
    if not isinstance(truth, Truth) or truth.holds is None:
        required(told, path, MISSING if isinstance(truth, Missing) else None)
        raise Inconclusive(f"{told.worded}, {path} is not told")
    return path, truth


def _said(told: Told, path: str, truth: Truth) -> str:
    return f"{told.worded}, {path} is {truth.raw}"
