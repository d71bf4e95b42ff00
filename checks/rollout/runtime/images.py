"""What a registry shows of the images that run, where they are not plainly the published ones."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.rollout.catalog.identity import to_look_up
from checks.rollout.catalog.seen import Catalog
from checks.rollout.catalog.showing import show_images
from checks.rollout.runtime.seen import PodsSeen
from fixtures.registries import Manifest, NotThere, RegistryPlace
from fixtures.registries.names import image_name
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage, VantageError
from reports.codec import observation

_MOST = 64
"""Manifests that are asked for of one lane."""


@observation
class LiveImagesShown:
    """The manifests by which images can be compared. Times are UTC."""

    kind: Literal["live-images-shown"] = "live-images-shown"
    namespace: str
    shown: tuple[Manifest | NotThere, ...]
    unasked: str
    """Why the registry was not asked for what it had to be asked for; empty otherwise."""
    at: datetime

    @property
    def headline(self) -> str:
        told = f"; {self.unasked}" if self.unasked else ""
        return f"{len(self.shown)} manifests of images of {self.namespace} were needed{told}"


@dataclass(frozen=True, slots=True)
class LiveImagesOf:
    """A namespace, and the registry that knows its images; without one, `why` there is none."""

    namespace: str
    registry: RegistryPlace | None
    why: str = ""

    def __str__(self) -> str:
        return self.namespace


def _curl(of: LiveImagesOf) -> str:
    if of.registry is None:
        return "# the lane has no registry"
    accept = "application/vnd.docker.distribution.manifest.v2+json"
    return f"curl -sSI -H 'Accept: {accept}' {of.registry.url}/v2/REPOSITORY/manifests/DIGEST"


@by_hand(_curl)
async def show_live_images(
    of: LiveImagesOf, vantage: Vantage, catalog: Catalog, pods: PodsSeen, *, deadline: float
) -> LiveImagesShown:
    """Ask the registry for the manifests of what runs and of what was published.

    It is asked only where digests differ: equal ones need no proof. One that cannot be asked is
    told, and not raised: equal digests are equal without it.
    """
    at = datetime.now(UTC)
    asked = _to_ask(of.namespace, catalog, pods)
    if not asked:
        return LiveImagesShown(namespace=of.namespace, shown=(), unasked="", at=at)
    if of.registry is None:
        return LiveImagesShown(namespace=of.namespace, shown=(), unasked=of.why, at=at)
    try:
        shown = await show_images(of.registry, vantage, asked[:_MOST], deadline=deadline)
    except VantageError as error:
        return LiveImagesShown(namespace=of.namespace, shown=(), unasked=str(error), at=at)
    return LiveImagesShown(namespace=of.namespace, shown=shown, unasked="", at=at)


def _to_ask(namespace: str, catalog: Catalog, pods: PodsSeen) -> list[tuple[str, str]]:
    """Return the repositories and digests to ask for: of each pair that is not plainly equal.

    A pod's image is asked for in the repository of the service that it may be of.
    """
    live = sorted({state.image_id for pod in pods.inside(namespace) for state in pod.containers})
    published = {one.digest for one in catalog.services}
    asked: dict[tuple[str, str], None] = {}
    for running in live:
        named = image_name(running)
        if named is None or named.digest is None or named.digest in published:
            continue
        for one in catalog.services:
            if one.repository is None or one.digest is None:
                continue
            wanted = image_name(one.repository)
            if wanted is None or not (named.is_bare or named.path == wanted.path):
                continue
            wanted_name = f"{one.repository}@{one.digest}"
            asked |= dict.fromkeys(
                (wanted.path, digest) for digest in to_look_up(wanted_name, running)
            )
    return list(asked)
