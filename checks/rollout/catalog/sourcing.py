"""Looking at the source of what a catalog names: its commit, its inputs, its Dockerfiles."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from checks.rollout.catalog.manifests import SUFFIXES, NoDocumentsError, Spec, read_manifests
from checks.rollout.catalog.scanned import (
    ImageRefsRead,
    InputsChanged,
    NoInputs,
    Readable,
    Specs,
    Standing,
    Stands,
)
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs, ImageRef
from checks.rollout.source.seen import Target
from checks.wire.globs import fits
from checks.wire.objects import LINKS, Objects, objects_of
from fixtures.vantages import SourceError, Vantage

_NO_COMMIT = re.compile(
    r"not our ref|unadvertised object|bad object|not a valid object|not a tree object"
    r"|bad revision|unable to read|could not get object",
    re.IGNORECASE,
)
_OWN = re.compile(r"([^/:]+)/([^/]+?)(?:\.git)?/*$")


async def look_at_standing(
    repository: str, vantage: Vantage, target: Target, catalog: Catalog, *, deadline: float
) -> Standing:
    """Ask the history how the catalog's source commit stands to the target."""
    at = datetime.now(UTC)
    commit = catalog.source_commit
    stands, why = await _standing(repository, vantage, target.commit, commit, deadline)
    return Standing(target=target.commit, commit=commit, stands=stands, why=why, at=at)


async def _standing(
    repository: str, vantage: Vantage, target: str, commit: str | None, deadline: float
) -> tuple[Stands, str]:
    if commit is None:
        return "unknown", "the catalog names no source commit"
    if commit == target:
        return "same", ""
    objects = objects_of(repository, vantage, deadline=deadline)
    newer = await objects.ancestry(target, commit)
    if newer.stands == "contained":
        return "newer", ""
    older = await objects.ancestry(commit, target)
    if older.stands == "contained":
        return "older", ""
    if "unknown" in (newer.stands, older.stands):
        return "unknown", newer.why or older.why
    return "apart", ""


async def look_at_inputs(
    repository: str,
    vantage: Vantage,
    inputs: tuple[str, ...],
    catalog: Catalog,
    earlier: EarlierCatalogs,
    *,
    deadline: float,
) -> InputsChanged | NoInputs:
    """Compare the files of which identities are made, at the commits of two catalogs."""
    at = datetime.now(UTC)
    before = earlier.catalogs[0].source_commit if earlier.catalogs else None
    if before is None or catalog.source_commit is None:
        why = "there is no earlier catalog" if not earlier.catalogs else "a catalog has no commit"
        return NoInputs(why=f"{why}, so no identity can be compared", at=at)
    objects = objects_of(repository, vantage, deadline=deadline)
    paths = await objects.changed(before, catalog.source_commit)
    changed = tuple(path for path in paths if fits(path, inputs))
    return InputsChanged(older=before, newer=catalog.source_commit, paths=changed, at=at)


async def read_specs(
    repository: str, vantage: Vantage, globs: tuple[str, ...], target: Target, *, deadline: float
) -> Specs:
    """Read the specs of the source tree that say of what images are built."""
    at = datetime.now(UTC)
    objects = objects_of(repository, vantage, deadline=deadline)
    chosen = [one for one in await objects.tree(target.commit) if fits(one.path, globs)]
    paths = [one.path for one in chosen if one.mode not in LINKS]
    files = await objects.blobs(target.commit, paths) if paths else {}
    specs: list[Spec] = []
    unread = [f"{one.path}: it leads elsewhere" for one in chosen if one.mode in LINKS]
    for path, content in sorted(files.items()):
        try:
            specs += read_manifests(path, content, ()).specs if path.endswith(SUFFIXES) else ()
        except NoDocumentsError as error:
            unread.append(f"{path}: {error}")
    return Specs(commit=target.commit, specs=tuple(specs), unread=tuple(unread), at=at)


async def read_imagerefs(
    mirror: str, vantage: Vantage, same: tuple[str, ...], catalog: Catalog, *, deadline: float
) -> ImageRefsRead:
    """Ask the mirror for each Dockerfile that the catalog names; `same` are its other URLs."""
    at = datetime.now(UTC)
    objects = objects_of(mirror, vantage, deadline=deadline)
    refs = {one.image_ref: one.service for one in reversed(catalog.services)}
    read = [
        await _read(objects, ref, service, (mirror, *same))
        for ref, service in refs.items()
        if ref.commit is not None and ref.dockerfile is not None
    ]
    return ImageRefsRead(repository=mirror, read=tuple(read), at=at)


async def _read(objects: Objects, ref: ImageRef, service: str, same: Iterable[str]) -> Readable:
    commit, path = ref.commit or "", ref.dockerfile or ""
    place = f"{commit}:{path}"
    if ref.repo_url is not None and not any(is_same(ref.repo_url, one) for one in same):
        return Readable(service, f"{place} of {ref.repo_url}", "elsewhere")
    try:
        there = await objects.has(commit, path)
    except SourceError as error:
        if not _NO_COMMIT.search(error.reason) and "no full commit id" not in error.reason:
            raise
        return Readable(service, place, "no-commit")
    return Readable(service, place, "there" if there else "no-file")


def is_same(one: str, other: str) -> bool:
    """Tell whether two URLs are of the same OWNER/NAME, wherever it is mirrored."""
    names = [found.groups() if (found := _OWN.search(url)) else (url,) for url in (one, other)]
    return names[0] == names[1]
