"""What a run has to do and what it must not: by its tasks, its steps, images and volumes."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_gates as checks
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

LANE = made.lane()


UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")


FORBIDDEN = ("docker.sock", "dind", "CI.json")


BROWSERS = ("playwright", "web-probe", "chromium", "e2e")


def required(run: Any = None, tasks: Any = None, *names: str) -> Any:
    return judged(
        checks.check_required_tasks_succeed,
        lane=LANE,
        pipeline_required_tasks=names or ("check", "gitops-promote"),
        whole_run=made.whole(run, tasks),
    )


def test_required_tasks_ran_and_succeeded() -> None:
    assert required().words == UPHELD


@pytest.mark.parametrize(
    ("name", "saw"),
    [
        ("typecheck", "there is no task typecheck"),
        ("build-agentrun", "build-agentrun was skipped"),
    ],
)
def test_a_required_task_that_did_not_run_is_missing(name: str, saw: str) -> None:
    found = required(None, None, "check", name)

    assert found.words == ("violated", "ci-gate-missing")
    assert found.judgement.saw.startswith(saw)


def test_a_required_task_that_failed_is_missing() -> None:
    found = required(None, tekton.task_runs(check=tekton.failed_task("check")))

    assert found.words == ("violated", "ci-gate-missing")


def test_a_required_task_that_has_not_begun_is_pending() -> None:
    children = tekton.pipeline_run()["status"]["childReferences"]
    begun = [one for one in children if one["pipelineTaskName"] != "check"]

    found = required(
        tekton.going_on(status={"childReferences": begun}),
        tekton.without(tekton.task_runs(), "check"),
    )

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: ")


def test_a_required_task_that_was_cleaned_up_is_evidence_expired() -> None:
    found = required(None, tekton.without(tekton.task_runs(), "check"))

    assert found.words == INCONCLUSIVE
    assert "evidence-expired" in found.judgement.reason


def test_a_required_task_that_went_on_after_a_failing_step_is_remarked() -> None:
    steps = [{"name": "lint", "terminated": {"exitCode": 2, "reason": "Error"}}]
    found = required(
        None, tekton.task_runs(check=tekton.task_run("check", status={"steps": steps}))
    )

    assert found.words == UPHELD
    assert found.remarks == ("warning: lint of check ended with 2, and it went on",)


def commands(*wanted: str, run: Any = None) -> Any:
    return judged(
        checks.check_required_commands_are_run,
        lane=LANE,
        pipeline_required_commands=wanted,
        whole_run=run or made.whole(),
    )


def checking(run: Any = None, params: Any = None, **spec: Any) -> Any:
    """Return a run whose task `check` has this step, and these parameters."""
    task = tekton.task_run(
        "check",
        spec={"params": tekton.params(**(params or {}))},
        status={"taskSpec": {"steps": [{"name": "a", **spec}]}},
    )
    return made.whole(run, tekton.task_runs(check=task))


def test_a_required_command_may_stand_in_arguments_and_parameters() -> None:
    assert commands(
        "bun run check", run=checking(command=["bun"], args=["run", "check"])
    ).words == (UPHELD)
    continued = checking(script="bun \\\n  run check\n")
    assert commands("bun run check", run=continued).words == UPHELD


def test_a_required_command_that_is_only_a_comment_is_a_missing_gate() -> None:
    found = commands("bun run check", run=checking(script="#!/bin/sh\n# bun run check\ntrue\n"))

    assert found.words == ("violated", "ci-gate-missing")


def test_a_required_command_of_a_task_that_was_skipped_is_a_missing_gate() -> None:
    spec = {"name": "types", "taskSpec": {"steps": [{"name": "a", "script": "tsc --noEmit"}]}}
    skipped = [{"name": "types", "reason": tekton.WHEN}]
    status = {"pipelineSpec": tekton.pipeline_spec(spec)}
    skipped_too = [*tekton.pipeline_run()["status"]["skippedTasks"], *skipped]
    run = made.whole(tekton.pipeline_run(status=status | {"skippedTasks": skipped_too}))

    found = commands("tsc --noEmit", run=run)

    assert found.words == ("violated", "ci-gate-missing")
    assert found.judgement.saw == "tsc --noEmit is of a task that did not succeed"


def test_a_required_command_of_a_run_that_goes_on_is_pending() -> None:
    found = commands("tsc --noEmit", run=made.whole(tekton.going_on()))

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: ")


def test_required_commands_are_run_one_way_or_the_other() -> None:
    assert (
        commands("--frozen-lockfile", "tsc --noEmit | bun run check", "--no-write").words == UPHELD
    )


def test_a_command_that_no_step_runs_is_a_missing_gate() -> None:
    found = commands("--frozen-lockfile", "tsc --noEmit")

    assert found.words == ("violated", "ci-gate-missing")
    assert found.judgement.saw == "nothing of tsc --noEmit"


def with_task(**task: Any) -> Any:
    spec = tekton.pipeline_spec({"name": "more", **task})
    return made.whole(tekton.pipeline_run(status={"pipelineSpec": spec}))


def retired(run: Any) -> Any:
    lane = made.lane(
        retired_tasks=("self-test*", "*-prod-gate"), retired_commands=("bun run self-test",)
    )
    return judged(
        checks.check_retired_gates_are_gone,
        lane=lane,
        pipeline_retired=made.pipeline_of(lane),
        whole_run=run,
    )


def test_retired_gates_are_gone() -> None:
    assert retired(made.whole()).words == UPHELD


def test_a_retired_gate_that_is_there_is_told() -> None:
    spec = tekton.pipeline_spec({"name": "dev-prod-gate", "taskRef": {"name": "gate"}})
    found = retired(made.whole(tekton.pipeline_run(status={"pipelineSpec": spec})))

    assert found.words == ("violated", "retired-gate-present")
    assert found.judgement.saw == "dev-prod-gate"


@pytest.mark.parametrize(
    ("run", "saw"),
    [
        (with_task(taskRef={"name": "dev-prod-gate"}), "more, which is dev-prod-gate"),
        (checking(script="true", name="self-test-all"), "step self-test-all of check"),
        (checking(script="bun run self-test --all"), "bun run self-test in step a of check"),
        (checking(script="bun run $(params.what)", params={"what": "self-test"}),
         "bun run self-test in step a of check"),
    ],
)  # fmt: skip
def test_a_retired_gate_under_another_name_is_told(run: Any, saw: str) -> None:
    found = retired(run)

    assert found.words == ("violated", "retired-gate-present")
    assert found.judgement.saw.startswith(saw)


def test_a_retired_command_in_a_comment_is_no_gate() -> None:
    assert retired(checking(script="#!/bin/sh\n# bun run self-test\ntrue\n")).words == UPHELD


def mechanisms(run: Any) -> Any:
    return judged(
        checks.check_builds_use_no_forbidden_mechanism,
        lane=LANE,
        pipeline_forbidden=FORBIDDEN,
        whole_run=run,
    )


def test_builds_use_no_forbidden_mechanism() -> None:
    assert mechanisms(made.whole()).words == UPHELD


@pytest.mark.parametrize(
    ("run", "saw"),
    [
        (checking(script="build", params={"host": "unix:///var/run/docker.sock"}),
         "docker.sock in the parameter host of check"),
        (checking(image="docker:$(params.tag)", params={"tag": "24-dind"}),
         "dind in the parameter tag of check"),
        (made.whole(tekton.pipeline_run(spec={"params": tekton.params(
            commit=tekton.COMMIT, runner="CI.json")})), "CI.json in the parameter runner of"),
        (with_task(taskRef={"name": "x"}, params=tekton.params(sock="/run/docker.sock")),
         "docker.sock in the parameter sock of more"),
    ],
)  # fmt: skip
def test_a_forbidden_mechanism_is_found_in_parameters(run: Any, saw: str) -> None:
    found = mechanisms(run)

    assert found.words == ("violated", "forbidden-ci-mechanism")
    assert saw in found.judgement.saw


@pytest.mark.parametrize(
    "spec",
    [
        {"steps": [{"name": "a", "image": "docker:24-dind"}]},
        {"steps": [{"name": "a", "image": "x", "script": "bun runner.ts CI.json"}]},
        {"steps": [{"name": "a", "image": "x", "args": ["-H", "unix:///var/run/docker.sock"]}]},
        {"steps": [{"name": "a", "env": [{"name": "DOCKER", "value": "/run/docker.sock"}]}]},
        {"steps": [], "sidecars": [{"name": "dind", "image": "x"}]},
        {"steps": [], "volumes": [{"name": "v", "hostPath": {"path": "/var/run/docker.sock"}}]},
    ],
)
def test_a_forbidden_mechanism_is_found_wherever_it_stands(spec: dict[str, Any]) -> None:
    ran = tekton.task_run("image-publish", status={"taskSpec": spec})
    found = mechanisms(made.whole(tasks=tekton.task_runs(image_publish=ran)))

    assert found.words == ("violated", "forbidden-ci-mechanism")
    assert "of image-publish" in found.judgement.saw


def test_a_mechanism_of_a_task_that_is_defined_and_did_not_run_is_found() -> None:
    found = mechanisms(with_task(taskSpec={"steps": [{"name": "a", "image": "docker:dind"}]}))

    assert found.words == ("violated", "forbidden-ci-mechanism")


def test_words_within_words_are_none() -> None:
    spec = {"steps": [{"name": "binding", "image": "x", "script": "bindind; rm CI.jsonl"}]}
    ran = tekton.task_run("check", status={"taskSpec": spec})

    assert mechanisms(made.whole(tasks=tekton.task_runs(check=ran))).words == UPHELD


def test_a_task_of_which_nobody_knows_what_it_runs_is_not_said_to_be_well() -> None:
    found = mechanisms(with_task(taskRef={"name": "more"}))

    assert found.words == INCONCLUSIVE
    assert "what more runs was never resolved" in found.judgement.reason


def browsers(run: Any) -> Any:
    return judged(
        checks.check_gate_runs_no_browser_tests,
        lane=LANE,
        pipeline_forbidden_gates=BROWSERS,
        whole_run=run,
    )


def test_a_comment_is_no_browser_test() -> None:
    assert browsers(made.whole()).words == UPHELD


@pytest.mark.parametrize("words", ["bunx Playwright test", "bun test:e2e", "web-probe --once"])
def test_a_browser_test_in_the_gate_is_found(words: str) -> None:
    ran = tekton.task_run("check", status={"taskSpec": tekton.task_spec("check", words)})
    found = browsers(made.whole(tasks=tekton.task_runs(check=ran)))

    assert found.words == ("violated", "forbidden-e2e-in-gate")
