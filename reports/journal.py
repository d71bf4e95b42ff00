"""The journal: a JSON object a line, written while the run runs, chained to the one before."""

import os
import re
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from reports.chain import OWN, ROOT, Chain, Line, digest
from reports.written import encoder

_SYNC_AFTER = 0.5
"""Seconds between a verdict and its sync: half of what is promised."""
_encode, _encode_ascii = encoder(ensure_ascii=False), encoder(ensure_ascii=True)
_OBEYED = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What JSON lets stand, and terminals and editors obey: an end of line, a turn, a C1 control."""


class JournalError(Exception):
    """The journal cannot be written any more; what was written before still stands."""


def stamp(at: datetime) -> str:
    """Write a UTC time as RFC 3339 with microseconds and Z."""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return there.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


class Journal:
    """An append-only file. Any thread may append; a line is written by one call, or not at all.

    After a write that failed nothing more is written: a partial last line stays the last.
    """

    def __init__(self, descriptor: int, path: Path, after: Chain | None = None) -> None:
        """Take a file that is open for appending: empty, or with whole lines to go on `after`."""
        self.path = path
        self._writer = os.getpid()
        self._descriptor = descriptor
        self._state = (0, ROOT, 0)
        """How many lines there are, the digest of the last, and the bytes of all."""
        if after is not None:
            self._state = (len(after.lines), after.head, os.fstat(descriptor).st_size)
        self._begun: bytes | None = None
        """The line that is being written."""
        self._broken: str | None = None
        self._lock = threading.Lock()
        self._due = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync_when_due, name="journal", daemon=True)
        self._syncer.start()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create the file, for its owner only; raises `JournalError` where one exists."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        try:
            descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise JournalError(f"the journal {path} cannot be created: {error.strerror}") from error
        return cls(descriptor, path)

    @property
    def head(self) -> str:
        """The digest of the last line."""
        return self._state[1]

    def append(self, kind: str, /, *, at: datetime | None = None, **fields: Any) -> None:
        """Write one line; raises `JournalError` when it cannot be written whole.

        `at` is now, unless the line stands for an instant that was taken before.
        """
        if not OWN.isdisjoint(fields):
            raise ValueError(f"the journal writes {sorted(OWN & fields.keys())} itself")
        if os.getpid() != self._writer:
            raise JournalError(f"the journal {self.path} is written by the process that opened it")
        with self._lock:
            if self._broken is not None:
                raise JournalError(self._broken)
            self._settle()
            seq, head, _ = self._state
            line = _line(
                {
                    "seq": seq + 1,
                    "at": stamp(at or datetime.now(UTC)),
                    "mono": time.monotonic_ns(),
                    "kind": kind,
                    **fields,
                    "prev": head,
                }
            )
            self._begun = line
            self._write(line)
            self._count(line)
        if kind == "verdict":
            self._due.set()

    def close(self) -> None:
        """Sync what was written, and close; raises `JournalError` if it did not reach the disk."""
        with self._lock:
            if self._closing.is_set():
                return
            self._closing.set()
        self._due.set()
        self._syncer.join()
        with self._lock:
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                self._break("synced", error)
            finally:
                os.close(self._descriptor)
            if self._broken is not None:
                raise JournalError(self._broken)
            self._broken = f"the journal {self.path} is closed"

    def _settle(self) -> None:
        """Count the line that was begun, if it is in the file.

        A signal may have ended the append that wrote it, at any point after the write.
        """
        if self._begun is not None:
            if os.fstat(self._descriptor).st_size > self._state[2]:
                self._count(self._begun)
            self._begun = None

    def _count(self, line: bytes) -> None:
        seq, _, size = self._state
        self._state = (seq + 1, digest(line), size + len(line))
        self._begun = None

    def _write(self, line: bytes) -> None:
        try:
            written = os.write(self._descriptor, line)
        except OSError as error:
            self._break("written", error)
            raise JournalError(self._broken) from error
        if written != len(line):
            self._broken = (
                f"the journal {self.path} cannot be written: only {written} of {len(line)} bytes"
                f" of line {self._state[0] + 1} found room; free the disk and run again"
            )
            raise JournalError(self._broken)

    def _break(self, what: str, error: OSError) -> None:
        self._broken = (
            f"the journal {self.path} cannot be {what}: {error.strerror};"
            " the run is incomplete from here on"
        )

    def _sync_when_due(self) -> None:
        while not self._closing.is_set():
            self._due.wait()
            self._closing.wait(_SYNC_AFTER)
            self._due.clear()
            if self._closing.is_set():
                return
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                with self._lock:
                    self._break("synced", error)


def _line(fields: Line) -> bytes:
    text = _encode(fields)
    if not text.isascii() or "\x7f" in text:
        text = _OBEYED.sub(lambda found: _encode_ascii(found[0])[1:-1], text)
    try:
        return (text + "\n").encode()
    except UnicodeEncodeError:  # half a surrogate pair: only its escape is UTF-8
        return (_encode_ascii(fields) + "\n").encode()
