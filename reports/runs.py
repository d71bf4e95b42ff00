"""Long values, of which seldom the whole is shown: every long part of them is found."""

import base64
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_GRAM = 12
_TELLING = 32
"""Characters in a row that are a part of the value, and no accident."""
_BEGUN = 6
"""Of them, where a text ends or dots stand for the rest."""
_PLACES = 4
"""Of a part that the value repeats, so many places are kept."""
_GAP = 16
_WIDEST = 64
_DOTS = ("...", "\u2026")
_DOTS_BEFORE = re.compile(r"(?:\.\.\.|\u2026)[\s\"'\\+\-/_=]{0,4}\Z")
_DOTS_AFTER = re.compile(r"[\s\"'\\+\-/_=]{0,4}(?:\.\.\.|\u2026)")
_KEPT = r"!#$(-*,.0-<>-\[\]^`-~"
_NAMED = {"lt": "<", "gt": ">", "amp": "&"}
_UNIT = re.compile(
    rf"(?P<plain>[{_KEPT}]+)"
    r"|%(?:25)*(?P<percent>[0-9A-Fa-f]{2})"
    r"|\\+(?:u00(?P<unicode>[0-9A-Fa-f]{2})|x(?P<hex>[0-9A-Fa-f]{2})|u[0-9A-Fa-f]{4}|[nrtbf])"
    r"|&(?:amp;)*(?:#(?P<decimal>\d{1,7})|#[xX](?P<reference>[0-9A-Fa-f]{1,6})"
    r"|(?P<named>lt|gt|amp)|quot|apos);"
    r"|(?P<bare>[%&])"
)
_UNFINISHED = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]?|\\+(?:u[0-9A-Fa-f]{0,3}|x[0-9A-Fa-f]?)?|&(?:amp;)*[#0-9A-Za-z]{0,8})\Z"
)
_ESCAPE = re.compile(_UNIT.pattern.partition("|")[2])
_IS_KEPT = re.compile(rf"[{_KEPT}%&]")
_LEFT_OUT = dict.fromkeys([*map(ord, " \t\r\n\"'\\+-/_=")])


@dataclass(frozen=True)
class Core:
    """What no encoding takes away from a text, unescaped, and where it stands there."""

    text: str
    begins: "array[int]"
    ends: "array[int]"


def core(text: str) -> Core:
    """Return the core of a text: ASCII without white space, quotes, backslashes and `+-/_=`."""
    found: list[str] = []
    begins, ends = array("q"), array("q")
    for unit in _UNIT.finditer(text):
        start, end = unit.span()
        if unit.lastgroup in ("plain", "bare"):
            found.append(unit[0])
            begins.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        elif unit.lastgroup is not None and _IS_KEPT.fullmatch(char := _unescaped(unit)):
            found.append(char)
            begins.append(start)
            ends.append(end)
    return Core("".join(found), begins, ends)


def _bare(unit: re.Match[str]) -> str:
    """Return what a unit of a text has in its core."""
    if unit.lastgroup in ("plain", "bare"):
        return unit[0]
    return _unescaped(unit) if unit.lastgroup else ""


def _unescaped(unit: re.Match[str]) -> str:
    written = unit[unit.lastgroup or 0]
    if unit.lastgroup == "named":
        return _NAMED[written]
    return chr(min(int(written, 10 if unit.lastgroup == "decimal" else 16), 0x10FFFF))


@dataclass(frozen=True)
class Runs:
    """The parts of one long value, itself escaped in any way, and its base64."""

    value: str

    @cached_property
    def _wholes(self) -> tuple[str, ...]:
        raw = self.value.encode(errors="surrogateescape")
        coded = (base64.b64encode(bytes(offset) + raw).decode() for offset in range(3))
        inner = (text[-(-8 * offset // 6) : -4] for offset, text in enumerate(coded))
        return (core(self.value).text, *(core(text).text for text in inner))

    @property
    def are_telling(self) -> bool:
        """Whether the value has enough of a core to be told from other text."""
        return len(self._wholes[0]) >= 2 * _TELLING

    @cached_property
    def _grams(self) -> dict[str, list[tuple[int, int]]]:
        grams: dict[str, list[tuple[int, int]]] = {}
        for which, whole in enumerate(self._wholes):
            for at in range(len(whole) - _GRAM + 1):
                places = grams.setdefault(whole[at : at + _GRAM], [])
                if len(places) < _PLACES:
                    places.append((which, at))
        return grams

    def may_be_in(self, text: str, *, escaped: bool) -> bool:
        """Tell quickly whether a part of the value is in the text."""
        bare = (_ESCAPE.sub(_bare, text) if escaped else text).replace("\u2026", "...")
        bare = bare.translate(_LEFT_OUT)
        grams = self._grams
        step = _TELLING - _GRAM
        if any(bare[at : at + _GRAM] in grams for at in range(0, len(bare) - _GRAM + 1, step)):
            return True
        return any(
            bare[dots.start() - _GRAM : dots.start()] in grams
            or bare[dots.end() : dots.end() + _GRAM] in grams
            for dots in re.finditer(r"\.\.\.", bare)
        )

    def spans(self, text: str, *, escaped: bool) -> Iterator[tuple[int, int]]:
        """Find every part that is long enough, or that dots cut short."""
        if not self.may_be_in(text, escaped=escaped):
            return
        seen = core(text)
        dotted = any(dots in text for dots in _DOTS)
        for start, end in self._runs(seen.text):
            first, last = seen.begins[start], seen.ends[end - 1]
            if end - start >= _TELLING or (dotted and _is_cut(text, first, last)):
                yield first, last

    def begins_at(self, text: str) -> int:
        """Return where the text's end may be a part of the value, or the text's length."""
        return self._open_at(text, 1)

    def is_begun_at(self, text: str, at: int = 0) -> int:
        """Return the same, where so much of the value is there that it has to be hidden."""
        return max(at, self._open_at(text, _BEGUN))

    def _runs(self, text: str) -> Iterator[tuple[int, int]]:
        """Find what the text has in common with the value, from left to right."""
        at = done = 0
        while at + _GRAM <= len(text):
            places = self._grams.get(text[at : at + _GRAM])
            if places is None:
                at += 1
                continue
            start, end = max(
                (self._extended(text, at, done, *place) for place in places),
                key=lambda run: run[1] - run[0],
            )
            yield start, end
            at = max(at + 1, end - _GRAM + 1)
            done = end if end - start >= _TELLING else done

    def _extended(self, text: str, at: int, done: int, which: int, place: int) -> tuple[int, int]:
        whole = self._wholes[which]
        start, end = at, at + _GRAM
        before, after = place, place + _GRAM
        while start > done and before > 0 and text[start - 1] == whole[before - 1]:
            start, before = start - 1, before - 1
        while end < len(text) and after < len(whole) and text[end] == whole[after]:
            end, after = end + 1, after + 1
        return start, end

    def _open_at(self, text: str, least: int) -> int:
        """Return where the part of the value begins that reaches the text's end."""
        first = max(0, len(text) - 2 * len(self.value) - 4096)
        unfinished = _UNFINISHED.search(text, max(first, len(text) - _WIDEST))
        end = unfinished.start() if unfinished else len(text)
        tail = core(text[first:end])
        gap = end - first - tail.ends[-1] if tail.text else len(text)
        if gap > _GAP:
            return len(text)
        for start, end in self._runs(tail.text):
            if end == len(tail.text) and end - start >= least:
                return first + tail.begins[start]
        for count in range(min(_GRAM - 1, len(tail.text)), least - 1, -1):
            if self._may_begin(tail.text[-count:], gap):
                return first + tail.begins[-count]
        return len(text)

    def _may_begin(self, part: str, gap: int) -> bool:
        if len(part) >= _BEGUN:
            return any(part in whole for whole in self._wholes)
        return (gap == 0 or len(part) > 1) and any(whole.startswith(part) for whole in self._wholes)


def _is_cut(text: str, start: int, end: int) -> bool:
    before = _DOTS_BEFORE.search(text, max(0, start - _GAP), start)
    return before is not None or _DOTS_AFTER.match(text, end) is not None
