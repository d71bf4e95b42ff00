"""What a run has to do, and what it must not: gates that are there, and means that are left."""

from collections.abc import Iterable

from checks.rollout.failures import Failure
from checks.rollout.mirror.runs import direct_in
from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.forbidding import forbidden_in, gates_in
from checks.rollout.pipeline.judging import ensure_over, ensure_resolved, listed
from checks.rollout.pipeline.plain import one_line
from checks.rollout.pipeline.seen import WholeRun
from config.lanes import Lane
from config.lanes.mirror import Mirror
from config.lanes.pipeline import Pipeline
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.CI_GATE_MISSING)
def check_required_tasks_succeed(
    lane: Lane, pipeline_required_tasks: tuple[str, ...], whole_run: WholeRun, remark: Remark
) -> None:
    pending = []
    wrong = []
    for name in pipeline_required_tasks:
        found = whole_run.of(name)
        stands = [(one.name, standing_of(one)) for one in found]
        wrong += [f"{run}: {told.why}" for run, told in stands if told.failure is not None]
        pending += [
            f"{run}: {told.why}"
            for run, told in stands
            if told.state in (State.PENDING, State.UNKNOWN)
        ]
        if not found and name not in whole_run.lost:
            missing = _why_not_run(name, whole_run)
            (wrong if missing else pending).append(missing or f"{name} has not begun")
    assert not wrong, expected(
        f"{listed(pipeline_required_tasks)} to run and to succeed in {whole_run.run.name}",
        saw=wrong,
        mend=lane.next_for(Failure.CI_GATE_MISSING, "pipeline"),
    )
    ensure_resolved(whole_run, lane)
    if pending:
        raise Inconclusive(f"pending: {'; '.join(pending)}", lane.next_for("pending", "pipeline"))
    for task in whole_run.of(*pipeline_required_tasks):
        for step in task.steps:
            if step.code:
                remark(
                    f"warning: {step.name} of {task.task} ended with {step.code}, and it went on"
                )


@fails_as(Failure.CI_GATE_MISSING)
def check_required_commands_are_run(
    lane: Lane, pipeline_required_commands: tuple[str, ...], whole_run: WholeRun
) -> None:
    ensure_resolved(whole_run, lane)
    ran = "\n".join(map(one_line, whole_run.ran))
    missing = _not_in(ran, pipeline_required_commands)
    if missing:
        ensure_over(whole_run, lane)
    defined = "\n".join(one_line(step.words) for _, step in whole_run.steps)
    unsaid = _not_in(defined, missing)
    saw = [f"nothing of {listed(unsaid)}"] if unsaid else []
    saw += [f"{one} is of a task that did not succeed" for one in missing if one not in unsaid]
    assert not missing, expected(
        f"the steps of {whole_run.run.name} to run {listed(pipeline_required_commands)}",
        saw=saw,
        mend=lane.next_for(Failure.CI_GATE_MISSING, "pipeline"),
    )


@fails_as(Failure.RETIRED_GATE_PRESENT)
def check_retired_gates_are_gone(
    lane: Lane, pipeline_retired: Pipeline, whole_run: WholeRun
) -> None:
    names, commands = pipeline_retired.retired_tasks, pipeline_retired.retired_commands
    found = gates_in(whole_run, names, commands)
    _refuse_nothing(whole_run, lane, found)
    assert not found, expected(
        f"none of {listed((*names, *commands))} among the tasks of {whole_run.run.name}",
        saw=found,
        mend=lane.next_for(Failure.RETIRED_GATE_PRESENT, "pipeline"),
    )


@fails_as(Failure.FORBIDDEN_CI_MECHANISM)
def check_builds_use_no_forbidden_mechanism(
    lane: Lane, pipeline_forbidden: tuple[str, ...], whole_run: WholeRun
) -> None:
    found = forbidden_in(whole_run, pipeline_forbidden, given=True)
    _refuse_nothing(whole_run, lane, found)
    assert not found, expected(
        f"nothing of {listed(pipeline_forbidden)} in {whole_run.run.name}",
        saw=found,
        mend=lane.next_for(Failure.FORBIDDEN_CI_MECHANISM, "pipeline"),
    )


@fails_as(Failure.FORBIDDEN_E2E_IN_GATE)
def check_gate_runs_no_browser_tests(
    lane: Lane, pipeline_forbidden_gates: tuple[str, ...], whole_run: WholeRun
) -> None:
    found = forbidden_in(whole_run, pipeline_forbidden_gates)
    _refuse_nothing(whole_run, lane, found)
    assert not found, expected(
        f"nothing of {listed(pipeline_forbidden_gates)} in {whole_run.run.name}",
        saw=found,
        mend=lane.next_for(Failure.FORBIDDEN_E2E_IN_GATE, "pipeline"),
    )


@fails_as(Failure.PLAN_WRITEBACK)
def check_plan_writes_no_source(lane: Lane, pipeline_plan: Pipeline, whole_run: WholeRun) -> None:
    found = forbidden_in(whole_run, pipeline_plan.plan_forbidden, pipeline_plan.plan_task)
    assert not found, expected(
        f"{pipeline_plan.plan_task} to write results and its workspace alone",
        saw=found,
        mend=lane.next_for(Failure.PLAN_WRITEBACK, "pipeline"),
    )
    _ensure_there(whole_run, lane, pipeline_plan.plan_task)


@fails_as(Failure.PLAN_WRITEBACK)
def check_plan_reads_through_the_mirror(
    lane: Lane, pipeline: Pipeline, pipeline_mirror: Mirror, whole_run: WholeRun
) -> None:
    _ensure_there(whole_run, lane, pipeline.plan_task)
    said = "\n".join(whole_run.said_by(pipeline.plan_task))
    other = [one for one in _urls(said) if pipeline_mirror.read_url not in one]
    other += [one for one in direct_in((said,), pipeline_mirror) if one not in other]
    assert not other, expected(
        f"{pipeline.plan_task} to read {pipeline_mirror.read_url}",
        saw=other,
        mend=lane.next_for(Failure.PLAN_WRITEBACK, "pipeline"),
    )
    if pipeline_mirror.read_url not in said:
        raise Inconclusive(
            f"{pipeline.plan_task} names no repository: from where it reads is not told",
            "let the task be given the mirror's URL as a parameter",
        )


def _ensure_there(whole_run: WholeRun, lane: Lane, task: str) -> None:
    """Raise `Inconclusive` where it is not known what a task runs."""
    ensure_resolved(whole_run, lane)
    if not any(name == task for name, _ in whole_run.steps):
        raise Inconclusive(
            f"{whole_run.run.name} has no steps of a task {task}; it has {listed(whole_run.names)}",
            "correct the task's name in the profile, or look at the pipeline",
        )


def _refuse_nothing(whole_run: WholeRun, lane: Lane, found: Iterable[str]) -> None:
    """Raise `Inconclusive` where nothing was found in a run of which not all is known."""
    if not found:
        ensure_resolved(whole_run, lane)


def _why_not_run(name: str, whole_run: WholeRun) -> str:
    """Say why a task never ran; empty where it may still do so."""
    skipped = next((one for one in whole_run.run.skipped if one.task == name), None)
    if skipped is not None:
        return f"{name} was skipped: {skipped.reason}"
    if whole_run.definition is not None and name not in whole_run.names:
        return f"there is no task {name}, but {listed(whole_run.names)}"
    is_over = standing_of(whole_run.run).state is not State.PENDING
    return f"{name} did not run" if is_over else ""


def _not_in(said: str, commands: Iterable[str]) -> list[str]:
    """Return the commands of which a text has neither way, of one or the other."""
    return [one for one in commands if not any(way.strip() in said for way in one.split(" | "))]


def _urls(said: str) -> list[str]:
    words = (word.strip("\"'") for word in said.split())
    return sorted({word for word in words if "://" in word and ".git" in word})
