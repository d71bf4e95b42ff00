"""The condition Succeeded: decided by its status, explained by its reason."""

import pytest

from checks.rollout.failures import Failure
from checks.rollout.pipeline.conditions import State, is_legitimate, standing_of
from checks.rollout.pipeline.objects import Skipped
from tests.checks.rollout.pipeline import made, tekton

SUCCEEDED, FAILED, PENDING = State.SUCCEEDED, State.FAILED, State.PENDING


@pytest.mark.parametrize(
    ("status", "reason", "state"),
    [
        ("True", "Succeeded", SUCCEEDED),
        ("True", "Completed", SUCCEEDED),
        ("False", "Failed", FAILED),
        ("False", "Cancelled", State.CANCELLED),
        ("False", "PipelineRunTimeout", State.TIMEOUT),
        ("False", "CreateRunFailed", FAILED),
        ("False", "CouldntGetPipeline", FAILED),
        ("False", "ParameterMissing", FAILED),
        ("False", "a reason that comes with a later version", FAILED),
    ],
)
def test_a_run_that_is_over_stands_as_its_status_says(
    status: str, reason: str, state: State
) -> None:
    over = {"conditions": [tekton.condition(status, reason, "words")]}

    found = standing_of(made.runs(tekton.pipeline_run(status=over)).runs[0])

    assert found.state is state
    assert found.why == f"Succeeded={status} ({reason}): words"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Started", "begun nothing"),
        ("Running", "it runs"),
        ("Cancelled", "being cancelled"),
        ("ResolvingPipelineRef", "being fetched"),
        ("PipelineRunPending", "held back"),
        ("PipelineRunStopping", "a task failed"),
        ("CancelledRunningFinally", "was cancelled; its last tasks run"),
        ("StoppedRunningFinally", "was stopped; its last tasks run"),
        ("PipelineRunTimeoutRunningFinally", "its time was over; its last tasks run"),
        ("a reason of a later version", "it is not over"),
    ],
)
def test_a_run_of_unknown_status_is_pending_whatever_its_reason(reason: str, words: str) -> None:
    found = standing_of(made.runs(tekton.going_on(reason)).runs[0])

    assert found.state is PENDING
    assert words in found.why
    assert found.failure is None


def test_a_run_that_no_controller_has_seen_is_pending() -> None:
    unseen = tekton.pipeline_run()
    del unseen["status"]

    found = standing_of(made.runs(unseen).runs[0])

    assert (found.state, found.why) == (PENDING, "no condition says how it stands")


def test_who_ordered_a_run_to_wait_is_told() -> None:
    managed = [{"manager": "tkn", "operation": "Update", "fieldsV1": {"f:spec": {"f:status": {}}}}]
    held = tekton.going_on(
        "PipelineRunPending",
        spec={"status": "PipelineRunPending"},
        metadata={"managedFields": managed},
    )

    found = standing_of(made.runs(held).runs[0])

    assert found.why.endswith("; spec.status is PipelineRunPending, set by tkn")


@pytest.mark.parametrize("status", ["True", "False"])
def test_what_is_over_without_an_end_contradicts_itself(status: str) -> None:
    half = tekton.going_on()
    half["status"]["conditions"] = [tekton.condition(status, "Succeeded")]

    found = standing_of(made.runs(half).runs[0])

    assert found.state is State.UNKNOWN
    assert "no completionTime" in found.why


def test_a_status_that_is_no_word_of_conditions_is_not_judged() -> None:
    odd = tekton.pipeline_run(status={"conditions": [tekton.condition("true", "Succeeded")]})

    assert standing_of(made.runs(odd).runs[0]).state is State.UNKNOWN


def test_other_conditions_count_for_nothing() -> None:
    ready = {"type": "Ready", "status": "True", "reason": "Ready"}
    both = {"conditions": [ready, tekton.condition("False", "Failed")]}

    assert standing_of(made.runs(tekton.pipeline_run(status=both)).runs[0]).state is FAILED


@pytest.mark.parametrize(
    "reason",
    [tekton.WHEN, "Parent Tasks were skipped", "Matrix Parameters have an empty array"],
)
def test_a_task_may_be_left_out_as_its_pipeline_says(reason: str) -> None:
    assert is_legitimate(Skipped(task="build", reason=reason))


@pytest.mark.parametrize(
    "reason",
    [
        "Results were missing",
        "PipelineRun was stopping",
        "PipelineRun was gracefully cancelled",
        "PipelineRun was gracefully stopped",
        "PipelineRun timeout has been reached",
        "PipelineRun Tasks timeout has been reached",
        "",
    ],
)
def test_a_task_that_a_fault_left_out_is_told_apart(reason: str) -> None:
    assert not is_legitimate(Skipped(task="build", reason=reason))


def test_each_bad_end_has_its_class() -> None:
    ends = {"Failed": "", "PipelineRunTimeout": "", "Cancelled": ""}
    found = {one: standing_of(made.run(tekton.failed(one))).failure for one in ends}

    assert found == {
        "Failed": Failure.PIPELINERUN_FAILED,
        "PipelineRunTimeout": Failure.PIPELINERUN_TIMEOUT,
        "Cancelled": Failure.PIPELINERUN_CANCELLED,
    }
