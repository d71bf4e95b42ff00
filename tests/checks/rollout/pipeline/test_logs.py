"""The logs of steps that failed: which are read, what is kept, and what is said of the others."""

import asyncio
from pathlib import Path
from typing import Any

from checks.rollout.pipeline.cases import offer
from checks.rollout.pipeline.logs import FailedLogs, read_failed_logs
from config.clusters import ClusterSpec
from fixtures.sightings import Sighting
from fixtures.vantages import Vantage
from reports.codec import decode, encode
from tests.checks.rollout import lanes
from tests.checks.rollout.pipeline import made, tekton

TASKS = ("build-*", "image-publish", "gitops-promote")


def read(here: Vantage, folder: Path, *tasks: dict[str, Any]) -> FailedLogs:
    spec = ClusterSpec(name="taken", snapshot=str(folder))
    run = made.whole(tekton.failed(), [*tekton.task_runs(), *tasks])
    looked = read_failed_logs(spec, here, tekton.NAMESPACE, TASKS, run, deadline=20)
    return asyncio.run(looked)


def write(folder: Path, task: str, text: str) -> None:
    pod, step = f"{tekton.NAME}-{task}-pod", "step-publish"
    path = folder / "namespaces" / tekton.NAMESPACE / "pods" / pod / step / step / "logs"
    path.mkdir(parents=True)
    (path / "current.log").write_text(text)


def test_the_logs_of_steps_that_failed_are_read_and_no_others(
    here: Vantage, tmp_path: Path
) -> None:
    write(tmp_path, "build-mgr", "pulling\nERROR: 502 Bad Gateway\n")
    write(tmp_path, "build-web", "well\n")
    cancelled = tekton.failed_task(
        "build-late", conditions=[tekton.condition("False", "TaskRunCancelled")]
    )

    found = read(
        here,
        tmp_path,
        tekton.failed_task("build-mgr"),
        tekton.task_run("build-web"),
        cancelled,
        tekton.failed_task("check-late"),
    )

    (log,) = found.logs
    assert (log.task_run, log.step) == (f"{tekton.NAME}-build-mgr", "publish")
    assert log.lines == ("pulling", "ERROR: 502 Bad Gateway")
    assert decode(encode(found)) == found


def test_the_step_that_failed_first_is_the_one(here: Vantage, tmp_path: Path) -> None:
    write(tmp_path, "build-mgr", "ERROR: 502 Bad Gateway\n")
    ended = [("clone", 0), ("publish", 1), ("after", 1)]
    steps = [{"name": name, "terminated": {"exitCode": code}} for name, code in ended]

    found = read(here, tmp_path, tekton.failed_task("build-mgr", steps=steps))

    assert [one.step for one in found.logs] == ["publish"]


def test_what_is_likely_a_secret_is_not_kept(here: Vantage, tmp_path: Path) -> None:
    write(tmp_path, "build-mgr", f"api_token={'a1b2c3d4' * 4}\nghp_{'a1' * 18}\nfailed\n")

    found = read(here, tmp_path, tekton.failed_task("build-mgr"))

    assert "a1b2c3d4" not in encode(found)
    assert "ghp_a1" not in encode(found)
    assert found.logs[0].lines[-1] == "failed"


def test_a_log_that_is_not_there_is_said_and_the_others_are_read(
    here: Vantage, tmp_path: Path
) -> None:
    write(tmp_path, "image-publish", "")
    write(tmp_path, "gitops-promote", "error: mirror-drift\n")
    failed = [tekton.failed_task(one) for one in ("build-mgr", "gitops-promote")]

    found = read(here, tmp_path, *failed)

    told = {one.task_run.removeprefix(f"{tekton.NAME}-"): one for one in found.logs}
    assert "holds no log of step-publish" in told["build-mgr"].unread
    assert told["gitops-promote"].lines == ("error: mirror-drift",)
    assert "holds no log" in found.headline


def test_builds_and_the_promotion_are_asked_for(tmp_path: Path) -> None:
    lane = made.lane(build_tasks=("compile-*",))
    profile = lanes.profile(lane, clusters=[{"name": "g14", "snapshot": str(tmp_path)}])

    sighting = offer(profile, lane, "host")["failed_logs"]

    assert isinstance(sighting, Sighting)
    assert sighting.arguments == (tekton.NAMESPACE, ("compile-*", "gitops-promote"))
