"""Globs: which paths of a repository are meant."""

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|\{[^{}]*\}|.", re.DOTALL)


def as_expression(glob: str) -> bytes:
    """Return the regular expression of the paths that a glob means, in a list that NULs end.

    `*` and `?` stay within a folder, `**` crosses folders, `{a,b}` is one of them, `[a-z]` one
    character. Raises `ValueError` for a glob that is none.
    """
    pieces = [_piece(one[0]) for one in _TOKEN.finditer(glob)]
    expression = b"".join(pieces)
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"this is no glob: {error}") from None
    return expression


def paths_in(listing: bytes, globs: Iterable[str], not_in: Iterable[str]) -> frozenset[bytes]:
    """Return the paths of a listing, each ended by a NUL, that the globs mean."""
    others = _any(not_in)
    if "**" in (globs := tuple(globs)):
        found = frozenset(listing.split(b"\0")) - {b""}
    else:
        meant = _any(globs)
        found = frozenset(meant.findall(listing)) if meant else frozenset()
    return found.difference(others.findall(listing)) if others else found


def _any(globs: Iterable[str]) -> re.Pattern[bytes] | None:
    several = b"|".join(dict.fromkeys(map(as_expression, globs)))
    return re.compile(rb"(?<![^\0])(?:" + several + rb")(?=\0)") if several else None


_WILD = {"**/": rb"(?:[^\0]*/)?", "**": rb"[^\0]*", "*": rb"[^\0/]*", "?": rb"[^\0/]"}


def _piece(token: str) -> bytes:
    if token in _WILD:
        return _WILD[token]
    if token in {"{", "}", "["}:
        raise ValueError(f"{token!r} stands alone")
    if token[0] == "{":
        several = (b"".join(_piece(t[0]) for t in _TOKEN.finditer(p)) for p in _parts(token))
        return rb"(?:" + b"|".join(several) + rb")"
    if token[0] == "[":
        inner = token[1:-1].replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
        negated = inner.startswith("!")
        return b"[" + (b"^\\0/" + inner[1:].encode() if negated else inner.encode()) + b"]"
    return re.escape(token.encode())


def _parts(token: str) -> list[str]:
    return token[1:-1].split(",")
