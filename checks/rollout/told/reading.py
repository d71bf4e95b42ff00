"""JSON out of what a command wrote: behind noise, before noise, or a line each."""

import json
from typing import Any

_FAILURES = 64
"""Braces that begin no JSON, after which nothing more is looked for."""
_STRICT = json.JSONDecoder(parse_constant=str)


def find_object(text: str) -> str | None:
    """Return the text of the JSON object that a command's output ends with; None without one.

    It is the first that parses and has nothing behind it; else the last that parses: of lines
    of JSON, the last line.
    """
    found: str | None = None
    at, failures = text.find("{"), 0
    while at >= 0 and failures < _FAILURES:
        end = _end_of_object(text, at)
        if end is None:
            failures += 1
            at = text.find("{", at + 1)
            continue
        if found is None or text[at + 1 : end - 1].strip():  # {} at the end of a line is noise
            found = text[at:end]
        if not text[end:].strip():
            break
        at = text.find("{", end)
    return found


def read_object(text: str) -> Any:
    """Return what a JSON text holds; raises `ValueError`. NaN and infinities are words."""
    try:
        return _STRICT.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _end_of_object(text: str, at: int) -> int | None:
    try:
        return _STRICT.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return None
