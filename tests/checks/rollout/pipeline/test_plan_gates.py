"""What the plan of a run may read and write."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_gates as checks
from config.lanes.mirror import Mirror
from tests.checks.rollout import lanes
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

LANE = made.lane()
UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")


def plan_writes(run: Any) -> Any:
    lane = made.lane()
    return judged(
        checks.check_plan_writes_no_source, lane=lane, pipeline_plan=lane.pipeline, whole_run=run
    )


def plan(words: str) -> Any:
    ran = tekton.task_run("plan", status={"taskSpec": tekton.task_spec("plan", words)})
    return made.whole(tasks=tekton.task_runs(plan=ran))


def test_a_plan_writes_no_source() -> None:
    assert plan_writes(made.whole()).words == UPHELD
    assert plan_writes(plan("git push origin HEAD:v0.1")).words == ("violated", "plan-writeback")


@pytest.mark.parametrize(
    "words",
    [
        "git -C /workspace/src push origin HEAD",
        "git --no-pager -c user.name=x push",
        "git  commit -m x",
        "git \\\n  push",
    ],
)
def test_a_push_with_options_is_a_push(words: str) -> None:
    assert plan_writes(plan(words)).words == ("violated", "plan-writeback")


def test_a_push_in_arguments_is_a_push_and_a_push_of_something_else_is_none() -> None:
    spec = {"steps": [{"name": "a", "command": ["git"], "args": ["push", "origin"]}]}
    ran = tekton.task_run("plan", status={"taskSpec": spec})

    assert plan_writes(made.whole(tasks=tekton.task_runs(plan=ran))).words[0] == "violated"
    assert plan_writes(plan("git fetch && docker push x; git status")).words == UPHELD


def test_a_push_of_another_task_is_not_the_plans() -> None:
    spec = {"taskSpec": tekton.task_spec("gitops-promote", "git push origin")}
    ran = tekton.task_run("gitops-promote", status=spec)

    assert plan_writes(made.whole(tasks=tekton.task_runs(gitops_promote=ran))).words == UPHELD


def test_a_plan_that_is_called_otherwise_is_not_judged() -> None:
    lane = made.lane(plan_task="ci-plan")
    found = judged(
        checks.check_plan_writes_no_source,
        lane=lane,
        pipeline_plan=lane.pipeline,
        whole_run=made.whole(),
    )

    assert found.words == INCONCLUSIVE


def plan_reads(run: Any) -> Any:
    mirror = Mirror.model_validate(lanes.mirror_fields())
    return judged(
        checks.check_plan_reads_through_the_mirror,
        **made.given(LANE),
        pipeline_mirror=mirror,
        whole_run=run,
    )


def test_a_plan_reads_the_catalog_through_the_mirror() -> None:
    assert plan_reads(made.whole()).words == UPHELD


def test_a_plan_that_reads_github_is_told() -> None:
    found = plan_reads(plan("git clone https://github.com/o/agentrun.git catalog"))

    assert found.words == ("violated", "plan-writeback")
    assert found.judgement.saw == "https://github.com/o/agentrun.git"


def test_a_plan_that_reads_the_mirror_and_github_by_ssh_is_told() -> None:
    both = f"git clone {tekton.READ_URL} a && git clone git@github.com:o/agentrun.git b"
    found = plan_reads(plan(both))

    assert found.words == ("violated", "plan-writeback")
    assert found.judgement.saw == "git@github.com:o/agentrun.git"


def test_a_plan_that_names_no_repository_is_not_judged() -> None:
    assert plan_reads(plan("bun plan.ts")).words == INCONCLUSIVE
