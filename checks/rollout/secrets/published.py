"""Searching what is published of a lane for secrets: reports, traces, the evidence of runs."""

import gzip
import os
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from checks.rollout.secrets.leaks import leaks_in_file
from checks.rollout.secrets.seen import Leak, Searched
from fixtures.github.tokens import hiding
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread

FILES = 5000
"""Files that are searched."""
LARGEST = 16 * 1024 * 1024
"""Bytes of the largest file that is searched, once it is unpacked."""
_SHOWN = 100
"""Leaks, and files that were not read, that are told of."""
_GZIP = b"\x1f\x8b"
_PACKED = (b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh", b"7z\xbc\xaf")
"""How files begin whose text is packed in a way that is not unpacked here: zip, zstd, xz …"""
_ROOT = Path(__file__).resolve().parents[3]


@by_hand(lambda paths: f"# searched for the profile's secrets and for shapes: {', '.join(paths)}")
async def search_files(paths: tuple[str, ...], vantage: Vantage, *, deadline: float) -> Searched:
    """Search files, and all below folders, for the profile's secrets and for secrets by shape.

    A relative path is below this suite's own folder, where `evidence` is. Raises `VantageError`
    where nothing is there to be searched.
    """
    if vantage.kind not in {"local", "lab"}:
        raise SourceError(
            f"published files are of this host, and {vantage.name} is elsewhere",
            "name a vantage of this host in the lane",
        )
    until = time.monotonic() + 0.9 * deadline
    return await in_thread(lambda: _search(paths, until), deadline=deadline)


def _search(paths: tuple[str, ...], until: float) -> Searched:
    leaks: list[Leak] = []
    unread: list[str] = []
    count, redactor = 0, hiding()
    places = tuple(_ROOT / Path(one).expanduser() for one in paths)
    for path in _files(places, paths, unread):
        if count == FILES or time.monotonic() > until:
            why = f"more than {FILES} files" if count == FILES else "no time was left"
            unread.append(f"{path} and what comes after it: {why}")
            break
        count += 1
        if (text := _text(path, unread)) is not None:
            leaks += leaks_in_file(_shown(path), text, redactor)
    if not count:
        raise SourceError(
            f"there is nothing to search: {'; '.join(unread) or ', '.join(paths)}",
            "correct `published` in the lane's secrets",
        )
    return Searched(
        paths=paths,
        files=count,
        leaks=tuple(leaks[:_SHOWN]),
        unread=tuple(unread[:_SHOWN]),
        at=datetime.now(UTC),
    )


def _files(places: tuple[Path, ...], named: tuple[str, ...], unread: list[str]) -> Iterator[Path]:
    """Walk the files in order; links are not followed, and told of where they lead elsewhere."""

    def is_left(path: Path) -> bool:
        if not path.is_symlink():
            return False
        leads = path.resolve()
        if not any(leads.is_relative_to(place.resolve()) for place in places):
            unread.append(f"{_shown(path)}: it leads elsewhere, and was not followed")
        return True

    def lost(error: OSError) -> None:
        unread.append(f"{_shown(Path(error.filename))}: {error.strerror}")

    for place, name in zip(places, named, strict=True):
        if place.is_file():
            yield place
        elif place.is_dir():
            for folder, below, names in os.walk(place, onerror=lost):
                below[:] = [one for one in sorted(below) if not is_left(Path(folder, one))]
                every = (Path(folder, one) for one in sorted(names))
                yield from (path for path in every if not is_left(path) and path.is_file())
        else:
            unread.append(f"{name}: it is not there")


def _text(path: Path, unread: list[str]) -> str | None:
    try:
        with path.open("rb") as plain:
            begin = plain.read(8)
        is_gzip = path.suffix == ".gz" or begin.startswith(_GZIP)
        with gzip.open(path) if is_gzip else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        unread.append(f"{_shown(path)}: {getattr(error, 'strerror', None) or error}")
        return None
    if len(content) > LARGEST:
        unread.append(f"{_shown(path)}: it is larger than {LARGEST} bytes")
        return None
    if content.startswith(_PACKED):
        unread.append(f"{_shown(path)}: it is packed in a way that is not unpacked here")
    return content.decode("utf-8", "replace")


def _shown(path: Path) -> str:
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else str(path)
