"""The bench's rows of clusters: the same objects for each, by lanes."""

import re
from pathlib import Path

from tests.apiserver import programs
from tests.bench.clusters import measure
from tests.bench.rows import Bench


def test_the_rows_list_every_object_of_every_lane_and_judge_each(tmp_path: Path) -> None:
    programs()
    bench = Bench(tmp_path, 1)

    rows = {row.name: row for row in measure(bench, lanes=3, deployments=6, applications=3, runs=6)}

    own = ["cluster-lists", "cluster-lists-memory"]
    assert list(rows) == [*own, "lanes-3", "lanes-3-memory", "lanes-3-lists"]
    assert all(row.value > 0 for row in rows.values())
    assert all("15 objects of 3 lanes" in rows[name].note for name in own)
    assert re.match(r"\d+ checks of 3 lanes; \d+ kinds are listed", rows["lanes-3"].note)
