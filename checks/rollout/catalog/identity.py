"""Whether two names of images are the same image: judged by what a registry showed of them.

What a pod reports may be the digest of an index where the catalog has that of one platform's
manifest, or a container runtime's bare id, which is the digest of a configuration. So equal is
what is equal, or is proved to be by a manifest; different is only what was seen to be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fixtures.registries import Manifest, NotThere
from fixtures.registries.names import ImageName, image_name


class Sameness(StrEnum):
    """How two images stand to each other."""

    EQUAL = "equal"
    INDEX_CHILD = "index-child-equal"
    """One is an index, and the other an image of it."""
    CONFIG = "config-equal"
    """One is the configuration that the other's manifest names."""
    MISMATCH = "mismatch"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Identity:
    """What came of comparing two images, and what proves it or is missing."""

    sameness: Sameness
    why: str

    @property
    def is_same(self) -> bool:
        """Whether they were proved to be the same image."""
        return self.sameness in {Sameness.EQUAL, Sameness.INDEX_CHILD, Sameness.CONFIG}


Shown = Iterable[Manifest | NotThere]
"""What a registry showed: by tag or by digest, of either image, and of an index's children."""


def identify(wanted: str, live: str, shown: Shown = ()) -> Identity:
    """Compare two images by their digests; each is a name with a digest, or a bare id.

    `wanted` is what a catalog or a manifest pins, `live` what a pod reports as its `imageID`
    (a scheme such as `docker-pullable://` before it is left off). A tag says nothing of what
    runs: a name without a digest is inconclusive.
    """
    one, other = _digest_of(wanted), _digest_of(live)
    for text, digest in ((wanted, one), (live, other)):
        if digest is None:
            return Identity(
                Sameness.INCONCLUSIVE, f"{text or 'nothing'} names no digest, and a tag may move"
            )
    if one is None or other is None or one == other:
        return Identity(Sameness.EQUAL, f"both are {one}")
    every = tuple(shown)
    seen = {manifest.digest: manifest for manifest in every if isinstance(manifest, Manifest)}
    gone = {there.reference for there in every if isinstance(there, NotThere)}
    return (
        _by_index(one, other, seen)
        or _by_index(other, one, seen)
        or _by_config(one, other, seen)
        or _by_config(other, one, seen)
        or _apart(one, other, seen, gone, bare=_is_bare(live))
    )


def to_look_up(wanted: str, live: str) -> tuple[str, ...]:
    """Return the digests that a registry has to be asked for before the two can be compared."""
    one, other = _digest_of(wanted), _digest_of(live)
    if one is None or other is None or one == other:
        return ()
    return (one, other)


def _digest_of(text: str) -> str | None:
    named = image_name(text)
    return named.digest if named else None


def _is_bare(text: str) -> bool:
    named: ImageName | None = image_name(text)
    return named is not None and named.is_bare


def _by_index(index: str, child: str, seen: Mapping[str, Manifest]) -> Identity | None:
    manifest = seen.get(index)
    if manifest is None or manifest.form != "index":
        return None
    for one in manifest.children:
        if one.digest == child:
            of = f" for {one.platform}" if one.platform else ""
            return Identity(Sameness.INDEX_CHILD, f"the index {index} names {child}{of}")
    return None


def _by_config(digest: str, config: str, seen: Mapping[str, Manifest]) -> Identity | None:
    """Prove that a configuration is that of a manifest, or of an index's image."""
    for one in _images_of(digest, seen):
        if one.config == config:
            by = "" if one.digest == digest else f", of which the index {digest} names the manifest"
            return Identity(Sameness.CONFIG, f"{config} is the config of {one.digest}{by}")
    return None


def _images_of(digest: str, seen: Mapping[str, Manifest]) -> tuple[Manifest, ...]:
    """Return the manifests of images that a digest stands for, as far as they were seen."""
    manifest = seen.get(digest)
    if manifest is None:
        return ()
    if manifest.form != "index":
        return (manifest,)
    return tuple(seen[one.digest] for one in manifest.children if one.digest in seen)


def _apart(
    one: str, other: str, seen: Mapping[str, Manifest], gone: set[str], *, bare: bool
) -> Identity:
    """Tell two digests apart that nothing has joined: different only if all of them was seen.

    A bare id is no manifest of a registry where that has none: it is a configuration then, and
    those of the wanted image were all compared. A digest that the registry has no more could
    have been an index of the other image.
    """
    unseen = [digest for digest in (one, other) if not _is_whole(digest, seen)]
    if one in unseen or (unseen and not (bare and other in gone)):
        words = "; ".join(_missing(digest, seen, gone) for digest in unseen)
        return Identity(Sameness.INCONCLUSIVE, f"{other} is not {one}, and {words}")
    kind = "is no manifest of the registry, and no config of it" if unseen else "is another image"
    return Identity(Sameness.MISMATCH, f"{other} {kind}: wanted is {one}")


def _is_whole(digest: str, seen: Mapping[str, Manifest]) -> bool:
    """Tell whether a digest's manifest was seen, and those of all its children: images, all."""
    manifest = seen.get(digest)
    return manifest is not None and all(
        one.digest in seen and seen[one.digest].form != "index" for one in manifest.children
    )


def _missing(digest: str, seen: Mapping[str, Manifest], gone: set[str]) -> str:
    if digest in gone:
        return f"the registry has no {digest} by which they could be compared"
    if digest in seen:
        return f"not all images of the index {digest} were seen"
    return f"the manifest of {digest} was not seen"
