"""Texts in base64, and what is written in their place."""

import base64
import re
from collections.abc import Callable, Iterator

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_WORDS = bytes(b"x"[0] if code in _ALPHABET else b" "[0] for code in range(256))
_LONG = b"x" * 40
_FIELD = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")


def texts(text: str) -> Iterator[tuple[int, int, str]]:
    """Find base64 of texts, long enough to be no accident: where, and what text."""
    words = text.encode("latin-1", "replace").translate(_WORDS)
    at = 0
    while (start := words.find(_LONG, at)) >= 0:
        at = words.find(b" ", start)
        at = at if at >= 0 else len(text)
        end = at + len(text[at : at + 2]) - len(text[at : at + 2].lstrip("="))
        try:
            yield start, end, _decoded(text[start:at]).decode()
        except ValueError:
            continue  # it only looks so, or is of something else than text


def rewritten(field: str, rewrite: Callable[[str], str]) -> str | None:
    """Rewrite what a field is the base64 of; None for any other field, and for the same text.

    The field is base64 again, in the same alphabet, so that who decodes it still can.
    """
    if not _FIELD.fullmatch(field):
        return None
    try:
        inner = _decoded(field).decode(errors="surrogateescape")
    except ValueError:
        return None
    instead = rewrite(inner)
    if instead == inner:
        return None
    encode = base64.b64encode if "+" in field or "/" in field else base64.urlsafe_b64encode
    return encode(instead.encode(errors="surrogateescape")).decode()


def _decoded(field: str) -> bytes:
    bare = field.rstrip("=")
    decode = base64.urlsafe_b64decode if "-" in bare or "_" in bare else base64.b64decode
    return decode(bare + "=" * (-len(bare) % 4))
