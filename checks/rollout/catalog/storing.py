"""What has to hold of the images in a registry, as a pure function."""

from collections.abc import Iterator

from checks.rollout.catalog.stored import Stored, StoredImage
from checks.rollout.failures import Failure
from fixtures.registries import DOCKER_SCHEMA2, Manifest, NotThere


def wrongly_stored(stored: Stored) -> list[tuple[Failure, str]]:
    """Return the images that the registry has not got by the catalog's digest, or as schema 1."""
    return [found for one in stored.images for found in _wrong(one)]


def other_types(stored: Stored) -> list[str]:
    """Return the images that are of another type than Docker's second schema: to be told."""
    return [
        f"{one.service} is of the type {one.by_digest.media_type}"
        for one in stored.images
        if isinstance(one.by_digest, Manifest) and one.by_digest.media_type != DOCKER_SCHEMA2
    ]


def not_asked(stored: Stored) -> list[str]:
    """Return the images that this registry could not be asked for."""
    return [
        f"{one.service}: the catalog names no digest of it"
        if one.digest is None
        else f"{one.service}: its image is of another registry than {stored.registry}"
        for one in stored.images
        if one.by_digest is None
    ]


def _wrong(one: StoredImage) -> Iterator[tuple[Failure, str]]:
    image, tagged = one.by_digest, one.by_tag
    if isinstance(image, NotThere):
        yield Failure.DIGEST_ABSENT, f"{one.service}: {one.path}@{one.digest}: {image.code}"
    for seen in (tagged, image):
        if isinstance(seen, Manifest) and seen.form == "schema1":
            at = f"{one.path}:{one.tag}" if seen is tagged else f"{one.path}@{one.digest}"
            yield Failure.SCHEMA1_DIGEST, f"{one.service}: {at} is of the first schema"
    if isinstance(image, Manifest) and image.form != "schema1" and image.digest != one.digest:
        why = f"{one.service}: asked for {one.digest}, the bytes are {image.digest}"
        yield Failure.DIGEST_ABSENT, why
    if isinstance(tagged, NotThere):
        yield Failure.DIGEST_ABSENT, f"{one.service}: {one.path}:{one.tag}: {tagged.code}"
    elif isinstance(tagged, Manifest) and tagged.form != "schema1" and tagged.digest != one.digest:
        why = f"{one.service}: the tag {one.tag} is {tagged.digest}, the catalog has {one.digest}"
        yield Failure.DIGEST_ABSENT, why
    for seen in (tagged, image):
        lies = isinstance(seen, Manifest) and seen.declared not in (None, seen.digest)
        if lies and isinstance(seen, Manifest) and seen.form != "schema1":
            why = (
                f"{one.service}: the registry says {seen.declared} of bytes that are {seen.digest}"
            )
            yield Failure.DIGEST_ABSENT, why
