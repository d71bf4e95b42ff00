"""How builds fail: by what they fetch, by the proxy, or by the code."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.attribution import attribute
from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.judging import ended, ensure_over
from checks.rollout.pipeline.logs import FailedLogs
from checks.rollout.pipeline.plain import matches
from checks.rollout.pipeline.seen import WholeRun
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from reports.verdicts import Remark, expected, fails_as


@fails_as(Failure.BUILD_ERROR)
def check_builds_do_not_fail(
    *,
    lane: Lane,
    pipeline: Pipeline,
    whole_run: WholeRun,
    failed_logs: FailedLogs,
    remark: Remark,
) -> None:
    for task in whole_run.of(*pipeline.build_tasks):
        stands = standing_of(task)
        if stands.failure is None:
            if task.retries:
                remark(f"{task.task} failed {task.retries} times before it succeeded")
            continue
        why = attribute(task, pipeline.proxy, failed_logs.lines_of(task))
        read = f"kubectl -n {task.namespace} logs {task.pod} --all-containers" if task.pod else ""
        failure = why.failure or Failure.PIPELINERUN_FAILED
        own = lane.next_for(failure, "pipeline")
        assert stands.state is State.SUCCEEDED, expected(
            f"{task.task} to build",
            saw=[*(why.lines or [stands.why]), *failed_logs.unread_of(task)],
            failure=failure,
            mend=own if why.failure else f"{read}: nothing it left says why" if read else own,
        )
    if any(standing_of(one).state is State.PENDING for one in whole_run.of(*pipeline.build_tasks)):
        ensure_over(whole_run, lane)
        ended(whole_run, lane, *pipeline.build_tasks)
    lost = any(matches(one, pipeline.build_tasks) for one in whole_run.lost)
    if lost or not whole_run.of(*pipeline.build_tasks):
        ended(whole_run, lane, *pipeline.build_tasks)
