"""What a run builds, and what it takes from before: its plan, and what it publishes."""

from checks.rollout.catalog.scanned import InputsChanged, NoInputs
from checks.rollout.failures import Failure
from checks.rollout.pipeline.judging import ended, listed
from checks.rollout.pipeline.objects import TaskRun, Value
from checks.rollout.pipeline.plans import (
    read_counts,
    services_of,
    why_build,
    why_counts_are_wrong,
    why_not_hydrated,
)
from checks.rollout.pipeline.seen import WholeRun
from config.lanes import Lane
from config.lanes.pipeline import EnvReuse, Pipeline, ServicePlan
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_CORRECT = "correct the name of the result in the profile, or look at the task's results"


@fails_as(Failure.UNEXPECTED_BUILD)
def check_plan_reuses_the_environment(
    *,
    lane: Lane,
    pipeline: Pipeline,
    env_reuse: EnvReuse,
    env_inputs: InputsChanged | NoInputs,
    whole_run: WholeRun,
    remark: Remark,
) -> None:
    why = why_build(env_inputs, whole_run.commit)
    for task in ended(whole_run, lane, pipeline.plan_task):
        counts = read_counts(_told(task, env_reuse.summary_result))
        if counts is None:
            raise Inconclusive(
                f"{env_reuse.summary_result} of {task.name} holds no counts", _CORRECT
            )
        wrong = why_counts_are_wrong(counts, env_reuse.expected)
        if wrong is not None and wrong[0] is Failure.UNEXPECTED_BUILD and why:
            remark(f"{', '.join(wrong[1])}: {why}")
            continue
        assert wrong is None, expected(
            " ".join(f"{name}={count}" for name, count in env_reuse.expected.items()),
            saw=wrong[1],
            failure=wrong[0],
            mend=lane.next_for(wrong[0], "pipeline"),
        )


@fails_as(Failure.UNEXPECTED_BUILD)
def check_publishing_reuses_the_image(
    *,
    lane: Lane,
    env_reuse: EnvReuse,
    env_inputs: InputsChanged | NoInputs,
    whole_run: WholeRun,
    remark: Remark,
) -> None:
    name, wanted = env_reuse.publish_result, env_reuse.published
    why = why_build(env_inputs, whole_run.commit)
    for task in ended(whole_run, lane, env_reuse.publish_task):
        told = _told(task, name).text.strip()
        if told != wanted and why:
            remark(f"{name}={told}: {why}")
            continue
        assert told == wanted, expected(
            f"{env_reuse.publish_task} to end with {name}={wanted}",
            saw=f"{name}={told}",
            mend=lane.next_for(Failure.UNEXPECTED_BUILD, "pipeline"),
        )


@fails_as(Failure.CATALOG_NOT_HYDRATED)
def check_plan_was_made_with_the_catalog(
    *,
    lane: Lane,
    pipeline: Pipeline,
    service_plan: ServicePlan,
    whole_run: WholeRun,
    remark: Remark,
) -> None:
    names = (service_plan.affected, service_plan.build, service_plan.reused)
    for task in ended(whole_run, lane, pipeline.plan_task):
        plan = services_of(task, *names)
        wrong = why_not_hydrated(plan)
        assert not wrong, expected(
            "the plan to build affected services alone, and to reuse the others of the catalog",
            saw=wrong,
            mend=lane.next_for(Failure.CATALOG_NOT_HYDRATED, "pipeline"),
        )
        if plan.build is None or plan.reused is None:
            have = listed(one.name for one in task.results)
            raise Inconclusive(
                f"{task.name} wrote not all of {listed(names)}; it has {have}", _CORRECT
            )
        remark(f"built: {listed(plan.build)}; reused: {listed(plan.reused)}")


def _told(task: TaskRun, name: str) -> Value:
    """Return a result; raises `Inconclusive` where it was not written."""
    told = task.result(name)
    if told is None:
        have = listed(one.name for one in task.results)
        raise Inconclusive(f"{task.name} wrote no result {name}; it has {have}", _CORRECT)
    return told
