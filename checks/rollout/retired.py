"""Retired names in texts: found as identifiers, and told apart from names that are longer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_UNDERLINED = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_DEEPEST = 60
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Hit:
    """A retired name in a text: the line, from 1, and the headings that it stands under."""

    line: int
    name: str
    is_variant: bool
    """Whether it has dashes where the retired name has underscores: that is legal, and remarked."""
    headings: tuple[str, ...]
    text: str

    def is_allowed(self, words: Sequence[str]) -> bool:
        """Tell whether a heading, or the line, has one of the words by which history is told."""
        said = "\n".join((*self.headings, self.text)).lower()
        return any(word.lower() in said for word in words)


def find_retired(text: str, names: Sequence[str]) -> Iterator[Hit]:
    """Find retired names in a text, line by line; headings are Markdown's.

    A name is found where it is a word of its own: `agentrun_dev`, and not in `agentrun_devtools`
    or `my-agentrun-dev`.
    """
    if not names or not _pattern(tuple(names)).search(text):
        return
    headings: list[tuple[int, str]] = []
    fence = ""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        fence, depth, heading = _heading(lines, at, fence)
        if depth:
            headings = [one for one in headings if one[0] < depth] + [(depth, heading)]
        for name, is_variant in named_in(line, names):
            under = tuple(title for _, title in headings)
            yield Hit(at + 1, name, is_variant, under, _around(line, name))


def named_in(text: str, names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Find retired names in one text: each as it stands there, and whether it is a variant."""
    if names:
        for found in _pattern(tuple(names)).finditer(text):
            yield found[0], found[0] not in names


def retired_values(value: Any, names: Sequence[str], place: str = "") -> Iterator[tuple[str, str]]:
    """Find retired names in the keys and texts of an object: its field, and the name.

    Variants with dashes are found too: see `named_in` to tell them apart.
    """
    stack: list[tuple[str, Any, int]] = [(place, value, 0)]
    while stack:
        at, one, depth = stack.pop()
        if isinstance(one, str):
            yield from ((at, name) for name, _ in named_in(one, names))
        elif isinstance(one, dict) and depth < _DEEPEST:
            for key, below in one.items():
                yield from ((f"{at}.{key}", name) for name, _ in named_in(str(key), names))
                stack.append((f"{at}.{key}".lstrip("."), below, depth + 1))
        elif isinstance(one, list) and depth < _DEEPEST:
            stack += [(f"{at}[{index}]", below, depth + 1) for index, below in enumerate(one)]


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Match the names, and the same with dashes for underscores."""
    spelled = "|".join(re.escape(name).replace("_", "[_-]") for name in names)
    return re.compile(rf"(?<![A-Za-z0-9_-])(?:{spelled})(?![A-Za-z0-9]|[_-][A-Za-z0-9])")


def _heading(lines: Sequence[str], at: int, fence: str) -> tuple[str, int, str]:
    """Return the fence that is open behind a line, and the heading's depth and text, if it is."""
    line = lines[at]
    fenced = _FENCE.match(line)
    if fenced and (not fence or fenced[1].startswith(fence)):
        return ("" if fence else fenced[1]), 0, ""
    if fence:
        return fence, 0, ""
    if found := _HEADING.match(line):
        return "", len(found[1]), found[2]
    below = _UNDERLINED.match(lines[at + 1]) if at + 1 < len(lines) else None
    if below and line.strip() and not line.lstrip().startswith(("-", "*", ">", "|")):
        return "", 1 if below[1][0] == "=" else 2, line.strip()
    return "", 0, ""


def _around(line: str, name: str) -> str:
    if len(line) <= _SHOWN:
        return line.strip()
    at = line.find(name)
    return f"…{line[max(0, at - _SHOWN // 2) : at + len(name) + _SHOWN // 2].strip()}…"
