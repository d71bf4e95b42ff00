"""What the lane's own commands tell of its run, beside what is seen of it."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.seen import NoRun, Run
from checks.rollout.pipeline.telling import told_run, trigger_time
from checks.rollout.source.seen import Target
from checks.rollout.told.fields import dig, required, shown, text_at, truth_at
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.PIPELINERUN_MISMATCH)
def check_status_tells_of_the_same_run(
    lane: Lane, pipeline: Pipeline, pipeline_run: Run, told_control_plane: Told, remark: Remark
) -> None:
    name, status = told_run(told_control_plane, pipeline.told)
    wrong = [f"{told_control_plane.worded}, the run is {name}"] if name != pipeline_run.name else []
    seen = pipeline_run.status or "Unknown"
    apart = status is not None and status.lower() != seen.lower()
    if apart and not _may_have_ended_between(pipeline_run, seen, status, told_control_plane):
        wrong.append(f"{told_control_plane.worded}, its status is {status}")
    assert not wrong, expected(
        f"{pipeline_run.name} with Succeeded={seen}, as it is in the cluster",
        saw=wrong,
        mend=lane.next_for(Failure.PIPELINERUN_MISMATCH, "pipeline"),
    )
    if status is None or apart or seen == "Unknown":
        raise Inconclusive(
            f"pending: {pipeline_run.name} has Succeeded={seen};"
            f" {told_control_plane.worded}, its status is {status or 'absent'}",
            lane.next_for("pending", "pipeline"),
        )
    remark(f"{told_control_plane.worded}, {name} has the status {status}")


@fails_as(Failure.TARGET_VALIDATION_FAILED)
def check_target_is_validated(
    *,
    lane: Lane,
    pipeline: Pipeline,
    pipeline_run: Run | NoRun,
    pipeline_target: Target,
    told_control_plane: Told,
    remark: Remark,
) -> None:
    path = pipeline.told.target_validation
    state = required(told_control_plane, path, text_at(told_control_plane, path))
    word = f"{told_control_plane.worded}, {path} is {state}"
    mend = lane.next_for(Failure.TARGET_VALIDATION_FAILED, "pipeline")
    if state in ("pending", "running"):
        raise Inconclusive(f"pending: {word}", lane.next_for("pending", "pipeline"))
    stands = None if isinstance(pipeline_run, NoRun) else standing_of(pipeline_run)
    contradicted = state == "passed" and stands is not None and stands.failure is not None
    contradicted = contradicted or (
        state == "superseded" and pipeline_target.ancestry == "not-contained"
    )
    assert state in ("passed", "superseded") and not contradicted, expected(  # noqa: PT018
        f"{path} to be passed, or superseded by commits that contain {pipeline_target.commit}",
        saw=[word, pipeline_run.headline, pipeline_target.headline],
        mend=mend,
    )
    if state == "superseded" and pipeline_target.ancestry != "contained":
        raise Inconclusive(
            f"{word}; it is not proved: {pipeline_target.headline} {pipeline_target.why}".strip(),
            mend,
        )
    if state == "passed" and (stands is None or stands.state is not State.SUCCEEDED):
        why = f"pending: {word}, and {stands.why}" if stands else f"{word}; {pipeline_run.headline}"
        raise Inconclusive(why, mend)
    remark(f"superseded: {word}; {pipeline_target.headline}" if state == "superseded" else word)


@fails_as(Failure.OVER_120S)
def check_trigger_ends_and_tells_its_time(
    lane: Lane, pipeline: Pipeline, told_trigger: Told, remark: Remark
) -> None:
    told = trigger_time(told_trigger, pipeline.told)
    words = f"{told_trigger.worded}, it took {told.words}"
    if not told.is_over:
        raise Inconclusive(f"pending: {words}: {told.state}", lane.next_for("pending", "pipeline"))
    if told.elapsed is None:
        raise Inconclusive(
            f"{told_trigger.worded}, {pipeline.told.elapsed} is absent",
            "look at what the tool writes, and at `told` of the pipeline in the profile",
        )
    over = told.elapsed > pipeline.budget
    remark(f"warning: {pipeline.over_budget}: {words}" if over else words)


@fails_as(Failure.OVER_120S)
def check_trigger_calls_pending_what_goes_on_at_the_limit(
    lane: Lane, pipeline: Pipeline, told_trigger: Told, pipeline_run: Run, remark: Remark
) -> None:
    path = pipeline.told.trigger
    word = required(told_trigger, path, text_at(told_trigger, path))
    is_failure = word.lower() in {one.lower() for one in pipeline.told.trigger_failed}
    stands = standing_of(pipeline_run)
    said = f"{told_trigger.worded}, {path} is {word}; {pipeline_run.headline}"
    mend = lane.next_for("pending", "pipeline")
    goes_on = stands.state in (State.PENDING, State.UNKNOWN)
    if is_failure and goes_on and told_trigger.at > pipeline_run.at:
        raise Inconclusive(f"pending: {said}, when it was looked at before", mend)
    assert not is_failure or stands.failure is not None, expected(
        f"{path} to be pending while {pipeline_run.name} goes on, and no failure of the build",
        saw=said,
        mend=mend,
    )
    if goes_on:
        took = (pipeline_run.at - pipeline_run.created).total_seconds()
        late = f"warning: {pipeline.over_budget}: " * (took > pipeline.budget)
        raise Inconclusive(f"pending: {late}{said}, after {took:.0f} s", mend)
    remark(said)


@fails_as(Failure.OVER_120S)
def check_mirror_is_told_of_beside_a_slow_trigger(
    pipeline: Pipeline, told_trigger: Told, told_git_mirror: Told, remark: Remark
) -> None:
    told = trigger_time(told_trigger, pipeline.told)
    values = [(path, dig(told_git_mirror, path)) for path in pipeline.told.mirror]
    if told.elapsed is None:
        raise Inconclusive(
            f"{told_trigger.worded}, {pipeline.told.elapsed} is absent",
            "look at what the tool writes, and at `told` of the pipeline in the profile",
        )
    mirror = ", ".join(f"{path}={shown(value)}" for path, value in values)
    word = "warning: " * (told.elapsed > pipeline.budget)
    remark(f"{word}{told.words} of {pipeline.budget:.0f} s; {told_git_mirror.worded}, {mirror}")


@fails_as(Failure.JOB_SUCCEEDED_NOT_OK)
def check_job_succeeds_and_is_ok(
    lane: Lane, pipeline: Pipeline, told_job: Told, remark: Remark
) -> None:
    fields = pipeline.told
    status = required(told_job, fields.job_status, text_at(told_job, fields.job_status))
    is_ok = required(told_job, fields.job_ok, truth_at(told_job, fields.job_ok))
    name = shown(dig(told_job, fields.job_id))
    word = f"{told_job.worded}, job {name} is {status} with {fields.job_ok}={is_ok.raw}"
    status = status.lower()
    if status in ("queued", "pending", "running", "started", "created", "waiting"):
        raise Inconclusive(f"pending: {word}", lane.next_for("pending", "pipeline"))
    assert status == "succeeded" and is_ok.holds is True, expected(  # noqa: PT018 - both, or it failed
        f"{fields.job_status}=succeeded and {fields.job_ok}=true",
        saw=word,
        mend=lane.next_for(Failure.JOB_SUCCEEDED_NOT_OK, "pipeline"),
    )
    remark(word)


def _may_have_ended_between(run: Run, seen: str, status: str | None, told: Told) -> bool:
    """Tell whether a run may have ended after one looked at it, and before the other did."""
    if status == "Unknown":
        return run.completed is not None and told.at < run.completed
    return seen == "Unknown" and told.at > run.at
