"""What a registry shows of images: by tag and by digest, with the images of an index."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.catalog.stored import Stored, StoredImage
from fixtures.github.ways import import_client
from fixtures.registries import Manifest, NotThere, RegistryPlace
from fixtures.registries.client import registry_of
from fixtures.registries.manifests import ACCEPT
from fixtures.registries.names import image_name
from fixtures.sightings import by_hand as repeated_by
from fixtures.sightings import prepared_by
from fixtures.vantages import Vantage

_MOST = 16
"""Images of one index that are asked for."""


async def show_images(
    place: RegistryPlace,
    vantage: Vantage,
    asked: Iterable[tuple[str, str]],
    *,
    deadline: float,
) -> tuple[Manifest | NotThere, ...]:
    """Ask a registry for manifests: each a repository's path there, and a tag or a digest.

    The images of an index are asked for too. Raises `VantageError` where nothing is known.
    """
    shown: dict[tuple[str, str], Manifest | NotThere] = {}
    async with registry_of(place, vantage, deadline=deadline) as registry:
        for path, reference in asked:
            if (path, reference) not in shown:
                shown[path, reference] = await registry.manifest(path, reference)
        for seen in tuple(shown.values()):
            for child in seen.children[:_MOST] if isinstance(seen, Manifest) else ():
                if (seen.repository, child.digest) not in shown:
                    found = await registry.manifest(seen.repository, child.digest)
                    shown[seen.repository, child.digest] = found
    return tuple(shown.values())


def path_in(place: RegistryPlace, repository: str | None) -> str | None:
    """Return a repository's path in the registry; None where it is of another one.

    A repository that names no registry is meant to be in the lane's own.
    """
    if repository is None:
        return None
    plain = repository.removeprefix(f"{place.name}/")
    named = image_name(repository)
    if plain != repository:
        return plain
    first = repository.partition("/")[0]
    implied = "." not in first and ":" not in first and first != "localhost"
    return repository if named is not None and implied else None


@repeated_by(
    lambda place: f"curl -sS -H 'Accept: {ACCEPT}' {place.url}/v2/REPOSITORY/manifests/REFERENCE"
)
@prepared_by(import_client)
async def look_at_images(
    place: RegistryPlace, vantage: Vantage, catalog: Catalog, *, deadline: float
) -> Stored:
    """Ask the registry for each image of the catalog, by its tag and by its digest."""
    at = datetime.now(UTC)
    paths = {one.service: path_in(place, one.repository) for one in catalog.services}
    asked = [
        (path, reference)
        for one in catalog.services
        if (path := paths[one.service]) is not None
        for reference in (one.tag, one.digest)
        if reference is not None
    ]
    shown = await show_images(place, vantage, asked, deadline=deadline)
    found = {(one.repository, one.reference): one for one in shown}
    images = tuple(_stored(one, paths[one.service], found) for one in catalog.services)
    return Stored(registry=place.name, commit=catalog.commit, images=images, shown=shown, at=at)


def _stored(
    one: Published, path: str | None, found: Mapping[tuple[str, str], Manifest | NotThere]
) -> StoredImage:
    return StoredImage(
        service=one.service,
        path=path,
        tag=one.tag,
        digest=one.digest,
        by_tag=found.get((path or "", one.tag or "")),
        by_digest=found.get((path or "", one.digest or "")),
    )
