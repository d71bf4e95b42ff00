"""Text of a far side, fit for one line of a log."""

from collections.abc import Sequence

from fixtures.github.tokens import marked

_SHOWN = 8


def printable(text: str, limit: int = 200) -> str:
    """Escape what would move the cursor, turn the line around or end it, and cut at the limit."""
    cut = text if len(text) <= limit else marked(text)[: limit - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "replace").decode()
        for one in cut
    )


def listed(texts: Sequence[str]) -> str:
    """Write the first of them with commas, and how many more there are."""
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more
