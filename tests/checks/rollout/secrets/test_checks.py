"""What the checks of Secrets uphold, refuse, and leave open."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_secret_values, check_secrets
from checks.rollout.secrets.private import compare_config
from checks.rollout.secrets.projecting import runner_job_of
from checks.rollout.secrets.rules import fits
from checks.rollout.secrets.seen import (
    ConfigCompared,
    RunnerJobs,
    RunnerOf,
    SecretSeen,
    SyncSeen,
)
from config.lanes.secrets import NamedSecret
from fixtures.clusters import Listing
from fixtures.github.tokens import hold_tokens
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.made import NOW
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.given_lanes import lane
from tests.checks.rollout.secrets.test_cluster import job_spec
from tests.fixtures.clusters.made import made

KEYS = ("auth.json", "config.toml")
NAMED = NamedSecret(name="codex", keys=KEYS)
SECOND = timedelta(seconds=1)


def listing() -> Listing:
    return Listing(
        cluster="g14",
        of="secrets",
        namespaces=("a",),
        listed=1,
        resource_version="1",
        asked=(),
        at=NOW,
    )


def seen(**fields: Any) -> SecretSeen:
    told: dict[str, Any] = {"there": True, "keys": KEYS, "created": NOW, "deleting": False}
    return SecretSeen(namespace="a", name="codex", listing=listing(), **(told | fields))


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "upheld"),
        ({"there": False, "keys": None}, "violated"),
        ({"keys": ("auth.json",)}, "violated"),
        ({"deleting": True}, "violated"),
        ({"keys": None}, "inconclusive"),
    ],
)
def test_a_named_secret_is_there_with_its_keys(fields: dict[str, Any], verdict: str) -> None:
    present = judged(
        check_secrets.check_named_secret_is_there,
        lane=lane(),
        secret_present=NAMED,
        secret_seen=seen(**fields),
    )
    provider = judged(
        check_secrets.check_provider_secret_is_there,
        lane=lane(),
        secret_provider=NAMED,
        secret_seen=seen(**fields),
    )

    violated = verdict == "violated"
    assert present.words == (verdict, "secret-missing" if violated else "")
    assert provider.words == (verdict, "secretref-missing" if violated else "")


def test_without_keys_that_are_asked_for_it_only_has_to_be_there() -> None:
    told = judged(
        check_secrets.check_named_secret_is_there,
        lane=lane(),
        secret_present=NamedSecret(name="codex"),
        secret_seen=seen(keys=None),
    )

    assert told.words == ("upheld", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"there": False}, ("upheld", "")),
        ({}, ("violated", "obsolete-secret")),
        ({"deleting": True}, ("inconclusive", "")),
    ],
)
def test_an_obsolete_secret_is_gone(fields: dict[str, Any], words: tuple[str, str]) -> None:
    told = judged(
        check_secrets.check_obsolete_secret_is_gone,
        lane=lane(),
        secret_obsolete=NAMED,
        secret_seen=seen(**fields),
    )

    assert told.words == words


def sync(started: datetime | None, *, there: bool = True) -> SyncSeen:
    return SyncSeen(application="argocd/lane", there=there, started=started, listing=listing())


@pytest.mark.parametrize(
    ("fields", "of", "words"),
    [
        ({}, sync(NOW + SECOND), ("upheld", "")),
        ({}, sync(NOW), ("upheld", "")),
        ({}, sync(None), ("upheld", "")),
        ({}, sync(NOW - SECOND), ("violated", "bootstrap-secret-missing")),
        ({"there": False}, sync(NOW), ("violated", "bootstrap-secret-missing")),
        ({"deleting": True}, sync(NOW), ("violated", "bootstrap-secret-missing")),
        ({}, sync(None, there=False), ("inconclusive", "")),
        ({"created": None}, sync(NOW), ("inconclusive", "")),
    ],
)
def test_a_bootstrap_secret_was_there_before_the_sync(
    fields: dict[str, Any], of: SyncSeen, words: tuple[str, str]
) -> None:
    told = judged(
        check_secrets.check_bootstrap_secret_was_there_before_the_sync,
        lane=lane(),
        secret_before_sync=NAMED,
        secret_seen=seen(**fields),
        sync_seen=of,
    )

    assert told.words == words


def runs(
    *specs: dict[str, Any], labels: dict[str, str] | None = None, selector: str = "app=runner"
) -> Judged:
    told = {"app": "runner"} if labels is None else labels
    jobs = tuple(
        runner_job_of(made("Job", f"runner-{at}", "a", metadata={"labels": told}, spec=spec))
        for at, spec in enumerate(specs)
    )
    return judged(
        check_secrets.check_provider_secrets_are_projected_read_only,
        lane=lane(),
        runner_of=RunnerOf("a", selector, ("codex", "deepseek"), "CODEX_HOME"),
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


@pytest.fixture
def held() -> Iterator[None]:
    yield
    hold_tokens(())


def configured(folder: Path, ours: str, *options: str) -> ConfigCompared:
    file = folder / "config.toml"
    file.write_text('model = "o3"\n[projects."/root/x"]\ntrust = true\n')
    hold_tokens([("lane-config", ours)])
    asked = compare_config(str(file), Local(), "lane-config", options, deadline=5)
    compared = asyncio.run(asked)
    assert decode(encode(compared)) == compared
    return compared


@pytest.mark.parametrize(
    ("ours", "options", "words"),
    [
        ('model = "o4"', (), ("upheld", "")),
        ('model = "o4"\n[mcp]\nurl = "x"', ("model", "mcp"), ("upheld", "")),
        ('model = "o4"\n[mcp]\nurl = "x"', ("model",), ("violated", "global-config-copied")),
        (
            'model = "o3"\n[projects."/root/x"]\ntrust = true',
            (),
            ("violated", "global-config-copied"),
        ),
        (
            '# mine\nmodel = "o3"\nprojects = {"/root/x" = {trust = true}}',
            (),
            ("violated", "global-config-copied"),
        ),
    ],
)
@pytest.mark.usefixtures("held")
def test_a_lanes_configuration_is_its_own(
    tmp_path: Path, ours: str, options: tuple[str, ...], words: tuple[str, str]
) -> None:
    compared = configured(tmp_path, ours, *options)

    told = judged(
        check_secret_values.check_configuration_is_no_copy_of_a_private_file,
        lane=lane(),
        config_compared=compared,
    )

    assert told.words == words
    assert "o3" not in encode(compared) + told.judgement.saw


@pytest.mark.usefixtures("held")
def test_what_cannot_be_compared_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match="is no TOML"):
        configured(tmp_path, "no = toml = here", "model")
    hold_tokens([("lane-config", "a = 1")])
    gone = compare_config(str(tmp_path / "gone"), Local(), "lane-config", (), deadline=5)
    with pytest.raises(VantageError, match=r"there is no .*gone here"):
        asyncio.run(gone)
