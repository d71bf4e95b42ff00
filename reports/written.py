"""JSON that is written already: it becomes a part of a line without being read again."""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

_TOKEN = secrets.token_hex(16)
"""Stands in a line where something written comes: nobody who is looked at can know it."""
_PLACE = re.compile(rf'"{_TOKEN}-(\d+)"')
_numbers = count()
_held: dict[int, "Written"] = {}
"""What comes in the places of lines that are being written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A part of what is written: the JSON of an object, redacted by the redactor of the run."""

    text: str
    names: frozenset[str] = field(default=frozenset(), compare=False)
    """The names of its fields."""

    @property
    def value(self) -> Any:
        """What it says."""
        return json.loads(self.text)


def encoder(*, ensure_ascii: bool) -> Callable[[Any], str]:
    """Return what writes JSON, compact and without infinities, with `Written` in it as it is."""
    encode = json.JSONEncoder(
        ensure_ascii=ensure_ascii, separators=(",", ":"), allow_nan=False, default=_place
    ).encode

    def with_written(value: Any) -> str:
        text = encode(value)
        if _TOKEN not in text:
            return text
        parts = _PLACE.split(text)
        for at in range(1, len(parts), 2):
            told = _held.pop(int(parts[at]))
            is_plain = not ensure_ascii or told.text.isascii()
            parts[at] = told.text if is_plain else encode(told.value)
        return "".join(parts)

    return with_written


def _place(part: object) -> str:
    """Hold a part, and return what stands in its place; raises `TypeError` for anything else."""
    if not isinstance(part, Written):
        raise TypeError(f"{type(part).__name__} is not JSON")
    number = next(_numbers)
    _held[number] = part
    return f"{_TOKEN}-{number}"
