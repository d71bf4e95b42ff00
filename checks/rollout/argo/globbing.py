"""The patterns of an AppProject, as Argo CD reads them: https://github.com/gobwas/glob.

`*` and `**` stand for any text, `?` for any character, `[a-z]` and `[abc]` for one of these,
`[!abc]` for any other, `{a,b}` for either, and a backslash takes the next character as it is.
Of destinations nothing separates names, so that `*` goes beyond `/` and `.`. Of repositories `/`
does: `*` and `?` end there, and `**` does not. A `{` need not be closed.
"""

import re
from functools import cache

_SPECIAL = frozenset("*?[{\\")
_RANGE = re.compile(r"(!?)(.)-(.)\]", re.DOTALL)
_LIST = re.compile(r"(!?)((?:\\.|[^\]\\])+)\]", re.DOTALL)


def fits(pattern: str, value: str, *, separator: str = "") -> bool:
    """Tell whether a value fits a pattern; what is no pattern fits nothing, as in Argo CD."""
    compiled = _compiled(pattern, separator)
    return compiled is not None and compiled.fullmatch(value) is not None


def is_pattern(text: str) -> bool:
    """Tell whether a text stands for others than itself."""
    return bool(_SPECIAL & set(text))


@cache
def _compiled(pattern: str, separator: str) -> re.Pattern[str] | None:
    try:
        return re.compile("".join(_parts(pattern, separator)), re.DOTALL)
    except (ValueError, re.error):
        return None


def _parts(pattern: str, separator: str) -> list[str]:
    """Return a pattern as parts of a regular expression; raises `ValueError` for none."""
    parts, depth, at = [], 0, 0
    anything = f"[^{re.escape(separator)}]" if separator else "."
    while at < len(pattern):
        one, at = pattern[at], at + 1
        if one == "*":
            many = len(pattern) - at - len(pattern[at:].lstrip("*"))
            parts.append(".*" if many else f"{anything}*")
            at += many
        elif one == "?":
            parts.append(anything)
        elif one == "[":
            said, at = _class(pattern, at)
            parts.append(said)
        elif one == "\\":
            parts.append(re.escape(pattern[at : at + 1]))
            at += 1
        elif one == "{" or (depth and one in ",}"):
            depth += {"{": 1, "}": -1}.get(one, 0)
            parts.append({"{": "(?:", ",": "|", "}": ")"}[one])
        else:
            parts.append(re.escape(one))
    return [*parts, ")" * depth]


def _class(pattern: str, at: int) -> tuple[str, int]:
    """Return a class of characters, and where it ends: a range, or a list in which `-` is one."""
    if found := _RANGE.match(pattern, at):
        low, high = re.escape(found[2]), re.escape(found[3])
        return f"[{'^' * bool(found[1])}{low}-{high}]", found.end()
    if found := _LIST.match(pattern, at):
        every = re.sub(r"\\(.)", r"\1", found[2])
        listed = "".join(f"\\{one}" if one in "^]\\-[&~|" else one for one in every)
        return f"[{'^' * bool(found[1])}{listed}]", found.end()
    raise ValueError("a [ is not closed")
