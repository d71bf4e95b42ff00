"""Sightings of a lane's catalog, GitOps branch and registry, which nodes share."""

from checks.rollout.catalog.layers import Sought, look_at_layers
from checks.rollout.catalog.probe import (
    Branch,
    look_at_catalog,
    look_at_catalog_there,
    look_at_earlier_catalogs,
    look_at_head,
)
from checks.rollout.catalog.rendering import Rendering, render
from checks.rollout.catalog.scanning import (
    look_at_manifests,
    look_at_promotions,
    search_for_secrets,
)
from checks.rollout.catalog.showing import look_at_images
from checks.rollout.catalog.sourcing import (
    look_at_inputs,
    look_at_standing,
    read_imagerefs,
    read_specs,
)
from checks.rollout.places import vantage_of
from checks.rollout.source.sightings import target_of
from config.lanes import Lane
from config.lanes.catalog import Catalog, GitOps, Registry
from config.model import Absent
from config.schema import Profile
from fixtures.registries import place_of
from fixtures.sightings import Look, Sighting

ASKING = 60.0
"""Seconds that git, or a registry, may take for what is asked of it."""
SEARCHING = 180.0
"""Seconds that a whole branch may take to be read."""


def branch_of(gitops: GitOps) -> Branch:
    """Return the GitOps branch, by its ref's full name."""
    ref = gitops.branch if gitops.branch.startswith("refs/") else f"refs/heads/{gitops.branch}"
    return Branch(gitops.repository, ref)


def gitops_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the GitOps branch's commit: a `Head`, or `NoHead`."""
    if isinstance(lane.gitops, Absent):
        return lane.gitops
    branch = branch_of(lane.gitops)
    return Sighting(look_at_head, branch, vantage_of(profile, lane.vantage), deadline=ASKING)


def catalog_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the catalog at the head of that branch: a `Catalog`, `NoCatalog`."""
    both = _both(lane)
    if isinstance(both, Absent):
        return both
    catalog, gitops = both
    return _on_branch(profile, lane, gitops, catalog, look_at_catalog)


def catalog_at_mirror_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the catalog where plans read it: of the mirror's own branch."""
    both = _both(lane)
    if isinstance(both, Absent):
        return both
    if isinstance(lane.mirror, Absent):
        return lane.mirror
    catalog, gitops = both
    there = gitops.model_copy(update={"repository": lane.mirror.repository})
    return _on_branch(profile, lane, there, catalog, look_at_catalog_there)


def _on_branch(
    profile: Profile, lane: Lane, gitops: GitOps, catalog: Catalog, look: Look
) -> Sighting:
    vantage, branch = vantage_of(profile, lane.vantage), branch_of(gitops)
    head = Sighting(look_at_head, branch, vantage, deadline=ASKING)
    return Sighting(look, branch, vantage, (catalog.path,), (head,), deadline=ASKING)


def earlier_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the catalogs that stood there before."""
    both = _both(lane)
    if isinstance(both, Absent):
        return both
    catalog, gitops = both
    vantage, branch = vantage_of(profile, lane.vantage), branch_of(gitops)
    head = Sighting(look_at_head, branch, vantage, deadline=ASKING)
    arguments = (catalog.path, catalog.earlier)
    needs = (head,)
    return Sighting(look_at_earlier_catalogs, branch, vantage, arguments, needs, deadline=ASKING)


def manifests_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the manifests below the lane's folder."""
    gitops, head = lane.gitops, gitops_of(profile, lane)
    if isinstance(gitops, Absent) or isinstance(head, Absent):
        return _absent(gitops, head)
    vantage, arguments = vantage_of(profile, lane.vantage), (gitops.path, gitops.installers)
    branch = branch_of(gitops)
    return Sighting(look_at_manifests, branch, vantage, arguments, (head,), deadline=SEARCHING)


def promotions_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the commits since the catalog before the present one.

    Of a lane without a catalog, they are those since its manifests were written before.
    """
    if isinstance(lane.gitops, Absent):
        return lane.gitops
    vantage, branch = vantage_of(profile, lane.vantage), branch_of(lane.gitops)
    head, earlier = (
        Sighting(look_at_head, branch, vantage, deadline=ASKING),
        earlier_of(profile, lane),
    )
    if isinstance(earlier, Absent):
        asked = (lane.gitops.path, 1)
        earlier = Sighting(look_at_earlier_catalogs, branch, vantage, asked, (head,), ASKING)
    needs = (head, earlier)
    return Sighting(look_at_promotions, branch, vantage, needs=needs, deadline=ASKING)


def searched_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the whole branch, searched for secrets."""
    head, promotions = gitops_of(profile, lane), promotions_of(profile, lane)
    if isinstance(lane.gitops, Absent) or isinstance(head, Absent):
        return _absent(lane.gitops, head)
    if isinstance(promotions, Absent):
        return promotions
    vantage, branch = vantage_of(profile, lane.vantage), branch_of(lane.gitops)
    needs = (head, promotions)
    return Sighting(search_for_secrets, branch, vantage, needs=needs, deadline=SEARCHING)


def stored_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the catalog's images in their registry."""
    catalog = catalog_of(profile, lane)
    if isinstance(lane.registry, Absent) or isinstance(catalog, Absent):
        return _absent(lane.registry, catalog)
    vantage, place = vantage_of(profile, lane.vantage), place_of(lane.registry)
    return Sighting(look_at_images, place, vantage, needs=(catalog,), deadline=ASKING)


def layers_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of what the images' layers hold, where the lane asks for it."""
    catalog = catalog_of(profile, lane)
    if isinstance(lane.registry, Absent) or isinstance(catalog, Absent):
        return _absent(lane.registry, catalog)
    layers = Absent(absent="") if isinstance(lane.catalog, Absent) else lane.catalog.layers
    if isinstance(layers, Absent):
        return layers
    vantage, place = vantage_of(profile, lane.vantage), place_of(lane.registry)
    sought = Sought(layers.baked, layers.allowed, layers.largest)
    return Sighting(look_at_layers, place, vantage, (sought,), (catalog,), deadline=SEARCHING)


def standing_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of how the catalog's commit stands to the target."""
    catalog = catalog_of(profile, lane)
    if isinstance(catalog, Absent):
        return catalog
    needs = (target_of(profile, lane), catalog)
    vantage, source = vantage_of(profile, lane.vantage), source_at(lane)
    return Sighting(look_at_standing, source, vantage, needs=needs, deadline=ASKING)


def inputs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the identity's inputs that changed since the catalog before."""
    catalog, earlier = catalog_of(profile, lane), earlier_of(profile, lane)
    if isinstance(lane.catalog, Absent) or isinstance(catalog, Absent):
        return _absent(lane.catalog, catalog)
    if isinstance(earlier, Absent) or not lane.catalog.identity_inputs:
        return _absent(earlier, Absent(absent="the lane names no inputs of its identities"))
    vantage, source = vantage_of(profile, lane.vantage), source_at(lane)
    arguments, needs = (lane.catalog.identity_inputs,), (catalog, earlier)
    return Sighting(look_at_inputs, source, vantage, arguments, needs, deadline=ASKING)


def specs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the source tree's specs with an imageRef."""
    if isinstance(lane.catalog, Absent):
        return lane.catalog
    if not lane.catalog.specs:
        return Absent(absent="the lane names no files of specs with an imageRef")
    vantage, source = vantage_of(profile, lane.vantage), source_at(lane)
    arguments, needs = (lane.catalog.specs,), (target_of(profile, lane),)
    return Sighting(read_specs, source, vantage, arguments, needs, deadline=ASKING)


def imagerefs_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the catalog's Dockerfiles at the mirror."""
    catalog = catalog_of(profile, lane)
    if isinstance(lane.mirror, Absent) or isinstance(catalog, Absent):
        return _absent(lane.mirror, catalog)
    urls = (lane.mirror.read_url, lane.mirror.upstream, lane.source.repository)
    same = tuple(url for url in urls if url is not None)
    vantage, mirror = vantage_of(profile, lane.vantage), lane.mirror.repository
    return Sighting(read_imagerefs, mirror, vantage, (same,), (catalog,), deadline=ASKING)


def rendered_of(profile: Profile, lane: Lane) -> Sighting | Absent:
    """Return the sighting of the manifests as the lane's own command renders them."""
    head, catalog = gitops_of(profile, lane), catalog_of(profile, lane)
    if isinstance(lane.gitops, Absent) or isinstance(head, Absent):
        return _absent(lane.gitops, head)
    if isinstance(lane.gitops.render, Absent) or isinstance(catalog, Absent):
        return _absent(lane.gitops.render, catalog)
    rendering, vantage = lane.gitops.render, vantage_of(profile, lane.vantage)
    asked = Rendering(source_at(lane), lane.gitops.path, rendering.argv, rendering.ignored)
    return Sighting(
        render,
        branch_of(lane.gitops),
        vantage,
        (asked,),
        (head, catalog),
        deadline=rendering.deadline,
        takes=rendering.deadline,
    )


def source_at(lane: Lane) -> str:
    """Return where the source's history is asked for: the mirror, if its snapshots count."""
    snapshots = lane.source.authority == "snapshot" and not isinstance(lane.mirror, Absent)
    if snapshots and not isinstance(lane.mirror, Absent):
        return lane.mirror.repository
    return lane.source.repository


def _both(lane: Lane) -> tuple[Catalog, GitOps] | Absent:
    if isinstance(lane.catalog, Absent) or isinstance(lane.gitops, Absent):
        return _absent(lane.catalog, lane.gitops)
    return lane.catalog, lane.gitops


def _absent(*every: Sighting | Absent | Catalog | GitOps | Registry | object) -> Absent:
    """Return the first that is absent."""
    return next(one for one in every if isinstance(one, Absent))
