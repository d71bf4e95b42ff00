"""The kinds of a namespace, one function each: what is judged of an object."""

from typing import Literal

from checks.rollout.runtime.objects import (
    Binding,
    ContainerState,
    DaemonSet,
    Deployment,
    Event,
    Ingress,
    Job,
    Named,
    Pod,
    ReplicaSet,
    Service,
    Space,
    StatefulSet,
    Subject,
)
from checks.rollout.runtime.reading import (
    RESTARTED,
    Object,
    listed,
    mapping,
    moment,
    number,
    number_or_none,
    part,
    read_conditions,
    read_managers,
    read_meta,
    read_pod_spec,
    text,
    text_or_none,
    texts,
)
from checks.wire.clusters import EVERY, Judged
from reports.likely import hidden

_REVISION = "deployment.kubernetes.io/revision"
_HOOK = "argocd.argoproj.io/hook"


def read_deployment(item: Object, judged: Judged = EVERY) -> Deployment:
    """Read a Deployment of apps/v1: whole if it is judged itself."""
    meta = read_meta(item)
    whole = judged.has(meta.namespace, meta.name)
    template = read_pod_spec(mapping(item, "spec", "template", "spec"))
    return Deployment(
        meta=meta,
        replicas=number_or_none(item, "spec", "replicas"),
        paused=part(item, "spec", "paused") is True,
        revision=text_or_none(item, "metadata", "annotations", _REVISION),
        restarted=_restarted(item),
        template=template if whole else template.bare,
        observed_generation=number(item, "status", "observedGeneration"),
        total=number(item, "status", "replicas"),
        updated=number(item, "status", "updatedReplicas"),
        ready=number(item, "status", "readyReplicas"),
        available=number(item, "status", "availableReplicas"),
        conditions=read_conditions(item) if whole else (),
        managers=read_managers(item) if whole else (),
        whole=whole,
    )


def read_stateful_set(item: Object) -> StatefulSet:
    """Read a StatefulSet of apps/v1."""
    strategy = mapping(item, "spec", "updateStrategy")
    return StatefulSet(
        meta=read_meta(item),
        replicas=number_or_none(item, "spec", "replicas"),
        strategy=text(strategy, "type") or "RollingUpdate",
        rolling=part(strategy, "rollingUpdate") is not None,
        partition=number_or_none(strategy, "rollingUpdate", "partition"),
        restarted=_restarted(item),
        template=read_pod_spec(mapping(item, "spec", "template", "spec")),
        observed_generation=number(item, "status", "observedGeneration"),
        ready=number(item, "status", "readyReplicas"),
        updated=number(item, "status", "updatedReplicas"),
        current_revision=text(item, "status", "currentRevision"),
        update_revision=text(item, "status", "updateRevision"),
        managers=read_managers(item),
    )


def read_daemon_set(item: Object) -> DaemonSet:
    """Read a DaemonSet of apps/v1."""
    return DaemonSet(
        meta=read_meta(item),
        strategy=text(item, "spec", "updateStrategy", "type") or "RollingUpdate",
        restarted=_restarted(item),
        template=read_pod_spec(mapping(item, "spec", "template", "spec")),
        observed_generation=number(item, "status", "observedGeneration"),
        desired=number(item, "status", "desiredNumberScheduled"),
        updated=number(item, "status", "updatedNumberScheduled"),
        available=number(item, "status", "numberAvailable"),
        managers=read_managers(item),
    )


def _restarted(item: Object) -> str | None:
    return text_or_none(item, "spec", "template", "metadata", "annotations", RESTARTED)


def read_replica_set(item: Object) -> ReplicaSet:
    """Read a ReplicaSet of apps/v1."""
    return ReplicaSet(
        meta=read_meta(item),
        revision=text_or_none(item, "metadata", "annotations", _REVISION),
        replicas=number(item, "status", "replicas"),
    )


def read_pod(item: Object) -> Pod:
    """Read a Pod of v1."""
    return Pod(
        meta=read_meta(item),
        phase=text(item, "status", "phase"),
        reason=text(item, "status", "reason"),
        spec=read_pod_spec(mapping(item, "spec")),
        conditions=read_conditions(item),
        containers=tuple(_state(one) for one in listed(item, "status", "containerStatuses")),
        node=text(item, "spec", "nodeName"),
    )


def _state(one: Object) -> ContainerState:
    states: tuple[Literal["running", "waiting", "terminated"], ...]
    states = ("running", "waiting", "terminated")
    found = next((name for name in states if mapping(one, "state", name)), None)
    return ContainerState(
        name=text(one, "name"),
        image=text(one, "image"),
        image_id=text(one, "imageID"),
        ready=part(one, "ready") is True,
        restarts=number(one, "restartCount"),
        state=found or "unknown",
        reason=text(one, "state", found or "", "reason"),
        message=hidden(text(one, "state", found or "", "message")),
    )


def read_job(item: Object) -> Job:
    """Read a Job of batch/v1."""
    return Job(
        meta=read_meta(item),
        hook=text_or_none(item, "metadata", "annotations", _HOOK),
        template=read_pod_spec(mapping(item, "spec", "template", "spec")),
        active=number(item, "status", "active"),
        succeeded=number(item, "status", "succeeded"),
        failed=number(item, "status", "failed"),
        conditions=read_conditions(item),
    )


def read_service(item: Object) -> Service:
    """Read a Service of v1."""
    ports = listed(item, "spec", "ports")
    addresses = (
        *texts(item, "spec", "externalIPs"),
        *(
            text(one, "ip") or text(one, "hostname")
            for one in listed(item, "status", "loadBalancer", "ingress")
        ),
    )
    return Service(
        meta=read_meta(item),
        type=text(item, "spec", "type") or "ClusterIP",
        node_ports=tuple(number(port, "nodePort") for port in ports if number(port, "nodePort")),
        external=addresses,
    )


def read_ingress(item: Object) -> Ingress:
    """Read an Ingress of networking.k8s.io/v1."""
    rules = listed(item, "spec", "rules")
    hosts = tuple(text(one, "host") or "*" for one in rules)
    return Ingress(read_meta(item), hosts or ("*",))


def read_event(item: Object) -> Event:
    """Read an Event of v1."""
    series = number(item, "series", "count")
    last = moment(item, "series", "lastObservedTime") or moment(item, "lastTimestamp")
    return Event(
        namespace=text(item, "metadata", "namespace"),
        type=text(item, "type"),
        reason=text(item, "reason"),
        message=hidden(text(item, "message")),
        about_kind=text(item, "involvedObject", "kind"),
        about_name=text(item, "involvedObject", "name"),
        source=text(item, "reportingComponent") or text(item, "source", "component"),
        count=series or number(item, "count") or 1,
        last=last or moment(item, "eventTime") or moment(item, "firstTimestamp"),
    )


def read_binding(item: Object) -> Binding:
    """Read a RoleBinding or a ClusterRoleBinding of rbac.authorization.k8s.io/v1."""
    return Binding(
        meta=read_meta(item),
        role_kind=text(item, "roleRef", "kind"),
        role=text(item, "roleRef", "name"),
        subjects=tuple(
            Subject(text(one, "kind"), text(one, "namespace"), text(one, "name"))
            for one in listed(item, "subjects")
        ),
    )


def read_named(item: Object) -> Named:
    """Read that an object is there: a ServiceAccount, a claim, a ConfigMap; nothing it holds."""
    volume = text(item, "spec", "volumeName")
    return Named(read_meta(item), (volume,) if volume else ())


def read_space(item: Object) -> Space:
    """Read a Namespace of v1."""
    meta = read_meta(item)
    return Space(meta.name, text(item, "status", "phase"), meta.created, meta.deleting)
