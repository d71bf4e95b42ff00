"""Secrets of a real API server and of a snapshot: that they are there, and never what they hold."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.rollout import check_secrets
from checks.rollout.secrets.comparing import Compare, compare_secret
from checks.rollout.secrets.probe import list_runner_jobs, look_for_secret, look_for_sync
from checks.rollout.secrets.seen import RunnerJobs, SecretCompared, SecretSeen, SyncSeen
from config.clusters import ClusterSpec
from fixtures.github.tokens import hold_tokens
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import encode
from tests.apiserver import ApiServer
from tests.checks.rollout.calling import judged
from tests.checks.rollout.given_lanes import lane
from tests.fixtures.clusters.made import made

VALUE = "hunter2-of-the-cluster"


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    hold_tokens([("same", VALUE), ("other", "another-value")])
    yield
    hold_tokens(())


@pytest.fixture(scope="module")
def namespace(api_server: ApiServer) -> str:
    """Make a namespace with a Secret that has a value, one that has none, and a runner's Job."""
    name = api_server.namespace("secrets")
    api_server.apply(
        made("Secret", "codex", name, stringData={"auth.json": VALUE, "config.toml": "a = 1"}),
        made("Secret", "bare", name),
        made("Job", "runner-1", name, metadata={"labels": {"app": "runner"}}, spec=job_spec()),
        made("Job", "other", name, spec=job_spec()),
    )
    return name


@pytest.fixture
def cluster(api_server: ApiServer, tmp_path: Path) -> ClusterSpec:
    path = api_server.kubeconfig(tmp_path / "kubeconfig")
    return ClusterSpec(name="g14", kubeconfig=str(path))


def job_spec() -> dict[str, Any]:
    mounts = [
        {"name": "codex", "mountPath": "/var/run/codex", "readOnly": True},
        {"name": "home", "mountPath": "/home/runner"},
    ]
    container = {
        "name": "runner",
        "image": "runner",
        "env": [{"name": "CODEX_HOME", "value": "/home/runner/.codex"}],
        "volumeMounts": mounts,
    }
    volumes = [
        {"name": "codex", "projected": {"sources": [{"secret": {"name": "codex"}}]}},
        {"name": "home", "emptyDir": {}},
    ]
    pod = {"restartPolicy": "Never", "containers": [container], "volumes": volumes}
    return {"template": {"spec": pod}}


def look(cluster: ClusterSpec, namespace: str, name: str) -> SecretSeen:
    return asyncio.run(look_for_secret(cluster, Local(), namespace, name, deadline=20))


def test_a_secret_is_told_with_the_names_of_its_keys(cluster: ClusterSpec, namespace: str) -> None:
    seen = look(cluster, namespace, "codex")

    assert (seen.there, seen.keys) == (True, ("auth.json", "config.toml"))
    assert seen.created is not None
    assert abs((seen.created - datetime.now(UTC)).total_seconds()) < 600
    asides = b"".join(one.content for one in seen.asides)
    assert VALUE.encode() not in asides
    assert VALUE not in encode(seen)


def test_a_secret_that_is_not_there_is_an_answer(cluster: ClusterSpec, namespace: str) -> None:
    seen = look(cluster, namespace, "nobody")

    assert (seen.there, seen.keys, seen.created) == (False, None, None)


def test_keys_that_nobody_is_said_to_have_written_are_not_known(
    cluster: ClusterSpec, namespace: str
) -> None:
    assert look(cluster, namespace, "bare").keys is None


def test_keys_that_were_applied_as_text_are_known_too(
    api_server: ApiServer, cluster: ClusterSpec, namespace: str
) -> None:
    applied = made("Secret", "applied", namespace, stringData={"auth.json": VALUE})
    with api_server.client() as client:
        client.patch(
            f"/api/v1/namespaces/{namespace}/secrets/applied?fieldManager=unidesk",
            content=json.dumps(applied),
            headers={"Content-Type": "application/apply-patch+yaml"},
        ).raise_for_status()

    assert look(cluster, namespace, "applied").keys == ("auth.json",)


def test_of_a_snapshot_the_names_of_keys_are_known_and_no_value(tmp_path: Path) -> None:
    secret = made("Secret", "codex", "a", data={"auth.json": "aHVudGVyMg=="})
    bare = made("Secret", "bare", "a")
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all([secret, bare]))
    spec = ClusterSpec(name="g14", snapshot=str(tmp_path))

    assert look(spec, "a", "codex").keys == ("auth.json",)
    assert look(spec, "a", "bare").keys == ()
    assert "aHVudGVyMg" not in encode(look(spec, "a", "codex"))


def test_who_may_not_look_gets_no_verdict(api_server: ApiServer, tmp_path: Path) -> None:
    path = api_server.kubeconfig(tmp_path / "kubeconfig", "touchstone")
    spec = ClusterSpec(name="g14", kubeconfig=str(path))

    with pytest.raises(VantageError, match=r"resources: \[secrets\]"):
        look(spec, "default", "codex")


def test_jobs_of_runners_are_told_with_their_mounts(cluster: ClusterSpec, namespace: str) -> None:
    asked = list_runner_jobs(cluster, Local(), (namespace,), deadline=20)

    seen = asyncio.run(asked)

    assert isinstance(seen, RunnerJobs)
    (runner,) = (one for one in seen.jobs if one.name == "runner-1")
    (container,) = runner.containers
    assert dict(container.paths) == {"CODEX_HOME": "/home/runner/.codex"}
    codex, home = container.mounts
    assert (codex.path, codex.read_only, codex.holds, codex.kept) == (
        "/var/run/codex",
        True,
        ("codex",),
        True,
    )
    assert (home.path, home.read_only, home.holds, home.kept) == ("/home/runner", False, (), False)


def test_when_the_last_operation_began_is_told(api_server: ApiServer, cluster: ClusterSpec) -> None:
    name = api_server.namespace("argo")
    status = {"operationState": {"startedAt": "2026-11-20T10:00:00Z", "phase": "Succeeded"}}
    api_server.apply(
        made("Application", "lane", name, spec={"project": "x"}, status=status),
        made("Application", "fresh", name, spec={"project": "x"}),
    )

    def ask(application: str) -> SyncSeen:
        return asyncio.run(look_for_sync(cluster, Local(), name, application, deadline=20))

    assert ask("lane").started == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert (ask("fresh").there, ask("fresh").started) == (True, None)
    assert ask("nobody").there is False


def compare(cluster: ClusterSpec, namespace: str, source: str, **of: Any) -> SecretCompared:
    told: dict[str, Any] = {"name": "codex", "key": "auth.json", "allowed": True} | of
    pair = Compare(namespace=namespace, source=source, **told)
    return asyncio.run(compare_secret(cluster, Local(), pair, deadline=20))


def test_equal_values_are_in_sync_and_others_are_not(cluster: ClusterSpec, namespace: str) -> None:
    same, other = compare(cluster, namespace, "same"), compare(cluster, namespace, "other")

    check = check_secrets.check_secret_is_in_sync_with_its_source
    assert judged(check, lane=lane(), secret_compared=same).words == ("upheld", "")
    told = judged(check, lane=lane(), secret_compared=other)
    assert told.words == ("violated", "secret-out-of-sync")
    assert same.fingerprints[0] == same.fingerprints[1]
    assert other.fingerprints[0] != other.fingerprints[1]
    written = encode(same) + encode(other) + told.judgement.saw
    assert VALUE not in written
    assert "another-value" not in written


@pytest.mark.parametrize(
    ("source", "of", "why"),
    [
        ("same", {"allowed": False}, "its value is not read"),
        ("none", {}, "the secret none has no value here"),
        ("same", {"key": "nothing"}, "it has no key nothing"),
        ("same", {"name": "nobody"}, "there is no such Secret"),
    ],
)
def test_what_cannot_be_compared_is_no_verdict(
    cluster: ClusterSpec, namespace: str, source: str, of: dict[str, Any], why: str
) -> None:
    with pytest.raises(VantageError, match=why):
        compare(cluster, namespace, source, **of)


def test_of_a_snapshot_no_value_is_compared(tmp_path: Path) -> None:
    spec = ClusterSpec(name="g14", snapshot=str(tmp_path))

    with pytest.raises(VantageError, match="no values of Secrets are read"):
        compare(spec, "a", "same")
