"""Text, and the control sequences that stand between its characters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

_CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][0-9A-Za-z])")
"""Colours, and what else has no length (ECMA-48, 5.4)."""
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|[()])?\Z")


@dataclass(frozen=True)
class Styled:
    """Text without its control sequences, and where each of them stood."""

    text: str
    controls: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(cls, raw: str) -> Self:
        """Take the control sequences out of a text."""
        if "\x1b" not in raw:
            return cls(raw)
        parts: list[str] = []
        controls: list[tuple[int, str]] = []
        at = length = 0
        for found in _CONTROL.finditer(raw):
            parts.append(raw[at : found.start()])
            length += found.start() - at
            controls.append((length, found[0]))
            at = found.end()
        return cls("".join([*parts, raw[at:]]), tuple(controls))

    def __str__(self) -> str:
        """Put the control sequences back."""
        parts: list[str] = []
        at = 0
        for place, control in self.controls:
            parts += [self.text[at:place], control]
            at = place
        return "".join([*parts, self.text[at:]])

    def __add__(self, other: Self) -> Self:
        """Join two texts."""
        moved = ((place + len(self.text), control) for place, control in other.controls)
        return type(self)(self.text + other.text, (*self.controls, *moved))

    def parted(self, at: int) -> tuple[Self, Self]:
        """Part the text before a character; what controls it goes before it."""
        first = tuple(one for one in self.controls if one[0] <= at)
        rest = tuple((place - at, control) for place, control in self.controls if place > at)
        return type(self)(self.text[:at], first), type(self)(self.text[at:], rest)

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> Self:
        """Replace parts of the text, in order; what controlled their characters follows them."""
        parts: list[str] = []
        moved: list[tuple[int, str]] = []
        left = list(reversed(self.controls))
        at = length = 0
        for start, end, instead in edits:
            parts += [self.text[at:start], instead]
            while left and left[-1][0] <= start:
                place, control = left.pop()
                moved.append((place - at + length, control))
            length += start - at + len(instead)
            while left and left[-1][0] < end:
                moved.append((length, left.pop()[1]))
            at = end
        moved += [(place - at + length, control) for place, control in reversed(left)]
        return type(self)("".join([*parts, self.text[at:]]), tuple(moved))


def unfinished(raw: str) -> int:
    """Return where a control sequence begins that the text's end cuts off, or its length."""
    found = _UNFINISHED.search(raw, max(0, len(raw) - 80))
    return found.start() if found else len(raw)
