"""The links of a lane's catalog, registry and GitOps branch, of what was seen of them."""

from dataclasses import dataclass
from datetime import datetime

from checks.rollout.catalog.judging import incomplete
from checks.rollout.catalog.pinning import not_of_the_catalog, unpinned
from checks.rollout.catalog.scanned import Manifests, Standing
from checks.rollout.catalog.seen import Catalog, Head, NoCatalog, NoHead
from checks.rollout.catalog.stored import Stored
from checks.rollout.catalog.storing import not_asked, wrongly_stored
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from config.lanes import Lane
from config.lanes.catalog import Catalog as Expected
from config.lanes.catalog import GitOps
from config.model import Absent

CATALOG, REGISTRY, GITOPS = "catalog", "registry", "gitops"


@dataclass(frozen=True, slots=True)
class _Stands:
    """How a node stands, what was seen of it, and why it does not agree."""

    state: State
    observed: str
    why: str = ""
    failure: Failure | None = None


def link_catalog(
    lane: Lane, catalog: Catalog | NoCatalog | None, standing: Standing | None
) -> Link:
    """Return the catalog's link: it is there, whole, and of the commit that is to be proved.

    Each observation is None where the lane does not have it. `standing` is not there for a
    catalog that is not.
    """
    expected = f"a catalog of {standing.target}" if standing else "a catalog of the target"
    if isinstance(lane.catalog, Absent):
        return Link(CATALOG, State.ABSENT, expected, "", lane.catalog.absent)
    if catalog is None:
        return Link(CATALOG, State.UNKNOWN, expected, "", "it was not looked at")
    if isinstance(catalog, NoCatalog):
        stands = _Stands(State.BROKEN, catalog.why, catalog.why, Failure.CATALOG_MISSING)
    else:
        stands = _whole(catalog, lane.catalog) or _of_target(catalog, standing)
    evidence = f"{catalog.commit}:{catalog.path}"
    return _link(lane, CATALOG, expected, stands, evidence, at=catalog.at)


def _whole(catalog: Catalog, expected: Expected) -> _Stands | None:
    if not (found := incomplete(catalog, expected)):
        return None
    return _Stands(State.BROKEN, catalog.headline, "; ".join(found[:3]), Failure.CATALOG_INCOMPLETE)


def _of_target(catalog: Catalog, standing: Standing | None) -> _Stands:
    observed = f"of {catalog.source_commit or 'no commit it names'}"
    match standing.stands if standing else "unknown":
        case "same":
            return _Stands(State.AGREES, observed)
        case "newer":
            why = "it is of a later commit, whose history contains the target"
            return _Stands(State.SUPERSEDED, observed, why)
        case "older":
            return _Stands(State.PENDING, observed, "the target has not been promoted yet")
        case "apart":
            why = "neither commit is in the history of the other"
            return _Stands(State.BROKEN, observed, why, Failure.CATALOG_SOURCE_MISMATCH)
    why = standing.why if standing else "how it stands to the target was not looked at"
    return _Stands(State.UNKNOWN, observed, why)


def link_registry(lane: Lane, stored: Stored | None) -> Link:
    """Return the registry's link: it has each image of the catalog, by its digest."""
    expected = "each image of the catalog, by its digest"
    if isinstance(lane.registry, Absent):
        return Link(REGISTRY, State.ABSENT, expected, "", lane.registry.absent)
    if stored is None:
        return Link(REGISTRY, State.UNKNOWN, expected, "", "it was not looked at")
    observed = ", ".join(f"{one.service} {one.digest}" for one in stored.images)
    if found := wrongly_stored(stored):
        stands = _Stands(State.BROKEN, observed, found[0][1], found[0][0])
    elif unasked := not_asked(stored) or ([] if stored.images else ["the catalog has no image"]):
        stands = _Stands(State.UNKNOWN, observed, unasked[0])
    else:
        stands = _Stands(State.AGREES, observed)
    return _link(lane, REGISTRY, expected, stands, lane.registry.url, at=stored.at)


def link_gitops(
    lane: Lane,
    head: Head | NoHead | None,
    manifests: Manifests | None,
    catalog: Catalog | NoCatalog | None,
) -> Link:
    """Return the GitOps branch's link: its manifests run the catalog's images, by digest."""
    expected = "manifests that pin the catalog's digests"
    if isinstance(lane.gitops, Absent):
        return Link(GITOPS, State.ABSENT, expected, "", lane.gitops.absent)
    if isinstance(head, NoHead):
        stands = _Stands(State.BROKEN, head.headline, head.headline, Failure.GITOPS_MISSING)
        return _link(lane, GITOPS, expected, stands, head.ref, at=head.at)
    if head is None or manifests is None:
        return Link(GITOPS, State.UNKNOWN, expected, "", "it was not looked at")
    stands = _pinned(head, manifests, catalog, lane.gitops)
    return _link(lane, GITOPS, expected, stands, f"{head.commit}:{manifests.path}", at=head.at)


def _pinned(
    head: Head, manifests: Manifests, catalog: Catalog | NoCatalog | None, expected: GitOps
) -> _Stands:
    if not manifests.files:
        why = f"there are no manifests below {manifests.path}"
        return _Stands(State.BROKEN, head.commit, why, Failure.GITOPS_MISSING)
    if loose := unpinned(manifests.images, expected.unpinned):
        return _Stands(State.BROKEN, head.commit, loose[0], Failure.UNPINNED_IMAGE)
    other = not_of_the_catalog(manifests.images, catalog) if isinstance(catalog, Catalog) else None
    if other:
        return _Stands(State.BROKEN, head.commit, other[0], Failure.MANIFEST_CATALOG_MISMATCH)
    if manifests.unread:
        why = f"not all of them could be read: {manifests.unread[0]}"
        return _Stands(State.UNKNOWN, head.commit, why)
    return _Stands(State.AGREES, head.commit)


def _link(
    lane: Lane, node: str, expected: str, stands: _Stands, evidence: str, *, at: datetime
) -> Link:
    mend = ""
    if stands.state in {State.BROKEN, State.PENDING, State.UNKNOWN}:
        keys = [stands.failure] if stands.failure else ["pending"]
        mend = lane.next_for(*keys, node)
    failure = stands.failure or ""
    return Link(
        node, stands.state, expected, stands.observed, stands.why, failure, evidence, mend, at
    )
