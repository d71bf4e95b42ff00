"""What a lane's catalog, GitOps branch and registry offer to checks."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.catalog import sightings
from checks.rollout.pipeline.sightings import run_of
from checks.rollout.source.sightings import target_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer what is expected of a lane's catalog, branch and registry, and what is seen of them."""
    absent = isinstance(lane.catalog, Absent)
    return {
        "catalog_expected": lane.catalog,
        "gitops_expected": lane.gitops,
        "registry_expected": lane.registry,
        "gitops_head": sightings.gitops_of(profile, lane),
        "catalog": sightings.catalog_of(profile, lane),
        "catalog_at_mirror": sightings.catalog_at_mirror_of(profile, lane),
        "catalog_earlier": sightings.earlier_of(profile, lane),
        "catalog_standing": sightings.standing_of(profile, lane),
        "catalog_run": run_of(profile, lane),
        "catalog_target": lane.catalog if absent else target_of(profile, lane),
        "catalog_inputs": sightings.inputs_of(profile, lane),
        "catalog_specs": sightings.specs_of(profile, lane),
        "catalog_imagerefs": sightings.imagerefs_of(profile, lane),
        "catalog_layers": sightings.layers_of(profile, lane),
        "gitops_manifests": sightings.manifests_of(profile, lane),
        "gitops_promotions": sightings.promotions_of(profile, lane),
        "gitops_searched": sightings.searched_of(profile, lane),
        "gitops_rendered": sightings.rendered_of(profile, lane),
        "registry_stored": sightings.stored_of(profile, lane),
    }
