"""The table that `make bench` prints, and the file that it writes."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench.rows import Row

_COLUMNS = ("", "ours", "", "peer", "ratio", "target", "")
_WRITTEN = ("name", "value", "unit", "peer", "peer_version", "ratio", "better", "target")


def show(rows: Sequence[Row]) -> str:
    """Lay out the rows for people; what they were compared with stands below."""
    lines = [_COLUMNS, *(_cells(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_COLUMNS))]
    table = "\n".join(_line(line, widths) for line in lines)
    return "\n\n".join([table, *_below(rows)])


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as JSON."""
    path.parent.mkdir(exist_ok=True)
    listed = [{name: getattr(row, name) for name in _WRITTEN} for row in rows]
    path.write_text(json.dumps(listed, indent=2) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    sign = "≥" if row.better == "higher" else "≤"
    return (
        row.name,
        _number(row.value),
        row.unit,
        "-" if row.peer_value is None else _number(row.peer_value),
        "-" if row.ratio is None else f"{row.ratio:.2f}",
        "-" if row.target is None else f"{sign} {row.target:g}",
        {True: "met", False: "MISSED", None: ""}[row.met],
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _line(cells: tuple[str, ...], widths: Sequence[int]) -> str:
    name, ours, unit, *rest, met = (
        cell.ljust(width) if at in (0, 2, 6) else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([name, f"{ours} {unit}", *rest, met]).rstrip()


def _below(rows: Sequence[Row]) -> list[str]:
    notes = [f"{row.name}: {_peer(row)}" for row in rows if row.peer or row.note]
    return ["\n".join(notes)] if notes else []


def _peer(row: Row) -> str:
    against = f"against {row.peer} {row.peer_version or ''}".rstrip() if row.peer else ""
    return "; ".join(part for part in (against, row.note) if part)
