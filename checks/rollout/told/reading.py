"""JSON out of what a command wrote: behind noise, before noise, or a line each."""

import json
import re
from typing import Any

from fixtures.clusters.plain_json import each_once

_FAILURES = 64
"""Braces that begin no JSON, after which nothing more is looked for."""
_GOES_ON = re.compile(r"\s*[,}\]]")
"""What stands behind a part of something larger."""
_STRICT = json.JSONDecoder(parse_constant=str)
_ONCE = json.JSONDecoder(parse_constant=str, object_pairs_hook=each_once)


def find_object(text: str) -> str | None:
    """Return the text of the JSON object that a command's output ends with; None without one.

    It is the first that parses and has nothing behind it; else the last that parses: of lines
    of JSON, the last line. A part of an object that is cut off or broken is none.
    """
    found: str | None = None
    at, failures, length = text.find("{"), 0, len(text.rstrip())
    while at >= 0 and failures < _FAILURES:
        end, reached = _end_of_object(text, at)
        if end is None:
            if reached >= length:
                break  # what stands behind its begin is a part of it
            failures += 1
            at = text.find("{", at + 1)
            continue
        is_part = _GOES_ON.match(text, end) is not None
        # {} at the end of a line is noise
        if not is_part and (found is None or text[at + 1 : end - 1].strip()):
            found = text[at:end]
        if end >= length:
            break
        at = text.find("{", end)
    return found


def read_object(text: str) -> Any:
    """Return what a JSON text holds; raises `ValueError`, also for a key that stands twice.

    NaN and infinities are words.
    """
    try:
        return _ONCE.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _end_of_object(text: str, at: int) -> tuple[int | None, int]:
    """Return where the object that begins there ends, if it does; and how far it was read."""
    try:
        end = _STRICT.raw_decode(text, at)[1]
    except json.JSONDecodeError as error:
        return None, len(text) if error.msg.startswith("Unterminated") else error.pos
    except (ValueError, RecursionError):
        return None, at
    return end, end
