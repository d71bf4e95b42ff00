"""Which lines of a text are not in an earlier one of it."""

from collections.abc import Sequence
from difflib import SequenceMatcher

_MOST = 20_000_000
"""Lines before by lines after; more are not compared one by one, and count as added."""


def added(before: bytes, after: bytes) -> tuple[range, ...]:
    """Return the lines of a text that were added to an earlier one, from 1."""
    old, new = before.split(b"\n"), after.split(b"\n")
    first = _same(old, new)
    old, new = old[first:], new[first:]
    last = _same(old[::-1], new[::-1])
    old, new = old[: len(old) - last], new[: len(new) - last]
    if len(old) * len(new) > _MOST:
        return (range(first + 1, first + len(new) + 1),)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        range(first + start + 1, first + end + 1)
        for what, _, _, start, end in blocks
        if what in {"insert", "replace"}
    )


def _same(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """Return with how many equal lines both begin."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
