import pytest

from checks.rollout.runtime.reading import RESTARTED, read_managers
from checks.rollout.runtime.reading_objects import (
    read_deployment,
    read_event,
    read_ingress,
    read_job,
    read_pod,
    read_service,
)
from tests.checks.rollout.runtime.written import (
    COMMIT,
    Json,
    at,
    changed,
    deployment,
    event,
    ingress,
    job,
    pod,
    service,
)


def test_a_deployment_is_read_as_the_api_server_writes_it() -> None:
    seen = read_deployment(deployment())

    assert (seen.meta.name, seen.meta.generation, seen.replicas) == ("agentrun-mgr", 4, 2)
    assert seen.revision == "7"
    assert seen.meta.tracking == "agentrun-g14-v01:apps/Deployment:agentrun-v01/agentrun-mgr"
    assert [one.name for one in seen.managers] == ["argocd-controller"]
    assert seen.managers[0].fields == ("spec.replicas", "spec.template.spec")
    container = seen.template.container(None)
    assert container is not None
    assert container.variable("AGENTRUN_BOOT_COMMIT") == COMMIT
    assert seen.template.claims == ("agentrun-v01-sessions",)
    assert seen.template.config_maps == ("agentrun-v01-boot", "agentrun-v01-env")


def test_the_value_of_a_variable_that_is_called_a_secret_is_not_kept() -> None:
    container = read_deployment(deployment()).template.container("mgr")

    assert container is not None
    assert container.others == ("DATABASE_URL", "SOME_TOKEN")
    assert "in clear" not in repr(container)


def test_a_container_is_found_by_its_name_and_else_the_first_that_is_not_of_init() -> None:
    spec = changed(
        deployment(), spec__template__spec__initContainers=[{"name": "boot", "image": "b"}]
    )
    template = read_deployment(spec).template

    assert [one.name for one in template.containers if one.init] == ["boot"]
    assert (found := template.container(None)) is not None
    assert found.name == "mgr"
    assert (named := template.container("boot")) is not None
    assert named.init
    assert template.container("another") is None


def test_a_job_that_failed_and_a_pod_that_ended_are_known_as_such() -> None:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    broken = read_job(job(status={"failed": 1, "conditions": [failed]})).broken

    assert broken is not None
    assert broken.reason == "BackoffLimitExceeded"
    assert read_job(job()).broken is None
    assert read_pod(pod(status__phase="Failed", status__reason="Evicted")).is_over


def test_ways_into_a_service_are_read() -> None:
    seen = read_service(
        service(
            spec__type="NodePort",
            spec__ports=[{"port": 80, "nodePort": 30080}],
            spec__externalIPs=["192.0.2.1"],
            status__loadBalancer={"ingress": [{"hostname": "lb.example"}]},
        )
    )

    assert (seen.type, seen.node_ports) == ("NodePort", (30080,))
    assert seen.external == ("192.0.2.1", "lb.example")
    assert read_ingress(ingress()).hosts == ("agentrun.example",)


def test_the_last_time_of_an_event_is_found_where_its_writer_put_it() -> None:
    plain = read_event(event("Unhealthy", "p"))
    series = {"count": 9, "lastObservedTime": at(12)}
    serial = read_event(event("Unhealthy", "p", series=series, lastTimestamp=None))

    assert plain.last is not None
    assert serial.last is not None
    assert (plain.last.minute, plain.count) == (10, 3)
    assert (serial.last.minute, serial.count) == (12, 9)


def test_what_is_no_time_is_no_object_of_kubernetes() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        read_pod(pod(metadata__creationTimestamp="yesterday"))


def test_of_many_fields_that_one_manages_a_few_are_kept_and_all_are_counted() -> None:
    many: Json = {f"f:field{number}": {} for number in range(9)}
    restarted: Json = {"f:metadata": {"f:annotations": {f"f:{RESTARTED}": {}}}}
    entry = {
        "manager": "kubectl",
        "operation": "Update",
        "fieldsV1": {"f:spec": {**many, "f:template": restarted}},
    }

    (manager,) = read_managers({"metadata": {"managedFields": [entry]}})

    kept = [f"spec.field{number}" for number in range(4)]
    assert manager.fields == (*kept, f"spec.template.metadata.annotations.{RESTARTED}")
    assert manager.more == 5
