"""The journal: a JSON object a line, written while the run runs, chained to the one before."""

import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self

from reports.written import encoder

Line = dict[str, Any]
"""One line as read: `seq`, `at`, `mono`, `kind`, the fields of its kind, and `prev`."""

_DOMAIN = b"touchstone journal line 1\0"
_SYNC_AFTER = 0.5
"""Seconds between a verdict and its sync: half of what is promised."""
_OWN = frozenset({"seq", "at", "mono", "kind", "prev"})
_encode, _encode_ascii = encoder(ensure_ascii=False), encoder(ensure_ascii=True)
_decoder = json.JSONDecoder()
_OBEYED = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What JSON lets stand, and terminals and editors obey: an end of line, a turn, a C1 control."""


class JournalError(Exception):
    """The journal cannot be written any more; what was written before still stands."""


def digest(line: bytes) -> str:
    """Return the domain-separated SHA-256 of a line's exact bytes, its newline included."""
    return hashlib.sha256(_DOMAIN + line).hexdigest()


ROOT = digest(b"")
"""What the first line names as the line before it."""


def stamp(at: datetime) -> str:
    """Write a UTC time as RFC 3339 with microseconds and Z."""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return there.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


class Journal:
    """An append-only file. Any thread may append; a line is written by one call, or not at all.

    After a write that failed nothing more is written: a partial last line stays the last.
    """

    def __init__(self, descriptor: int, path: Path, after: "Chain | None" = None) -> None:
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
        if not _OWN.isdisjoint(fields):
            raise ValueError(f"the journal writes {sorted(_OWN & fields.keys())} itself")
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


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first line that does not follow from those before it; the first line is 1."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a journal holds, up to its first wrong line."""

    lines: tuple[Line, ...]
    head: str
    """The digest of the last of `lines`."""
    wrong: Wrong | None
    cut: bool
    """Whether it ends in the middle of a line, as that of a killed run or a full disk may."""


Keep = Callable[[Line], Line]
"""Returns of a line what is to be kept of it, once it has been checked."""


def read(path: Path, head: str | None = None, keep: Keep | None = None) -> Chain:
    """Read a journal and check its chain, line by line; raises `OSError` where it cannot be read.

    `head` is the digest of the last line, where it is known.
    """
    with path.open("rb") as file:
        return _checked(file, head, keep)


def check(content: bytes, head: str | None = None) -> Chain:
    """Check a journal's bytes; `head` is the digest of the last line, where it is known.

    A last line without its newline is cut, which is not wrong. Whether the head is the
    known one is not judged here: it tells which of two last lines was changed.
    """
    return _checked(BytesIO(content), head, None)


def _checked(content: Iterable[bytes], known: str | None, keep: Keep | None) -> Chain:
    lines: list[Line] = []
    head = before = ROOT
    raws = _Raws(content)
    for number, (raw, after) in enumerate(raws, start=1):
        line = _parsed(raw)
        wrong = _wrong(line, number, head, (raw, after, known))
        if wrong is not None:
            raws.drain()
            if wrong.line < number:
                lines.pop()
                head = before
            return Chain(tuple(lines), head, wrong, raws.cut)
        assert isinstance(line, dict)
        lines.append(keep(line) if keep else line)
        head, before = digest(raw), head
    return Chain(tuple(lines), head, None, raws.cut)


class _Raws:
    """The whole lines of a journal, each with the one after it, if there is one."""

    def __init__(self, content: Iterable[bytes]) -> None:
        self._content = iter(content)
        self.cut = False
        """Whether something follows the last of them, once they were all walked."""

    def __iter__(self) -> Iterator[tuple[bytes, bytes | None]]:
        before: bytes | None = None
        for raw in self._content:
            if not raw.endswith(b"\n"):
                self.cut = True
                break
            if before is not None:
                yield before, raw
            before = raw
        if before is not None:
            yield before, None

    def drain(self) -> None:
        """Walk the rest, to know how it ends."""
        for raw in self._content:
            self.cut = not raw.endswith(b"\n")


def _parsed(raw: bytes) -> Line | str:
    """Return the line, or in words why it is none."""
    try:
        line = _loaded(raw.decode())
    except (ValueError, RecursionError):
        return "it is not JSON"
    if not isinstance(line, dict):
        return "it is not a JSON object"
    missing = sorted(_OWN - line.keys())
    if missing:
        return f"it has no {', '.join(missing)}"
    if not _is_instant(line["at"]):
        return "its at is not an instant in UTC"
    return line if type(line["mono"]) is int else "its mono is not a number of nanoseconds"


def _loaded(text: str) -> Any:
    """Do what `json.loads` does: sooner for a line as it was written, with nothing around it."""
    if text.startswith("{"):
        line, end = _decoder.raw_decode(text)
        if text[end:] == "\n":
            return line
    return json.loads(text)


def _is_instant(at: object) -> bool:
    if not isinstance(at, str) or not at.endswith("Z"):
        return False
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _wrong(
    line: Line | str, number: int, head: str, near: tuple[bytes, bytes | None, str | None]
) -> Wrong | None:
    """Return what is wrong of a line; `near` are its bytes, the next one's, and the known head."""
    if isinstance(line, str):
        return Wrong(number, line)
    if line["prev"] == head:
        if line["seq"] == number:
            return None
        return Wrong(number, f"its seq is {line['seq']}, not {number}")
    if line["seq"] != number:
        return Wrong(
            number, f"line {number} is missing here, or moved: this one's seq is {line['seq']}"
        )
    if number > 1 and _intact(*near):
        return Wrong(number - 1, f"its bytes are not those that line {number} is chained to")
    return Wrong(number, "its prev is not the digest of the line before it")


def _intact(raw: bytes, after: bytes | None, known: str | None) -> bool:
    """Tell whether the line after vouches for this one: then the one before it was changed.

    For the last line the known head does; where there is none it is taken for intact.
    """
    if after is None:
        return known in (None, digest(raw))
    following = _parsed(after)
    return isinstance(following, dict) and following["prev"] == digest(raw)
