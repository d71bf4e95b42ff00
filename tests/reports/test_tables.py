"""Tables that checks show, as journals hold them and projections write them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reports.projections import tables
from reports.projections.account import account
from reports.tables import in_columns, read_table, read_tables

LINE: dict[str, Any] = {
    "kind": "table",
    "check": "checks/a.py::check_it[x@here]",
    "title": "Of | all",
    "columns": ["name", "worth"],
    "rows": [["build", "3/3"], ["a|b", "<i>"]],
}


def test_a_table_is_written_as_markdown_that_nothing_in_it_breaks() -> None:
    written = tables.tables(account([LINE]))

    assert written == (
        "## Tables\n\n### Of &#124; all\n\n| name | worth |\n|---|---|\n| build | 3/3 |\n"
        "| a&#124;b | &#60;i&#62; |\n"
    )


def test_no_table_is_no_section() -> None:
    assert tables.tables(account([])) == ""


def test_a_log_shows_columns_under_each_other() -> None:
    title, lines = tables.told_table(LINE)

    assert title == "Of | all"
    assert lines == ["name   worth", "build  3/3", "a|b    <i>"]


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=4))
def test_any_rows_have_as_many_lines(rows: list[list[str]]) -> None:
    table = read_table({"kind": "table", "columns": ["a"], "rows": rows})

    assert len(in_columns(table)) == len(rows) + 1


def test_other_lines_are_no_tables() -> None:
    (table,) = read_tables([{"kind": "verdict"}, LINE])

    assert table.check == LINE["check"]
