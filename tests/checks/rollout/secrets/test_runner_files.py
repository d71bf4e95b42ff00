"""How runners mount secrets: read-only, beside a home that they may write."""

from typing import Any

import pytest

from checks.rollout import check_secrets
from checks.rollout.secrets.projecting import runner_job_of
from checks.rollout.secrets.rules import fits
from checks.rollout.secrets.seen import (
    RunnerJobs,
    RunnerOf,
)
from config.model import Absent
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.given_lanes import lane
from tests.checks.rollout.secrets.made import listing
from tests.checks.rollout.secrets.test_cluster import job_spec
from tests.fixtures.clusters.made import made


def runs(
    *specs: dict[str, Any],
    labels: dict[str, str] | None = None,
    selector: str = "app=runner",
    home: str | Absent = "CODEX_HOME",
) -> Judged:
    told = {"app": "runner"} if labels is None else labels
    jobs = tuple(
        runner_job_of(made("Job", f"runner-{at}", "a", metadata={"labels": told}, spec=spec))
        for at, spec in enumerate(specs)
    )
    return judged(
        check_secrets.check_provider_secrets_are_projected_read_only,
        lane=lane(),
        runner_of=RunnerOf("a", selector, ("codex", "deepseek"), home),
        runner_jobs=RunnerJobs(listing=listing(), jobs=jobs),
    )


def changed(**container: Any) -> dict[str, Any]:
    """Return the spec of a Job whose container has these fields, and as many volumes."""
    spec = job_spec()
    volumes = container.pop("volumes", None)
    spec["template"]["spec"]["containers"][0] |= container
    if volumes is not None:
        spec["template"]["spec"]["volumes"] = volumes
    return spec


def mounts(*, read_only: bool = True, home: str = "/home/runner") -> list[dict[str, Any]]:
    return [
        {"name": "codex", "mountPath": "/var/run/codex", "readOnly": read_only},
        {"name": "home", "mountPath": home},
    ]


def test_of_a_runner_without_a_writable_home_its_read_only_files_are_judged() -> None:
    none = Absent(absent="nothing is written beside the files")

    holds = runs(changed(env=[]), home=none)
    breaks = runs(changed(env=[], volumeMounts=mounts(read_only=False)), home=none)

    assert holds.words == ("upheld", "")
    assert f"no writable folder was looked for: {none.absent}" in holds.remarks
    assert breaks.words == ("violated", "writable-secret-mount")


def test_a_runner_with_read_only_files_and_a_writable_home_holds() -> None:
    told = runs(job_spec())

    assert told.words == ("upheld", "")
    assert told.remarks == ("no Job of now is given deepseek: of it nothing was seen",)


@pytest.mark.parametrize(
    ("spec", "saw"),
    [
        (changed(volumeMounts=mounts(read_only=False)), "without readOnly: true"),
        (
            changed(envFrom=[{"secretRef": {"name": "codex"}}]),
            "codex is given as a variable, and not as files",
        ),
        (
            changed(
                env=[
                    {"name": "CODEX_HOME", "value": "/home/runner"},
                    {"name": "K", "valueFrom": {"secretKeyRef": {"name": "codex", "key": "a"}}},
                ]
            ),
            "codex is given as a variable",
        ),
        (changed(env=[]), "CODEX_HOME names no folder"),
        (
            changed(env=[{"name": "CODEX_HOME", "value": "/var/run/codex"}]),
            "in the volume codex, which the cluster fills",
        ),
        (
            changed(volumeMounts=[{**one, "readOnly": True} for one in mounts()]),
            "in the volume home, mounted read-only",
        ),
        (
            changed(
                volumeMounts=mounts(home="/elsewhere"),
                securityContext={"readOnlyRootFilesystem": True},
            ),
            "in a root that is read-only",
        ),
    ],
)
def test_a_runner_with_writable_secrets_or_without_a_home_fails(
    spec: dict[str, Any], saw: str
) -> None:
    told = runs(job_spec(), spec)

    assert told.words == ("violated", "writable-secret-mount")
    assert saw in told.judgement.saw
    assert "Job a/runner-1, container runner" in told.judgement.saw
    assert "runner-0" not in told.judgement.saw


def copied(**runner: Any) -> dict[str, Any]:
    """Return the spec of a Job whose init container alone has the Secret, and copies it."""
    spec = job_spec()
    pod = spec["template"]["spec"]
    (own,) = pod["containers"]
    pod["initContainers"] = [{"name": "copy", "image": "x", "volumeMounts": mounts()}]
    pod["containers"] = [own | {"volumeMounts": mounts()[1:]} | runner]
    return spec


def test_a_home_that_an_init_container_fills_is_that_of_what_runs_after() -> None:
    assert runs(copied()).words == ("upheld", "")

    shut = runs(copied(volumeMounts=[mounts()[1] | {"readOnly": True}]))
    assert shut.words == ("violated", "writable-secret-mount")
    assert "container runner: CODEX_HOME is /home/runner/.codex" in shut.judgement.saw
    assert "in any container that runs" in runs(copied(env=[])).judgement.saw


def test_without_a_runner_nothing_is_proved() -> None:
    assert runs().words == ("inconclusive", "")
    assert runs(job_spec(), labels={"app": "other"}).words == ("inconclusive", "")


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("app==runner", "upheld"),
        ("app=runner,tier!=test", "upheld"),
        ("app,!tier", "upheld"),
        ("app!=runner", "inconclusive"),
    ],
)
def test_runners_are_selected_as_everywhere(selector: str, words: str) -> None:
    assert runs(job_spec(), selector=selector).words[0] == words


def test_a_runner_of_another_namespace_is_another_lanes() -> None:
    own = made("Job", "runner-0", "b", metadata={"labels": {"app": "runner"}}, spec=job_spec())

    assert not fits(runner_job_of(own), "a", "app=runner")
    assert fits(runner_job_of(own), "b", "app=runner")
