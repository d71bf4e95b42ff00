"""What `--alluredir` costs, beside allure-pytest alone."""

import shutil
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.farm import farm
from tests.bench.machine import BrokenError, Ended, pytest_here
from tests.bench.rows import Bench, Peer, Row, compared
from tests.bench.suites import judge, own_areas

_ENDPOINTS = 200
_AT_MOST = 1.3


def measure(bench: Bench) -> Iterator[Row]:
    """Write Allure's results of 2,000 checks.

    What it costs is a difference of whole processes: with `--alluredir` less without. Ours
    is that of a replay of 200 endpoints, ten checks each, redacted and completed; the
    other's is that of plain pytest with as many items. The ratio is of the two differences:
    (ours with - ours without) / (plain with - plain without), in the same round, and of
    processor time, as in `judging.py`.
    """
    own = own_areas()
    with farm(bench.folder / "farm", _ENDPOINTS) as served:
        run = own.record(bench.folder / "own", served)
    emptied = own.emptied(bench.folder / "emptied", served)
    results = bench.folder / "allure-results"
    ours = own.replay(run, bench.folder / "again")
    found = bench.by_turns(
        ours_without=lambda: judge(ours, _ENDPOINTS, own.folder),
        ours_with=lambda: _with(results, ours, own.folder),
        plain_without=lambda: judge(pytest_here(), _ENDPOINTS, emptied),
        plain_with=lambda: _with(results, pytest_here(), emptied),
    )
    yield compared(
        "alluredir",
        _less(found["ours_with"], found["ours_without"]),
        Peer("allure-pytest", version("allure-pytest")),
        _less(found["plain_with"], found["plain_without"]),
        unit="s CPU",
        better="lower",
        target=_AT_MOST,
        note=f"{10 * _ENDPOINTS} results: what is added to a run without",
    )


def _with(results: Path, command: Sequence[str], folder: Path) -> Ended:
    ended = judge([*command, f"--alluredir={results}"], _ENDPOINTS, folder)
    written = len(list(results.glob("*-result.json")))
    shutil.rmtree(results)
    if written != 10 * _ENDPOINTS:
        raise BrokenError(f"{written} results were written")
    return ended


def _less(more: Sequence[Ended], less: Sequence[Ended]) -> list[float]:
    return [one.cpu - other.cpu for one, other in zip(more, less, strict=True)]
