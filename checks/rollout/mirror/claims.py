"""The volume that a mirror's cache lies on, as the cluster has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from checks.wire.clusters import listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import Listing
from fixtures.clusters.kinds import PERSISTENT_VOLUME_CLAIM
from fixtures.vantages import Vantage
from reports.asides import Aside
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Claim:
    """A PersistentVolumeClaim: `phase` is Bound once there is a volume."""

    namespace: str
    name: str
    phase: str


@observation
class Claims:
    """The PersistentVolumeClaims of some namespaces."""

    kind: Literal["claims"] = "claims"
    listing: Listing
    items: tuple[Claim, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))


@lists(PERSISTENT_VOLUME_CLAIM)
async def list_claims(
    cluster: ClusterSpec, vantage: Vantage, namespaces: tuple[str, ...], *, deadline: float
) -> Claims:
    """List the claims of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        PERSISTENT_VOLUME_CLAIM,
        namespaces,
        _claim_of,
        holed=True,
        deadline=deadline,
    )
    return Claims(listing=found.listing, items=found.items, asides=found.asides)


def _claim_of(item: Mapping[str, Any]) -> Claim:
    metadata = item["metadata"]
    phase = (item.get("status") or {}).get("phase") or ""
    return Claim(metadata["namespace"], metadata["name"], phase)
