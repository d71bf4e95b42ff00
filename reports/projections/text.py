"""Hostile text made harmless: for logs, and for Markdown."""

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_SPECIAL = re.compile(
    r"[\\`*{}\[\]<>#|~$&@]|(?<![^\W_])_|_(?![^\W_])|(?<=\w)://|(?<=www)\."
    r"|^\s*(?:[-+=:]|\d+[.)])|:(?=[\w+-]+:)",
    re.IGNORECASE,
)
_TICKS = re.compile(r"`+")
_KEPT = 1 << 12
"""Texts of which the same is said again and again."""


def visible(text: str) -> str:
    """Show control, bidirectional and invisible characters as escapes; lines and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub(lambda found: _escape(found[0]), text.replace("\r\n", "\n"))


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x100:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004


def one_line(text: str, limit: int = 0) -> str:
    """Put text on one line, its line ends shown as ⏎; cut it to a limit of characters."""
    line = visible(text).strip()
    if not line.isprintable():  # a line end and a tab are not
        line = " ⏎ ".join(part.strip(" \t") for part in line.split("\n")).replace("\t", " ")
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


@lru_cache(_KEPT)
def prose(text: str, limit: int = 0) -> str:
    """Write text so that Markdown shows it as it is, on one line, in a table too."""
    return _SPECIAL.sub(lambda found: "".join(map(_entity, found[0])), one_line(text, limit))


def _entity(char: str) -> str:
    return char if char.isspace() else f"&#{ord(char)};"


@lru_cache(_KEPT)
def code(text: str, limit: int = 0) -> str:
    """Write text as a code span that nothing in it can close, in a table too."""
    line = one_line(text, limit)
    if "|" in line:  # no renderer agrees with another on how a span in a table escapes it
        return f"<code>{prose(line)}</code>"
    return span(line)


def span(text: str) -> str:
    """Write text as a code span that nothing in it can close; not for a table."""
    line = one_line(text)
    if not line:
        return ""
    ticks = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def block(text: str, language: str = "") -> str:
    """Write text as a fenced block that nothing in it can close."""
    shown = visible(text)
    ticks = "`" * max(3, *(len(run) + 1 for run in [*_TICKS.findall(shown), ""]))
    return f"{ticks}{language}\n{shown}\n{ticks}\n"


def clock(at: str) -> str:
    """Return the time of day of a journal's instant."""
    return read(at).time().isoformat("seconds")


def read(at: str) -> datetime:
    """Read a journal's instant."""
    return datetime.fromisoformat(at)


def local(at: str, offset: str) -> str:
    """Write an instant in the zone of an offset such as +08:00."""
    sign = -1 if offset.startswith("-") else 1
    hours, _, minutes = offset[1:].partition(":")
    zone = timezone(sign * timedelta(hours=int(hours or 0), minutes=int(minutes or 0)))
    return f"{read(at).astimezone(zone):%Y-%m-%d %H:%M:%S} {offset}"


def utc(at: str) -> str:
    """Write an instant in UTC, to the second."""
    return f"{read(at):%Y-%m-%d %H:%M:%S} UTC"


def count(number: int, noun: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
