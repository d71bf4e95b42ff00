"""Workflows that are started by hand: they can be, and a run comes of it."""

import pytest

from checks.wire.github.runners import WorkflowStatesSeen
from checks.wire.workflows.seen import WorkflowsSeen
from checks.workflows.dispatches import inactive, undeclared
from checks.workflows.dispatching import DispatchRan, DispatchRefused, DispatchUnanswered
from config.workflows import Dispatch
from reports.verdicts import FailureClass, expected, fails_as


@fails_as(FailureClass.CONFIG)
def check_dispatch_is_declared_at_the_ref(
    workflows: WorkflowsSeen, dispatches: tuple[Dispatch, ...]
) -> None:
    saw = list(undeclared(workflows, dispatches))
    assert not saw, expected("workflow_dispatch, with the inputs of the profile", saw=saw)


@fails_as(FailureClass.CONFIG)
def check_dispatch_is_declared_on_the_default_branch(
    on_default: WorkflowsSeen, dispatches: tuple[Dispatch, ...]
) -> None:
    plain = [one.model_copy(update={"inputs": {}}) for one in dispatches]
    saw = [one for one in undeclared(on_default, plain) if "is required" not in one]
    what = "workflow_dispatch on the default branch: without it GitHub knows of none"
    assert not saw, expected(what, saw=saw)


@fails_as(FailureClass.CONFIG)
def check_workflows_are_active(states: WorkflowStatesSeen, active: tuple[str, ...]) -> None:
    saw = list(inactive(states, active))
    assert not saw, expected("the workflows to be active", saw=saw)


@pytest.mark.mutating
@fails_as(FailureClass.CONFIG)
def check_a_dispatch_creates_a_run(
    dispatched: DispatchRan | DispatchRefused | DispatchUnanswered,
    dispatch: Dispatch,
    files_at_ref: WorkflowsSeen,
    files_on_default: WorkflowsSeen,
    states_now: WorkflowStatesSeen,
) -> None:
    match dispatched:
        case DispatchRan(run=run, sha=sha):
            saw = [] if run.sha == sha else [f"run {run.id} is of {run.sha}, and not of {sha}"]
            failure = FailureClass.EVIDENCE
        case DispatchRefused():
            saw, failure = [dispatched.headline], FailureClass.CONFIG
        case DispatchUnanswered():
            own = _own_faults(dispatch, files_at_ref, files_on_default, states_now)
            saw = [dispatched.headline, *own]
            failure = FailureClass.CONFIG if own else FailureClass.PLATFORM
    what = f"a run of the commit that was dispatched, within {dispatch.within:g} s"
    assert not saw, expected(what, saw, failure)


def _own_faults(
    dispatch: Dispatch,
    workflows: WorkflowsSeen,
    on_default: WorkflowsSeen,
    states: WorkflowStatesSeen,
) -> list[str]:
    """Say what is wrong on this side: where anything is, the platform is not to blame."""
    broken = [
        f"{one} ({one.rule})"
        for file in workflows.files
        if file.path.endswith(f"/{dispatch.workflow.rpartition('/')[2]}")
        for one in file.findings
        if one.level == "error"
    ]
    return [
        *broken,
        *undeclared(workflows, [dispatch]),
        *undeclared(on_default, [dispatch.model_copy(update={"inputs": {}})]),
        *inactive(states, [dispatch.workflow]),
    ]
