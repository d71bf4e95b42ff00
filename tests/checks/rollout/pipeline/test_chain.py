"""The pipeline's link, beside the commit that is to be proved."""

from typing import Any

import pytest

from checks.rollout.links import State
from checks.rollout.pipeline.chain import link
from checks.rollout.pipeline.seen import HeldUp
from tests.checks.rollout import lanes
from tests.checks.rollout.pipeline import made, tekton

LANE = made.lane()


def test_a_run_that_succeeded_agrees() -> None:
    found = link(LANE, made.run())

    assert (found.state, found.failure, found.mend) == (State.AGREES, "", "")
    assert found.expected == f"{tekton.NAME} of {tekton.COMMIT}, succeeded"
    assert found.observed == f"{tekton.NAME} of {tekton.COMMIT}, succeeded"
    assert found.evidence == (f"PipelineRun agentrun-ci/{tekton.NAME} status.conditions[Succeeded]")


@pytest.mark.parametrize(
    ("run", "failure"),
    [
        (tekton.failed(), "pipelinerun-failed"),
        (tekton.failed("PipelineRunTimeout"), "pipelinerun-timeout"),
        (tekton.failed("Cancelled"), "pipelinerun-cancelled"),
        (tekton.pipeline_run(commit=tekton.OTHER), "pipelinerun-commit-mismatch"),
    ],
)
def test_a_run_that_failed_or_is_of_another_commit_is_broken(run: Any, failure: str) -> None:
    found = link(LANE, made.picked(run))

    assert (found.state, found.failure, found.mend) == (State.BROKEN, failure, made.MEND)


def test_a_run_that_goes_on_is_pending_with_what_it_waits_for() -> None:
    held = HeldUp(run=tekton.NAME, reasons=("pod x waits",), at=made.NOW)

    found = link(LANE, made.run(tekton.going_on()), held)

    assert (found.state, found.mend) == (State.PENDING, "wait")
    assert found.why == "it runs; Succeeded=Unknown (Running); pod x waits"


def test_a_run_that_is_gone_is_unknown() -> None:
    found = link(LANE, made.picked())

    assert found.state is State.UNKNOWN
    assert found.why.startswith("evidence-expired, or not made yet")


def test_what_the_lane_does_not_have_is_absent_and_what_is_not_looked_at_unknown() -> None:
    assert link(lanes.lane(), None).state is State.ABSENT
    assert link(LANE, None).state is State.UNKNOWN
