"""The comments of a workflow file: those of YAML, and those of the scripts in it."""

import re
from collections.abc import Iterable, Iterator

from checks.wire.workflows.seen import Comment, Place

_COMMENT = re.compile(r"(?:(?<=\s)|^)#([^\r\n]*)", re.MULTILINE)
_OF_SCRIPT = re.compile(r"^[ \t]*#([^\r\n]*)", re.MULTILINE)
_LINE_END = re.compile(r"[\r\n]|$")
_KEPT = 300
"""Characters of one that are kept."""
_MOST = 5000

Span = tuple[int, int, bool]
"""Where a scalar starts and ends, and whether it is a block scalar."""


def comments_of(source: str, scalars: Iterable[Span], path: str) -> tuple[Comment, ...]:
    """Return the comments, in order: what is a `#` in a scalar is none, but for a script's lines.

    The first `_MOST` are kept.
    """
    found: list[Comment] = []
    line, counted = 1, 0
    for at, words in sorted(_spots(source, scalars)):
        line, counted = line + source.count("\n", counted, at), at
        column = at - source.rfind("\n", 0, at)
        place = Place(path=path, line=line, column=column)
        found.append(Comment(text=words.strip()[:_KEPT], place=place))
        if len(found) >= _MOST:
            break
    return tuple(found)


def _spots(source: str, scalars: Iterable[Span]) -> Iterator[tuple[int, str]]:
    reached = 0
    for start, end, is_block in scalars:
        if start < reached:
            continue
        stop = start
        if is_block:  # its first line holds its indicators, and may hold a comment
            header = _LINE_END.search(source, start)
            stop = header.start() if header else start
            yield from _found(_OF_SCRIPT, source, stop, end)
        yield from _found(_COMMENT, source, reached, stop)
        reached = end
    yield from _found(_COMMENT, source, reached, len(source))


def _found(
    pattern: re.Pattern[str], source: str, start: int, end: int
) -> Iterator[tuple[int, str]]:
    for one in pattern.finditer(source, start, end):
        yield one.start(1) - 1, one[1]
