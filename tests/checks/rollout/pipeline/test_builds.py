"""Builds that fail, told apart by their cause; and how long a run takes."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_builds as builds
from checks.rollout import check_pipeline_time as time
from checks.rollout.pipeline.budget import elapsed, hint, waited
from checks.rollout.pipeline.logs import FailedLogs
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")


def build(task: dict[str, Any], run: Any = None, logs: FailedLogs | None = None) -> Any:
    tasks = [*tekton.task_runs(), task]
    return judged(
        builds.check_builds_do_not_fail,
        **made.given(made.lane(proxy="127.0.0.1:10808")),
        whole_run=made.whole(run, tasks),
        failed_logs=logs or made.logs(),
    )


def test_builds_that_succeed_are_well() -> None:
    assert build(tekton.task_run("build-mgr")).words == UPHELD


def test_a_build_that_was_cleaned_up_is_not_said_to_be_well() -> None:
    children = [
        *tekton.pipeline_run()["status"]["childReferences"],
        {"kind": "TaskRun", "name": "gone", "pipelineTaskName": "build-mgr"},
    ]
    found = build(
        tekton.task_run("build-other"), tekton.pipeline_run(status={"childReferences": children})
    )

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("evidence-expired: ")


def test_attempts_that_failed_before_are_remarked() -> None:
    again = tekton.task_run("build-mgr", status={"retriesStatus": [{}, {}]})

    assert build(again).remarks == ("build-mgr failed 2 times before it succeeded",)


@pytest.mark.parametrize(
    ("message", "failure"),
    [
        ("failed to fetch https://registry/: 502 Bad Gateway", "external-fetch-transient"),
        ("read tcp 10.0.0.2:443: read: connection reset by peer", "external-fetch-transient"),
        ("net/http: TLS handshake timeout", "external-fetch-transient"),
        ("proxyconnect tcp: dial tcp: i/o timeout", "egress-proxy-down"),
        ("dial tcp 127.0.0.1:10808: connect: connection refused", "egress-proxy-down"),
        ("CONNECT tunnel failed, response 502", "egress-proxy-down"),
        ("src/main.ts(3,1): error TS2304: Cannot find name 'x'", "build-error"),
    ],
)
def test_a_failed_build_is_of_the_fetch_the_proxy_or_the_code(message: str, failure: str) -> None:
    found = build(tekton.failed_task("build-mgr", message), tekton.failed())

    assert found.words == ("violated", failure)
    assert message in found.judgement.saw
    assert found.judgement.mend == made.MEND


def test_an_image_that_cannot_be_pulled_is_a_fetch() -> None:
    stuck = tekton.failed_task(
        "build-mgr",
        conditions=[tekton.condition("False", "TaskRunImagePullFailed", "the step failed to pull")],
        steps=[{"name": "x", "waiting": {"reason": "ImagePullBackOff", "message": "Back-off"}}],
    )

    assert build(stuck, tekton.failed()).words == ("violated", "external-fetch-transient")


def test_a_build_that_left_no_word_is_not_blamed_on_the_code() -> None:
    found = build(tekton.failed_task("build-mgr"), tekton.failed())

    assert found.words == ("violated", "pipelinerun-failed")
    assert "kubectl -n agentrun-ci logs" in found.judgement.mend


@pytest.mark.parametrize(
    ("log", "failure"),
    [
        ("#9 pulling\nERROR: unexpected status code 502: Bad Gateway", "external-fetch-transient"),
        ("npm ERR! aborted\nnpm ERR! code ECONNRESET", "external-fetch-transient"),
        ("error: RPC failed; curl 92 HTTP/2 stream\nfatal: early EOF", "external-fetch-transient"),
        ("dial tcp 127.0.0.1:10808: connect: connection refused", "egress-proxy-down"),
        ("curl: (56) CONNECT tunnel failed, response 502", "egress-proxy-down"),
        ("npm warn 502 Bad Gateway, retrying\nadded 503 packages\nsrc/a.ts: error TS2304: x",
         "build-error"),
        ("HTTP/1.1 407 Proxy Authentication Required", "egress-proxy-down"),
        ("compiled 407 modules\n503 of 504 are well", "build-error"),
        ("compiled 502 modules\nsrc/a.ts(502,3): what is this", "build-error"),
    ],
)  # fmt: skip
def test_the_log_of_a_failed_build_tells_of_the_fetch_the_proxy_or_the_code(
    log: str, failure: str
) -> None:
    found = build(tekton.failed_task("build-mgr"), tekton.failed(), made.logs(build_mgr=log))

    assert found.words == ("violated", failure)
    assert log.splitlines()[-1] in found.judgement.saw


def test_a_log_that_cannot_be_read_is_said_and_the_message_is_judged() -> None:
    gone = made.unread("build-mgr", "get pods/log x-pod: 403")

    told = build(tekton.failed_task("build-mgr", "502 Bad Gateway"), tekton.failed(), gone)
    silent = build(tekton.failed_task("build-mgr"), tekton.failed(), gone)

    assert told.words == ("violated", "external-fetch-transient")
    assert silent.words == ("violated", "pipelinerun-failed")
    for found in (told, silent):
        assert "the log of publish was not read: get pods/log x-pod: 403" in found.judgement.saw


def test_a_build_that_goes_on_is_pending() -> None:
    begun = tekton.task_run(
        "build-mgr", status={"conditions": [tekton.condition("Unknown", "Running")]}
    )

    assert build(begun, tekton.going_on()).words == INCONCLUSIVE


def test_a_run_of_which_no_build_is_known_is_not_judged() -> None:
    found = judged(
        builds.check_builds_do_not_fail,
        **made.given(made.lane(build_tasks=("compile-*",))),
        whole_run=made.whole(),
        failed_logs=made.logs(),
    )

    assert found.words == INCONCLUSIVE
    assert "has no TaskRun of compile-*" in found.judgement.reason


def test_phases_are_told_in_their_order() -> None:
    names = [(name, begin, took) for name, begin, took in made.whole().phases]

    assert names == [
        ("queue", 0, 2),
        ("sync", 2, 6),
        ("other tasks", 8, 22),
        ("plan", 30, 12),
        ("build", 42, 18),
        ("promote", 60, 28),
    ]


def test_a_phase_that_goes_on_lasts_until_now() -> None:
    begun = tekton.task_run("gitops-promote", 60)
    del begun["status"]["completionTime"]
    phases = made.whole(tekton.going_on(), tekton.task_runs(gitops_promote=begun)).phases

    assert phases[-1] == ("promote", 60, 240)


def test_a_run_that_waits_for_its_first_task_is_all_queue() -> None:
    assert made.whole(tekton.going_on("Started"), []).phases == (("queue", 0, 300),)


def time_of(run: Any, tasks: Any = None, **pipeline: Any) -> tuple[Any, list[Any]]:
    rows: list[Any] = []
    found = judged(
        time.check_run_ends_and_tells_its_time,
        **made.given(made.lane(**pipeline)),
        whole_run=made.whole(run, tasks),
        tabulate=lambda _title, _columns, told: rows.extend(told),
    )
    return found, rows


def test_a_run_within_its_budget_tells_its_time() -> None:
    found, rows = time_of(None)

    assert found.words == UPHELD
    assert found.remarks == ("total 90 s of 120 s",)
    assert rows[1] == ("sync", "+2 s", "6 s")
    assert rows[-1] == ("total", "", "90 s of 120 s")


def test_a_run_over_its_budget_is_a_warning_with_its_phases_and_a_cause() -> None:
    plan = tekton.task_run(
        "plan", 30, 42, status={"results": tekton.results(buildServices=["a"], reusedServices=[])}
    )
    slow = tekton.task_run("image-publish", 42, 150)
    late = tekton.pipeline_run(status={"completionTime": tekton.at(180)})
    warning = "node-runtime-trigger-over-120s"

    found, _ = time_of(
        late,
        tekton.task_runs(plan=plan, image_publish=slow),
        plan={},
        budget_warning=warning,
    )

    assert found.words == UPHELD
    assert found.remarks[0] == (
        f"warning: {warning}: total 180 s, the run itself 179 s, of 120 s; reusedServices=[]: the"
        " catalog was not hydrated, and all was built; build took 108 s of it: building took it:"
        " look at what was built and not reused, and at what it fetched"
    )


def test_a_budget_of_another_length_is_told_by_its_own_seconds() -> None:
    found, _ = time_of(tekton.going_on(), budget="250s")

    assert found.judgement.reason.startswith("pending: over-250s already, after 300 s")


def test_a_run_that_goes_on_over_its_budget_is_pending_and_not_failed() -> None:
    found, rows = time_of(tekton.going_on())

    assert found.words == INCONCLUSIVE
    assert found.judgement.reason.startswith("pending: over-120s already, after 300 s")
    assert rows[-1] == ("total", "", "300 s of 120 s")


def test_clocks_that_differ_make_no_time_less_than_none() -> None:
    run = made.runs(tekton.pipeline_run(second=2)).runs[0]

    assert (elapsed(run, made.NOW), waited(run, made.NOW)) == (88, 89)
    assert hint([("queue", 0, 5)], None).startswith("queue took 5 s of it: the run waited")
