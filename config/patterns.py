"""Regular expressions as rules have them: what both engines read alike, and as bytes."""

import re

_POSIX = re.compile(r"\[\[[:.=]")
_OPEN_REPEAT = re.compile(r"(?<!\\)\{,")
_ENDS = re.compile(r"(?<!\\)(?:\\\\)*\\[AZ]")
_READING = (
    r"^(?!\s*(?://|#|\*|--|;|<!--)).*(?:"
    r"(?i:\b(?:getenv|lookupenv|mustenv|bindenv|env)\w*)\(\s*(?:[\"'][^\"']*[\"']\s*,\s*)?"
    r"[\"'`]NAME[\"'`]"
    r"|\benviron(?:\.get\(|\[)\s*[\"']NAME[\"']"
    r"|\benv(?:\??\.NAME\b|\[[\"']NAME[\"']\])"
    r"|\benv:\"NAME\b"
    r"|\$\{?NAME\b"
    r")"
)


def reading(variable: str) -> str:
    """Return the expression of a line that reads the environment variable, and is no comment."""
    return _READING.replace("NAME", variable)


def as_bytes(pattern: str) -> bytes:
    """Return a regular expression of UTF-8 text as one of its bytes.

    Raises `ValueError` for what would not be read alike by both engines, and for what a line
    cannot hold.
    """
    if _POSIX.search(pattern):
        raise ValueError("Python knows no [[:classes:]]; write \\s, \\d, \\w or [A-Za-z]")
    if _OPEN_REPEAT.search(pattern):
        raise ValueError("a repetition begins with a number: {0,3}")
    if _ENDS.search(pattern):
        raise ValueError("every line is looked at alone: write ^ and $ for its two ends")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from None
    if pattern.isascii():
        return _compiled(pattern.encode())
    return _compiled(b"".join(_pieces(pattern)))


def _compiled(raw: bytes) -> bytes:
    try:
        re.compile(raw)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"of bytes it cannot be read: {error}") from None
    return raw


def _pieces(pattern: str) -> list[bytes]:
    """Put each character outside ASCII into a group, so that a repetition repeats all of it."""
    pieces: list[bytes] = []
    within = escaped = False
    for one in pattern:
        if not one.isascii() and (within or escaped):
            raise ValueError(f"{one!r} can stand neither within [] nor behind a backslash")
        if not escaped and one == "[":
            within = True
        elif not escaped and one == "]":
            within = False
        escaped = not escaped and one == "\\"
        pieces.append(one.encode() if one.isascii() else b"(?:" + one.encode() + b")")
    return pieces
