"""The bench's rows of hardcoded configuration: the same tree, and the same hits for each."""

from pathlib import Path

from tests.bench.hardcoded import make_tree, measure
from tests.bench.rows import Bench


def test_the_rows_compare_what_finds_the_same(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1)

    rows = {row.name: row for row in measure(bench, files=300, size=1_000_000)}

    assert list(rows) == [
        "hardcoded-4-rules",
        "hardcoded-100-rules",
        "hardcoded-gitleaks",
        "hardcoded-memory",
    ]
    assert all(row.value > 0 for row in rows.values())
    compared = [row for row in rows.values() if row.ratio is not None]
    assert all("the same 6 hits" in row.note or "the same 5 hits" in row.note for row in compared)
    missing = [row for row in rows.values() if row.peer and row.ratio is None]
    assert all("get it by" in row.note for row in missing)


def test_the_tree_is_the_same_every_time(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    first, second = (make_tree(tmp_path / name, 60, 100_000).root for name in "ab")
    files = [one.relative_to(first) for one in sorted(first.rglob("f*")) if one.is_file()]

    assert len([one for one in files if one.parts[0] != ".git"]) == 60
    assert all(
        (first / one).read_bytes() == (second / one).read_bytes()
        for one in files
        if one.parts[0] != ".git"
    )
