"""The second look, at a real API server: what changed lately is got by its name, no other."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.argo.again import look_again_at_application
from checks.rollout.argo.listing import get_definition, list_applications
from checks.rollout.runtime import listing
from checks.rollout.runtime.again import look_again_at_deployments
from config.clusters import ClusterSpec
from fixtures.vantages.local import Local
from reports import codec
from tests.apiserver import ApiServer
from tests.checks.rollout.argo import written as of_argo
from tests.checks.rollout.runtime import written
from tests.checks.rollout.runtime.written import Json
from tests.fixtures.clusters.made import made

SOON = 30.0
SELECTED: dict[str, Any] = {"spec__selector": {"matchLabels": {"app": "agentrun-mgr"}}}
_OF_THE_SERVER = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields")


@pytest.fixture
def namespace(api_server: ApiServer) -> str:
    return api_server.namespace("settling")


@pytest.fixture
def cluster(api_server: ApiServer, tmp_path: Path) -> ClusterSpec:
    path = api_server.kubeconfig(tmp_path / "kubeconfig")
    return ClusterSpec(name="g14", kubeconfig=str(path))


def look(probe: Any, cluster: ClusterSpec, namespace: str) -> Any:
    return asyncio.run(probe(cluster, Local(), (namespace,), deadline=SOON))


def here(item: Json, namespace: str) -> Json:
    """Put an object into a namespace, as somebody who creates it writes it."""
    kept = {key: one for key, one in item["metadata"].items() if key not in _OF_THE_SERVER}
    return item | {"metadata": kept | {"namespace": namespace}}


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def lately(*, seconds: float) -> list[Json]:
    """Return the conditions of a Deployment that was rolled out so long ago."""
    told = {"status": "True", "reason": "x", "message": "x", "lastUpdateTime": ago(seconds)}
    return [{"type": kind} | told for kind in ("Available", "Progressing")]


def test_a_deployment_that_was_rolled_out_lately_is_got_again_and_no_other(
    api_server: ApiServer, cluster: ClusterSpec, namespace: str
) -> None:
    places = tuple((namespace, f"api-{at}") for at in ("fresh", "old", "going"))
    fresh, old = lately(seconds=5), lately(seconds=3600)
    written_so: tuple[dict[str, Any], ...] = (
        {"status__conditions": fresh},
        {"status__conditions": old},
        {"status__conditions": fresh, "status__availableReplicas": 1},
    )
    for (_, name), status in zip(places, written_so, strict=True):
        api_server.apply(here(written.deployment(name, **status, **SELECTED), namespace))
    first = look(listing.list_deployments, cluster, namespace)

    def again(*own: tuple[str, str], settle: float = 0.1) -> Any:
        looked = look_again_at_deployments(cluster, Local(), own, settle, first, deadline=SOON)
        return asyncio.run(looked)

    settled = again(*places)
    assert [one.meta.name for one in settled.items] == ["api-fresh"]
    assert settled.looked == (places[0],)
    assert len(settled.listing.asked) == 1
    assert settled.listing.asked[0].endswith(f"/{namespace}/deployments/api-fresh")
    assert settled.after >= 0.1
    assert codec.decode(codec.encode(settled)) == settled

    still = again(*places[1:], settle=60)  # nobody waits where there is nothing to look at
    assert (still.items, still.looked, still.listing.asked) == ((), (), ())


def test_an_application_that_was_synced_lately_is_got_again(
    api_server: ApiServer, cluster: ClusterSpec, namespace: str
) -> None:
    for name, seconds in (("fresh", 5.0), ("old", 3600.0)):
        item = of_argo.application(name, metadata__namespace=namespace)
        item["status"]["operationState"]["finishedAt"] = ago(seconds)
        item["status"]["reconciledAt"] = ago(seconds)
        api_server.apply(item)
    first = look(list_applications, cluster, namespace)

    def again(name: str, settle: float) -> Any:
        place = (namespace, name)
        looked = look_again_at_application(cluster, Local(), place, settle, first, deadline=SOON)
        return asyncio.run(looked)

    settled = again("fresh", 0.1)
    assert settled.looked
    assert [one.name for one in settled.items] == ["fresh"]
    assert len(settled.listing.asked) == 1
    assert codec.decode(codec.encode(settled)) == settled
    still = again("old", 60)
    assert (still.looked, still.items, still.listing.asked) == (False, (), ())
    assert "not looked at again" in still.headline


def test_applications_are_listed_wherever_they_are_or_else_where_lanes_have_theirs(
    api_server: ApiServer, namespace: str, tmp_path: Path
) -> None:
    other = api_server.namespace("teams")
    for inside in (namespace, other):
        api_server.apply(of_argo.application("app", metadata__namespace=inside))
    rule = {"apiGroups": ["argoproj.io"], "resources": ["applications"], "verbs": ["list"]}
    rbac = "rbac.authorization.k8s.io"
    subject = {"kind": "User", "name": "nobody", "apiGroup": rbac}
    api_server.apply(
        made("Role", "reads-applications", namespace, rules=[rule]),
        made(
            "RoleBinding",
            "reads-applications",
            namespace,
            subjects=[subject],
            roleRef={"kind": "Role", "name": "reads-applications", "apiGroup": rbac},
        ),
    )

    def seen(user: str) -> Any:
        path = api_server.kubeconfig(tmp_path / user, user)
        return look(list_applications, ClusterSpec(name="g14", kubeconfig=str(path)), namespace)

    every, some = seen("admin"), seen("nobody")
    assert every.listing.namespaces is None
    assert {namespace, other} <= {one.namespace for one in every.applications}
    assert some.listing.namespaces == (namespace,)
    assert {one.namespace for one in some.applications} == {namespace}


def test_the_definitions_of_argo_are_got_by_their_names(cluster: ClusterSpec) -> None:
    def seen(name: str) -> Any:
        return asyncio.run(get_definition(cluster, Local(), None, name, deadline=SOON))

    there, gone = seen("applications.argoproj.io"), seen("rollouts.argoproj.io")
    (one,) = there.items
    assert (one.established, one.served) == (True, ("v1alpha1",))
    assert gone.items == ()
    assert gone.headline == "there is no CustomResourceDefinition rollouts.argoproj.io"
