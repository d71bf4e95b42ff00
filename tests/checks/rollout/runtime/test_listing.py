"""What runs, listed of a real API server: one list a kind, and what is judged of each object."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.argo.listing import list_applications, list_projects
from checks.rollout.argo.seen import ApplicationsSeen
from checks.rollout.control.probe import ControlPlaneOf, compare_control_plane
from checks.rollout.runtime import listing
from checks.rollout.runtime.managers import foreign_hands
from checks.rollout.runtime.rollout_status import rollout_of
from config.clusters import ClusterSpec
from fixtures.vantages.local import Local
from reports import codec
from tests.apiserver import ApiServer
from tests.checks.rollout.argo.written import HEAD, application, project
from tests.checks.rollout.runtime import written
from tests.checks.rollout.runtime.written import Json

SOON = 30.0
BACKEND = {"service": {"name": "agentrun-mgr", "port": {"number": 80}}}


@pytest.fixture(scope="module")
def namespace(api_server: ApiServer) -> str:
    """Give a namespace with one object of each kind, as people and controllers write them."""
    name = api_server.namespace("lane")
    api_server.apply(*(_here(one, name) for one in _objects()))
    return name


def _objects() -> Iterator[Json]:
    selector = {"matchLabels": {"app": "agentrun-mgr"}}
    chosen = {"spec__selector": selector}
    yield written.deployment(**chosen)
    yield written.stateful_set(**chosen, spec__serviceName="postgres", **_labelled())
    yield written.daemon_set(**chosen)
    yield written.service()
    yield written.role_binding()
    yield written.ingress() | {"spec": {"defaultBackend": BACKEND}}
    yield application()
    yield project()


def _labelled() -> dict[str, Any]:
    return {"spec__template__metadata__labels": {"app": "agentrun-mgr"}}


def _here(item: Json, namespace: str) -> Json:
    """Put an object into a namespace, as somebody who creates it writes it."""
    own = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields")
    kept = {key: value for key, value in item["metadata"].items() if key not in own}
    return item | {"metadata": kept | {"namespace": namespace}}


@pytest.fixture
def cluster(api_server: ApiServer, tmp_path: Path) -> ClusterSpec:
    path = api_server.kubeconfig(tmp_path / "kubeconfig")
    return ClusterSpec(name="g14", kubeconfig=str(path))


def look(probe: Any, cluster: ClusterSpec, namespace: str | None) -> Any:
    wanted = None if namespace is None else (namespace,)
    return asyncio.run(probe(cluster, Local(), wanted, deadline=SOON))


def test_a_deployment_of_a_real_server_is_read_and_judged(
    cluster: ClusterSpec, namespace: str
) -> None:
    seen = look(listing.list_deployments, cluster, namespace)

    (one,) = seen.items
    assert rollout_of(one).state in ("done", "waiting")
    assert one.meta.generation >= 1
    assert one.managers
    assert foreign_hands(one, ("argocd-controller",))
    assert codec.decode(codec.encode(seen)) == seen
    assert "in clear" not in codec.encode(seen)


@pytest.mark.parametrize(
    ("probe", "named"),
    [
        (listing.list_stateful_sets, "postgres"),
        (listing.list_daemon_sets, "node-agent"),
        (listing.list_services, "agentrun-mgr"),
        (listing.list_role_bindings, "agentrun-v01-mgr"),
        (listing.list_ingresses, "agentrun-mgr"),
    ],
)
def test_each_kind_is_listed_as_it_is_written(
    cluster: ClusterSpec, namespace: str, probe: Any, named: str
) -> None:
    seen = look(probe, cluster, namespace)

    assert [one.meta.name for one in seen.items] == [named]
    assert codec.decode(codec.encode(seen)) == seen


@pytest.mark.parametrize(
    "probe",
    [listing.list_replica_sets, listing.list_jobs, listing.list_claims,
     listing.list_config_maps, listing.list_accounts],
)  # fmt: skip
def test_kinds_of_which_there_is_nothing_are_listed_empty_or_with_the_clusters_own(
    cluster: ClusterSpec, namespace: str, probe: Any
) -> None:
    seen = look(probe, cluster, namespace)

    names = {getattr(one, "about_name", None) or one.meta.name for one in seen.items}
    assert names <= {"default", "kube-root-ca.crt"}
    assert len(seen.listing.asked) == 1


def test_what_is_of_no_namespace_is_listed_for_all(cluster: ClusterSpec, namespace: str) -> None:
    spaces = look(listing.list_namespaces, cluster, None)
    bindings = look(listing.list_cluster_role_bindings, cluster, None)

    assert spaces.named(namespace).phase == "Active"
    assert codec.decode(codec.encode(bindings)) == bindings


def test_applications_and_projects_are_listed(cluster: ClusterSpec, namespace: str) -> None:
    seen = look(list_applications, cluster, namespace)

    assert isinstance(seen, ApplicationsSeen)
    (app,) = (one for one in seen.applications if one.namespace == namespace)
    assert (app.sync, app.compared.each) == ("Synced", (HEAD,))
    assert codec.decode(codec.encode(seen)) == seen
    assert look(list_projects, cluster, namespace).projects[0].name == "agentrun-v01"


def test_a_control_plane_is_compared_with_a_real_server(
    cluster: ClusterSpec, namespace: str, tmp_path: Path
) -> None:
    right = _here(written.deployment(spec__selector={"matchLabels": {"app": "agentrun-mgr"}}),
                  namespace)  # fmt: skip
    del right["status"]
    wrong = written.changed(right, spec__replicas=7)
    unserved = {"apiVersion": "example.org/v1", "kind": "Mesh", "metadata": {"name": "m"}}

    def compare(item: Json) -> Any:
        rendered = tmp_path / "rendered.json"
        rendered.write_text(json.dumps({"kind": "List", "items": [item, unserved]}))
        of = ControlPlaneOf("agentrun-v01", ("cat", str(rendered)), namespace, cluster)
        return asyncio.run(compare_control_plane(of, Local(), deadline=SOON))

    same, drifted = compare(right), compare(wrong)
    assert same.objects[0].differences == ()
    assert not same.objects[0].absent
    assert drifted.objects[0].differences == ("spec.replicas is 2, and 7 is rendered",)
    assert same.objects[1].unread
