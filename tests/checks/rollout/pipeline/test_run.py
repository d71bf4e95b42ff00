"""The run of a lane's commit: there, the lane's own, of the full commit, and well."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_run as checks
from checks.rollout.pipeline.seen import NoRun
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton
from tests.checks.rollout.pipeline.tekton import COMMIT, OTHER

INCONCLUSIVE = ("inconclusive", "")
UPHELD = ("upheld", "")
LANE = made.lane()


def commit_has_its_run(*objects: dict[str, Any]) -> Any:
    found = made.picked(*objects)
    return judged(
        checks.check_commit_has_a_run_that_is_pinned_to_it, **made.given(LANE), pipeline_run=found
    )


def test_a_commit_has_its_run() -> None:
    assert commit_has_its_run(tekton.pipeline_run()).words == UPHELD


def test_a_run_of_the_name_that_is_pinned_elsewhere_is_a_mismatch() -> None:
    found = commit_has_its_run(tekton.pipeline_run(commit=OTHER))

    assert found.words == ("violated", "pipelinerun-commit-mismatch")
    assert found.judgement.saw == f"{tekton.NAME} is pinned to {OTHER}"
    assert found.judgement.mend == made.MEND


def test_a_run_of_the_commit_under_another_name_is_a_mismatch() -> None:
    found = commit_has_its_run(tekton.pipeline_run("agentrun-v01-ci-main"))

    assert found.words == ("violated", "pipelinerun-commit-mismatch")


def test_a_run_that_is_gone_is_evidence_expired() -> None:
    found = commit_has_its_run(tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", OTHER))

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("evidence-expired, or not made yet")
    assert isinstance(made.picked(), NoRun)


def succeeds(made_run: dict[str, Any]) -> Any:
    return judged(checks.check_run_succeeds, lane=LANE, pipeline_run=made.run(made_run))


@pytest.mark.parametrize("reason", ["Succeeded", "Completed"])
def test_a_run_succeeds_with_and_without_skipped_tasks(reason: str) -> None:
    status = {"conditions": [tekton.condition("True", reason)]}

    assert succeeds(tekton.pipeline_run(status=status)).words == UPHELD


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        ("Failed", "pipelinerun-failed"),
        ("CreateRunFailed", "pipelinerun-failed"),
        ("PipelineRunTimeout", "pipelinerun-timeout"),
        ("Cancelled", "pipelinerun-cancelled"),
    ],
)
def test_a_run_that_ended_badly_is_violated_as_it_ended(reason: str, failure: str) -> None:
    assert succeeds(tekton.failed(reason)).words == ("violated", failure)


@pytest.mark.parametrize("reason", ["Running", "PipelineRunPending", "Cancelled"])
def test_a_run_that_goes_on_is_pending(reason: str) -> None:
    found = succeeds(tekton.going_on(reason))

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: ")
    assert found.judgement.mend == "wait"


def identity(run: dict[str, Any]) -> Any:
    return judged(
        checks.check_run_is_of_the_lanes_pipeline, **made.given(LANE), whole_run=made.whole(run)
    )


def test_a_run_is_of_the_lanes_pipeline_and_account() -> None:
    assert identity(tekton.pipeline_run()).words == UPHELD


@pytest.mark.parametrize(
    ("spec", "saw"),
    [
        ({"pipelineRef": {"name": "hwlab"}}, "pipelineRef is hwlab"),
        ({"pipelineRef": {"resolver": "git"}}, "pipelineRef is not said"),
        (
            {"taskRunTemplate": {"serviceAccountName": "default"}},
            "serviceAccountName is default",
        ),
    ],
)
def test_a_run_of_another_pipeline_or_account_is_not(spec: dict[str, Any], saw: str) -> None:
    found = identity(tekton.pipeline_run(spec=spec))

    assert found.words == ("violated", "wrong-pipeline-identity")
    assert found.judgement.saw == saw


def checkout(task: dict[str, Any] | None, **run: Any) -> Any:
    tasks = (
        tekton.without(tekton.task_runs(), "prepare-source")
        if task is None
        else tekton.task_runs(prepare_source=task)
    )
    return judged(
        checks.check_checkout_is_of_the_full_commit,
        **made.given(LANE),
        whole_run=made.whole(tekton.pipeline_run(**run), tasks),
    )


def test_a_lane_whose_pipeline_checks_nothing_out_has_no_checkout_to_judge() -> None:
    found = judged(
        checks.check_checkout_is_of_the_full_commit,
        **made.given(made.lane(checkout_task={"absent": "its source is an image"})),
        whole_run=made.whole(tekton.pipeline_run(), tekton.task_runs()),
    )

    assert found.words == ("not-applicable", "")
    assert found.judgement.reason == "its source is an image"


def source(asked: str | None, out: str | None) -> dict[str, Any]:
    spec = {"params": tekton.params(**({} if asked is None else {"commit": asked}))}
    told = tekton.results(**({} if out is None else {"commit": out}))
    return tekton.task_run("prepare-source", spec=spec, status={"results": told})


def test_the_full_commit_is_checked_out() -> None:
    assert checkout(source(COMMIT, f"{COMMIT}\n")).words == UPHELD


def test_a_checkout_that_does_not_tell_what_came_of_it_is_not_judged() -> None:
    found = checkout(source(COMMIT, None))

    assert found.words == INCONCLUSIVE
    assert "what came out is not told" in found.judgement.reason


@pytest.mark.parametrize(
    ("asked", "out"),
    [("v0.1", COMMIT), (COMMIT[:12], None), (COMMIT, OTHER), (None, OTHER)],
)
def test_a_branch_or_another_commit_is_a_tip_that_was_checked_out(
    asked: str | None, out: str | None
) -> None:
    assert checkout(source(asked, out)).words == ("violated", "branch-tip-checkout")


def test_a_checkout_that_tells_nothing_is_not_judged() -> None:
    assert checkout(source(None, None)).words == INCONCLUSIVE


def test_a_checkout_that_was_cleaned_up_is_evidence_expired() -> None:
    found = checkout(None)

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("evidence-expired: ")


def skips(**status: Any) -> Any:
    run = made.whole(tekton.pipeline_run(status=status))
    return judged(checks.check_no_task_is_skipped_for_a_fault, lane=LANE, whole_run=run)


def test_a_task_may_be_skipped_by_its_when() -> None:
    found = skips()

    assert found.words == UPHELD
    assert found.remarks == (f"skipped: build-agentrun: {tekton.WHEN}",)


def test_a_task_that_is_skipped_for_want_of_a_result_is_a_fault() -> None:
    found = skips(skippedTasks=[{"name": "plan", "reason": "Results were missing"}])

    assert found.words == ("violated", "pipelinerun-failed")
    assert found.judgement.saw == "plan: Results were missing"


def older(ordered: dict[str, Any], **changes: Any) -> Any:
    lane = made.lane(latest_only=True)
    before = tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", OTHER, **ordered)
    seen = made.runs(tekton.pipeline_run(second=30), before)
    return judged(
        checks.check_older_runs_are_left_to_end,
        lane=lane,
        latest_only=lane.pipeline,
        pipeline_run=made.run(tekton.pipeline_run(second=30)),
        pipeline_target=made.target(**changes),
        pipeline_runs=seen,
    )


def test_older_runs_may_end_as_they_will() -> None:
    assert older({}).words == UPHELD
    assert older({"status": {"conditions": [tekton.condition("False", "Failed")]}}).words == UPHELD


def test_nothing_is_said_of_older_runs_where_there_are_none() -> None:
    lane = made.lane(latest_only=True)
    found = judged(
        checks.check_older_runs_are_left_to_end,
        lane=lane,
        latest_only=lane.pipeline,
        pipeline_run=made.run(),
        pipeline_target=made.target(),
        pipeline_runs=made.runs(tekton.pipeline_run()),
    )

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("evidence-expired")


def test_an_older_run_that_was_cancelled_violates_latest_only() -> None:
    cancelled = {"conditions": [tekton.condition("False", "Cancelled")]}

    assert older({"status": cancelled}).words == ("violated", "latest-only-violated")
    assert older({"spec": {"status": "CancelledRunFinally"}}).words[1] == "latest-only-violated"


def test_a_newer_run_supersedes_with_the_ancestry_proved() -> None:
    found = older({"second": 59}, ancestry="contained", tip=OTHER)
    unproved = older({"second": 59}, ancestry="unknown", tip=OTHER)

    assert (found.words, unproved.words) == (UPHELD, UPHELD)
    assert found.remarks[0].startswith("superseded: agentrun-v01-ci-89abcdef0123 is newer")
    assert not unproved.remarks[0].startswith("superseded")
