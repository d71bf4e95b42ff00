"""Objects of many lanes, as controllers leave them: with their status, and as large as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fixtures.clusters.made import Made, made

TASKS = ("prepare-source", "plan", "check", "image-publish", "gitops-promote", "collect")
ARGO = "argocd"
SERVER = "https://kubernetes.default.svc"
_DIGEST = "sha256:" + "ab" * 32
_AT = "2026-11-21T10:00:00Z"
_SERVICE_ACCOUNT = "tekton-runner"


@dataclass(frozen=True, slots=True)
class Rolled:
    """A lane, and the commit that it has carried through."""

    lane: str
    commit: str

    @property
    def run(self) -> str:
        """How the run of its commit is called."""
        return f"{self.lane}-ci-{self.commit[:12]}"

    @property
    def url(self) -> str:
        return f"http://mirror.devops-infra.svc.cluster.local/pikasTech/{self.lane}.git"


def deployment(of: Rolled, at: int) -> Made:
    """Make a Deployment of about 4 kB, rolled out."""
    name = f"service-{at}"
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": of.lane}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [_container(of, name)]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
    conditions = [
        {
            "type": kind,
            "status": "True",
            "reason": reason,
            "message": f'ReplicaSet "{name}-7d4b9c" has successfully progressed.',
            "lastTransitionTime": _AT,
            "lastUpdateTime": _AT,
        }
        for kind, reason in (
            ("Available", "MinimumReplicasAvailable"),
            ("Progressing", "NewReplicaSetAvailable"),
        )
    ]
    counts = dict.fromkeys(("replicas", "readyReplicas", "updatedReplicas", "availableReplicas"), 1)
    status = {"observedGeneration": 1, **counts, "conditions": conditions}
    annotations = {"deployment.kubernetes.io/revision": "1"}
    metadata = {"labels": labels, "annotations": annotations}
    return made("Deployment", name, of.lane, metadata=metadata, spec=spec, status=status)


def replica_set(of: Rolled, at: int, owner: str) -> Made:
    """Make the ReplicaSet of a Deployment, which has the uid."""
    name = f"service-{at}"
    labels = {"app.kubernetes.io/name": name, "pod-template-hash": "7d4b9c"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [_container(of, name)]}}
    metadata = {
        "labels": labels,
        "annotations": {"deployment.kubernetes.io/revision": "1"},
        "ownerReferences": [_owner("apps/v1", "Deployment", name, owner)],
    }
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
    status = {"replicas": 1, "observedGeneration": 1}
    return made(
        "ReplicaSet", f"{name}-7d4b9c", of.lane, metadata=metadata, spec=spec, status=status
    )


def pod(of: Rolled, at: int, owner: str) -> Made:
    """Make the pod of a ReplicaSet, which has the uid: ready."""
    name = f"service-{at}"
    container = _container(of, name)
    metadata = {
        "labels": {"app.kubernetes.io/name": name, "pod-template-hash": "7d4b9c"},
        "ownerReferences": [_owner("apps/v1", "ReplicaSet", f"{name}-7d4b9c", owner)],
    }
    ready = [
        {"type": kind, "status": "True", "lastTransitionTime": _AT}
        for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    ]
    told = {
        "name": "main",
        "image": container["image"],
        "imageID": container["image"],
        "ready": True,
        "started": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": _AT}},
    }
    status = {"phase": "Running", "conditions": ready, "containerStatuses": [told]}
    spec = {"containers": [container], "automountServiceAccountToken": False}
    return made("Pod", f"{name}-7d4b9c-x2k4p", of.lane, metadata=metadata, spec=spec, status=status)


def application(of: Rolled, at: int) -> Made:
    """Make an Application of about 4 kB, synced and healthy."""
    source = {
        "repoURL": of.url,
        "path": f"deploy/gitops/{of.lane}",
        "targetRevision": "v0.1-gitops",
    }
    destination = {"namespace": of.lane, "server": SERVER}
    resources = [
        {
            "kind": "Deployment",
            "group": "apps",
            "version": "v1",
            "namespace": of.lane,
            "name": f"service-{number}",
            "status": "Synced",
            "health": {"status": "Healthy"},
        }
        for number in range(16)
    ]
    finished = {
        "phase": "Succeeded",
        "startedAt": _AT,
        "finishedAt": _AT,
        "syncResult": {"revision": of.commit},
    }
    status = {
        "sync": {
            "status": "Synced",
            "revision": of.commit,
            "comparedTo": {"source": source, "destination": destination},
        },
        "health": {"status": "Healthy"},
        "reconciledAt": _AT,
        "operationState": finished,
        "resources": resources,
    }
    spec = {"project": of.lane, "source": source, "destination": destination}
    return made("Application", f"{of.lane}-{at}", ARGO, spec=spec, status=status)


def project(of: Rolled) -> Made:
    """Make the AppProject that bounds a lane's application."""
    destinations = [{"namespace": of.lane, "server": SERVER}]
    spec = {"sourceRepos": [of.url], "destinations": destinations}
    return made("AppProject", of.lane, ARGO, spec=spec)


def pipeline_run(of: Rolled, at: int) -> Made:
    """Make a PipelineRun of about 5 kB, completed."""
    params = [{"name": "commit", "value": of.commit}, {"name": "lane", "value": of.lane}]
    children = [
        {"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "name": f"{of.run}-{task}"}
        | {"pipelineTaskName": task}
        for task in TASKS
    ]
    ran = [
        {
            "name": task,
            "taskRef": {"kind": "Task", "name": task},
            "params": [
                {"name": one["name"], "value": f"$(params.{one['name']})"} for one in params
            ],
            "runAfter": list(TASKS[:number]),
        }
        for number, task in enumerate(TASKS)
    ]
    status = {
        "conditions": [_succeeded("Tasks Completed: 6 (Failed: 0, Cancelled 0), Skipped: 0")],
        "startTime": _AT,
        "completionTime": _AT,
        "childReferences": children,
        "pipelineSpec": {"tasks": ran, "params": [{"name": one["name"]} for one in params]},
        "results": [{"name": f"result-{number}", "value": _DIGEST} for number in range(8)],
    }
    metadata = {"labels": {"tekton.dev/pipeline": f"{of.lane}-ci", "number": str(at)}}
    spec = {
        "pipelineRef": {"name": f"{of.lane}-ci"},
        "params": params,
        "taskRunTemplate": {"serviceAccountName": _SERVICE_ACCOUNT, "podTemplate": _NETWORK},
    }
    return made("PipelineRun", of.run, of.lane, metadata=metadata, spec=spec, status=status)


def task_runs(of: Rolled, owner: str) -> Iterator[Made]:
    """Make the TaskRuns of a lane's run, which has the uid."""
    for task in TASKS:
        metadata = {
            "labels": {"tekton.dev/pipelineRun": of.run, "tekton.dev/pipelineTask": task},
            "ownerReferences": [_owner("tekton.dev/v1", "PipelineRun", of.run, owner)],
        }
        given = [{"name": "commit", "value": of.commit}]
        spec = {"taskRef": {"kind": "Task", "name": task}, "params": given, "podTemplate": _NETWORK}
        step = {
            "name": task,
            "image": f"127.0.0.1:5000/ci-node-tools@{_DIGEST}",
            "script": f"#!/bin/sh\nbun run {task}\n",
            "env": [{"name": "NO_PROXY", "value": "127.0.0.1,.svc,.cluster.local"}],
        }
        status = {
            "conditions": [_succeeded("All Steps have completed executing", "Succeeded")],
            "podName": f"{of.run}-{task}-pod",
            "startTime": _AT,
            "completionTime": _AT,
            "results": [{"name": "commit", "type": "string", "value": of.commit}],
            "steps": [{"name": task, "terminated": {"exitCode": 0, "reason": "Completed"}}],
            "taskSpec": {"steps": [step], "params": [{"name": "commit", "type": "string"}]},
        }
        name = f"{of.run}-{task}"
        yield made("TaskRun", name, of.lane, metadata=metadata, spec=spec, status=status)


_NETWORK = {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}


def _container(of: Rolled, name: str) -> dict[str, Any]:
    env = [
        {"name": "AGENTRUN_BOOT_COMMIT", "value": of.commit},
        *({"name": f"SETTING_{number}", "value": f"{name}-{number}"} for number in range(24)),
    ]
    probe = {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 5}
    return {
        "name": "main",
        "image": f"127.0.0.1:5000/{of.lane}/{name}@{_DIGEST}",
        "env": env,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": probe,
        "livenessProbe": probe,
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
    }


def _owner(version: str, kind: str, name: str, uid: str) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "name": name, "uid": uid, "controller": True}


def _succeeded(message: str, reason: str = "Completed") -> dict[str, Any]:
    told = {"type": "Succeeded", "status": "True", "reason": reason, "message": message}
    return told | {"lastTransitionTime": _AT}
