"""Tombstones: what `prune` leaves of the runs that it removes, in one chained file beside them.

A tombstone is written and synced before its run is touched. The file is never rewritten; only
a piece of a line at its end, of a prune that was killed while it wrote, is cut away by the next.
"""

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reports import files
from reports.chain import Chain, Line, check, digest
from reports.journal import Journal, JournalError, stamp
from reports.sequence import Known, previous_in

TOMBSTONES = "tombstones.jsonl"
ASIDE = ".pruned-"
"""Begins the name of a folder that has its tombstone, and is being removed."""
LOOK_FIRST = (
    "nothing was removed: what is left tells who changed it; python -m reports verify --folder"
)
_IS_LINK = f"{TOMBSTONES} is a symbolic link"
_KIND = "tombstone"
_LIMIT = 1 << 28


class TombstonesError(Exception):
    """No tombstone can be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Tombstones:
    """What the file says."""

    chain: Chain
    buried: tuple[Known, ...]
    wrong: str | None
    """The first line that is not as it was written, in words."""

    def head_after(self, lines: int) -> str:
        """Return the head that the file had when it had so many lines."""
        held = self.chain.lines
        return str(held[lines]["prev"]) if lines < len(held) else self.chain.head


NONE = Tombstones(check(b""), (), None)


def read(folder: Path) -> Tombstones:
    """Read the tombstones of a folder of runs; raises `OSError` where they cannot be read."""
    path = folder / TOMBSTONES
    if path.is_symlink():
        return replace(NONE, wrong=_IS_LINK)
    try:
        content = files.read(path, _LIMIT)
    except FileNotFoundError:
        content = b""
    return _read(content)


def _read(content: bytes) -> Tombstones:
    chain = check(content)
    wrong = None if chain.wrong is None else f"{TOMBSTONES} {chain.wrong}"
    buried: list[Known] = []
    for line in chain.lines:
        try:
            buried.append(_known(line))
        except (KeyError, TypeError, ValueError):
            wrong = wrong or f"{TOMBSTONES} line {line['seq']}: it is not a tombstone"
    return Tombstones(chain, tuple(buried), wrong)


def anchor(folder: Path) -> dict[str, Any] | None:
    """Return how many whole lines the file has, and its head; None where there is none.

    A run that begins writes it down: what stood there by then cannot be changed unnoticed.
    """
    try:
        content = files.read(folder / TOMBSTONES, _LIMIT)
    except OSError:
        return None
    *whole, _ = content.split(b"\n")
    return {"lines": len(whole), "head": digest(whole[-1] + b"\n")} if whole else None


@contextlib.contextmanager
def writing(folder: Path) -> Iterator["Writing"]:
    """Open the file for new tombstones, and keep every other prune out.

    Raises `TombstonesError` where another one is at work or the file is not as it was
    written, and `OSError` where it cannot be opened.
    """
    path = folder / TOMBSTONES
    if path.is_symlink():
        raise TombstonesError(f"{_IS_LINK}; {LOOK_FIRST}")
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags, 0o600)
    try:
        opened = _taken(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    try:
        files.sync_folder(folder)
        yield opened
    finally:
        opened.close()


def _taken(descriptor: int, path: Path) -> "Writing":
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "it is not an ordinary file", str(path))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise TombstonesError(f"another prune is at work in {path.parent}") from error
    with open(descriptor, "rb", closefd=False) as file:
        content = file.read()
    held = _read(content)
    if held.wrong is not None:
        raise TombstonesError(f"{held.wrong}; {LOOK_FIRST}")
    if held.chain.cut:
        os.ftruncate(descriptor, content.rfind(b"\n") + 1)
    return Writing(descriptor, path, held)


class Writing:
    """The file of tombstones, held by one prune."""

    def __init__(self, descriptor: int, path: Path, held: Tombstones) -> None:
        """Take the file, locked; `writing` does so."""
        self.count = len(held.buried)
        self._descriptor = descriptor
        self._heads = {one.head for one in held.buried}
        self._journal = Journal(descriptor, path, held.chain)

    @property
    def head(self) -> str:
        """The digest of the last line."""
        return self._journal.head

    def bury(self, run: Known, epitaph: Mapping[str, Any]) -> None:
        """Write the tombstone of a run, and make it last; raises `JournalError`, `OSError`.

        A run that was brought back has its tombstone already.
        """
        assert run.ended is not None
        if run.head in self._heads:
            return
        previous = run.previous
        self._journal.append(
            _KIND,
            run=run.run,
            head=run.head,
            previous=previous and {"run": previous.run, "head": previous.head},
            began=stamp(run.began),
            ended=stamp(run.ended),
            **epitaph,
        )
        os.fsync(self._descriptor)
        self._heads.add(run.head)
        self.count += 1

    def close(self) -> None:
        """Let go of the file; what could not be written was told when it was to be."""
        with contextlib.suppress(JournalError):
            self._journal.close()


def _known(line: Line) -> Known:
    if line["kind"] != _KIND:
        raise ValueError(line["kind"])
    return Known(
        run=str(line["run"]),
        began=_instant(line["began"]),
        previous=previous_in(line),
        head=str(line["head"]),
        ended=_instant(line["ended"]),
        sealed=True,
    )


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant
