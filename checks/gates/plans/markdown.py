"""Markdown, as far as evidence is cited in it: lines, with their section and their columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULER = frozenset(" \t|:-")
LONGEST = 20_000
"""Characters of one line that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A piece of a line under the head of its column; `at` is where it begins in the line."""

    head: str
    text: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a document, counted from 1; a row of a table has cells."""

    number: int
    text: str
    section: int
    """The line of the heading above it; 0 before the first."""
    heading: str
    fenced: bool
    cells: tuple[Cell, ...] = ()

    def head_at(self, at: int) -> str:
        """Return the head of the column that a place of the line is in; empty outside tables."""
        return next((one.head for one in reversed(self.cells) if one.at <= at), "")


def read_lines(text: str) -> Iterator[Line]:
    """Walk the lines of a document; comments are left out, what is fenced is told."""
    lines = [_cut(one) for one in re.split(r"\r\n|\r|\n", without_comments(text))]
    section, heading, fence = 0, "", ""
    heads: tuple[str, ...] = ()
    for number, line in enumerate(lines, 1):
        found = _FENCE.match(line)
        if fence:
            fence = "" if found and found[1].startswith(fence) else fence
        elif found:
            fence, heads = found[1], ()
        elif title := _HEADING.match(line):
            section, heading, heads = number, title[2].strip(), ()
        else:
            heads = _heads(lines, number, heads)
        fenced = bool(fence or found)
        cells = () if fenced or not heads else _cells(line, heads)
        yield Line(
            number=number,
            text=line,
            section=section,
            heading=heading,
            fenced=fenced,
            cells=cells,
        )


def without_comments(text: str) -> str:
    """Blank out HTML comments, and keep the lines."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        end = len(text) if end < 0 else end + 3
        hidden = re.sub(r"[^\r\n]", " ", text[start:end])
        parts += [text[at:start], hidden]
        at = end
    return "".join([*parts, text[at:]])


def _cut(line: str) -> str:
    return line[:LONGEST]


def _heads(lines: Sequence[str], number: int, heads: tuple[str, ...]) -> tuple[str, ...]:
    """Return the heads of the table that a line, counted from 1, is a row of."""
    line = lines[number - 1]
    if "|" not in line:
        return ()
    following = lines[number] if number < len(lines) else ""
    if not heads and "|" in following and _is_ruler(following):
        return tuple(one.text.strip().lower() for one in _split(line))
    return heads


def _cells(line: str, heads: Sequence[str]) -> tuple[Cell, ...]:
    if _is_ruler(line):
        return ()
    return tuple(
        Cell(head=heads[place] if place < len(heads) else "", text=one.text, at=one.at)
        for place, one in enumerate(_split(line))
    )


def _is_ruler(line: str) -> bool:
    return "-" in line and _RULER.issuperset(line)


def _split(line: str) -> list[Cell]:
    """Split a row at its bars, but not at those that are escaped or in code."""
    begin = line.find("|") + 1 if line.lstrip().startswith("|") else 0
    cells, code, start = [], False, begin
    for at in range(begin, len(line)):
        if line[at] == "`":
            code = not code
        elif line[at] == "|" and not code and line[at - 1] != "\\":
            cells.append(Cell(head="", text=line[start:at], at=start))
            start = at + 1
    if line[start:].strip():
        cells.append(Cell(head="", text=line[start:], at=start))
    return cells
