"""Paths of a repository by pattern: `*` and `?` within a name, `**` for any folders."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache


def fits(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether a path fits any of the patterns, as a whole."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


def named_so(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a name fits any pattern; `*` and `?` stand for any text, `[` for itself."""
    return any(fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    means = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(means.get(part, re.escape(part)) for part in parts), re.DOTALL)
