"""Runs as a real API server lists them, and as a snapshot of a cluster holds them."""

import asyncio
from pathlib import Path
from typing import Any

from checks.rollout import listed_once
from checks.rollout.listed_once import Runtimes
from checks.rollout.pipeline import listing
from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.gathering import Sought, picked, pods_of, whole
from checks.rollout.pipeline.seen import Run, WholeRun
from checks.rollout.pipeline.sightings import sought
from config.clusters import ClusterSpec
from fixtures.clusters.kinds import PIPELINE_RUN
from fixtures.vantages import Vantage
from reports.codec import decode, encode
from tests.apiserver import ApiServer
from tests.checks.rollout.pipeline import made, tekton

LAB = Path(__file__).parents[4] / "fixtures" / "lab" / "lane" / "cluster" / "pipelines.yaml"
SOON = 30.0


def spec_of(api_server: ApiServer, folder: Path, user: str = "admin") -> ClusterSpec:
    path = api_server.kubeconfig(folder / "kubeconfig", user)
    return ClusterSpec(name="g14", kubeconfig=str(path), page=2)


async def seen_in(
    spec: ClusterSpec, here: Vantage, where: Sought, commit: str = tekton.COMMIT
) -> WholeRun:
    namespaces = (where.namespace,)
    runs = await listing.list_runs(spec, here, namespaces, deadline=SOON)
    tasks = await listing.list_task_runs(spec, here, namespaces, deadline=SOON)
    found = picked(where, commit, runs)
    assert isinstance(found, Run), found
    return whole(where, found, runs, tasks)


def moved(objects: list[dict[str, Any]], namespace: str) -> list[dict[str, Any]]:
    for one in objects:
        one["metadata"] |= {"namespace": namespace}
        del one["metadata"]["uid"]
    return objects


def wrote(api_server: ApiServer, namespace: str) -> Sought:
    """Write a run and its TaskRuns as Tekton does: whose they are is told by the run's uid."""
    older = tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", tekton.OTHER)
    api_server.apply(*moved([older, tekton.pipeline_run()], namespace))
    with api_server.client() as client:
        path = PIPELINE_RUN.path(namespace, tekton.NAME)
        uid = client.get(path).raise_for_status().json()["metadata"]["uid"]
    tasks = moved(tekton.task_runs(), namespace)
    for one in tasks:
        owner = {"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "name": tekton.NAME}
        one["metadata"]["ownerReferences"] = [owner | {"uid": uid}]
    api_server.apply(*tasks)
    return sought(made.pipeline_of(made.lane(namespace=namespace)))


def test_a_run_is_read_of_a_real_api_server(
    api_server: ApiServer, here: Vantage, tmp_path: Path
) -> None:
    where = wrote(api_server, api_server.namespace())

    seen = asyncio.run(seen_in(spec_of(api_server, tmp_path), here, where))

    assert standing_of(seen.run).state is State.SUCCEEDED
    assert sorted(one.task for one in seen.tasks) == sorted(tekton.TASKS)
    assert list(seen.tasks) == sorted(seen.tasks, key=lambda one: (one.created, one.name))
    assert (seen.lost, seen.unresolved) == ((), ())
    assert len(list(seen.steps)) == len(tekton.TASKS)
    assert decode(encode(seen)) == seen


def test_who_wrote_an_object_is_read_of_a_real_api_server(
    api_server: ApiServer, here: Vantage, tmp_path: Path
) -> None:
    namespace, spec = api_server.namespace(), spec_of(api_server, tmp_path)
    told = {"automountServiceAccountToken": False}  # of an object that says nothing, nobody tells
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner"}} | told
    with api_server.client() as client:
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts"
        query = {"fieldManager": "kubectl"}
        header = {"Content-Type": "application/apply-patch+yaml"}
        client.patch(
            f"{path}/runner", json=account, params=query, headers=header
        ).raise_for_status()
        by_hand = account | {"metadata": {"name": "by-hand"}}
        client.post(path, json=by_hand, params=query).raise_for_status()

    seen = asyncio.run(
        listing.list_applied(spec, here, (namespace,), "ServiceAccount", deadline=SOON)
    )

    found = {one.name: one for one in seen.objects}
    assert found["runner"].managers == (("kubectl", "Apply"),)
    assert found["runner"].is_server_side
    assert found["by-hand"].managers == (("kubectl", "Update"),)
    assert not found["by-hand"].is_server_side


def test_pods_warnings_volumes_and_identities_are_read_of_a_real_api_server(
    api_server: ApiServer, here: Vantage, tmp_path: Path
) -> None:
    namespace, spec = api_server.namespace(), spec_of(api_server, tmp_path)
    name = f"pv-{namespace}"
    labels = {"tekton.dev/taskRun": f"{tekton.NAME}-plan"}
    api_server.apply(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "p", "namespace": namespace, "labels": labels},
            "spec": tekton.HOST | {"containers": [{"name": "step-plan", "image": "x"}]},
            "status": {"phase": "Pending"},
        },
        {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": "e", "namespace": namespace},
            "involvedObject": {"kind": "Pod", "name": "p", "namespace": namespace},
            "type": "Warning",
            "reason": "FailedScheduling",
            "message": "no claim",
        },
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name},
            "spec": {
                "capacity": {"storage": "1Gi"},
                "accessModes": ["ReadWriteOnce"],
                "hostPath": {"path": "/x"},
                "claimRef": {"namespace": namespace, "name": "work"},
            },
            "status": {"phase": "Released"},
        },
    )

    async def look() -> tuple[Any, Any, Any, Any]:
        where = (namespace,)
        asked = (spec, here, where, Runtimes(frozenset({namespace})))
        every_pod = await listed_once.list_pods(*asked, deadline=SOON)
        every_event = await listed_once.list_events(*asked, deadline=SOON)
        assert [one.meta.name for one in every_pod.pods] == ["p"]
        assert [one.about_name for one in every_event.events] == ["p"]
        return (
            await listed_once.take_pods_of_runs(spec, here, every_pod, deadline=SOON),
            await listed_once.take_warnings(spec, here, every_event, deadline=SOON),
            await listing.list_volumes(spec, here, None, deadline=SOON),
            await listing.list_identities(spec, here, where, "Pod", deadline=SOON),
        )

    pods, warnings, volumes, identities = asyncio.run(look())

    assert [(one.task_run, one.host_network) for one in pods.pods] == [
        (labels["tekton.dev/taskRun"], True)
    ]
    assert [(one.reason, one.count) for one in warnings.events] == [("FailedScheduling", 1)]
    own = next(one for one in volumes.volumes if one.name == name)
    assert (own.phase, own.claim_namespace, own.claim) == ("Released", namespace, "work")
    assert [one.name for one in identities.items] == ["p"]
    assert len(pods_of(made.whole(), pods).pods) == 0  # they are in another namespace


def test_a_run_is_read_of_a_snapshot(here: Vantage, tmp_path: Path) -> None:
    filled = {"@COMMIT@": tekton.COMMIT, "@SHORT12@": tekton.COMMIT[:12], "@RUN_STATUS@": "True"}
    text = LAB.read_text()
    for mark, value in (filled | {"@STEP_CODE@": "0"}).items():
        text = text.replace(mark, value)
    (tmp_path / "runs.yaml").write_text(text)
    spec = ClusterSpec(name="lab", snapshot=str(tmp_path))

    seen = asyncio.run(
        seen_in(spec, here, Sought("orders-ci", "orders-v01-ci-{short12}", "commit"))
    )

    assert seen.run.pipeline == "orders-v01-ci-image-publish"
    assert seen.names[:2] == ("prepare-source", "check")
    assert seen.of("plan")[0].results
