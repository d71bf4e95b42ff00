"""Secrets in text that somebody printed or published: found and hidden, and never quoted."""

import json
import re
from bisect import bisect
from collections.abc import Iterator
from typing import Any, Protocol

from checks.rollout.secrets.seen import Leak
from reports import shapes
from reports.likely import is_placeholder, unregistered

_MARK = re.compile(r"\u2039(?:secret|leak):(?P<name>[^\u203a#]{1,400})(?:#[0-9a-f]{6})?\u203a")
_SCHEME = re.compile(r"(?:basic|bearer|digest|token|negotiate)?\s*", re.IGNORECASE)


class Hiding(Protocol):
    """What knows the secrets of the profile: where they stand in a text, in any form."""

    def edits(self, text: str, /) -> Iterator[shapes.Edit]: ...


def leaks_in_print(where: str, text: str) -> tuple[Leak, ...]:
    """Return where marks stand in a text that was hidden before it was kept: of JSON by path."""
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        loaded = None
    if isinstance(loaded, dict | list):
        found = (Leak(f"{where}: {path or '.'}", name) for path, name in _marked(loaded, ""))
        return tuple(dict.fromkeys(found))
    lines = enumerate(text.splitlines(), 1)
    return tuple(
        dict.fromkeys(
            Leak(f"{where}, line {number}", mark["name"])
            for number, line in lines
            for mark in _MARK.finditer(line)
        )
    )


def leaks_in_file(path: str, text: str, hiding: Hiding) -> tuple[Leak, ...]:
    """Return where secrets stand in a text as it is: those of the profile, and any by shape.

    Marks are what stands in a secret's place: they are none.
    """
    bare = _MARK.sub("", text)
    starts = [0, *(at.end() for at in re.finditer("\n", bare))]
    every = sorted({*_registered(bare, hiding), *_by_shape(bare), *_of(unregistered(bare))})
    return tuple(
        dict.fromkeys(Leak(f"{path}, line {bisect(starts, at)}", what) for at, what in every)
    )


def _registered(text: str, hiding: Hiding) -> Iterator[tuple[int, str]]:
    for start, _, mark in hiding.edits(text):
        found = _MARK.search(mark)
        yield start, found["name"] if found else "secret"


def _by_shape(text: str) -> Iterator[tuple[int, str]]:
    if not shapes.suspects(text):
        return
    for find in shapes.FINDERS:
        for found in find(text):
            value = text[found.start : found.end]
            if found.sure and not _SCHEME.fullmatch(value) and not is_placeholder(value):
                yield found.start, found.what


def _of(found: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
    return ((start, what) for start, _, what in found)


def _marked(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Walk the marks in what JSON holds, each with its path."""
    match value:
        case str():
            yield from ((path, mark["name"]) for mark in _MARK.finditer(value))
        case dict():
            for name, below in value.items():
                yield from ((path, mark["name"]) for mark in _MARK.finditer(name))
                yield from _marked(below, f"{path}.{_MARK.sub('…', name)}")
        case list():
            for number, below in enumerate(value):
                yield from _marked(below, f"{path}.{number}")
