"""What a registry shows of images: by tag and by digest, with the images of an index."""

from collections.abc import Iterable

from fixtures.registries import Manifest, NotThere, RegistryPlace
from fixtures.registries.client import registry_of
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
