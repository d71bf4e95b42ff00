"""Applications and AppProjects as Argo CD writes them."""

from typing import Any

from checks.rollout.argo.reading import read_application, read_project
from checks.rollout.argo.seen import ApplicationsSeen, ProjectsSeen
from fixtures.clusters import Listing
from tests.checks.rollout.runtime.written import NOW, Json, at, changed

HEAD = "9" * 40
URL = "http://git-mirror-http.devops-infra.svc.cluster.local/pikasTech/agentrun.git"
PATH = "deploy/gitops/g14/runtime-v01"
SOURCE = {"repoURL": URL, "targetRevision": "v0.1-gitops", "path": PATH}
DESTINATION = {"server": "https://kubernetes.default.svc", "namespace": "agentrun-v01"}
LISTING = Listing("g14", "applications", None, 1, "1", ("GET",), NOW)


def application(name: str = "agentrun-g14-v01", /, **changes: Any) -> Json:
    """Write an Application that is Synced and Healthy at HEAD."""
    resource = {"group": "apps", "version": "v1", "kind": "Deployment", "namespace": "agentrun-v01"}
    item = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd", "uid": f"uid-{name}"},
        "spec": {"project": "agentrun-v01", "source": SOURCE, "destination": DESTINATION},
        "status": {
            "reconciledAt": at(5),
            "sync": {
                "status": "Synced",
                "revision": HEAD,
                "comparedTo": {"source": SOURCE, "destination": DESTINATION},
            },
            "health": {"status": "Healthy"},
            "resources": [
                resource | {"name": "agentrun-mgr", "status": "Synced",
                            "health": {"status": "Healthy"}}
            ],
            "history": [{"id": 1, "revision": HEAD, "deployedAt": at(4)}],
            "operationState": {
                "phase": "Succeeded",
                "message": "successfully synced (all tasks run)",
                "startedAt": at(4),
                "finishedAt": at(4, 30),
                "operation": {"sync": {"revision": "7" * 40}},
                "syncResult": {
                    "revision": HEAD,
                    "resources": [{"kind": "Deployment", "name": "agentrun-mgr",
                                   "status": "Synced", "hookPhase": "Running"}],
                },
            },
            "summary": {"images": ["127.0.0.1:5000/agentrun/agentrun-mgr-env@sha256:" + "a" * 64]},
        },
    }  # fmt: skip
    return changed(item, **changes)


def project(**changes: Any) -> Json:
    """Write an AppProject for the one namespace."""
    item = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "agentrun-v01", "namespace": "argocd", "uid": "uid-project"},
        "spec": {
            "sourceRepos": [URL],
            "destinations": [DESTINATION],
            "clusterResourceWhitelist": [],
        },
    }
    return changed(item, **changes)


def hook(phase: str = "Failed") -> Json:
    return {"kind": "Job", "name": "migrate", "hookType": "PreSync", "hookPhase": phase,
            "message": "Job has reached the specified backoff limit"}  # fmt: skip


def applications(*items: Json) -> ApplicationsSeen:
    read = tuple(read_application(one) for one in items or (application(),))
    return ApplicationsSeen(listing=LISTING, applications=read)


def projects(*items: Json) -> ProjectsSeen:
    read = tuple(read_project(one) for one in items or (project(),))
    return ProjectsSeen(listing=LISTING, projects=read)
