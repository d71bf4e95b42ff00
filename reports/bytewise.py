"""Text in bytes, rewritten: what is no UTF-8 comes out as it went in."""

import re
from collections.abc import Callable

_HALVES = re.compile("[\ud800-\udfff]")
_WRITTEN_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves of characters that stand for no byte: a JSON text had an escape of each."""


def rewritten(raw: bytes, by: Callable[[str], str]) -> bytes:
    """Return what comes of a text; halves of characters that JSON escaped are escaped again."""
    try:
        text, halves = raw.decode(), _HALVES
    except UnicodeDecodeError:
        text, halves = raw.decode(errors="surrogateescape"), _WRITTEN_HALVES
    kept = by(text)
    try:
        return kept.encode()
    except UnicodeEncodeError:
        escaped = halves.sub(lambda found: f"\\u{ord(found[0]):04x}", kept)
        return escaped.encode(errors="surrogateescape")
