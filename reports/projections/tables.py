"""The tables that checks show, in the record, and what the log says of each."""

from collections.abc import Mapping
from typing import Any

from reports.projections.text import prose
from reports.projections.told import Account
from reports.tables import Table, in_columns, read_table


def tables(told: Account) -> str:
    """Write the section of tables; empty where no check shows one."""
    parts = [_table(one) for one in told.tables]
    return "\n".join(["## Tables\n", *parts]) if parts else ""


def told_table(line: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return what the log says of a table: its title, and its lines."""
    table = read_table(line)
    return table.title, in_columns(table)


def _table(table: Table) -> str:
    rule = f"|{'---|' * len(table.columns)}"
    rows = [_row(table.columns), rule, *map(_row, table.rows)]
    return f"### {prose(table.title)}\n\n" + "\n".join(rows) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(map(prose, cells))} |"
