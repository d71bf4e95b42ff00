"""Objects as an API server and its controllers write them: what rules and checks are tested on."""

import json
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMESPACE = "agentrun-v01"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
IMAGE = "127.0.0.1:5000/agentrun/agentrun-mgr-env"
DIGEST = "sha256:" + "a" * 64
TRACKED = "agentrun-g14-v01"
Json = dict[str, Any]


def at(minute: int, second: int = 0) -> str:
    """Write a time of the day on which all of this was written."""
    return f"2026-11-22T11:{minute:02d}:{second:02d}Z"


def changed(item: Json, **paths: Any) -> Json:
    """Return the object with other values: `spec__replicas=3`; None takes a field away."""
    found: Json = json.loads(json.dumps(item))
    for path, value in paths.items():
        *before, last = path.split("__")
        place: Any = found
        for key in before:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if value is None:
            place.pop(last, None)
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return found


def metadata(kind: str, name: str, **more: Any) -> Json:
    group = {"Deployment": "apps", "StatefulSet": "apps", "DaemonSet": "apps"}.get(kind, "")
    tracking = f"{TRACKED}:{group}/{kind}:{NAMESPACE}/{name}"
    return {
        "name": name,
        "namespace": NAMESPACE,
        "uid": f"uid-{kind}-{name}".lower(),
        "resourceVersion": "4711",
        "generation": 4,
        "creationTimestamp": at(0),
        "labels": {"app": name},
        "annotations": {"argocd.argoproj.io/tracking-id": tracking},
        **more,
    }


def template(image: str = f"{IMAGE}@{DIGEST}", **env: str) -> Json:
    given = {"AGENTRUN_BOOT_COMMIT": COMMIT, **env}
    return {
        "metadata": {"labels": {"app": "agentrun-mgr"}},
        "spec": {
            "serviceAccountName": "agentrun-v01-mgr",
            "containers": [
                {
                    "name": "mgr",
                    "image": image,
                    "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                    "env": [
                        *({"name": name, "value": value} for name, value in given.items()),
                        {
                            "name": "DATABASE_URL",
                            "valueFrom": {
                                "secretKeyRef": {"name": "agentrun-v01-db", "key": "url"}
                            },
                        },
                        {"name": "SOME_TOKEN", "value": "in clear, and not kept"},
                    ],
                    "envFrom": [{"configMapRef": {"name": "agentrun-v01-env"}}],
                    "volumeMounts": [{"name": "sessions", "mountPath": "/sessions"}],
                }
            ],
            "volumes": [
                {
                    "name": "sessions",
                    "persistentVolumeClaim": {"claimName": "agentrun-v01-sessions"},
                },
                {"name": "boot", "configMap": {"name": "agentrun-v01-boot"}},
            ],
        },
    }


def managed(manager: str, operation: str = "Apply", subresource: str = "", **fields: Any) -> Json:
    own = {"f:spec": fields.get("spec", {"f:replicas": {}, "f:template": {"f:spec": {}}})}
    entry = {
        "manager": manager,
        "operation": operation,
        "apiVersion": "apps/v1",
        "time": at(1),
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:status": {}} if subresource == "status" else own,
    }
    return entry | ({"subresource": subresource} if subresource else {})


def deployment(name: str = "agentrun-mgr", /, **changes: Any) -> Json:
    """Write a Deployment that has been rolled out."""
    meta = metadata("Deployment", name)
    meta["annotations"]["deployment.kubernetes.io/revision"] = "7"
    meta["managedFields"] = [
        managed("argocd-controller"),
        managed("kube-controller-manager", "Update", "status"),
    ]
    item = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta,
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {"type": "RollingUpdate"},
            "template": template(),
        },
        "status": {
            "observedGeneration": 4,
            "replicas": 2,
            "updatedReplicas": 2,
            "readyReplicas": 2,
            "availableReplicas": 2,
            "conditions": [
                {
                    "type": "Available",
                    "status": "True",
                    "reason": "MinimumReplicasAvailable",
                    "message": "Deployment has minimum availability.",
                    "lastUpdateTime": at(2),
                    "lastTransitionTime": at(2),
                },
                {
                    "type": "Progressing",
                    "status": "True",
                    "reason": "NewReplicaSetAvailable",
                    "message": f'ReplicaSet "{name}-7c9f" has successfully progressed.',
                    "lastUpdateTime": at(2),
                    "lastTransitionTime": at(1),
                },
            ],
        },
    }
    return changed(item, **changes)


def exceeded(message: str = 'ReplicaSet "agentrun-mgr-7c9f" has timed out progressing.') -> Json:
    return {
        "type": "Progressing",
        "status": "False",
        "reason": "ProgressDeadlineExceeded",
        "message": message,
        "lastUpdateTime": at(2),
        "lastTransitionTime": at(2),
    }


def stateful_set(name: str = "postgres", /, **changes: Any) -> Json:
    """Write a StatefulSet that has been rolled out."""
    item = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata("StatefulSet", name),
        "spec": {
            "replicas": 3,
            "template": template(),
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        },
        "status": {
            "observedGeneration": 4,
            "replicas": 3,
            "readyReplicas": 3,
            "updatedReplicas": 3,
            "currentRevision": f"{name}-6f5b",
            "updateRevision": f"{name}-6f5b",
        },
    }
    return changed(item, **changes)


def daemon_set(name: str = "node-agent", /, **changes: Any) -> Json:
    """Write a DaemonSet that has been rolled out."""
    item = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": metadata("DaemonSet", name),
        "spec": {"template": template(), "updateStrategy": {"type": "RollingUpdate"}},
        "status": {
            "observedGeneration": 4,
            "desiredNumberScheduled": 2,
            "updatedNumberScheduled": 2,
            "numberAvailable": 2,
        },
    }
    return changed(item, **changes)


def owned(kind: str, name: str) -> list[Json]:
    return [
        {"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": f"uid-{kind}-{name}".lower()}
    ]


def replica_set(name: str = "agentrun-mgr-7c9f", revision: str = "7", **changes: Any) -> Json:
    """Write the ReplicaSet of the Deployment's revision."""
    meta = metadata("ReplicaSet", name, ownerReferences=owned("Deployment", "agentrun-mgr"))
    meta["annotations"] = {"deployment.kubernetes.io/revision": revision}
    item = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": meta,
        "spec": {"replicas": 2, "template": template()},
        "status": {"replicas": 2},
    }
    return changed(item, **changes)


def pod(
    name: str = "agentrun-mgr-7c9f-x2k4p", of: str = "agentrun-mgr-7c9f", **changes: Any
) -> Json:
    """Write a pod of the ReplicaSet that is ready."""
    meta = metadata("Pod", name, ownerReferences=owned("ReplicaSet", of), generation=None)
    meta["annotations"] = {}
    meta["creationTimestamp"] = at(0, 5)
    item = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta,
        "spec": {**template()["spec"], "nodeName": "g14"},
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "PodScheduled", "status": "True", "lastTransitionTime": at(0, 6)},
                {"type": "Ready", "status": "True", "lastTransitionTime": at(1)},
            ],
            "containerStatuses": [
                {
                    "name": "mgr",
                    "image": f"{IMAGE}:env-1",
                    "imageID": f"{IMAGE}@{DIGEST}",
                    "ready": True,
                    "restartCount": 0,
                    "state": {"running": {"startedAt": at(0, 30)}},
                }
            ],
        },
    }
    return changed(item, **changes)


def waiting(reason: str, item: Json | None = None) -> Json:
    """Write a pod whose container waits."""
    return changed(
        item or pod(),
        status__conditions__1__status="False",
        status__conditions__1__reason="ContainersNotReady",
        status__containerStatuses__0__ready=False,
        status__containerStatuses__0__state={"waiting": {"reason": reason, "message": "back-off"}},
    )


def job(name: str = "agentrun-v01-runner-1", /, **changes: Any) -> Json:
    """Write a runner Job that is at work."""
    meta = metadata("Job", name, labels={"app": "agentrun-runner"})
    meta["annotations"] = {}
    item = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta,
        "spec": {"template": template(AGENTRUN_SOURCE_COMMIT=COMMIT)},
        "status": {"active": 1},
    }
    return changed(item, **changes)


def service(name: str = "agentrun-mgr", /, **changes: Any) -> Json:
    """Write a Service that only the cluster reaches."""
    item = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata("Service", name, generation=None),
        "spec": {"type": "ClusterIP", "ports": [{"port": 8080, "protocol": "TCP"}]},
        "status": {"loadBalancer": {}},
    }
    return changed(item, **changes)


def ingress(name: str = "agentrun-mgr", host: str = "agentrun.example") -> Json:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata("Ingress", name),
        "spec": {"rules": [{"host": host}]},
    }


def event(reason: str, about: str, kind: str = "Pod", **changes: Any) -> Json:
    """Write a warning about an object."""
    item = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{about}.17", "namespace": NAMESPACE, "uid": f"uid-{about}-{reason}"},
        "involvedObject": {"kind": kind, "name": about, "namespace": NAMESPACE},
        "type": "Warning",
        "reason": reason,
        "message": f"{reason} of {about}",
        "source": {"component": "kubelet", "host": "g14"},
        "count": 3,
        "lastTimestamp": at(10),
    }
    return changed(item, **changes)


def role_binding(name: str = "agentrun-v01-mgr", *subjects: tuple[str, str], **meta: Any) -> Json:
    """Write a RoleBinding that serves accounts, by namespace and name."""
    given = subjects or ((NAMESPACE, "agentrun-v01-mgr"),)
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata("RoleBinding", name, **meta),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [
            {"kind": "ServiceAccount", "namespace": space, "name": who} for space, who in given
        ],
    }


def named(kind: str, name: str, **changes: Any) -> Json:
    """Write a ServiceAccount, a claim, a ConfigMap: an object that is there."""
    item = {"apiVersion": "v1", "kind": kind, "metadata": metadata(kind, name)}
    return changed(item, **changes)


def space(name: str = NAMESPACE, phase: str = "Active") -> Json:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "uid": f"uid-{name}", "creationTimestamp": at(0)},
        "status": {"phase": phase},
    }
