"""The bench itself: what a row says, and that what it measures is really done."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.farm import Farm, farm
from tests.bench.lookers import Lookers
from tests.bench.machine import ROOT, BrokenError, MissingError, program, timed
from tests.bench.rows import Bench, Peer, Row, compared
from tests.bench.table import show, write
from tests.needs import absent

GOSS = Peer("goss", "0.4.9")


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    row = compared("r", [1.0, 9.0, 4.0], GOSS, [1.0, 3.0, 1.0], unit="s", better="lower")

    assert (row.value, row.peer_value, row.ratio) == (4.0, 1.0, 3.0)


@pytest.mark.parametrize(("target", "met"), [(3.0, True), (2.9, False), (None, None)])
def test_a_target_bounds_the_ratio_where_there_is_a_peer(
    target: float | None, *, met: bool | None
) -> None:
    row = compared("r", [6.0], GOSS, [2.0], unit="s", better="lower", target=target)

    assert row.met is met


@pytest.mark.parametrize(("value", "met"), [(0.91, True), (0.89, False)])
def test_a_target_bounds_the_value_where_there_is_no_peer(value: float, *, met: bool) -> None:
    assert Row(name="r", value=value, unit="s", better="higher", target=0.9).met is met


def test_a_missing_peer_leaves_the_value_and_says_how_to_get_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 1)
    with pytest.raises(MissingError) as raised:
        program("no-such-prober", "apt-get install it")
    peer = bench.without("no-such-prober", raised.value)
    row = compared("r", [6.0], peer, None, unit="s", better="lower", target=2.0)

    assert (row.value, row.ratio, row.met) == (6.0, None, None)
    assert "get it by: apt-get install it" in show([row])
    assert bench.missing == [str(raised.value)]


def test_the_table_says_which_targets_are_missed() -> None:
    rows = [
        compared("fast", [1.0], GOSS, [2.0], unit="s", better="lower", target=1.3),
        compared("slow", [3.0], GOSS, [2.0], unit="s", better="lower", target=1.3),
    ]

    fast, slow = (line.split() for line in show(rows).splitlines()[1:3])

    assert fast == ["fast", "1", "s", "2", "0.50", "≤", "1.3", "met"]
    assert slow == ["slow", "3", "s", "2", "1.50", "≤", "1.3", "MISSED"]


def test_what_is_written_is_a_list_of_rows(tmp_path: Path) -> None:
    write([compared("r", [6.0], GOSS, [2.0], unit="s", better="lower")], tmp_path / "b" / "b.json")

    assert json.loads((tmp_path / "b" / "b.json").read_text()) == [
        {
            "name": "r",
            "value": 6.0,
            "unit": "s",
            "peer": "goss",
            "peer_version": "0.4.9",
            "ratio": 3.0,
            "better": "lower",
            "target": None,
        }
    ]


def test_rows_that_there_are_not_are_refused() -> None:
    command = [sys.executable, "-m", "tests.bench", "observ"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "no such rows: observ; there are: observe, fetch, judge" in ended.stderr


def test_a_command_that_fails_breaks_its_row() -> None:
    with pytest.raises(BrokenError, match=r"ended with 3:\nno"):
        timed([sys.executable, "-c", "print('no'); raise SystemExit(3)"])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Farm]:
    try:
        with farm(tmp_path / "farm", 3) as endpoints:
            yield endpoints
    except MissingError as error:
        absent(str(error))


@pytest.mark.parametrize("journal", [False, True])
def test_what_is_counted_was_observed_and_not_resumed(
    served: Farm, tmp_path: Path, *, journal: bool
) -> None:
    lookers = Lookers(served, tmp_path, 2, journal=journal)

    assert lookers.rate() > 0
    assert served.resumed() == {False: 3}
    assert 20 < lookers.megabytes < 150


def test_an_endpoint_that_is_not_trusted_breaks_the_row(served: Farm, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "bench" / "farm.py", served.authority)
    with pytest.raises(BrokenError, match="the observatory's process ended"):
        Lookers(served, tmp_path, 1, journal=False).rate()
