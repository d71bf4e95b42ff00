"""What an image's history and layers hold of the source: an environment must not hold any."""

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.catalog.showing import path_in
from checks.rollout.catalog.stored import Baked, LayersSeen
from checks.wire.globs import fits
from fixtures.clusters.plain_json import read_json
from fixtures.github.ways import import_client
from fixtures.github.words import shown
from fixtures.registries import Layer, Manifest, NotThere, RegistryPlace
from fixtures.registries.client import RegistryClient, registry_of
from fixtures.registries.names import is_digest
from fixtures.sightings import prepared_by
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread

_CONFIG = 4 * 1024 * 1024
_MIB = 1024 * 1024
_UNPACKED = 2048 * _MIB
_ENTRIES = 500_000
_SHORT = 12
"""Digits of a commit id that stand for it."""
_FEW = 20
"""Findings of one layer that are told."""
_COPIES = re.compile(r"\b(?:COPY|ADD)\b(?P<what>[^#]*)")


@dataclass(frozen=True, slots=True)
class Sought:
    """Paths of the source in an image; `largest` is in MiB, of a layer as it is packed."""

    baked: tuple[str, ...]
    allowed: tuple[str, ...]
    largest: int


@dataclass(slots=True)
class _Look:
    """A look into the images of a catalog, and what was found so far."""

    registry: RegistryClient
    sought: Sought
    commit: str | None
    deadline: float
    found: list[Baked] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    layers: set[str] = field(default_factory=set)

    async def into(self, one: Published, path: str) -> None:
        manifests, unseen = await _manifests(self.registry, path, one.digest or "")
        self.unread += [f"{one.service}: {why}" for why in unseen]
        for manifest in manifests:
            history = await _of_history(
                self.registry, manifest, one, self.sought.baked, self.commit
            )
            if isinstance(history, str):
                self.unread.append(f"{one.service}: {manifest.digest}: {history}")
            else:
                self.found += history
            for layer in manifest.layers:
                if layer.digest not in self.layers:
                    self.layers.add(layer.digest)
                    await self._into(one.service, path, layer)

    async def _into(self, service: str, path: str, layer: Layer) -> None:
        names = await _names(self.registry, path, layer, self.sought.largest, self.deadline)
        if isinstance(names, str):
            self.unread.append(f"{service}: {layer.digest}: {names}")
        else:
            self.found += _of_names(service, layer.digest, names, self.sought)


@prepared_by(import_client)
async def look_at_layers(
    place: RegistryPlace, vantage: Vantage, sought: Sought, catalog: Catalog, *, deadline: float
) -> LayersSeen:
    """Look into the images of the catalog, each once."""
    at = datetime.now(UTC)
    images = {one.digest: one for one in reversed(catalog.services) if one.digest is not None}
    async with registry_of(place, vantage, deadline=deadline) as registry:
        look = _Look(registry, sought, catalog.source_commit, deadline)
        for one in images.values():
            path = path_in(place, one.repository)
            if path is None:
                look.unread.append(f"{one.service}: its image is of another registry")
            else:
                await look.into(one, path)
    return LayersSeen(
        registry=place.name,
        images=len(images),
        layers=len(look.layers),
        baked=tuple(look.found),
        unread=tuple(look.unread),
        at=at,
    )


async def _manifests(
    registry: RegistryClient, path: str, digest: str
) -> tuple[list[Manifest], list[str]]:
    """Return the manifest of a digest, or those of an index's images; and what was not seen."""
    seen = await registry.manifest(path, digest)
    if isinstance(seen, NotThere):
        raise SourceError(
            f"{registry.place} has no {path}@{digest}, so its layers cannot be looked into",
            "see check_images_are_in_the_registry",
        )
    if seen.form != "index":
        return ([seen], []) if seen.form == "image" else ([], [f"{digest} is of the first schema"])
    images: list[Manifest] = []
    unseen = [f"the index {digest} names no image"] if not seen.children else []
    for one in seen.children[:_FEW]:
        child = await registry.manifest(path, one.digest)
        if isinstance(child, Manifest) and child.form == "image":
            images.append(child)
        else:
            what = child.form if isinstance(child, Manifest) else "not there"
            unseen.append(f"{one.digest}, of the index {digest}, is {what}, and no image")
    left = len(seen.children) - _FEW
    if left > 0:
        unseen.append(f"{left} more images of the index {digest} were not looked into")
    return images, unseen


async def _of_history(
    registry: RegistryClient,
    manifest: Manifest,
    one: Published,
    baked: Iterable[str],
    commit: str | None,
) -> list[Baked] | str:
    """Find what the history copied of the source, and a commit that the config names.

    Returns why where there is no config to look into.
    """
    if manifest.config is None:
        return "it names no config by a digest that is read here"
    config = await registry.blob(manifest.repository, manifest.config, limit=_CONFIG)
    if isinstance(config, NotThere):
        return f"the registry has no config {manifest.config}"
    found = []
    if commit is not None and commit[:_SHORT].encode() in config:
        found.append(Baked(one.service, f"the config {manifest.config}", f"the commit {commit}"))
    words = {part for glob in baked for part in glob.split("/") if part and "*" not in part}
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, words)) or '$^'})(?![\w.-])")
    for at, line in enumerate(_history(config), 1):
        copied = _COPIES.search(line)
        if copied is not None and pattern.search(copied["what"]):
            found.append(Baked(one.service, f"history {at}", shown(copied[0], 120)))
    return found


def _history(config: bytes) -> Iterator[str]:
    try:
        listed = read_json(config).get("history") or []
        for one in listed:
            if isinstance(one, dict) and isinstance(one.get("created_by"), str):
                yield one["created_by"]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return


async def _names(
    registry: RegistryClient, path: str, layer: Layer, largest: int, deadline: float
) -> list[str] | str:
    """Return the paths in a layer, or why it was not looked into."""
    if not is_digest(layer.digest):
        return "its digest is of a kind that is not read here"
    if layer.size > largest * _MIB:
        return f"it is larger than {largest} MiB"
    content = await registry.blob(path, layer.digest, limit=largest * _MIB)
    if isinstance(content, NotThere):
        return "the registry has no such layer"
    try:
        return await in_thread(lambda: _listed(content), deadline=deadline)
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        return f"it is no tar archive that can be read here: {shown(str(error), 100)}"


def _listed(content: bytes) -> list[str]:
    packed = content[:2] == b"\x1f\x8b"
    stream = gzip.GzipFile(fileobj=io.BytesIO(content)) if packed else io.BytesIO(content)
    names: list[str] = []
    with tarfile.open(fileobj=_Bounded(stream), mode="r|") as archive:
        for entry in archive:
            names.append(entry.name.removeprefix("./").lstrip("/"))
            if len(names) > _ENTRIES:
                raise tarfile.ReadError(f"more than {_ENTRIES} entries")
    return names


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where more comes out of it than anybody wants to read."""

    def __init__(self, stream: "gzip.GzipFile | io.BytesIO") -> None:
        super().__init__()
        self._stream = stream
        self._left = _UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise tarfile.ReadError(f"more than {_UNPACKED} bytes when it is unpacked")
        return piece


def _of_names(service: str, layer: str, names: Iterable[str], sought: Sought) -> list[Baked]:
    meant = [name for name in names if fits(name, sought.baked) and not fits(name, sought.allowed)]
    return [Baked(service, f"the layer {layer}", shown(name, 200)) for name in meant[:_FEW]]
