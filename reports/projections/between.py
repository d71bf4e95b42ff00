"""The record's table of differences between vantages, and what the log says of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from reports.comparisons import (
    Comparison,
    named,
    read_comparison,
    told_equal,
    told_first,
    told_nothing,
)
from reports.projections.text import code, prose
from reports.projections.told import Account

_HEAD = """\
| Target | From | Equal until there | First that differs | Seen |
|---|---|---|---|---|
"""


def between(told: Account) -> str:
    """Say where vantages differ, and of which targets they do not; empty if only one looked."""
    nothing = nothing_compared(told)
    if not told.comparisons and not nothing:
        return ""
    rows = "".join(_row(one) for one in told.comparisons if one.differs)
    lines = [*([nothing] if nothing else ()), *told_equal(told.comparisons)]
    same = "".join(f"- {prose(line)}\n" for line in lines)
    parts = [f"{_HEAD}{rows}" if rows else "", same]
    return "## Between vantages\n\n" + "\n".join(part for part in parts if part)


def _row(one: Comparison) -> str:
    cells = (
        code(one.target),
        ", ".join(map(code, one.vantages)),
        prose(", ".join(one.equal) or one.instead),
        f"**{prose(one.layer)}**",
        "<br>".join(map(prose, one.below)),
    )
    return f"| {' | '.join(cells)} |\n"


def nothing_compared(told: Account) -> str:
    """Say that nothing was compared, where several vantages looked in a run that has its end."""
    return told_nothing(told.comparisons, told.looked_from) if told.end is not None else ""


def told_comparison(line: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return what the log says of a comparison: its step, and the lines below it."""
    one = read_comparison(line)
    if one.differs:
        return f"DIFFERENT {told_first(one)}", [*one.below, *one.blind]
    if not one.compared:
        alone = f"looked at from {one.vantages[0]} alone" if one.vantages else "not looked at"
        return f"NOT COMPARED {one.target}: {alone}", [*one.below, *one.blind]
    equal = ", ".join(one.equal) or "nothing that could be compared"
    return f"EQUAL {one.target} from {named(one.vantages)}: {equal}", [*one.below, *one.blind]


def differences(comparisons: Iterable[Comparison]) -> dict[str, str]:
    """Return what Allure shows of the run's surroundings: a row for each target that differs."""
    rows: dict[str, list[str]] = {}
    for one in comparisons:
        if one.differs:
            seen = f"first at {one.layer}: {' | '.join(one.seen)}"
            rows.setdefault(f"differs.{one.target}", []).append(seen)
    return {name: "; ".join(told) for name, told in rows.items()}
