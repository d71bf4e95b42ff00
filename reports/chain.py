"""A journal read back: a line is checked against the one before it, up to the first wrong one."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

Line = dict[str, Any]
"""One line as read: `seq`, `at`, `mono`, `kind`, the fields of its kind, and `prev`."""

_DOMAIN = b"touchstone journal line 1\0"
OWN = frozenset({"seq", "at", "mono", "kind", "prev"})
"""What each line has, whatever its kind."""
_decoder = json.JSONDecoder()


def digest(line: bytes) -> str:
    """Return the domain-separated SHA-256 of a line's exact bytes, its newline included."""
    return hashlib.sha256(_DOMAIN + line).hexdigest()


ROOT = digest(b"")
"""What the first line names as the line before it."""


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
    missing = sorted(OWN - line.keys())
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
