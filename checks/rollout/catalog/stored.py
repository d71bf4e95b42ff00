"""What a registry shows of the images that a catalog names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fixtures.registries import Manifest, NotThere
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A service's image, asked for by the catalog's tag and by its digest.

    None is what was not asked: the catalog names none, or an image of another registry.
    """

    service: str
    path: str | None
    """Of its repository in the registry."""
    tag: str | None
    digest: str | None
    by_tag: Manifest | NotThere | None
    by_digest: Manifest | NotThere | None


@observation
class Stored:
    """The images of a catalog as their registry shows them."""

    kind: Literal["registry-stored"] = "registry-stored"
    registry: str
    commit: str
    """That of the GitOps branch, whose catalog it was."""
    images: tuple[StoredImage, ...]
    shown: tuple[Manifest | NotThere, ...]
    """All that was asked for: the images of indexes too."""
    at: datetime

    @property
    def headline(self) -> str:
        there = sum(isinstance(one.by_digest, Manifest) for one in self.images)
        return f"{self.registry} has {there} of {len(self.images)} images by digest"

    def image(self, service: str) -> StoredImage | None:
        """Return a service's image; None where the catalog had no such service."""
        return next((one for one in self.images if one.service == service), None)


@dataclass(frozen=True, slots=True)
class Baked:
    """Something of the source that an image holds."""

    service: str
    where: str
    """A layer's digest, or `history` and the number of the line."""
    what: str

    def __str__(self) -> str:
        return f"{self.service}: {self.what} in {self.where}"


@observation
class LayersSeen:
    """What the histories and layers of a catalog's images hold of the source."""

    kind: Literal["image-layers"] = "image-layers"
    registry: str
    images: int
    layers: int
    baked: tuple[Baked, ...]
    unread: tuple[str, ...]
    """Layers that were not looked into, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.images} images, {self.layers} layers: {len(self.baked)} parts of the source"
