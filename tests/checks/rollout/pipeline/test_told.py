"""What the lane's own commands tell of its run, beside what is seen of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checks.rollout import check_pipeline_images as images
from checks.rollout import check_pipeline_told as checks
from checks.rollout.pipeline.tools import Tool, ToolsStored, none_stored
from config.lanes.catalog import Registry
from config.lanes.pipeline import Benchmark
from fixtures.registries import DOCKER_SCHEMA2, Manifest, NotThere
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton
from tests.checks.rollout.told.made import told

LANE = made.lane()
UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")


def status(name: str = tekton.NAME, value: Any = "True", state: str = "passed") -> Any:
    summary = {"expectedPipelineRun": name, "ci": {"pipelineRun": {"status": value}}}
    return told({"data": {"summary": summary, "targetValidation": {"state": state}}}, prefix="data")


def same_run(word: Any, run: Any = None) -> Any:
    return judged(
        checks.check_status_tells_of_the_same_run,
        **made.given(LANE),
        pipeline_run=made.run(*([run] if run else [])),
        told_control_plane=word,
    )


@pytest.mark.parametrize("value", ["True", True, "true"])
def test_the_tools_status_may_be_a_condition_or_a_truth(value: Any) -> None:
    found = same_run(status(value=value))

    assert found.words == UPHELD
    assert found.remarks[0].startswith("as `agentrun control-plane status` tells, ")


LATE_AND_UNKNOWN = replace(status(value="Unknown"), at=made.NOW)


@pytest.mark.parametrize(
    "word", [status("agentrun-v01-ci-89abcdef0123"), status(value="False"), LATE_AND_UNKNOWN]
)
def test_a_tool_that_tells_of_another_run_is_a_mismatch(word: Any) -> None:
    assert same_run(word).words == ("violated", "pipelinerun-mismatch")


def test_a_tool_that_is_behind_is_pending_where_the_run_is() -> None:
    assert same_run(status(value=None), tekton.going_on()).words == INCONCLUSIVE
    assert same_run(status(value=None)).words == INCONCLUSIVE


def test_a_run_that_ended_between_two_looks_is_no_mismatch() -> None:
    found = same_run(status(value="Unknown"))

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: ")
    later = replace(status(), at=made.NOW + timedelta(seconds=1))
    assert same_run(later, tekton.going_on()).words == INCONCLUSIVE
    assert same_run(status(), tekton.going_on()).words == ("violated", "pipelinerun-mismatch")


def test_a_tool_without_its_fields_tells_nothing() -> None:
    assert same_run(told({"ok": True})).words == INCONCLUSIVE


def validated(state: str, run: Any = None, **target: Any) -> Any:
    return judged(
        checks.check_target_is_validated,
        **made.given(LANE),
        pipeline_run=made.run(*([run] if run else [])),
        pipeline_target=made.target(**target),
        told_control_plane=status(state=state),
    )


def test_a_target_passed_or_was_superseded() -> None:
    superseded = validated("superseded", ancestry="contained", tip=tekton.OTHER)

    assert validated("passed").words == UPHELD
    assert superseded.words == UPHELD
    assert superseded.remarks[0].startswith("superseded: as `agentrun")


@pytest.mark.parametrize(
    ("state", "run", "ancestry"),
    [
        ("failed", None, "same"),
        ("passed", tekton.failed(), "same"),
        ("superseded", None, "not-contained"),
    ],
)
def test_a_target_that_failed_or_is_contradicted_is_violated(
    state: str, run: Any, ancestry: str
) -> None:
    found = validated(state, run, ancestry=ancestry)

    assert found.words == ("violated", "target-validation-failed")


def test_a_stale_commit_closes_superseded_without_a_run() -> None:
    none = made.picked(tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", tekton.OTHER))

    def without_a_run(state: str, **target: Any) -> Any:
        return judged(
            checks.check_target_is_validated,
            **made.given(LANE),
            pipeline_run=none,
            pipeline_target=made.target(**target),
            told_control_plane=status(state=state),
        ).words

    assert without_a_run("superseded", ancestry="contained", tip=tekton.OTHER) == UPHELD
    assert without_a_run("superseded", ancestry="unknown") == INCONCLUSIVE
    assert without_a_run("superseded", ancestry="not-contained")[0] == "violated"
    assert without_a_run("passed") == INCONCLUSIVE


def test_a_word_alone_proves_nothing() -> None:
    assert validated("superseded", ancestry="unknown").words == INCONCLUSIVE
    assert validated("passed", tekton.going_on()).words == INCONCLUSIVE
    assert validated("running").words == INCONCLUSIVE


def trigger(**fields: Any) -> Any:
    return judged(
        checks.check_trigger_ends_and_tells_its_time,
        **made.given(LANE),
        told_trigger=told({"status": "succeeded"} | fields, "trigger"),
    )


def test_a_trigger_within_its_budget_is_well() -> None:
    assert trigger(totalElapsedSeconds=96.4).words == UPHELD


def test_a_trigger_over_its_budget_is_a_warning() -> None:
    found = trigger(totalElapsedSeconds=131, pipelineRunWaitSeconds=96)

    assert found.words == UPHELD
    assert found.remarks[0].startswith("warning: over-120s: as `agentrun trigger status` tells")
    assert "131 s in all, of which 96 s for the run" in found.remarks[0]


def test_a_trigger_that_has_not_ended_is_pending_and_no_failure() -> None:
    found = trigger(status="running", totalElapsedSeconds=120)

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: ")
    assert trigger().words == INCONCLUSIVE


def called(word: str, run: Any = None, *, seconds: int = 0) -> Any:
    """Judge what a trigger calls a run, so many seconds after the run was looked at."""
    return judged(
        checks.check_trigger_calls_pending_what_goes_on_at_the_limit,
        **made.given(LANE),
        told_trigger=replace(
            told({"status": word}, "trigger"), at=made.NOW + timedelta(seconds=seconds)
        ),
        pipeline_run=made.run(*([run] if run else [])),
    )


def test_what_goes_on_at_the_limit_is_called_pending() -> None:
    found = called("pending", tekton.going_on())

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: warning: over-120s: as `agentrun trigger")
    assert "after 300 s" in found.judgement.reason
    assert called("succeeded").words == UPHELD
    assert called("pending").words == UPHELD  # and has ended since
    assert called("failed", tekton.failed()).words == UPHELD


@pytest.mark.parametrize("run", [tekton.going_on(), None])
def test_what_only_takes_long_may_not_be_called_a_failure(run: Any) -> None:
    found = called("failed", run)

    assert found.words == ("violated", "over-120s")
    assert "status is failed; PipelineRun agentrun-v01-ci-0123456789ab" in found.judgement.saw


def test_a_run_that_may_have_failed_since_it_was_looked_at_is_left_open() -> None:
    assert called("failed", tekton.going_on(), seconds=5).words == INCONCLUSIVE


def test_the_mirror_is_told_of_beside_a_slow_trigger() -> None:
    def beside(**fields: Any) -> Any:
        return judged(
            checks.check_mirror_is_told_of_beside_a_slow_trigger,
            pipeline=made.pipeline_of(LANE),
            told_trigger=told(fields, "trigger"),
            told_git_mirror=told({"pendingFlush": True, "githubInSync": False}, "git-mirror"),
        )

    found = beside(totalElapsedSeconds=131)

    assert found.remarks[0].startswith("warning: 131 s in all of 120 s")
    assert found.remarks[0].endswith("pendingFlush=true, githubInSync=false")
    assert beside().words == INCONCLUSIVE


def job(**fields: Any) -> Any:
    return judged(
        checks.check_job_succeeds_and_is_ok,
        **made.given(LANE),
        told_job=told({"job": {"id": "j1"}} | fields, "job"),
    )


def test_a_job_succeeds_and_is_ok() -> None:
    assert job(status="succeeded", ok=True).words == UPHELD


@pytest.mark.parametrize(("state", "ok"), [("succeeded", False), ("failed", False)])
def test_a_job_that_is_not_ok_has_failed(state: str, ok: Any) -> None:
    found = job(status=state, ok=ok)

    assert found.words == ("violated", "job-succeeded-not-ok")
    assert f'job "j1" is {state} with ok=false' in found.judgement.saw


def test_a_job_that_runs_is_pending_and_one_without_fields_is_not_judged() -> None:
    assert job(status="running", ok=True).words == INCONCLUSIVE
    assert job(status="Running", ok=False).words == INCONCLUSIVE
    assert job(status="succeeded").words == INCONCLUSIVE


REGISTRY = Registry(url="http://127.0.0.1:5000", bases=("docker.io/oven/bun:1",))


def image(check: Any, argument: str, fields: dict[str, Any], **more: Any) -> Any:
    word = told(fields, argument.removeprefix("told_"))
    return judged(check, **made.given(LANE), **{argument: word}, **more)


@pytest.mark.parametrize(
    ("check", "argument", "failure"),
    [
        (images.check_base_image_is_in_the_registry, "told_runtime_image", "base-image-missing"),
        (images.check_tools_image_is_in_the_registry, "told_tools_image", "tools-image-missing"),
    ],
)
def test_an_image_is_in_the_registry(check: Any, argument: str, failure: str) -> None:
    beside = "base_beside" if argument == "told_runtime_image" else "tools_beside"

    def seen(fields: Any, stored: Any) -> Any:
        return image(check, argument, fields, **{beside: stored})

    there, gone = {"registryTagPresent": True}, {"registryTagPresent": False}
    name = "127.0.0.1:5000/bun:1"
    shown, none = stored(name), stored(name, there=False)
    assert seen(there, shown).words == UPHELD
    assert "has 1 of 1 images" in seen(there, shown).remarks[0]
    assert seen(gone, shown).words == ("violated", failure)
    assert seen(there, none).words == ("violated", failure)
    assert seen({"ok": True}, shown).words == INCONCLUSIVE
    assert seen(there, none_stored("127.0.0.1:5000")).words == INCONCLUSIVE
    assert "no registry to ask" in seen(there, none_stored("")).remarks[0]


def stored(name: str, *, there: bool = True) -> ToolsStored:
    """Return what a registry shows of an image."""
    shown: Manifest | NotThere = NotThere("bun", "1", "MANIFEST_UNKNOWN")
    if there:
        digest = f"sha256:{'a' * 64}"
        shown = Manifest("bun", "1", digest, None, DOCKER_SCHEMA2, "image", (), None, (), 9)
    return ToolsStored(registry="127.0.0.1:5000", tools=(Tool(name, shown),), at=made.NOW)


@pytest.mark.parametrize(
    ("own", "source", "words"),
    [
        ("127.0.0.1:5000/bun:1", "docker.io/oven/bun:1", UPHELD),
        ("docker.io/oven/bun:1", "docker.io/oven/bun:1", ("violated", "base-image-missing")),
        ("127.0.0.1:5000/bun:1", "127.0.0.1:5000/b:1", ("violated", "base-image-missing")),
        ("127.0.0.1:5000/bun:1", "docker.io/other:1", ("violated", "base-image-missing")),
    ],
)
def test_a_base_image_is_the_nodes_own_of_a_public_source(
    own: str, source: str, words: Any
) -> None:
    fields = {"baseImage": own, "baseImageSource": source}
    check = images.check_base_image_is_of_a_public_source

    assert image(check, "told_runtime_image", fields, pipeline_registry=REGISTRY).words == words


def test_blockers_tell_of_undeclared_images() -> None:
    def blocked(blockers: Any) -> Any:
        fields = {"next": {"blockers": blockers}}
        return image(images.check_nothing_blocks_the_base_image, "told_runtime_image", fields).words

    assert blocked([]) == UPHELD
    assert blocked(["undeclared: node:20"]) == ("violated", "undeclared-base-image")
    assert blocked("none") == INCONCLUSIVE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"clients": {"build": {"rate": "3 MB/s"}}, "windowTotal": "1 GB"}, UPHELD),
        ({"clients": [{"name": "build", "rate": 3}], "windowTotal": 0}, UPHELD),
        ({"clients": {"build": {}}, "windowTotal": "1 GB"}, "proxy-claim-unproven"),
        ({"clients": {"build": {"rate": 3}}}, "proxy-claim-unproven"),
        ({"windowTotal": 3}, "proxy-claim-unproven"),
    ],
)
def test_a_claim_of_speed_has_its_rates_and_its_total(fields: Any, words: Any) -> None:
    found = image(
        images.check_speed_of_the_proxy_is_proved,
        "told_egress_proxy",
        fields,
        benchmark=Benchmark(services=("mgr",)),
    )

    assert found.words == (words if words == UPHELD else ("violated", words))
