"""The run of a lane's commit: that it is there, that it is the lane's, and that it succeeded."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.conditions import is_legitimate, standing_of
from checks.rollout.pipeline.judging import EXPIRED, ended, ensure_over
from checks.rollout.pipeline.listed import PipelineRuns
from checks.rollout.pipeline.picking import is_full
from checks.rollout.pipeline.rivals import cancelled_before, newer_commits, older
from checks.rollout.pipeline.seen import HeldUp, NoRun, Run, WholeRun
from checks.rollout.source.seen import Target
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from config.model import Absent
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@holds(NoRun)
@fails_as(Failure.PIPELINERUN_COMMIT_MISMATCH)
def check_commit_has_a_run_that_is_pinned_to_it(
    lane: Lane, pipeline: Pipeline, pipeline_run: Run | NoRun, remark: Remark
) -> None:
    mend = lane.next_for(Failure.PIPELINERUN_COMMIT_MISMATCH, "pipeline")
    if isinstance(pipeline_run, NoRun):
        wrong = [
            f"{name} is pinned to {commit or 'nothing'}" for name, commit in pipeline_run.named
        ]
        wrong += [f"{name} is pinned to it, and called otherwise" for name in pipeline_run.pinned]
        assert not wrong, expected(
            f"{pipeline_run.expected}, with {pipeline.commit_param}={pipeline_run.commit}",
            saw=wrong,
            mend=mend,
        )
        raise Inconclusive(
            f"evidence-expired, or not made yet: {pipeline_run.headline}",
            lane.next_for("pending", "pipeline") or EXPIRED,
        )
    assert is_full(pipeline_run.commit), expected(
        f"{pipeline.commit_param} of {pipeline_run.name} to be a full commit id",
        saw=pipeline_run.commit or "nothing",
        mend=mend,
    )
    if pipeline_run.others:
        remark(f"older runs of the same commit: {', '.join(pipeline_run.others)}")


@fails_as(Failure.PIPELINERUN_FAILED)
def check_run_succeeds(lane: Lane, pipeline_run: Run, remark: Remark) -> None:
    ensure_over(pipeline_run, lane)
    stands = standing_of(pipeline_run)
    failure = stands.failure
    assert failure is None, expected(
        f"PipelineRun {pipeline_run.name} to succeed",
        saw=stands.why,
        failure=failure,
        mend=lane.next_for(failure or "", "pipeline"),
    )
    remark(stands.why)
    if pipeline_run.deleting:
        remark("it is being deleted: what tells of it goes with it")


@fails_as(Failure.WRONG_PIPELINE_IDENTITY)
def check_run_is_of_the_lanes_pipeline(lane: Lane, pipeline: Pipeline, whole_run: WholeRun) -> None:
    run = whole_run.run
    wanted = {"pipelineRef": pipeline.name, "serviceAccountName": pipeline.service_account}
    seen = {"pipelineRef": run.pipeline, "serviceAccountName": run.service_account}
    wrong = [
        f"{name} is {seen[name] or 'not said'}" for name in wanted if seen[name] != wanted[name]
    ]
    assert not wrong, expected(
        f"{run.namespace}/{run.name} to have "
        + " and ".join(f"{name} {value}" for name, value in wanted.items()),
        saw=wrong,
        mend=lane.next_for(Failure.WRONG_PIPELINE_IDENTITY, "pipeline"),
    )


@fails_as(Failure.BRANCH_TIP_CHECKOUT)
def check_checkout_is_of_the_full_commit(
    lane: Lane, pipeline: Pipeline, whole_run: WholeRun
) -> None:
    checkout = pipeline.checkout_task
    if isinstance(checkout, Absent):
        raise NotApplicable(checkout.absent)
    wrong: list[str] = []
    untold: list[str] = []
    for task in ended(whole_run, lane, checkout):
        asked = next((one.text for one in task.params if one.name == pipeline.checkout_param), None)
        out = task.result(pipeline.checkout_result)
        if asked is not None and asked != whole_run.commit:
            wrong.append(f"{task.name}: parameter {pipeline.checkout_param} is {asked}")
        if out is not None and out.text.strip() != whole_run.commit:
            wrong.append(f"{task.name}: result {pipeline.checkout_result} is {out.text.strip()}")
        if out is None:
            untold.append(f"{task.name}, whose {pipeline.checkout_param} is {asked or 'not told'}")
    assert not wrong, expected(
        f"{checkout} to check out {whole_run.commit}",
        saw=wrong,
        mend=lane.next_for(Failure.BRANCH_TIP_CHECKOUT, "pipeline"),
    )
    if untold:
        raise Inconclusive(
            f"what came out is not told: no result {pipeline.checkout_result} of"
            f" {'; '.join(untold)}",
            "let the task write `git rev-parse HEAD` as a result, or correct `checkout_result`",
        )


@fails_as(Failure.PIPELINERUN_FAILED)
def check_no_task_is_skipped_for_a_fault(lane: Lane, whole_run: WholeRun, remark: Remark) -> None:
    skipped = whole_run.run.skipped
    wrong = [f"{one.task}: {one.reason}" for one in skipped if not is_legitimate(one)]
    assert not wrong, expected(
        "tasks to be skipped by their own `when` alone",
        saw=wrong,
        mend=lane.next_for(Failure.PIPELINERUN_FAILED, "pipeline"),
    )
    ensure_over(whole_run, lane)
    for one in skipped:
        remark(f"skipped: {one.task}: {one.reason}")


@fails_as(Failure.LATEST_ONLY_VIOLATED)
def check_older_runs_are_left_to_end(
    *,
    lane: Lane,
    latest_only: Pipeline,
    pipeline_run: Run,
    pipeline_target: Target,
    pipeline_runs: PipelineRuns,
    remark: Remark,
) -> None:
    cancelled = cancelled_before(pipeline_run, pipeline_runs, latest_only)
    assert not cancelled, expected(
        "older runs to close as superseded, and none to be cancelled",
        saw=cancelled,
        mend=lane.next_for(Failure.LATEST_ONLY_VIOLATED, "pipeline"),
    )
    newer = newer_commits(pipeline_run, pipeline_runs, latest_only)
    if not newer and not older(pipeline_run, pipeline_runs, latest_only):
        why = f"evidence-expired, or never made: {pipeline_run.name} is the lane's only run"
        raise Inconclusive(why, EXPIRED)
    for one in newer:
        proved = "superseded: " if pipeline_target.ancestry == "contained" else ""
        remark(f"{proved}{one} is newer than {pipeline_run.name}")


def check_nothing_holds_the_run_up(lane: Lane, pipeline_run: Run, held_up: HeldUp) -> None:
    if pipeline_run.completed is None and held_up.reasons:
        raise Inconclusive(
            f"pending: {'; '.join(held_up.reasons)}", lane.next_for("pending", "pipeline")
        )
    ensure_over(pipeline_run, lane)
