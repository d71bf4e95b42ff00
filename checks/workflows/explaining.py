"""Why a job would not start: one cause, in the order in which they exclude each other. All pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from checks.wire.placing import Asked, Known, asked_by_job, squeezed
from checks.wire.waiting import CannotTell, Cause, why_queued, why_waiting
from checks.wire.workflows.seen import Job, Unknown, WorkflowFile
from fixtures.github.values import RunJob, Runner, WorkflowState
from reports.verdicts import FailureClass

_FEW = 5


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the file; None of what nobody could ask."""

    known: Known
    expressions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    runners: Sequence[Runner] | None = None
    states: Sequence[WorkflowState] | None = None
    queued: Sequence[RunJob] = ()
    queue_limit: float = 900.0
    now: datetime | None = None
    files: Sequence[WorkflowFile] = ()
    """All of the repository's workflow files."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What keeps a job from starting, if anything does, and what is known of it besides."""

    cause: Cause | CannotTell | None
    notes: tuple[str, ...] = ()


def explain(file: WorkflowFile, job: Job, around: Around) -> Explained:
    """Return the one cause for which a job would not start, or does not; None where it would."""
    for found in (_of_file(file), _of_state(file, around), _of_events(file, around)):
        if found is not None:
            return Explained(found)
    unsure: CannotTell | None = None
    notes = list(_conditional(job))
    for cause in _of_job(file, job, around, ()):
        if isinstance(cause, Cause):
            return Explained(cause, tuple(notes))
        unsure = unsure or cause
    waited = _of_queue(file, job, around)
    return Explained(waited or unsure, tuple(notes))


def _of_file(file: WorkflowFile) -> Cause | None:
    """Say what is wrong in the file: one that GitHub does not take starts nothing."""
    broken = [one for one in file.findings if one.level == "error"]
    if not broken:
        return None
    facts = tuple(f"{one} ({one.rule})" for one in broken[:_FEW])
    return Cause("invalid-workflow", FailureClass.CONFIG, facts, f"correct {broken[0].place}")


def _of_state(file: WorkflowFile, around: Around) -> Cause | None:
    state = next((one for one in around.states or () if one.path == file.path), None)
    if state is None or state.state == "active":
        return None
    name = file.path.rpartition("/")[2]
    facts = (f"GitHub says that {file.path} is {state.state}",)
    return Cause("workflow-disabled", FailureClass.CONFIG, facts, f"gh workflow enable {name}")


def _of_events(file: WorkflowFile, around: Around) -> Cause | None:
    events = {one.event for one in file.triggers}
    if not events:
        facts = (f"{file.path} names no event",)
        return Cause("no-event", FailureClass.CONFIG, facts, f"add `on:` to {file.path}")
    if events != {"workflow_call"}:
        return None
    callers = [
        f"{other.path} {job.id}"
        for other in around.files
        for job in other.jobs
        if job.calls == f"./{file.path}"
    ]
    called = ("it is started by other workflows alone", *(f"called by {one}" for one in callers))
    then = f"explain {callers[0].rpartition('/')[2]}" if callers else "call it from a workflow"
    return Cause("only-called", FailureClass.CONFIG, called, then)


def _of_job(
    file: WorkflowFile, job: Job, around: Around, before: tuple[str, ...]
) -> Iterator[Cause | CannotTell]:
    """Walk what keeps a job from starting; `before` are the jobs that need it."""
    if job.id in before:
        yield Cause(
            "needs-itself",
            FailureClass.CONFIG,
            (" > ".join((*before, job.id)),),
            f"break the circle at {job.place}",
        )
        return
    for needed in (one for one in file.jobs if one.id in job.needs):
        for cause in _of_job(file, needed, around, (*before, job.id)):
            yield _behind(cause, needed)
    if job.legs and all(leg.condition is False for leg in job.legs):
        facts = (f"if: {job.condition}", "it holds on none of the workflow's events")
        yield Cause(
            "never-true", FailureClass.CONFIG, facts, f"correct the condition at {job.place}"
        )
    inner = [one for one in file.jobs if one.id.startswith(f"{job.id}/")]
    if job.calls is not None and not inner:
        yield CannotTell(
            f"{job.calls} is not of this repository, and its jobs are not known",
            "explain the job where that workflow is",
        )
    for asked in _asked(job, around):
        cause_or_none = why_waiting(asked, around.runners, around.known)
        if cause_or_none is not None:
            yield cause_or_none
    for called in inner:
        yield from _of_job(file, called, around, (*before, job.id))


def _asked(job: Job, around: Around) -> Iterator[Asked]:
    comes_to = {squeezed(text): tuple(one) for text, one in around.expressions.items()}
    yield from dict.fromkeys(asked_by_job(job, comes_to))


def _behind(cause: Cause | CannotTell, needed: Job) -> Cause | CannotTell:
    if isinstance(cause, CannotTell):
        return CannotTell(f"it needs {needed.id}: {cause.reason}", cause.mend)
    facts = (f"it needs {needed.id}, which would not start", *cause.facts)
    return Cause(cause.name, cause.failure, facts, cause.next)


def _of_queue(file: WorkflowFile, job: Job, around: Around) -> Cause | CannotTell | None:
    """Say why a job that could start waits for too long all the same."""
    names = {leg.name for leg in job.legs}
    for waiting in around.queued:
        if waiting.name not in names or waiting.created is None or around.now is None:
            continue
        waited = (around.now - waiting.created).total_seconds()
        if waited <= around.queue_limit:
            continue
        asked = Asked(job.id, waiting.name, job.runs_on or job.place, waiting.labels, None, ())
        cause = why_queued(asked, around.runners, around.known)
        fact = f"{waiting.name} of run {waiting.run_id} of {file.path} has waited {waited:.0f} s"
        if isinstance(cause, Cause):
            return Cause(cause.name, cause.failure, (fact, *cause.facts), cause.next)
        return cause
    return None


def _conditional(job: Job) -> Iterator[str]:
    """Say what a run decides: a job that is skipped does not start."""
    for leg in job.legs:
        if isinstance(leg.condition, Unknown):
            yield f"it runs only if {job.condition or leg.condition.text}: {leg.condition.why}"
            return
