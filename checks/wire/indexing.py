"""Finding things among very many, of which many ask: what was seen is sorted out once."""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_KEPT = 64
"""Sequences of which it is known; a run has one for each kind of objects."""


class Same(Generic[T]):
    """A tuple that is equal to itself alone: it is not compared, and not hashed, item by item."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[T, ...]) -> None:
        self.items = items

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.items is self.items

    def __hash__(self) -> int:
        return id(self.items)


def those_of(items: tuple[T, ...], key: Callable[[T], Hashable], value: Hashable) -> tuple[T, ...]:
    """Return the items of which `key` returns the value, in their order.

    `key` is a function of a module: it is asked once of each item, however many values follow.
    """
    found: tuple[T, ...] = _sorted_out(Same(items), key).get(value, ())
    return found


@lru_cache(maxsize=_KEPT)
def _sorted_out(
    same: Same[Any], key: Callable[[Any], Hashable]
) -> Mapping[Hashable, tuple[Any, ...]]:
    index: dict[Hashable, list[Any]] = {}
    for one in same.items:
        index.setdefault(key(one), []).append(one)
    return {value: tuple(those) for value, those in index.items()}
