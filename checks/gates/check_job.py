"""A required job runs on every pull request, and its failure counts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from checks.gates.emission import Emission, find_emitters, obstacles
from checks.gates.leniency import told_to_be_optional
from checks.wire.workflows.seen import Job, Step, Unknown, WorkflowsSeen
from config.gates import Gate
from reports.verdicts import (
    FailureClass,
    Inconclusive,
    NotApplicable,
    Remark,
    expected,
    fails_as,
)

_FIRST = "see check_required_contexts_are_emitted_by_a_file"


@fails_as(FailureClass.CONFIG)
def check_gate_runs_on_every_pull_request(
    gate: Gate,
    branch: str,
    queue: bool,  # noqa: FBT001 - it is an argument of the case
    workflows: WorkflowsSeen,
    remark: Remark,
) -> None:
    emission = _emission(gate, workflows)
    saw = [line for one in emission.exact for line in obstacles(one, branch, queue=queue)]
    for_some = any(not obstacles(one, branch, queue=queue) for one in emission.exact)
    what = f"{gate.context!r} to run on every pull request to {branch}"
    assert for_some, expected(what + (", and in the merge queue" if queue else ""), saw)
    for line in saw:
        remark(line)
    for one in emission.exact:
        if isinstance(sure := one.leg.condition, Unknown):
            remark(f"where it is skipped, it counts as a success: `if: {sure}`, {sure.why}")
    triggers = {one.event for one in emission.exact[0].file.triggers}
    if "merge_group" not in triggers:
        remark("it does not run on merge_group: a merge queue would wait for it")


@fails_as(FailureClass.POLICY)
def check_gate_may_not_fail_unseen(gate: Gate, workflows: WorkflowsSeen, remark: Remark) -> None:
    if not gate.required:
        raise NotApplicable("it is not required: it may fail")
    emission = _emission(gate, workflows)
    jobs = [(one.file, one.job) for one in emission.exact]
    lenient = [(file, job) for file, job in jobs if job.continue_on_error is True]
    today = datetime.now(UTC).date()
    told = [told_to_be_optional(gate, file, job, today) for file, job in lenient]
    saw = [
        f"{job.place}: {job.id} has continue-on-error: {said.why}"
        for (_, job), said in zip(lenient, told, strict=True)
        if not said.holds
    ]
    for _, job in jobs:
        saw += [
            f"{step.place}: the step {step.name or step.id or step.run!r:.60} may fail"
            for step in job.steps
            if step.continue_on_error is True and _is_needed(step, gate)
        ]
    assert not saw, expected(f"no continue-on-error on {gate.context!r}, or a day to end it", saw)
    for said in told:
        remark(said.why)
    unknown = [
        f"{one.place}: continue-on-error is {one.continue_on_error}"
        for _, job in jobs
        for one in _that_count(job, gate)
        if isinstance(one.continue_on_error, Unknown)
    ]
    if unknown:
        raise Inconclusive(unknown[0], "write true or false, or look at the run")


def _that_count(job: Job, gate: Gate) -> Iterator[Job | Step]:
    yield job
    yield from (step for step in job.steps if _is_needed(step, gate))


def _is_needed(step: Step, gate: Gate) -> bool:
    return any(fnmatchcase(step.name or "", pattern) for pattern in gate.steps)


def _emission(gate: Gate, workflows: WorkflowsSeen) -> Emission:
    """Return who emits a gate's context; raises `Inconclusive` where nobody is known to."""
    files = [one for one in workflows.files if gate.workflow in (None, one.path)]
    emission = find_emitters(gate.context, files)
    if not emission.exact:
        raise Inconclusive(f"nobody is known to emit {gate.context!r}", _FIRST)
    return emission
