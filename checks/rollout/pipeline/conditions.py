"""How a PipelineRun stands, by its condition Succeeded: decided by status, explained by reason.

Tekton's table: https://tekton.dev/docs/pipelines/pipelineruns/#monitoring-execution-status
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from checks.rollout.failures import Failure
from checks.rollout.pipeline.objects import Condition, Skipped


class Conditioned(Protocol):
    """What has a condition Succeeded: a PipelineRun or a TaskRun, whole or in short."""

    @property
    def condition(self) -> Condition | None: ...

    @property
    def completed(self) -> datetime | None: ...

    @property
    def ordered(self) -> str:
        """`spec.status`."""


class State(StrEnum):
    """How far a run is, and how it ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    PENDING = "pending"
    UNKNOWN = "unknown"
    """What it says of itself contradicts itself, or is no word of Tekton's."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands, and what it says of that in words."""

    state: State
    why: str

    @property
    def failure(self) -> Failure | None:
        """The class of what is wrong; None where nothing is, or not yet."""
        return _FAILURES.get(self.state)

    def __str__(self) -> str:
        return f"{self.state}: {self.why}"


_FAILURES = {
    State.FAILED: Failure.PIPELINERUN_FAILED,
    State.TIMEOUT: Failure.PIPELINERUN_TIMEOUT,
    State.CANCELLED: Failure.PIPELINERUN_CANCELLED,
}
_ENDED = {
    "PipelineRunTimeout": State.TIMEOUT,
    "TaskRunTimeout": State.TIMEOUT,
    "Cancelled": State.CANCELLED,
    "PipelineRunCancelled": State.CANCELLED,
    "TaskRunCancelled": State.CANCELLED,
    "StoppedRunFinally": State.CANCELLED,
    "CancelledRunFinally": State.CANCELLED,
}
"""What a run that ended badly calls its end, where that is not plainly a failure."""
_ON_ITS_WAY = {
    "Started": "it was seen, and has begun nothing",
    "Running": "it runs",
    "Cancelled": "it is being cancelled, and has not ended",
    "PipelineRunPending": "it is held back until spec.status is taken away",
    "PipelineRunStopping": "a task failed; those that run are let to end",
    "CancelledRunningFinally": "it was cancelled; its last tasks run",
    "StoppedRunningFinally": "it was stopped; its last tasks run",
    "PipelineRunTimeoutRunningFinally": "its time was over; its last tasks run",
    "ResolvingPipelineRef": "its pipeline is being fetched",
    "ResolvingTaskRef": "a task of it is being fetched",
    "ResolvingStepActionRef": "a step of it is being fetched",
    "Pending": "its pod waits",
}
_LEGITIMATE = frozenset(
    {
        "When Expressions evaluated to false",
        "Parent Tasks were skipped",
        "Matrix Parameters have an empty array",
        "None",
    }
)
"""Why a task may be left out of a run that is well: its own `when`, and what follows of that."""


def standing_of(run: Conditioned) -> Standing:
    """Tell how a run stands: no condition, True, False, Unknown, in that order.

    What is over has a `completionTime`: it is written with the status True or False, and
    never before.
    """
    told = run.condition
    if told is None:
        return Standing(State.PENDING, f"no condition says how it stands{_order(run)}")
    words = f"Succeeded={told.status} ({told.reason or 'no reason'}){_said(told.message)}"
    match told.status:
        case "True" | "False" if run.completed is None:
            return Standing(State.UNKNOWN, f"{words}, and no completionTime: it is not written out")
        case "True":
            return Standing(State.SUCCEEDED, words)
        case "False":
            return Standing(_ENDED.get(told.reason, State.FAILED), words)
        case "Unknown":
            means = _ON_ITS_WAY.get(told.reason, "it is not over")
            return Standing(State.PENDING, f"{means}; {words}{_order(run)}")
    return Standing(State.UNKNOWN, f"{words}: its status is none of True, False and Unknown")


def is_legitimate(skipped: Skipped) -> bool:
    """Tell whether a task was left out as its pipeline means it to be."""
    return skipped.reason in _LEGITIMATE


def _order(run: Conditioned) -> str:
    if not run.ordered:
        return ""
    by = getattr(run, "ordered_by", "")
    return f"; spec.status is {run.ordered}" + (f", set by {by}" if by else "")


def _said(message: str) -> str:
    return f": {message}" if message else ""
