"""The tree of a YAML document: every value with its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Scalar = bool | int | float | str | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]
"""A value without places, as JSON has it."""


@dataclass(slots=True, eq=False)
class Node:
    """A value of a document. `line` and `column` count from 1; `start` and `end` are its span.

    `text` is what a scalar was written as, escapes resolved. An alias is the node it stands for.
    """

    kind: Literal["scalar", "list", "mapping"]
    line: int
    column: int
    start: int
    end: int
    value: Scalar = None
    text: str = ""
    style: str = ""
    items: list["Node"] = field(default_factory=list)
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)
    size: int = 1
    """How many nodes it expands to."""
    height: int = 1

    def get(self, *path: str) -> "Node | None":
        """Return the value at the keys, one below the other; None where there is none."""
        found = self
        for name in path:
            below = next((one for key, one in found.pairs if key.text == name), None)
            if below is None:
                return None
            found = below
        return found

    def key(self, name: str) -> "Node | None":
        """Return the key itself."""
        return next((key for key, _ in self.pairs if key.text == name), None)

    @property
    def is_text(self) -> bool:
        return isinstance(self.value, str)

    @property
    def elements(self) -> list["Node"]:
        """The items of a list; of a single value, that one; of nothing, none."""
        if self.kind == "list":
            return self.items
        return [] if self.kind == "mapping" or self.value is None else [self]

    @property
    def plain(self) -> Plain:
        """The value without places."""
        if self.kind == "list":
            return [one.plain for one in self.items]
        if self.kind == "mapping":
            return {key.text: one.plain for key, one in self.pairs}
        return self.value

    def below(
        self, path: tuple[str | int, ...] = ()
    ) -> Iterator[tuple[tuple[str | int, ...], "Node"]]:
        """Yield it and all below it with their paths; keys stand before their values."""
        yield path, self
        for index, item in enumerate(self.items):
            yield from item.below((*path, index))
        for key, value in self.pairs:
            yield from value.below((*path, key.text))
