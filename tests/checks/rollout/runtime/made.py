"""Observations of what runs, made of objects as they are written, and the lane that they are of."""

from typing import Any

from checks.rollout.runtime import reading_objects as read
from checks.rollout.runtime import seen, seen_beside
from checks.rollout.source.seen import Target
from config.lanes import Lane
from fixtures.clusters import Listing
from tests.checks.rollout.lanes import NONE, lane
from tests.checks.rollout.runtime.written import (
    COMMIT,
    NAMESPACE,
    NOW,
    Json,
    deployment,
    pod,
    replica_set,
)

LISTING = Listing("g14", "objects", (NAMESPACE,), 1, "1", ("GET",), NOW)
NEXT = {"runtime": "agentrun v01 restart --confirm", "argo": "agentrun v01 refresh --confirm"}
RUNTIME: dict[str, Any] = {
    "namespace": NAMESPACE,
    "workloads": [
        {
            "name": "agentrun-mgr",
            "service": "agentrun-mgr",
            "commit_env": "AGENTRUN_BOOT_COMMIT",
        }
    ],
    "prefix": "agentrun-v01",
    "runner": NONE,
}
ARGO = {"application": "agentrun-g14-v01", "project": "agentrun-v01", "destination": NAMESPACE}


def a_lane(**runtime: Any) -> Lane:
    """Return a lane with that runtime, changed so, and an Argo CD."""
    return lane(runtime=RUNTIME | runtime, argo=ARGO, next=NEXT)


def deployments(*items: Json) -> seen.DeploymentsSeen:
    every = items or (deployment(),)
    return seen.DeploymentsSeen(listing=LISTING, items=tuple(map(read.read_deployment, every)))


def settled(*items: Json, after: float = 5.0) -> seen.SettledDeployments:
    read_items = tuple(map(read.read_deployment, items or (deployment(),)))
    return seen.SettledDeployments(listing=LISTING, items=read_items, after=after)


def stateful_sets(*items: Json) -> seen.StatefulSetsSeen:
    return seen.StatefulSetsSeen(listing=LISTING, items=tuple(map(read.read_stateful_set, items)))


def daemon_sets(*items: Json) -> seen.DaemonSetsSeen:
    return seen.DaemonSetsSeen(listing=LISTING, items=tuple(map(read.read_daemon_set, items)))


def replica_sets(*items: Json) -> seen.ReplicaSetsSeen:
    every = items or (replica_set(),)
    return seen.ReplicaSetsSeen(listing=LISTING, items=tuple(map(read.read_replica_set, every)))


def pods(*items: Json) -> seen.PodsSeen:
    every = items or (pod(), pod("agentrun-mgr-7c9f-z9w8q"))
    return seen.PodsSeen(listing=LISTING, items=tuple(map(read.read_pod, every)))


def jobs(*items: Json) -> seen.JobsSeen:
    return seen.JobsSeen(listing=LISTING, items=tuple(map(read.read_job, items)))


def namespaces(*items: Json) -> seen.NamespacesSeen:
    return seen.NamespacesSeen(listing=LISTING, items=tuple(map(read.read_space, items)))


def events(*items: Json) -> seen_beside.EventsSeen:
    return seen_beside.EventsSeen(listing=LISTING, items=tuple(map(read.read_event, items)))


def services(*items: Json) -> seen_beside.ServicesSeen:
    return seen_beside.ServicesSeen(listing=LISTING, items=tuple(map(read.read_service, items)))


def ingresses(*items: Json) -> seen_beside.IngressesSeen:
    return seen_beside.IngressesSeen(listing=LISTING, items=tuple(map(read.read_ingress, items)))


def role_bindings(*items: Json) -> seen_beside.RoleBindingsSeen:
    read_items = tuple(map(read.read_binding, items))
    return seen_beside.RoleBindingsSeen(listing=LISTING, items=read_items)


def cluster_role_bindings(*items: Json) -> seen_beside.ClusterRoleBindingsSeen:
    read_items = tuple(map(read.read_binding, items))
    return seen_beside.ClusterRoleBindingsSeen(listing=LISTING, items=read_items)


def accounts(*items: Json) -> seen_beside.AccountsSeen:
    return seen_beside.AccountsSeen(listing=LISTING, items=tuple(map(read.read_named, items)))


def claims(*items: Json) -> seen_beside.ClaimsSeen:
    return seen_beside.ClaimsSeen(listing=LISTING, items=tuple(map(read.read_named, items)))


def config_maps(*items: Json) -> seen_beside.ConfigMapsSeen:
    return seen_beside.ConfigMapsSeen(listing=LISTING, items=tuple(map(read.read_named, items)))


def target(commit: str = COMMIT, tip: str | None = None, ancestry: Any = "same") -> Target:
    return Target(
        repository="/nowhere/source.git",
        commit=commit,
        tip=tip or commit,
        ref="refs/heads/v0.1",
        authority="worktree",
        asked=tip is not None,
        ancestry=ancestry,
        why="",
        at=NOW,
    )
