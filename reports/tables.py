"""Tables that checks show beside their verdicts: as a journal holds them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Attach = Callable[[str, str, str], str]
"""What a check calls to write a file of its own: `attach("body.json", text, "application/json")`.
It returns the file's path below the run's folder."""
Tabulate = Callable[[str, Sequence[str], Sequence[Sequence[str]]], None]
"""What a check calls to show a table, whatever its verdict: `tabulate(title, columns, rows)`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts, and the id of the check that shows it."""

    check: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_tables(lines: Iterable[Mapping[str, Any]]) -> tuple[Table, ...]:
    """Return the tables that a run's lines hold."""
    return tuple(read_table(line) for line in lines if line["kind"] == "table")


def read_table(fields: Mapping[str, Any]) -> Table:
    """Return the table that a journal's line holds; what it leaves out is empty."""
    rows = fields.get("rows") or ()
    return Table(
        check=str(fields.get("check", "")),
        title=str(fields.get("title", "")),
        columns=tuple(map(str, fields.get("columns") or ())),
        rows=tuple(tuple(map(str, row)) for row in rows if isinstance(row, list | tuple)),
    )


def in_columns(table: Table) -> list[str]:
    """Write a table as lines of text, its columns under each other."""
    every = [table.columns, *table.rows]
    count = max(map(len, every), default=0)
    full = [[*row, *[""] * (count - len(row))] for row in every]
    widths = [max(len(row[at]) for row in full) for at in range(count)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in full
    ]
