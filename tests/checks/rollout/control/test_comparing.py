"""A rendered object beside the live one: fields that are rendered count, defaults do not."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.rollout import check_control_plane
from checks.rollout.control.comparing import differences
from checks.rollout.control.kinds import kind_of
from checks.rollout.control.probe import ControlPlaneOf, compare_control_plane
from checks.rollout.control.seen import Beside, ControlPlaneCompared
from config.clusters import ClusterSpec
from config.lanes.closeout import Closeout
from fixtures.vantages import SourceError
from fixtures.vantages.commands import LIMIT
from fixtures.vantages.local import Local
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.written import (
    NOW,
    Json,
    changed,
    deployment,
    ingress,
    named,
    service,
    space,
)

RENDERED: dict[str, Any] = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {"name": "runner", "namespace": "agentrun-ci", "creationTimestamp": None},
    "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}],
}
LIVE = RENDERED | {
    "metadata": {
        "name": "runner",
        "namespace": "agentrun-ci",
        "uid": "1",
        "resourceVersion": "2",
        "annotations": {"argocd.argoproj.io/tracking-id": "x"},
    }
}


@pytest.mark.parametrize(
    ("rendered", "live", "words"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, ""),
        ({"a": 1}, {"a": 2}, "a is 2, and 1 is rendered"),
        ({"a": {"b": "x"}}, {}, "a is not there, and {'b': 'x'} is rendered"),
        ({"a": None, "b": {}, "c": []}, {}, ""),
        # what has the zero value of its type is left out by the API server
        ({"a": False, "b": 0, "c": ""}, {}, ""),
        ({"a": False}, {"a": True}, "a is True, and False is rendered"),
        ({"a": [1, 2]}, {"a": [1]}, "a has 1 items, and 2 are rendered"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "a[1] is 3, and 2 is rendered"),
        ({"env": [{"name": "A", "value": "1"}]},
         {"env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]},
         "env[name=B] is not rendered"),
        ({"env": [{"name": "A", "value": "1"}]}, {"env": [{"name": "A", "value": "2"}]},
         "env[name=A].value is '2', and '1' is rendered"),
        ({"env": [{"name": "A"}]}, {"env": []}, "env[name=A] is not there"),
        # accounts of two namespaces are called the same
        ({"subjects": [{"name": "default", "namespace": "a"}]},
         {"subjects": [{"name": "default", "namespace": "b"},
                       {"name": "default", "namespace": "a"}]},
         "subjects has 2 items, and 1 are rendered"),
        ({"rules": []}, {"rules": [{"verbs": ["*"]}]}, "and nothing is rendered"),
        ({"rules": []}, {"rules": None}, ""),
        ({"limits": {"cpu": "1000m", "memory": "1024Mi"}},
         {"limits": {"cpu": "1", "memory": "1Gi"}}, ""),
        ({"limits": {"cpu": "2"}}, {"limits": {"cpu": "1"}}, "limits.cpu is '1'"),
        ({"status": {"x": 1}, "metadata": {"uid": "u"}}, {"metadata": {}}, ""),
    ],
)  # fmt: skip
def test_rendered_fields_have_to_be_there_and_equal(
    rendered: Mapping[str, Any], live: Mapping[str, Any], words: str
) -> None:
    told = list(differences(rendered, live))

    assert any(words in one for one in told) if words else told == []


def test_a_live_object_may_have_more_than_is_rendered() -> None:
    assert list(differences(RENDERED, LIVE)) == []


@pytest.mark.parametrize(
    ("api_version", "name", "path"),
    [
        ("apps/v1", "Deployment", "/apis/apps/v1/deployments"),
        ("tekton.dev/v1", "Task", "/apis/tekton.dev/v1/tasks"),
        ("tekton.dev/v1beta1", "Pipeline", "/apis/tekton.dev/v1beta1/pipelines"),
        ("v1", "ConfigMap", "/api/v1/configmaps"),
        ("example.org/v1", "Policy", "/apis/example.org/v1/policies"),
        ("example.org/v1", "Mesh", "/apis/example.org/v1/meshes"),
    ],
)
def test_a_kind_is_found_by_its_names(api_version: str, name: str, path: str) -> None:
    assert kind_of(api_version, name).path() == path


def snapshot(folder: Path, *items: Json) -> ClusterSpec:
    folder.mkdir()
    (folder / "all.yaml").write_text(yaml.safe_dump_all(items))
    return ClusterSpec(name="g14", snapshot=str(folder))


def compare(spec: ClusterSpec, folder: Path, text: str) -> ControlPlaneCompared:
    """Compare what a command writes with the cluster."""
    rendered = folder / "rendered.yaml"
    rendered.write_text(text)
    of = ControlPlaneOf("agentrun-v01", ("cat", str(rendered)), "default", spec)
    return asyncio.run(compare_control_plane(of, Local(), deadline=20))


def test_a_control_plane_is_compared_object_by_object(tmp_path: Path) -> None:
    drifted = LIVE | {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
    gone = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner"}}
    text = yaml.safe_dump_all([RENDERED, gone])

    same = compare(snapshot(tmp_path / "same", LIVE, space()), tmp_path, text)
    other = compare(snapshot(tmp_path / "other", drifted, space()), tmp_path, text)

    assert same.objects[0] == Beside("Role agentrun-ci/runner", absent=False, differences=())
    assert other.objects[0].differences == ("rules[0].verbs has 1 items, and 2 are rendered",)
    assert same.objects[1].name == "ServiceAccount default/runner"
    assert same.objects[1].absent or same.objects[1].unread


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "writes 0 documents"),
        ("- 1\n- 2\n", "no objects"),
        ("a: [", "writes no YAML"),
        ("kind: Role\nmetadata: {}\n", "no objects"),
        (f"a: {'[' * 60000}{']' * 60000}\n", "more than 200 levels"),
        (f"kind: Role\n# {'x' * LIMIT}\n", "wrote more than"),
    ],
)
def test_what_renders_to_no_objects_is_no_control_plane(
    text: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=words):
        compare(snapshot(tmp_path / "empty", space()), tmp_path, text)


def test_a_command_that_fails_or_hangs_renders_nothing(tmp_path: Path) -> None:
    spec = snapshot(tmp_path / "empty", space())
    failing = (sys.executable, "-c", "raise SystemExit('no such chart')")
    hanging = ("sleep", "60")

    async def render(argv: tuple[str, ...], deadline: float) -> None:
        of = ControlPlaneOf("agentrun-v01", argv, "default", spec)
        await compare_control_plane(of, Local(), deadline=deadline)

    with pytest.raises(SourceError, match="ended with 1: no such chart"):
        asyncio.run(render(failing, 20))
    with pytest.raises(SourceError, match="did not end within"):
        asyncio.run(render(hanging, 0.5))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Beside("Role a/b", absent=False, differences=()), ("upheld", "")),
        (Beside("Role a/b", absent=True, differences=()), ("violated", "control-plane-drift")),
        (Beside("Role a/b", absent=False, differences=("x is 1",)),
         ("violated", "control-plane-drift")),
        (Beside("Task a/b", absent=False, differences=(), unread="403"), ("inconclusive", "")),
    ],
)  # fmt: skip
def test_the_control_plane_has_to_be_as_rendered(one: Beside, words: tuple[str, str]) -> None:
    good = Beside("ServiceAccount a/b", absent=False, differences=())
    seen = ControlPlaneCompared(command="render", objects=(good, one), at=NOW)
    check = check_control_plane.check_control_plane_is_as_rendered
    said = judged(check, control_plane=seen, lane=a_lane())

    assert said.words == words, said.judgement
    if words[0] == "upheld":
        assert "not by a dry run" in said.remarks[0]


_BESIDE = {
    "live_services": made.services(),
    "live_ingresses": made.ingresses(),
    "live_claims": made.claims(),
    "live_accounts": made.accounts(),
}


def platform(*, deployments: tuple[Json, ...] = (), **beside: Any) -> Judged:
    none = {"absent": "this test has none"}
    closeout = Closeout.model_validate(
        {
            "platform_since": "2026-06-01",
            "old_platform": "devops-infra",
            "new_platform": "platform-infra",
        }
        | dict.fromkeys(("comment", "failure_issue", "pointers", "hotfix_label"), none)
    )
    return judged(
        check_control_plane.check_old_platform_gets_nothing_new,
        platform=closeout,
        live_namespaces=made.namespaces(space("platform-infra")),
        live_deployments=made.deployments(*(deployments or (deployment(),))),
        live_stateful_sets=made.stateful_sets(),
        live_daemon_sets=made.daemon_sets(),
        **_BESIDE | {f"live_{kind}": getattr(made, kind)(one) for kind, one in beside.items()},
        lane=a_lane(),
    )


def test_nothing_new_may_appear_in_the_old_platform() -> None:
    old = {"metadata__namespace": "devops-infra", "metadata__creationTimestamp":
           "2025-01-01T00:00:00Z"}  # fmt: skip
    new = {"metadata__namespace": "devops-infra"}

    assert platform(deployments=(deployment(**old),)).words == ("upheld", "")
    said = platform(deployments=(deployment(**new),))
    assert said.words == ("violated", "platform-namespace-drift")
    assert "Deployment agentrun-mgr was made at 2026-11-22" in said.judgement.saw
    for kind, one in {
        "services": service(**new),
        "ingresses": changed(ingress(), **new),
        "claims": named("PersistentVolumeClaim", "cache", **new),
        "accounts": named("ServiceAccount", "runner", **new),
    }.items():
        said = platform(deployments=(deployment(**old),), **{kind: one})
        assert said.words == ("violated", "platform-namespace-drift")
        assert said.judgement.saw.startswith(f"{one['kind']} {one['metadata']['name']} was made")


def test_what_does_not_tell_since_when_it_is_there_is_not_taken_for_old() -> None:
    told = {"metadata__namespace": "devops-infra", "metadata__creationTimestamp": None}
    new = {"metadata__namespace": "devops-infra"}

    said = platform(deployments=(deployment(**told),))
    assert said.words == ("inconclusive", "")
    assert "Deployment agentrun-mgr in devops-infra is not told" in said.judgement.reason
    both = platform(deployments=(deployment(**told),), services=service(**new))
    assert both.words == ("violated", "platform-namespace-drift")
