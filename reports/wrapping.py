"""Prose that fits a terminal: wrapped between words, never within what is copied from it."""

import textwrap

import pytest

UNBOUNDED = 0
"""The width of what is no terminal: nothing is wrapped there, for grep."""
_LEAST = 60


def columns(terminal: pytest.TerminalReporter) -> int:
    """Return how many columns prose may take: those of the terminal, if there is one."""
    return max(_LEAST, terminal._tw.fullwidth) if terminal.isatty else UNBOUNDED  # noqa: SLF001


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Return the lines of a text, each at most so wide unless a word of it alone is wider.

    Unbounded, it is one line.

    `first` stands before the first line, and `rest` before each other; without one, as many blanks.
    """
    if width == UNBOUNDED:
        return [f"{first}{text}"]
    rest = " " * len(first) if rest is None else rest
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [first.rstrip()]


def beside(pairs: list[tuple[str, str]], width: int) -> list[str]:
    """Return commands with what they do behind them, or below where that would be too wide."""
    size = max(len(command) for command, _ in pairs)
    if width == UNBOUNDED or all(size + 3 + len(words) <= width for _, words in pairs):
        return [f"{command:<{size}}   {words}" for command, words in pairs]
    return [line for command, words in pairs for line in (command, f"    {words}")]
