"""Lists of Tekton's objects, and of what lies around them: one for all lanes of a cluster."""

import functools
from dataclasses import dataclass, field

from checks.rollout.pipeline import beside
from checks.rollout.pipeline.listed import (
    AppliedSeen,
    Identities,
    PipelineRuns,
    TaskRuns,
    Volumes,
)
from checks.rollout.pipeline.projection import project_run, project_task_run
from checks.rollout.pipeline.specs import Kept
from checks.wire.clusters import kubectl, listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import kinds
from fixtures.clusters.asking import import_client
from fixtures.sightings import EXPECTED, L, by_hand, prepared_by
from fixtures.vantages import Vantage

Namespaces = tuple[str, ...]


def _of_kind(look: L) -> L:
    """Mark a probe that is told the kind that it lists."""

    def word(cluster: ClusterSpec, wanted: Namespaces, of: str) -> str:
        kind = kinds.BY_NAME[of]
        inside = ("-n", wanted[0]) if len(wanted) == 1 else ("--all-namespaces",)
        return kubectl(cluster, "get", kind.resource, *inside, "--show-managed-fields")

    prepared_by(import_client, unless=lambda cluster: cluster.snapshot is not None)(look)
    return by_hand(word, here=True)(look)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is kept of runs, if a lane judges it."""

    results: bool = field(default=True, metadata=EXPECTED)


@lists(kinds.PIPELINE_RUN)
async def list_runs(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: Namespaces,
    parts: Parts = Parts(),
    *,
    deadline: float,
) -> PipelineRuns:
    """List the PipelineRuns of some namespaces."""
    kept = Kept()
    project = functools.partial(project_run, kept=kept, results=parts.results)
    found = await listed(
        cluster, vantage, kinds.PIPELINE_RUN, namespaces, project, holed=True, deadline=deadline
    )
    return PipelineRuns(
        listing=found.listing, runs=found.items, specs=kept.pipelines, asides=found.asides
    )


@lists(kinds.TASK_RUN)
async def list_task_runs(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> TaskRuns:
    """List the TaskRuns of some namespaces that PipelineRuns made."""
    kept = Kept()
    project = functools.partial(project_task_run, kept=kept)
    found = await listed(
        cluster, vantage, kinds.TASK_RUN, namespaces, project, holed=True, deadline=deadline
    )
    return TaskRuns(
        listing=found.listing, task_runs=found.items, specs=kept.tasks, asides=found.asides
    )


@lists(kinds.PERSISTENT_VOLUME)
async def list_volumes(
    cluster: ClusterSpec, vantage: Vantage, _: None, *, deadline: float
) -> Volumes:
    """List the PersistentVolumes of a cluster."""
    found = await listed(
        cluster, vantage, kinds.PERSISTENT_VOLUME, None, beside.project_volume, deadline=deadline
    )
    return Volumes(listing=found.listing, volumes=found.items, asides=found.asides)


@_of_kind
async def list_identities(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, of: str, *, deadline: float
) -> Identities:
    """List the objects of a kind in some namespaces, by what they are told apart by."""
    found = await listed(
        cluster, vantage, kinds.BY_NAME[of], namespaces, beside.project_identity, deadline=deadline
    )
    return Identities(listing=found.listing, of=of, items=found.items, asides=found.asides)


@_of_kind
async def list_applied(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, of: str, *, deadline: float
) -> AppliedSeen:
    """List who wrote the objects of a kind, and how."""
    project = functools.partial(beside.project_applied, of=of)
    found = await listed(
        cluster, vantage, kinds.BY_NAME[of], namespaces, project, deadline=deadline
    )
    return AppliedSeen(listing=found.listing, objects=found.items, asides=found.asides)
