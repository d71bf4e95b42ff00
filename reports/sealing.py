"""How a run's folder is finished and sealed, by the run itself or by who finds it without one.

The standard library is enough for this: the witness has nothing else.
"""

import gzip
import os
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports import chains, files
from reports.canary import Canary
from reports.journal import Journal
from reports.links import Linked
from reports.manifest import MANIFEST, RECORD, manifest_of
from reports.projections import allure_files, log, record, sarif
from reports.projections.account import account, without_observations
from reports.projections.links import linked_of
from reports.projections.log import Log
from reports.projections.told import Account
from reports.witness import ALIVE

ROOM = ".room"
"""Holds the room that sealing needs, in case that the disk is full by then."""
ROOM_SIZE = 1 << 20
LIVING = (ALIVE, ROOM)
"""What only a living run needs."""
_TRIES = 100
_BEFORE_SEALING = 0.3
"""Seconds for Allure's results, of the one that a seal may take; the others follow it."""


class SealingError(Exception):
    """A run cannot be sealed; the message says why."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A folder in which log and record are written, and the manifest if it could be sealed."""

    head: str
    """The digest of the journal's last line."""
    told: Account
    log: Path
    record: Path
    manifest: Path | None
    copy: Path | None
    """The copy of the log, in the folder that was named for it."""
    problems: tuple[str, ...]
    linked: tuple[Linked, ...] = ()
    """The chain of each target that has one, link by link."""


def make_room(folder: Path) -> None:
    """Remove what only a living run needs, and give back the room that was held for sealing."""
    for name in LIVING:
        (folder / name).unlink(missing_ok=True)


def hold_room(folder: Path) -> None:
    """Hold the room that sealing needs; raises `OSError` where there is none."""
    descriptor = os.open(folder / ROOM, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, ROOM_SIZE)
    finally:
        os.close(descriptor)


def is_alive(folder: Path) -> bool:
    """Tell whether a process of the run, or its witness, still holds the FIFO open."""
    try:
        os.close(os.open(folder / ALIVE, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:  # nobody reads at its other end, or it is not there any more
        return False
    return True


def look_for(canary: Canary, folder: Path) -> dict[str, Any]:
    """Look for the canary in every file of the folder; returns the fields of the line about it."""
    looked = files.below(folder)
    found = [path.relative_to(folder).as_posix() for path in looked if is_in_file(canary, path)]
    return {"files": len(looked), "found": found}


def is_in_file(canary: Canary, path: Path) -> bool:
    """Tell whether the canary is in a file; in a compressed one, or in what is in it."""
    with path.open("rb") as raw:
        if canary.is_in(raw):
            return True
    if path.suffix != ".gz":
        return False
    try:
        with gzip.open(path) as unpacked:
            return canary.is_in(unpacked)
    except (OSError, EOFError, zlib.error):  # it was cut off where its writer died
        return False


def told_canary(found: Sequence[str]) -> str:
    """Say where the canary was found."""
    return f"the canary was found in {', '.join(found)}: secrets may stand there too"


def finish(
    folder: Path,
    canary: Canary | None,
    through: Callable[[str], str] = str,
    *,
    outside: Sequence[Path] = (),
    log_dir: Path | None = None,
    redact: Callable[[str], str] = str,
) -> Finished:
    """Write a run's log, record, findings and manifest, its journals closed; raises `OSError`.

    All texts go `through` a filter, and are looked through for the canary before they are
    put into place. A canary that was found, or a journal that was changed, leaves the run
    without a manifest. `outside` are finished files elsewhere, held by their digests.
    """
    read = chains.read(folder, keep=without_observations)
    told, head, heads = account(read.lines), read.head, read.heads()
    problems = [told_canary(found)] if (found := (told.canary or {}).get("found")) else []
    if read.wrong or (chains.JOURNAL in read.cut and told.seal is None):
        problems.append(f"the journal was changed while the run ran: {read.wrong or 'cut'}")
    sealable = not problems
    written = log.write(told, read.lines)
    del read  # the lines of a long run are many, and so are those that are made of them
    log_path, record_path = folder / written.name, folder / RECORD
    paths = []
    for path, text in _texts(folder, told, written, head):
        paths.append(path)
        problems += _put_projection(path, through(text), canary, may_miss=told.seal is not None)
        del text
    copy = None
    if log_dir is not None and log_path.exists():
        copy, trouble = _copy(log_path, log_dir, folder.name)
        problems += trouble
    completing = allure_files.completing(told, folder, head)
    problems += _begin(completing)
    manifest = None
    if sealable and (told.seal is not None or all(path.exists() for path in paths)):
        kept = [*outside, *([copy] if copy else [])]
        run = str(told.begin.get("run"))
        manifest = folder / MANIFEST
        held = manifest_of(folder, run, head=head, heads=heads, outside=kept, redact=redact)
        files.write(manifest, held)
    problems += filter(None, completing)
    linked = linked_of(told)
    return Finished(head, told, log_path, record_path, manifest, copy, tuple(problems), linked)


def _texts(folder: Path, told: Account, written: Log, head: str) -> Iterator[tuple[Path, str]]:
    """Write one text after the other, each once the one before it is in its place."""
    yield folder / written.name, written.text
    yield folder / RECORD, record.write(told, written, head)
    if (findings := sarif.write(told)) is not None:
        yield folder / sarif.NAME, findings


def _begin(completing: Iterator[str]) -> list[str]:
    """Do what can be done before the seal, which must not wait for thousands of results."""
    until = time.monotonic() + _BEFORE_SEALING
    troubles = []
    for trouble in completing:
        troubles += [trouble] if trouble else []
        if time.monotonic() > until:
            break
    return troubles


def seal_lost(folder: Path, *, by: str, reason: str, canary: Canary | None) -> Finished:
    """Seal a run that could not do so itself: a journal of its own says by whom, and why.

    Raises `SealingError` where there is nothing to seal, `OSError` and `JournalError`
    where the disk refuses.
    """
    if not (folder / chains.JOURNAL).is_file():
        raise SealingError(f"{folder} is not the folder of a run: it has no {chains.JOURNAL}")
    if (folder / MANIFEST).exists():
        raise SealingError(f"{folder} is sealed already; python -m reports verify judges it")
    make_room(folder)
    before = chains.read(folder)
    if before.wrong:
        raise SealingError(
            f"{folder} cannot be sealed: its journal was changed: {before.wrong};"
            f" python -m reports verify {folder} tells more"
        )
    seal = _own_journal(folder)
    if canary is not None:
        seal.append("canary.looked-for", **look_for(canary, folder))
    seal.append("run.lost", by=by, reason=reason, chains=before.heads())
    seal.close()
    return finish(folder, canary)


def _own_journal(folder: Path) -> Journal:
    for number in range(1, _TRIES):
        process = "seal" if number == 1 else f"seal-{number}"
        path = folder / chains.name_for(process)
        if not path.exists():
            return Journal.create(path)
    raise SealingError(f"{folder} was given up {_TRIES} times by who wanted to seal it")


def _put_projection(path: Path, text: str, canary: Canary | None, *, may_miss: bool) -> list[str]:
    """Put a text into place if no canary is in it; a run that was lost may have no room for it."""
    try:
        beside = files.write_beside(path, text.encode(errors="backslashreplace"))
        if canary is not None and is_in_file(canary, beside):
            beside.unlink()
            return [told_canary([path.name])]
        files.put(beside, path)
    except OSError as error:
        if not may_miss:
            raise
        return [f"{path.name} could not be written: {error.strerror}; rebuild writes it elsewhere"]
    return []


def _copy(path: Path, log_dir: Path, run: str) -> tuple[Path | None, list[str]]:
    """Copy the log; a name that another run took gets this run's name too."""
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        for name in (path.name, f"{path.stem}-{run.rpartition('-')[2]}{path.suffix}"):
            try:
                files.write_new(log_dir / name, path.read_bytes())
            except FileExistsError:
                continue
            return log_dir / name, []
    except OSError as error:
        return None, [f"the log could not be copied to {log_dir}: {error.strerror}"]
    return None, [f"the log could not be copied to {log_dir}: {path.name} exists already"]
