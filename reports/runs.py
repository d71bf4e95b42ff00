"""Long parts of secrets, for seldom is the whole shown: shortened, wrapped, or line by line."""

import base64
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_GRAM = 8
_LEAST = 12
"""Characters in a row that are a part of a secret, and no accident: of a short secret,"""
_TELLING = 32
"""and of a long one. Between them it is a third of the secret."""
_WORTH = 16
"""Secrets with fewer are looked for as a whole only."""
_BEGUN = 6
_GAP = 16
_WIDEST = 64
_DOTS_BEFORE = re.compile(r"(?:\.\.\.|\u2026)[\s\"'\\+\-/_=]{0,4}\Z")
_DOTS_AFTER = re.compile(r"[\s\"'\\+\-/_=]{0,4}(?:\.\.\.|\u2026)")
_KEPT = r"!#$(-*,.0-<>-\[\]^`-~"
_NAMED = {"lt": "<", "gt": ">", "amp": "&"}
_UNIT = re.compile(
    rf"(?P<plain>[{_KEPT}]+)"
    r"|%(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    r"|(?<!\\)\\++(?:u00(?P<unicode>[0-9A-Fa-f]{2})|x(?P<hex>[0-9A-Fa-f]{2})|u[0-9A-Fa-f]{4}|[nrtbf])"
    r"|&(?:amp;)*(?:#(?P<decimal>\d{1,7})|#[xX](?P<reference>[0-9A-Fa-f]{1,6})"
    r"|(?P<named>lt|gt|amp)|quot|apos);"
    r"|(?P<bare>[%&])"
)
_UNFINISHED = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]?|\\+(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?|&(?:amp;)*[#0-9A-Za-z]{0,8})\Z"
)
_ESCAPE = re.compile(
    r"[%\\&](?:(?<=%)(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    r"|(?<=\\)(?<!\\\\)\\*+"
    r"(?:u00(?P<unicode>[0-9A-Fa-f]{2})|x(?P<hex>[0-9A-Fa-f]{2})|u[0-9A-Fa-f]{4}|[nrtbf])"
    r"|(?<=&)(?:amp;)*(?:#(?P<decimal>\d{1,7})|#[xX](?P<reference>[0-9A-Fa-f]{1,6})"
    r"|(?P<named>lt|gt|amp)|quot|apos);"
    r"|(?P<bare>(?<=[%&])))"
)
"""The same of escaped units alone. It begins with what they begin with: most of a text is none."""
_URL = re.compile(r"[A-Za-z][\w+.-]*://(?:(?P<login>[^/?#@]*)@)?[^/?#]*(?P<rest>.*)", re.DOTALL)
_IS_KEPT = re.compile(rf"[{_KEPT}%&]")
_LEFT_OUT = bytes(code for code in range(128) if not _IS_KEPT.match(chr(code)))
_BLOCK = 1 << 14
"""Characters of a long text that are looked at closely together,"""
_AROUND = 1 << 12
"""and those on either side of them, since a part may reach over the edge."""


@dataclass(frozen=True)
class Core:
    """What no encoding takes away from a text, unescaped, and where it stands there."""

    text: str
    units: list[int]
    """Where in the core each of its units begins: characters in a row, or an escaped one,"""
    begins: list[int]
    """where in the text that is,"""
    ends: list[int]
    """and where it ends there."""

    def begin(self, at: int) -> int:
        """Return where in the text a character of the core begins."""
        unit = bisect_right(self.units, at) - 1
        return self.begins[unit] + at - self.units[unit]

    def end(self, at: int) -> int:
        """Return where in the text a part of the core ends."""
        unit = bisect_right(self.units, at - 1) - 1
        after = self.units[unit + 1] if unit + 1 < len(self.units) else len(self.text)
        return self.ends[unit] if at == after else self.begins[unit] + at - self.units[unit]


def core(text: str) -> Core:
    """Return the core of a text: ASCII without white space, quotes, backslashes and `+-/_=`."""
    found: list[str] = []
    units: list[int] = []
    begins: list[int] = []
    ends: list[int] = []
    length = 0
    for unit in _UNIT.finditer(text):
        kept = _bare(unit)
        if kept:
            found.append(kept)
            units.append(length)
            begins.append(unit.start())
            ends.append(unit.end())
            length += len(kept)
    return Core("".join(found), units, begins, ends)


def _bare(unit: re.Match[str]) -> str:
    """Return what a unit of a text has in its core."""
    kind = unit.lastgroup
    if kind in ("plain", "bare"):
        return unit[0]
    if kind is None:
        return ""
    written = unit[kind]
    if kind == "named":
        return _NAMED[written]
    char = chr(min(int(written, 10 if kind == "decimal" else 16), 0x10FFFF))
    return char if _IS_KEPT.fullmatch(char) else ""


@dataclass(frozen=True, slots=True)
class _Whole:
    """One secret as it is, or its base64 after some bytes, without what encodings change."""

    text: str
    rank: int
    telling: int
    alone: bool
    """Whether nothing else looks for the whole."""

    def begins(self, part: str) -> bool:
        """Tell whether it begins so, and nobody else would say it."""
        return self.alone and self.text.startswith(part)


class Runs:
    """The parts of some values, themselves escaped in any way, and their base64."""

    def __init__(self, values: Iterable[tuple[str, bool]]) -> None:
        """Take values, and for each whether nothing else looks for the whole of it."""
        self._wholes = [
            _Whole(text, rank, max(_LEAST, min(_TELLING, len(text) // 3)), alone)
            for rank, (value, alone) in enumerate(values)
            for part in _secret_parts(value)
            for text in _cores(part)
            if len(text) >= _WORTH
        ]
        least = min((one.telling for one in self._wholes), default=_LEAST)
        self._offsets = (0,) if least >= 2 * _GRAM - 1 else (0, _GRAM // 2)
        """Grams that begin at these offsets, and then one after the other, miss no part."""

    def may_be_in(self, text: str, *, escaped: bool) -> bool:
        """Tell quickly whether a part of a value is in the text."""
        if not self._wholes:
            return False
        told = _without_escapes(text) if escaped else text
        told = told.replace("\u2026", "...")
        bare = told.encode("ascii", "ignore").translate(None, _LEFT_OUT)
        known, grams = self._grams.keys(), [_grams_at(bare, offset) for offset in self._offsets]
        if not all(map(known.isdisjoint, grams)):
            core = bare.decode()
            for offset, row in zip(self._offsets, grams, strict=True):
                for at in (offset + _GRAM * nth for nth, gram in enumerate(row) if gram in known):
                    if self._is_telling(core, at, self._grams[_gram(bare, at)]):
                        return True
        return any(
            _gram(bare, dots.start() - _GRAM) in known or _gram(bare, dots.end()) in known
            for dots in re.finditer(rb"\.\.\.", bare)
        )

    def spans(self, text: str, *, escaped: bool) -> Iterator[tuple[int, int, int]]:
        """Find every part that is long enough, or that dots cut short, and whose it is."""
        for at, near in self._blocks(text, escaped=escaped):
            seen = core(near)
            for start, end, whole in self._runs(seen.text):
                first, last = at + seen.begin(start), at + seen.end(end)
                if end - start >= whole.telling or _is_cut(text, first, last):
                    yield first, last, whole.rank

    def _blocks(self, text: str, *, escaped: bool) -> Iterator[tuple[int, str]]:
        """Cut out of the text what is worth a closer look: where it begins, and what it is."""
        begin = end = 0
        for at in range(0, len(text), _BLOCK):
            first, last = max(0, at - _AROUND), at + _BLOCK + _AROUND
            if not self.may_be_in(text[first:last], escaped=escaped):
                continue
            if first > end:
                yield begin, text[begin:end]
                begin = first
            end = last
        yield begin, text[begin:end]

    def begins_at(self, text: str) -> int:
        """Return where the text's end may be a part of a value, or the text's length."""
        return self._open_at(text, 1, _GAP)[0]

    def begun(self, text: str) -> tuple[int, int]:
        """Return the same where so much is there that it has to be hidden, and whose it is."""
        return self._open_at(text, _BEGUN, 0)

    def _is_telling(self, text: str, at: int, place: tuple[int, int]) -> bool:
        whole = self._wholes[place[0]]
        start, end = _extended(text, at, 0, whole.text, place[1])
        return end - start >= whole.telling

    @cached_property
    def _grams(self) -> dict[int, tuple[int, int]]:
        """Where each gram of a value stands first: in which of them, and at what place."""
        grams: dict[int, tuple[int, int]] = {}
        for which, whole in enumerate(self._wholes):
            raw = whole.text.encode()
            for at in range(len(raw) - _GRAM + 1):
                grams.setdefault(_gram(raw, at), (which, at))
        return grams

    @cached_property
    def _longest(self) -> int:
        return max((len(whole.text) for whole in self._wholes), default=0)

    def _runs(self, text: str) -> Iterator[tuple[int, int, _Whole]]:
        """Find what the text has in common with a value, from left to right."""
        at = done = 0
        raw = text.encode()
        for hit in self._hits(raw):
            if hit < at:
                continue
            which, place = self._grams[_gram(raw, hit)]
            whole = self._wholes[which]
            start, end = _extended(text, hit, done, whole.text, place)
            yield start, end, whole
            at = max(hit + 1, end - _GRAM + 1)
            done = end if end - start >= whole.telling else done

    def _hits(self, raw: bytes) -> list[int]:
        """Return where a gram of any value begins, in order."""
        known = self._grams.keys()
        rows = [(offset, _grams_at(raw, offset)) for offset in range(_GRAM)]
        return sorted(
            offset + _GRAM * nth
            for offset, row in rows
            if not known.isdisjoint(row)
            for nth, gram in enumerate(row)
            if gram in known
        )

    def _open_at(self, text: str, least: int, widest: int) -> tuple[int, int]:
        """Return where the part of a value begins that reaches the text's end, and whose it is.

        What no core has may stand between it and the end, as a quote or the end of a line:
        at most `widest` characters.
        """
        nowhere = len(text), -1
        if not self._wholes or not text:
            return nowhere
        first = max(0, len(text) - 2 * self._longest - 1024)
        unfinished = _UNFINISHED.search(text, max(first, len(text) - _WIDEST))
        last = unfinished.start() if unfinished else len(text)
        tail = core(text[first:last])
        gap = last - first - tail.end(len(tail.text)) if tail.text else len(text)
        if gap > widest:
            return nowhere
        for start, end, whole in self._runs(tail.text):
            if end == len(tail.text):
                return first + tail.begin(start), whole.rank
        for count in range(min(_GRAM - 1, len(tail.text)), least - 1, -1):
            begun = next((one for one in self._wholes if one.begins(tail.text[-count:])), None)
            if begun is not None and (count > 1 or gap == 0):
                return first + tail.begin(len(tail.text) - count), begun.rank
        return nowhere


def _gram(raw: bytes, at: int) -> int:
    """Return the gram that begins there, as a number; a shorter one is no gram of any value."""
    gram = raw[at : at + _GRAM] if at >= 0 else b""
    return int.from_bytes(gram, sys.byteorder) if len(gram) == _GRAM else -1


def _grams_at(raw: bytes, offset: int) -> memoryview:
    """Return the grams that stand one after the other from an offset on, as numbers."""
    count = max(0, len(raw) - offset) // _GRAM
    return memoryview(raw)[offset : offset + _GRAM * count].cast("Q")


def _without_escapes(text: str) -> str:
    return _ESCAPE.sub(_bare, text)


def is_telling(value: str) -> bool:
    """Tell whether a value is found by its parts, and needs not be looked for as a whole."""
    return _URL.fullmatch(value) is None and len(core(value).text) >= 2 * _TELLING


def _secret_parts(value: str) -> Iterator[str]:
    """Return what of a value is secret by itself: of a URL not the scheme, nor the host."""
    if url := _URL.fullmatch(value):
        yield from filter(None, (url["login"], url["rest"]))
    else:
        yield value


def _cores(value: str) -> Iterator[str]:
    raw = value.encode(errors="surrogateescape")
    yield core(value).text
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + raw).decode()
        yield core(coded[-(-8 * offset // 6) : 8 * (offset + len(raw)) // 6]).text


def _extended(text: str, at: int, done: int, whole: str, place: int) -> tuple[int, int]:
    """Return how far to both sides the text goes on as the value does."""
    start, end = at, at + _GRAM
    before, after = place, place + _GRAM
    while start > done and before > 0 and text[start - 1] == whole[before - 1]:
        start, before = start - 1, before - 1
    while end < len(text) and after < len(whole) and text[end] == whole[after]:
        end, after = end + 1, after + 1
    return start, end


def _is_cut(text: str, start: int, end: int) -> bool:
    before = _DOTS_BEFORE.search(text, max(0, start - _GAP), start)
    return before is not None or _DOTS_AFTER.match(text, end) is not None
