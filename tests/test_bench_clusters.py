"""The bench's rows of clusters: the same objects for each, by lanes."""

from pathlib import Path

from tests.apiserver import programs
from tests.bench.clusters import measure
from tests.bench.rows import Bench


def test_the_rows_list_every_object_of_every_lane(tmp_path: Path) -> None:
    programs()
    bench = Bench(tmp_path, 1)

    rows = {row.name: row for row in measure(bench, lanes=3, deployments=6, applications=3, runs=6)}

    assert list(rows) == ["cluster-lists", "cluster-lists-memory"]
    assert all(row.value > 0 for row in rows.values())
    assert all("15 objects of 3 lanes" in row.note for row in rows.values())
