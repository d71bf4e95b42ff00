"""Searching what is published of a lane for secrets: reports, traces, the evidence of runs."""

import gzip
import os
import time
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
    for path in _files(paths, unread):
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


def _files(paths: tuple[str, ...], unread: list[str]) -> Iterator[Path]:
    """Walk the files in order; links are not followed."""
    for one in paths:
        place = _ROOT / Path(one).expanduser()
        if place.is_file():
            yield place
        elif place.is_dir():
            for folder, below, names in os.walk(place):
                below.sort()
                yield from (Path(folder, name) for name in sorted(names))
        else:
            unread.append(f"{one}: it is not there")


def _text(path: Path, unread: list[str]) -> str | None:
    if path.is_symlink() or not path.is_file():
        return None
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        unread.append(f"{_shown(path)}: {getattr(error, 'strerror', None) or error}")
        return None
    if len(content) > LARGEST:
        unread.append(f"{_shown(path)}: it is larger than {LARGEST} bytes")
        return None
    return content.decode("utf-8", "replace")


def _shown(path: Path) -> str:
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else str(path)
