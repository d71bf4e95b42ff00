"""What has to hold of a GitOps branch, as pure functions: its images, its paths, what lags."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from checks.rollout.catalog.manifests import ImageUse
from checks.rollout.catalog.scanned import Manifests, Promotions
from checks.rollout.catalog.seen import Catalog, Published
from checks.wire.globs import fits, named_so
from fixtures.registries.names import ImageName, image_name


def unpinned(images: Iterable[ImageUse], allowed: Sequence[str]) -> list[str]:
    """Return the images without a digest, but for those that may stand without one."""
    return [
        str(use)
        for use in images
        if not named_so(use.image, allowed)
        and ((named := image_name(use.image)) is None or named.digest is None)
    ]


def not_of_the_catalog(images: Iterable[ImageUse], catalog: Catalog) -> list[str]:
    """Return the images of the catalog's repositories whose digest is not the catalog's."""
    found = []
    for use in images:
        named = image_name(use.image)
        wanted = of_repository(named, catalog) if named else ()
        if wanted and named and named.digest not in {one.digest for one in wanted}:
            digests = " or ".join(one.digest or "none" for one in wanted)
            found.append(f"{use}; the catalog has {digests}")
    return found


def missing_from(images: Iterable[ImageUse], catalog: Catalog) -> list[str]:
    """Return the services of the catalog whose image no manifest runs."""
    digests = {named.digest for use in images if (named := image_name(use.image)) is not None}
    return [
        f"{one.service}: no manifest runs {one.digest}"
        for one in catalog.services
        if one.digest is not None and one.digest not in digests
    ]


def runs(manifests: Manifests, one: Published) -> bool | None:
    """Tell whether a manifest runs a service's image; None where not all could be read."""
    if one.digest is None:
        return None
    digests = {named.digest for use in manifests.images if (named := image_name(use.image))}
    return True if one.digest in digests else None if manifests.unread else False


def untrusted(images: Iterable[ImageUse], catalog: Catalog, allowed: Sequence[str]) -> list[str]:
    """Return the Jobs' images that are not the repository digest of a service of the catalog."""
    pinned = {one.digest for one in catalog.services if one.digest is not None}
    return [
        str(use)
        for use in images
        if use.is_job
        and not named_so(use.image, allowed)
        and ((named := image_name(use.image)) is None or named.digest not in pinned)
    ]


def digests_of(*catalogs: Catalog) -> frozenset[str]:
    """Return the digests of the images that catalogs name."""
    every = (one.digest for catalog in catalogs for one in catalog.services)
    return frozenset(one for one in every if one is not None)


def of_repository(named: ImageName, catalog: Catalog) -> tuple[Published, ...]:
    """Return the services of the catalog whose image is of the same repository."""
    return tuple(
        one
        for one in catalog.services
        if one.repository is not None
        and one.repository in {named.repository, named.path, f"{named.registry}/{named.path}"}
    )


def escaped(promotions: Promotions, allowed: Sequence[str]) -> list[str]:
    """Return the paths that commits of the branch changed, and no promotion may write."""
    return [
        f"{one.commit[:12]} changed {path}"
        for one in promotions.written
        for path in one.paths
        if not fits(path, allowed)
    ]


def writable(catalog: str | None, folder: str, generated: Sequence[str]) -> tuple[str, ...]:
    """Return what promotions may write, as globs."""
    return (*([catalog] if catalog else []), f"{folder.rstrip('/')}/**", *generated)


class Lag(StrEnum):
    """How far a rollout has come, where it has not arrived."""

    ALIGNED = "aligned"
    PUBLISH_DEFECT = "publish-defect"
    """The catalog names an image that the registry has not got, or no manifest runs it."""
    RUNTIME_LAG = "runtime-lag"
    """All is published, and what runs is older: applying it has to go on."""
    UNKNOWN = "unknown"


def lag_of(*, registry: bool | None, gitops: bool | None, runtime: bool | None) -> Lag:
    """Tell what lags, once the source is the catalog's: None is what nobody could look at.

    Each says whether it has the catalog's digest. What is upstream is told first: a runtime
    cannot have what was not published.
    """
    if registry is False or gitops is False:
        return Lag.PUBLISH_DEFECT
    if registry is None or gitops is None:
        return Lag.UNKNOWN
    if runtime is None:
        return Lag.UNKNOWN
    return Lag.ALIGNED if runtime else Lag.RUNTIME_LAG
