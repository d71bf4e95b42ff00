"""Which lines of a text a rule may match: asked of Hyperscan, or of `re`, which is the reference.

A rule finds something in a line if `re` finds it in that line alone. Hyperscan reads a whole
text at once and names lines in which it may; it never leaves one out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from config.patterns import as_bytes

Engine = Literal["hyperscan", "re"]
Line = tuple[int, int, int]
"""A rule's number, and where a line begins and ends, without its line end."""
WINDOW = 16 * 1024
"""Bytes of a line that are looked at together: of a longer one windows, which overlap by half."""
_SLICE = 1 << 20
_NUMBER = 1 << 16
_BEYOND_LINES = re.compile(rb"\(\?[!<=>]|[*+?}]\+")
"""Look-arounds and possessive repetitions: what follows a line changes what they find in it."""


class Expression(NamedTuple):
    """A rule's regular expression."""

    pattern: str
    ignore_case: bool = False

    @property
    def compiled(self) -> re.Pattern[bytes]:
        """The expression as `re` reads it."""
        return re.compile(as_bytes(self.pattern), re.IGNORECASE if self.ignore_case else 0)


class Finder(Protocol):
    """Names the lines of a text in which rules may find something, each once for a rule."""

    @property
    def engine(self) -> Engine: ...

    def lines(self, raw: bytes | bytearray, size: int) -> list[Line]:
        """Return them; the text is the first `size` bytes."""

    def places(self, raw: bytearray, size: int) -> list[int] | None:
        """Return places in lines that it would name, one at least in each of them, in order.

        None where telling places is no quicker than naming lines.
        """


def finder_for(expressions: Sequence[Expression], engine: Engine | None = None) -> Finder:
    """Return a finder of the engine; without one Hyperscan where it is installed, else `re`.

    Raises `ImportError` where Hyperscan is asked for and is not installed.
    """
    if engine == "re":
        return ByRe(expressions)
    try:
        return ByHyperscan(expressions)
    except ImportError:
        if engine is not None:
            raise
        return ByRe(expressions)


def windows(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Walk the windows of a line: one, or several that overlap."""
    if end - start <= WINDOW:
        yield start, end
        return
    for at in range(start, end - WINDOW // 2, WINDOW // 2):
        yield at, min(at + WINDOW, end)


def matches_in(
    compiled: re.Pattern[bytes], raw: bytes | bytearray, start: int, end: int
) -> Iterator[re.Match[bytes]]:
    """Walk what an expression finds in a line: places in the line's own bytes, in order."""
    line = bytes(raw[start:end])
    seen = -1
    for begin, stop in windows(0, len(line)):
        for found in compiled.finditer(line, begin, stop):
            cut_off = found.end() == stop < len(line)
            if found.start() > seen and found.end() > found.start() and not cut_off:
                seen = found.start()
                yield found


class ByRe:
    """The reference: each rule looks at each line."""

    engine: Engine = "re"

    def __init__(self, expressions: Iterable[Expression]) -> None:
        self._rules = [(number, one.compiled) for number, one in enumerate(expressions)]
        self._quick = {
            number: re.compile(compiled.pattern, compiled.flags | re.MULTILINE)
            for number, compiled in self._rules
            if not _BEYOND_LINES.search(compiled.pattern)
        }

    def lines(self, raw: bytes | bytearray, size: int) -> list[Line]:
        """See `Finder`: every line in which the rule does find something."""
        return [
            (number, *line)
            for number, compiled in self._rules
            if number not in self._quick or self._quick[number].search(raw, 0, size)
            for line in _one_by_one(compiled, raw, size)
        ]

    def places(self, raw: bytearray, size: int) -> None:
        """See `Finder`: it is not quicker."""


class ByHyperscan:
    """Intel's Hyperscan: all rules in one pass; `re` looks at the lines that it names."""

    engine: Engine = "hyperscan"

    def __init__(self, expressions: Sequence[Expression]) -> None:
        """Compile the expressions; raises `ImportError` where it is not installed."""
        import hyperscan  # noqa: PLC0415 - not on every machine

        self._found: list[int] = []
        self._rest: list[tuple[int, re.Pattern[bytes]]] = []
        self._scan: Any = None
        able = [(number, one, _flags_of(hyperscan, one)) for number, one in enumerate(expressions)]
        database = _compiled(hyperscan, able)
        if database is None:  # one of them at least is not taken as it is
            tried = [(number, one, _flags(hyperscan, one)) for number, one, _ in able]
            self._rest = [(number, one.compiled) for number, one, flags in tried if flags is None]
            able = [(number, one, flags) for number, one, flags in tried if flags is not None]
            database = _compiled(hyperscan, able) if able else None
        if database is not None:
            self._scan = database.scan
        self._whole = None if self._rest else self._scan

    def _hear(self, number: int, _from: int, to: int, _flags: int, _context: Any) -> None:
        self._found.append(to * _NUMBER + number)

    def lines(self, raw: bytes | bytearray, size: int) -> list[Line]:
        """See `Finder`."""
        if size <= _SLICE and self._whole is not None:
            self._whole(memoryview(raw)[:size], self._hear)
            return self._heard(raw, 0, size) if self._found else []
        return [*self._in_slices(raw, size), *self._by_re(raw, size)]

    def places(self, raw: bytearray, size: int) -> list[int] | None:
        """See `Finder`."""
        if self._whole is None:
            return None
        self._whole(memoryview(raw)[:size], self._hear)
        places = sorted({max(one // _NUMBER - 1, 0) for one in self._found})
        self._found.clear()
        return places

    def _in_slices(self, raw: bytes | bytearray, size: int) -> Iterator[Line]:
        """Scan a large text a slice of lines at a time: what is heard of it is bounded."""
        begin = 0
        while self._scan is not None and begin < size:
            at = raw.find(b"\n", begin + _SLICE, size) if size - begin > _SLICE else -1
            end = at + 1 if at >= 0 else size
            self._scan(memoryview(raw)[begin:end], self._hear)
            yield from self._heard(raw, begin, end)
            begin = end

    def _by_re(self, raw: bytes | bytearray, size: int) -> Iterator[Line]:
        for number, compiled in self._rest:
            yield from ((number, *line) for line in _one_by_one(compiled, raw, size))

    def _heard(self, raw: bytes | bytearray, begin: int, end: int) -> list[Line]:
        heard = sorted(set(self._found))
        self._found.clear()
        return list(_lines_of(heard, raw, begin, end))


def _one_by_one(
    compiled: re.Pattern[bytes], raw: bytes | bytearray, size: int
) -> Iterator[tuple[int, int]]:
    """Walk the lines in which an expression finds something."""
    start = 0
    while start < size:
        at = raw.find(b"\n", start, size)
        end = at if at >= 0 else size
        if any(True for _ in matches_in(compiled, raw, start, end)):
            yield start, end
        start = end + 1


def _lines_of(heard: list[int], raw: bytes | bytearray, begin: int, end: int) -> Iterator[Line]:
    """Turn ends of matches, in order, into lines, each once for a rule."""
    told: dict[int, int] = {}
    start = stop = -1
    for one in heard:
        to, number = divmod(one, _NUMBER)
        last = begin + max(to - 1, 0)
        if last > stop or start < 0:
            start = raw.rfind(b"\n", begin, last) + 1 or begin
            at = raw.find(b"\n", last, end)
            stop = at if at >= 0 else end
        if told.get(number) != start:
            told[number] = start
            yield number, start, stop


def _compiled(hyperscan: Any, able: Sequence[tuple[int, Expression, int]]) -> Any | None:
    """Return a database of expressions; None where one of them is not taken."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(
            expressions=[as_bytes(one.pattern) for _, one, _ in able],
            ids=[number for number, _, _ in able],
            flags=[flags for *_, flags in able],
        )
    except hyperscan.HyperscanError:
        return None
    return database


def _flags_of(hyperscan: Any, one: Expression) -> int:
    return int(hyperscan.HS_FLAG_MULTILINE | (hyperscan.HS_FLAG_CASELESS if one.ignore_case else 0))


def _flags(hyperscan: Any, one: Expression) -> int | None:
    """Return the flags with which Hyperscan takes an expression; None where it does not."""
    for more in (0, hyperscan.HS_FLAG_PREFILTER):
        flags = _flags_of(hyperscan, one) | int(more)
        if _compiled(hyperscan, [(0, one, flags)]) is not None:
            return flags
    return None
