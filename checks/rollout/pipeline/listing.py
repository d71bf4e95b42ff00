"""Lists of Tekton's objects, and of what lies around them: one for all lanes of a cluster."""

import functools
import shlex
from collections.abc import Callable

from checks.rollout.pipeline import beside
from checks.rollout.pipeline.listed import (
    AppliedSeen,
    Identities,
    PipelineRuns,
    RunPods,
    RunWarnings,
    TaskRuns,
    Volumes,
)
from checks.rollout.pipeline.projection import project_run, project_task_run
from checks.rollout.pipeline.specs import Kept
from config.clusters import ClusterSpec
from fixtures.clusters import kinds
from fixtures.clusters.kinds import Kind
from fixtures.clusters.opening import cluster_at
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage

Namespaces = tuple[str, ...]
_TEKTON = "tekton.dev"
APPLIED = {
    "Pipeline": Kind("Pipeline", _TEKTON, "v1", "pipelines"),
    "Task": Kind("Task", _TEKTON, "v1", "tasks"),
    "ServiceAccount": kinds.SERVICE_ACCOUNT,
    "ConfigMap": kinds.CONFIG_MAP,
    "Role": kinds.ROLE,
    "RoleBinding": kinds.ROLE_BINDING,
}
"""Kinds that a lane's control plane is applied as."""


def _kubectl(kind: Kind) -> Callable[..., str]:
    """Return what words the command that lists a kind by hand."""

    def word(spec: ClusterSpec, namespaces: Namespaces = (), *_: object) -> str:
        return _command(spec, kind, namespaces)

    return word


def _command(spec: ClusterSpec, kind: Kind, namespaces: Namespaces) -> str:
    if spec.snapshot is not None:
        return f"grep -rl 'kind: {kind}' {shlex.quote(spec.snapshot)}"
    argv = ["kubectl"]
    argv += ["--kubeconfig", spec.kubeconfig] if spec.kubeconfig else []
    argv += ["--context", spec.context] if spec.context else []
    where = ["-n", namespaces[0]] if len(namespaces) == 1 else ["-A"]
    return shlex.join(
        [*argv, "get", kind.resource, *(where if kind.namespaced else []), "-o", "yaml"]
    )


@by_hand(_kubectl(kinds.PIPELINE_RUN))
async def list_runs(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> PipelineRuns:
    """List the PipelineRuns of some namespaces."""
    kept = Kept()
    project = functools.partial(project_run, kept=kept)
    found = await cluster_at(spec, vantage).list_objects(
        kinds.PIPELINE_RUN, namespaces, project, deadline=deadline
    )
    return PipelineRuns(
        listing=found.listing, runs=found.items, specs=kept.pipelines, asides=found.asides
    )


@by_hand(_kubectl(kinds.TASK_RUN))
async def list_task_runs(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> TaskRuns:
    """List the TaskRuns of some namespaces that PipelineRuns made."""
    kept = Kept()
    project = functools.partial(project_task_run, kept=kept)
    found = await cluster_at(spec, vantage).list_objects(
        kinds.TASK_RUN, namespaces, project, deadline=deadline
    )
    return TaskRuns(
        listing=found.listing, task_runs=found.items, specs=kept.tasks, asides=found.asides
    )


@by_hand(_kubectl(kinds.POD))
async def list_pods(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> RunPods:
    """List the pods of TaskRuns."""
    found = await cluster_at(spec, vantage).list_objects(
        kinds.POD, namespaces, beside.project_pod, deadline=deadline
    )
    return RunPods(listing=found.listing, pods=found.items, asides=found.asides)


@by_hand(_kubectl(kinds.EVENT))
async def list_warnings(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> RunWarnings:
    """List the warnings that there are of runs and their pods."""
    found = await cluster_at(spec, vantage).list_objects(
        kinds.EVENT, namespaces, beside.project_warning, deadline=deadline
    )
    return RunWarnings(listing=found.listing, events=found.items, asides=found.asides)


@by_hand(_kubectl(kinds.PERSISTENT_VOLUME))
async def list_volumes(spec: ClusterSpec, vantage: Vantage, *, deadline: float) -> Volumes:
    """List the PersistentVolumes of a cluster."""
    found = await cluster_at(spec, vantage).list_objects(
        kinds.PERSISTENT_VOLUME, None, beside.project_volume, deadline=deadline
    )
    return Volumes(listing=found.listing, volumes=found.items, asides=found.asides)


@by_hand(lambda spec, namespaces, of: _command(spec, kinds.BY_NAME[of], namespaces))
async def list_identities(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, of: str, *, deadline: float
) -> Identities:
    """List the objects of a kind in some namespaces, by what they are told apart by."""
    found = await cluster_at(spec, vantage).list_objects(
        kinds.BY_NAME[of], namespaces, beside.project_identity, deadline=deadline
    )
    return Identities(listing=found.listing, of=of, items=found.items, asides=found.asides)


@by_hand(lambda spec, namespaces, of: _command(spec, APPLIED[of], namespaces))
async def list_applied(
    spec: ClusterSpec, vantage: Vantage, namespaces: Namespaces, of: str, *, deadline: float
) -> AppliedSeen:
    """List who wrote the objects of a kind, and how."""
    project = functools.partial(beside.project_applied, of=of)
    found = await cluster_at(spec, vantage).list_objects(
        APPLIED[of], namespaces, project, deadline=deadline
    )
    return AppliedSeen(listing=found.listing, objects=found.items, asides=found.asides)
