"""Secrets in text that somebody printed or published: found and hidden, and never quoted."""

import json
import re
from bisect import bisect
from collections.abc import Iterator
from typing import Any, Protocol

from checks.rollout.secrets.seen import Leak
from reports import shapes

_TOKENS = {
    "github-token": r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}",
    "gitlab-token": r"glpat-[\w-]{20,255}",
    "provider-key": r"sk-[A-Za-z0-9_-]{20,255}",
    "aws-key": r"AKIA[0-9A-Z]{16}",
    "slack-token": r"xox[abprs]-[\w-]{10,255}",
    "jwt": r"eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,4000}",
}
_TOKEN = re.compile(
    "|".join(rf"(?P<{name.replace('-', '_')}>(?<![\w-])(?:{one}))" for name, one in _TOKENS.items())
)
_NAMED = re.compile(
    r"(?<![\w-])(?P<name>[\w-]{0,40}(?:api[_-]?key|access[_-]?token|refresh[_-]?token|auth[_-]?token"
    r"|secret[_-]?key|private[_-]?key|client[_-]?secret|passw(?:or)?d))\\?[\"']?[ \t]*[:=][ \t]*"
    r"\\?[\"']?(?P<value>[^\s\"',;}\]\\]{8,500})",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\$[({A-Za-z_]|<[^>]*>|\{\{|\*{3}|x{4,}|\u2022|\u2039|redacted|masked|hidden|changeme|example"
    r"|placeholder|sha256:|hmac|%s",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z]+(?:[-._][a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)*|/.*|\./.*|[0-9.]+")
"""Names of objects, keys and variables, paths and numbers: they point to a secret, and are none."""
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])")
_MARK = re.compile(r"\u2039(?:secret|leak):(?P<name>[^\u203a#]{1,400})(?:#[0-9a-f]{6})?\u203a")
_SCHEME = re.compile(r"(?:basic|bearer|digest|token|negotiate)?\s*", re.IGNORECASE)


class Hiding(Protocol):
    """What knows the secrets of the profile: where they stand in a text, in any form."""

    def edits(self, text: str, /) -> Iterator[shapes.Edit]: ...


def hidden(text: str) -> str:
    """Return a text with marks in the place of what looks like a token or a password.

    It is for text that is about to be kept: whoever registers no secret has no other filter.
    """
    return shapes.edited(
        text, ((start, end, f"\u2039leak:{what}\u203a") for start, end, what in _unregistered(text))
    )


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
    every = sorted({*_registered(bare, hiding), *_by_shape(bare), *_of(_unregistered(bare))})
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
            if found.sure and not _SCHEME.fullmatch(value) and not _PLACEHOLDER.search(value):
                yield found.start, found.what


def _unregistered(text: str) -> Iterator[tuple[int, int, str]]:
    """Find tokens by how they begin, and values by the name that they have, in order."""
    found = [(*one.span(), str(one.lastgroup).replace("_", "-")) for one in _TOKEN.finditer(text)]
    found += [
        (*one.span("value"), one["name"].lower())
        for one in _NAMED.finditer(text)
        if _is_value(one["value"])
    ]
    at = 0
    for start, end, what in sorted(found):
        if start >= at:
            yield start, end, what
            at = end


def _of(found: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, str]]:
    return ((start, what) for start, _, what in found)


def _is_value(value: str) -> bool:
    """Tell a value from a name, a path, a word or a mark in its place."""
    if _PLACEHOLDER.search(value) or _NAME.fullmatch(value):
        return False
    return _MIXED.match(value) is not None


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
