"""What really ran: the legs that were expected, their steps, and nothing that waits for ever."""

from collections.abc import Iterator

from checks.wire.github.runners import RunnersSeen
from checks.wire.github.runs import RunsSeen, ensure_all_that_wait_are_seen
from checks.wire.globs import named_so
from checks.wire.placing import Asked, known_of
from checks.wire.waiting import CannotTell, Cause, why_queued
from checks.wire.workflows.seen import Place, WorkflowsSeen
from checks.workflows.words import path_of
from config.labels import Labels
from config.workflows import ExpectedLeg, FastPath, RequiredSteps
from fixtures.github.values import Run, RunJob
from reports.verdicts import FailureClass, Inconclusive, expected, fails_as

_LATER = "let it run once, and look again"


@fails_as(FailureClass.CONFIG)
def check_expected_legs_are_in_the_workflow(
    workflows: WorkflowsSeen, legs: tuple[ExpectedLeg, ...]
) -> None:
    saw: list[str] = []
    unknown: list[str] = []
    files = {file.path: file for file in workflows.files}
    for leg in legs:
        file = files.get(path_of(leg.workflow))
        jobs = file.jobs if file else ()
        found = [(one, job) for job in jobs for one in job.legs if one.name == leg.name]
        wanted = {label.casefold() for label in leg.labels}
        if found and (not wanted or any(_labels(one.labels) == wanted for one, _ in found)):
            continue
        if found:
            one, job = found[0]
            words = ", ".join(map(str, one.labels))
            saw.append(f"{job.runs_on or job.place}: {leg.name} asks for [{words}]")
        elif any(job.unexpanded or _unnamed(job.legs) for job in jobs):
            unknown.append(f"{leg.workflow}: {leg.name}")
        else:
            names = ", ".join(str(one.name) for job in jobs for one in job.legs)
            saw.append(f"{path_of(leg.workflow)} has no {leg.name}; it has {names or 'no jobs'}")
    assert not saw, expected("each leg of the profile in its workflow", saw=saw)
    if unknown:
        raise Inconclusive(
            f"names that only a run can tell: {'; '.join(unknown)}", "look at a run of it"
        )


def _labels(labels: tuple[object, ...]) -> set[str]:
    return {str(label).casefold() for label in labels}


def _unnamed(legs: tuple[object, ...]) -> bool:
    return any(not isinstance(getattr(leg, "name", ""), str) for leg in legs)


@fails_as(FailureClass.EVIDENCE)
def check_expected_legs_are_in_the_run(
    runs: tuple[RunsSeen, ...], legs: tuple[ExpectedLeg, ...]
) -> None:
    saw: list[str] = []
    for leg in legs:
        run, jobs = _newest(runs, leg.workflow)
        found = next((job for job in jobs if job.name == leg.name), None)
        wanted = {label.casefold() for label in leg.labels}
        if found is None:
            names = ", ".join(job.name for job in jobs)
            saw.append(f"run {run.id} of {leg.workflow} has no {leg.name}; it has {names}")
        elif wanted and {label.casefold() for label in found.labels} != wanted:
            saw.append(f"run {run.id}: {leg.name} asked for [{', '.join(found.labels)}]")
    assert not saw, expected("each leg of the profile in the newest run", saw=saw)


def _newest(runs: tuple[RunsSeen, ...], workflow: str) -> tuple[Run, tuple[RunJob, ...]]:
    """Return the newest run of a workflow that is over, and its jobs."""
    for seen in runs:
        for run in seen.runs:
            if run.path.partition("@")[0] == path_of(workflow) and run.status == "completed":
                return run, seen.jobs_of(run)
    raise Inconclusive(f"no run of {workflow} is over yet", _LATER)


@fails_as(FailureClass.EVIDENCE)
def check_required_steps_really_ran(
    runs: tuple[RunsSeen, ...], required_steps: tuple[RequiredSteps, ...]
) -> None:
    saw: list[str] = []
    for required in required_steps:
        run, jobs = _newest(runs, required.workflow)
        green = [job for job in jobs if named_so(job.name, [required.job])]
        green = [job for job in green if job.conclusion == "success"]
        if run.conclusion != "success":
            raise Inconclusive(f"run {run.id} of {required.workflow}: {run.conclusion}", _LATER)
        if not green:
            saw.append(f"run {run.id} is green, and no job {required.job} of it has succeeded")
        saw += [told for job in green for told in _hollow(run, job, required.steps)]
    what = "every step that makes a green job mean something to have succeeded"
    assert not saw, expected(what, saw=saw)


def _hollow(run: Run, job: RunJob, steps: tuple[str, ...]) -> Iterator[str]:
    for name in steps:
        found = [step for step in job.steps if named_so(step.name, [name])]
        if not any(step.conclusion == "success" for step in found):
            told = ", ".join(str(step.conclusion) for step in found) or "not there"
            yield f"run {run.id}, {job.name} is green, and its step {name!r} was {told}"


@fails_as(FailureClass.EVIDENCE)
def check_a_dispatch_takes_no_fast_path(
    dispatched_runs: tuple[RunsSeen, ...], fast_paths: tuple[FastPath, ...]
) -> None:
    saw: list[str] = []
    for path in fast_paths:
        run, jobs = _newest(dispatched_runs, path.workflow)
        taken = [job for job in jobs if named_so(job.name, path.jobs)]
        saw += [
            f"run {run.id} was dispatched, and {job.name} ended with {job.conclusion}"
            for job in taken
            if job.conclusion != "skipped"
        ]
        others = [job for job in jobs if job not in taken]
        if all(job.conclusion == "skipped" for job in others):
            none = "every other job was skipped" if others else "it has no other job"
            saw.append(f"run {run.id} was dispatched, and {none}")
    assert not saw, expected("a dispatched run to take no way that is meant for documents", saw=saw)


@fails_as(FailureClass.PLATFORM)
def check_no_job_waits_too_long(
    queued: RunsSeen, runners: RunnersSeen, labels: Labels, queue_limit: float
) -> None:
    causes = [
        (job, waited, why_queued(asked_of(job), runners.runners, known_of(labels)))
        for job, waited in queued.waiting
        if waited > queue_limit
    ]
    found = [(job, waited, cause) for job, waited, cause in causes if isinstance(cause, Cause)]
    saw = [
        f"{job.name} of run {job.run_id} has waited {waited:.0f} s: {cause}"
        for job, waited, cause in found
    ]
    failure = found[0][2].failure if found else None
    assert not saw, expected(f"no job to wait longer than {queue_limit:g} s", saw, failure)
    for job, _, cause in causes:
        if isinstance(cause, CannotTell):
            raise Inconclusive(f"{job.name} of run {job.run_id}: {cause.reason}", cause.mend)
    ensure_all_that_wait_are_seen(queued)


def asked_of(job: RunJob) -> Asked:
    """Return what a job of a run asks for: nothing of it is unknown any more."""
    place = Place(path=f"run {job.run_id}", line=1, column=1)
    return Asked(job.name, job.name, place, job.labels, None, ())
