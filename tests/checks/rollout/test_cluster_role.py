"""The least role that is shipped: it is enough, and Secrets' values cannot be read with it."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

import checks.rollout
from fixtures.clusters import ForbiddenError, LogPlace
from fixtures.clusters.access import access_of
from fixtures.clusters.kinds import KINDS, NODE, SECRET
from fixtures.clusters.live import Live
from tests.apiserver import ApiServer
from tests.fixtures.clusters.kubelets import node, pod_on
from tests.fixtures.clusters.made import made, name_of

SHIPPED = Path(checks.rollout.__file__).parent / "cluster-role.yaml"
NEEDED = [kind for kind in KINDS if kind not in (SECRET, NODE)]
USER = "touchstone"
SOON = 20.0
_ANYBODYS = {"authentication.k8s.io", "authorization.k8s.io"}
"""Groups of which everybody may ask what he may himself."""


def role(kind: str) -> dict[str, Any]:
    """Return the object of a kind that is shipped."""
    (one,) = (one for one in yaml.safe_load_all(SHIPPED.read_text()) if one["kind"] == kind)
    return dict(one)


def bound(kind: str, name: str, namespace: str | None = None) -> dict[str, Any]:
    """Return what gives the user a role: in a namespace, or in all."""
    subject = {"kind": "User", "name": USER, "apiGroup": "rbac.authorization.k8s.io"}
    given = {"kind": kind, "name": name, "apiGroup": "rbac.authorization.k8s.io"}
    binding = "RoleBinding" if namespace else "ClusterRoleBinding"
    return made(binding, "touchstone", namespace, subjects=[subject], roleRef=given)


@pytest.fixture(scope="module")
def lane(api_server: ApiServer) -> str:
    """Give the namespace of a lane with two Secrets, and bind the ClusterRole to the user."""
    namespace = api_server.namespace("lane")
    api_server.apply(
        role("ClusterRole"),
        bound("ClusterRole", "touchstone"),
        *(
            made("Secret", name, namespace, stringData={"token": "sealed"})
            for name in ("codex", "other")
        ),
    )
    return namespace


@pytest.fixture
def cluster(api_server: ApiServer, tmp_path: Path) -> Live:
    path = api_server.kubeconfig(tmp_path / "kubeconfig", USER)
    return Live("g14", lambda: access_of(str(path), None))


def test_it_is_enough_for_every_kind_that_is_looked_at(lane: str, cluster: Live) -> None:
    async def all_of_them() -> None:
        for kind in NEEDED:
            await cluster.list_objects(kind, None, name_of, deadline=SOON)
            await cluster.list_objects(kind, (lane,), name_of, deadline=SOON)
            await cluster.get_object(kind, lane, "any", name_of, deadline=SOON)

    asyncio.run(all_of_them())


def test_it_is_enough_for_the_log_of_a_step_that_failed(
    api_server: ApiServer, lane: str, cluster: Live
) -> None:
    place = LogPlace(lane, "built", "step-publish")
    written = {f"{lane}/built/step-publish": "502 Bad Gateway\n"}
    with node(api_server, f"node-of-{lane}", written):
        api_server.apply(pod_on("built", lane, f"node-of-{lane}", "step-publish"))
        seen = asyncio.run(cluster.read_log(place, deadline=SOON))

    assert seen.lines == ("502 Bad Gateway",)


def test_it_lets_nobody_do_more_than_get_and_list(api_server: ApiServer, lane: str) -> None:
    asked = {
        "kind": "SelfSubjectRulesReview",
        "apiVersion": "authorization.k8s.io/v1",
        "spec": {"namespace": lane},
    }
    with api_server.client(USER) as client:
        answer = client.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", json=asked)
    rules = [
        rule
        for rule in answer.raise_for_status().json()["status"]["resourceRules"]
        if not _ANYBODYS & set(rule["apiGroups"])
    ]

    granted = {plural for rule in rules for plural in rule["resources"]}
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list"}
    assert granted == {kind.plural for kind in NEEDED} | {"pods/log"}
    (of_logs,) = (rule for rule in rules if "pods/log" in rule["resources"])
    assert (of_logs["resources"], of_logs["verbs"]) == (["pods/log"], ["get"])


def test_secrets_values_cannot_be_read_with_it(
    api_server: ApiServer, lane: str, cluster: Live
) -> None:
    plain = SECRET.path(lane)
    with api_server.client(USER) as client:
        ways = [
            client.get(SECRET.path()),
            client.get(plain),
            client.get(f"{plain}/codex"),
            client.get(f"{plain}?watch=1"),
            client.get(f"{plain}?fieldSelector=metadata.name=codex"),
            client.get(plain, headers={"Accept": "application/json;as=Table;g=meta.k8s.io;v=v1"}),
            client.patch(f"{plain}/codex", json={}),
            client.get(plain, headers={"Impersonate-User": "admin"}),
            client.post(f"/api/v1/namespaces/{lane}/serviceaccounts/default/token", json={}),
            client.post(f"/api/v1/namespaces/{lane}/pods", json=made("Pod", "mounts", lane)),
        ]

    assert [one.status_code for one in ways] == [httpx.codes.FORBIDDEN] * len(ways)
    assert "sealed" not in "".join(one.text for one in ways)
    with pytest.raises(ForbiddenError) as listed:
        asyncio.run(cluster.list_objects(SECRET, (lane,), name_of, deadline=SOON))
    with pytest.raises(ForbiddenError) as got:
        asyncio.run(cluster.get_object(SECRET, lane, "codex", name_of, deadline=SOON))
    assert "resources: [secrets], verbs: [list]" in listed.value.mend
    named = '{apiGroups: [""], resources: [secrets], resourceNames: [codex], verbs: [get]}'
    assert got.value.mend == f"grant it: {named} in a Role of {lane}"


def test_the_role_for_secrets_is_for_those_that_it_names(
    api_server: ApiServer, lane: str, cluster: Live
) -> None:
    shipped = role("Role")
    shipped["rules"][0]["resourceNames"] = ["codex"]
    own = {"name": shipped["metadata"]["name"], "namespace": lane}
    api_server.apply({**shipped, "metadata": own}, bound("Role", own["name"], lane))

    async def keys(name: str) -> tuple[Any, ...]:
        found = await cluster.get_object(SECRET, lane, name, lambda one: one["keys"], deadline=SOON)
        return found.items

    assert asyncio.run(keys("codex")) == (["token"],)
    with pytest.raises(ForbiddenError):
        asyncio.run(keys("other"))
    # What its comment says of it: rules cannot tell metadata from values.
    with api_server.client(USER) as client:
        assert "data" in client.get(f"{SECRET.path(lane)}/codex").raise_for_status().json()
