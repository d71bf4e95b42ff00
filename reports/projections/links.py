"""The table of each chain's links: in the record, in the log, and on the terminal."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reports.links import Link, Linked, last_of_each
from reports.projections.text import code, one_line, prose
from reports.projections.told import Account

WIDTH = 100
"""Columns of a terminal that a table takes at most."""
_TABLES = 8
"""How many tables the terminal shows; the record shows all."""
_TEXT = 200
"""Characters of what was expected, or observed, that the record shows."""
_LINES = 6
"""Of one text, that a terminal shows."""
_MARK = ">>"
_ID = re.compile(r"(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{28,}(?![0-9a-f])")
_HEAD = "| | Node | State | Expected | Observed | Read at |\n|---|---|---|---|---|---|\n"
_COLUMNS = ("", "node", "state", "expected", "observed")
_STATES = {"broken": "BROKEN", "pending": "pending", "unknown": "not known"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line for the terminal; `tone` is how it is shown there: `bad`, `unsure`, `good` or none."""

    text: str
    tone: str = ""


def linked_of(told: Account) -> tuple[Linked, ...]:
    """Return the chains of a run, of each target the last that was looked at."""
    return last_of_each(
        [
            Linked(sighting.target, sighting.vantage, seen.links, seen.closeout)
            for sighting in told.sightings.values()
            for seen in sighting.seen
            if seen.links
        ]
    )


def links(told: Account) -> str:
    """Write the record's section of chains; empty where there is none."""
    parts = [_table(one) for one in linked_of(told)]
    return "\n".join(["## Chains, link by link\n", *parts]) if parts else ""


def _table(chain: Linked) -> str:
    rows = "".join(_row(link, marked=link is chain.first) for link in chain.links)
    head = f"### {code(chain.target)} from {code(chain.vantage)}\n\n{_standing(chain)}"
    return f"{head}\n{_HEAD}{rows}"


def _standing(chain: Linked) -> str:
    """Say how it stands, and of the first link that is not whole, why, and what is next."""
    told = f"The chain {prose(chain.told)}."
    first = chain.first
    if first is None:
        return f"{told}\n"
    why = f" {prose(first.why)}." if first.why else ""
    following = f" Next: {code(first.mend)}" if first.mend else ""
    return f"**{told}**{why}{following}\n"


def _row(link: Link, *, marked: bool) -> str:
    state = _STATES.get(link.state, link.state)
    cells = (
        "**→**" if marked else "",
        f"**{prose(link.node)}**" if marked else prose(link.node),
        f"**{prose(state)}**" if link.is_broken else prose(state),
        code(link.expected, _TEXT),
        code(link.observed, _TEXT) or prose(link.why, _TEXT),
        code(link.evidence, _TEXT),
    )
    return f"| {' | '.join(cells)} |\n"


def told_links(every: Sequence[Link]) -> list[str]:
    """Return what the log shows of a chain: a line a link."""
    return [_told(link) for link in every]


def _told(link: Link) -> str:
    parts = [
        f"{link.node}: {_STATES.get(link.state, link.state)}",
        *([link.failure] if link.failure else []),
        *([f"expected {link.expected}"] if link.expected else []),
        *([f"observed {link.observed}"] if link.observed else []),
        *([link.why] if link.why else []),
        *([f"read at {link.evidence}"] if link.evidence else []),
        *([f"next {link.mend}"] if link.mend else []),
    ]
    return one_line("; ".join(parts))


def screen(every: Sequence[Linked], width: int = WIDTH) -> list[Row]:
    """Compose the tables for a terminal: of many chains only those that are not whole."""
    shown = every if len(every) <= _TABLES else [one for one in every if one.first is not None]
    rows: list[Row] = []
    for chain in shown[:_TABLES]:
        rows += [*_on_screen(chain, min(width, WIDTH)), Row("")]
    whole = sum(one.first is None for one in every if one not in shown)
    if whole:
        rows.append(Row(f"{whole} more are whole, or absent: their tables are in the record"))
    if more := len(shown[_TABLES:]):
        rows.append(Row(f"{more} more are not whole: their tables are in the record", "bad"))
    return rows[:-1] if rows and not rows[-1].text else rows


def _on_screen(chain: Linked, width: int) -> list[Row]:
    first = chain.first
    cells = [_cells(link, first) for link in chain.links]
    widths = _widths([_COLUMNS, *cells], width)
    title = f"{chain.target} from {chain.vantage} {chain.told}"
    rows = [Row(one_line(title, width), _tone(first) if first else "good")]
    rows.append(Row(_line(_COLUMNS, widths)))
    for link, row in zip(chain.links, cells, strict=True):
        lines = _whole(row, widths) if link is first else [row]
        rows += [Row(_line(line, widths), _tone(link)) for line in lines]
    if first is not None and first.why:
        why = _ID.sub(r"\1…", one_line(first.why))
        rows += [Row(line) for line in _below("   because  ", why, width)]
    if first is not None and first.mend:
        rows.append(Row(f"   next     {one_line(first.mend)}"))
    return rows


def _whole(row: Sequence[str], widths: Sequence[int]) -> list[tuple[str, ...]]:
    """Return a row on as many lines as its cells need: of the one that broke, nothing is cut."""
    cells = [
        textwrap.wrap(cell, max(size, 1))[:_LINES] for cell, size in zip(row, widths, strict=True)
    ]
    return list(zip_longest(*cells, fillvalue=""))


def _below(first: str, text: str, width: int) -> list[str]:
    rest = " " * len(first)
    lines = textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"{lines[_LINES - 1][:-1]}…"]


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of the columns: the last two share what is left, each as it needs it."""
    needed = [max(len(row[at]) for row in cells) for at in range(len(_COLUMNS))]
    left = width - sum(needed[:3]) - 2 * (len(_COLUMNS) - 1)
    expected = min(needed[3], max(left // 2, left - needed[4]))
    return [*needed[:3], expected, left - expected]


def _cells(link: Link, first: Link | None) -> tuple[str, ...]:
    """Return what a row shows; of ids that no terminal has room for, the beginning."""
    return (
        _MARK if link is first else "",
        one_line(link.node, 12),
        one_line(_STATES.get(link.state, link.state), 12),
        _ID.sub(r"\1…", one_line(link.expected)),
        _ID.sub(r"\1…", one_line(link.observed or link.why)),
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (one_line(cell, size).ljust(size) for cell, size in zip(row, widths, strict=True))
    return "  ".join(cells).rstrip()


def _tone(link: Link | None) -> str:
    if link is None or link.state in {"agrees", "absent"}:
        return ""
    return "bad" if link.is_broken else "unsure"
