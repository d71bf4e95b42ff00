"""The nodes of a chain: what each asks for, how it makes its link of that, and what may move."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from checks.rollout.argo import chain as of_argo
from checks.rollout.argo.sightings import applications_of, revisions_of
from checks.rollout.argo.sightings import settled_of as settled_applications_of
from checks.rollout.catalog import chain as of_catalog
from checks.rollout.catalog import sightings as catalogs
from checks.rollout.catalog.scanned import Standing
from checks.rollout.catalog.seen import Catalog, Head, NoCatalog, NoHead
from checks.rollout.chain.linking import Node
from checks.rollout.failures import Failure
from checks.rollout.health import chain as of_health
from checks.rollout.health.sightings import healths_of
from checks.rollout.links import Link, State
from checks.rollout.mirror import chain as of_mirror
from checks.rollout.mirror import sightings as mirrors
from checks.rollout.pipeline import chain as of_pipeline
from checks.rollout.pipeline.conditions import State as RunState
from checks.rollout.pipeline.conditions import standing_of
from checks.rollout.pipeline.seen import NoRun, Run
from checks.rollout.pipeline.sightings import run_of
from checks.rollout.runtime import chain as of_runtime
from checks.rollout.runtime import sightings as runtimes
from checks.rollout.source import chain as of_source
from checks.rollout.source.seen import NoTarget, Target
from checks.rollout.source.sightings import target_of, worktree_of
from checks.wire.refs import RefsSeen
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

_COMMIT = re.compile(r"/[0-9a-f]{40}$")
Looked = Callable[[Profile, Lane], Sighting | tuple[Sighting, ...] | Absent]
ASKED: Mapping[str, Looked] = {
    "target": target_of,
    "worktree": worktree_of,
    "mirror_refs": mirrors.mirror_refs_of,
    "mirror_upstream": mirrors.upstream_of,
    "pipeline_run": run_of,
    "catalog": catalogs.catalog_of,
    "catalog_standing": catalogs.standing_of,
    "registry_stored": catalogs.stored_of,
    "gitops_head": catalogs.gitops_of,
    "gitops_manifests": catalogs.manifests_of,
    "applications": applications_of,
    "argo_revisions": revisions_of,
    "settled_applications": settled_applications_of,
    "live_workloads": runtimes.workloads_of,
    "live_replica_sets": runtimes.replica_sets_of,
    "live_pods": runtimes.pods_of,
    "live_images": runtimes.live_images_of,
    "settled_deployments": runtimes.settled_of,
    "healths": healths_of,
}
"""What is looked at of a lane, by what its nodes ask for it as."""


def _link_catalog(
    lane: Lane,
    catalog: Catalog | NoCatalog | None,
    standing: Standing | None,
    run: Run | NoRun | None,
) -> Link:
    """Return the catalog's link, beside the run: of an older commit it is late once that is over.

    A catalog of a later commit than the target, which contains it, is superseded.
    """
    link = of_catalog.link_catalog(lane, catalog, standing)
    is_over = isinstance(run, Run) and standing_of(run).state is RunState.SUCCEEDED
    if link.state is State.PENDING and is_over:
        why = "its run has succeeded, and the catalog is of an earlier commit"
        failure = Failure.CATALOG_SOURCE_MISMATCH
        mend = lane.next_for(failure, link.node)
        return replace(link, state=State.BROKEN, why=why, failure=failure, mend=mend)
    if link.state is State.AGREES and standing is not None and standing.stands == "newer":
        return replace(link, state=State.SUPERSEDED)
    return link


NODES: tuple[Node, ...] = (
    Node("source", ("target", "worktree"), of_source.link),
    Node(
        "mirror",
        ("target", "mirror_refs", "mirror_upstream"),
        of_mirror.link,
        "mirror",
        rests_on="mirror_refs",
    ),
    Node("pipeline", ("pipeline_run",), of_pipeline.link, "pipeline"),
    Node("catalog", ("catalog", "catalog_standing", "pipeline_run"), _link_catalog, "catalog"),
    Node("registry", ("registry_stored",), of_catalog.link_registry, "registry"),
    Node(
        "gitops", ("gitops_head", "gitops_manifests", "catalog"), of_catalog.link_gitops, "gitops"
    ),
    Node("argo", of_argo.ASKS, of_argo.link, "argo", frozenset({"settled_applications"})),
    Node(
        "runtime",
        of_runtime.ASKS,
        of_runtime.link,
        "runtime",
        frozenset({"live_workloads", "settled_deployments"}),
    ),
    Node("health", ("healths", "target"), of_health.link, "health", frozenset({"healths"})),
)
"""The nodes that lanes have, upstream first."""


def _of_target(seen: Target | NoTarget) -> Mapping[str, str]:
    """Read the tip of the branch; a snapshot's ref ends with its commit, which is no part of it."""
    if not isinstance(seen, Target):
        return {}
    branch = _COMMIT.sub("", seen.ref)
    return {f"{seen.repository} {branch}": seen.tip}


def _of_head(seen: Head | NoHead) -> Mapping[str, str]:
    return {f"{seen.repository} {seen.ref}": seen.commit} if isinstance(seen, Head) else {}


def _of_refs(seen: RefsSeen) -> Mapping[str, str]:
    return {f"{seen.repository} {one.name}": one.commit for one in seen.refs}


MOVING: Mapping[str, Callable[[Any], Mapping[str, str]]] = {
    "target": _of_target,
    "mirror_refs": _of_refs,
    "gitops_head": _of_head,
}
"""What may move while it is looked at, and how its refs are read."""
