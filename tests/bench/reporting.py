"""What `--alluredir` costs, beside allure-pytest alone."""

import shutil
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.farm import farm
from tests.bench.judging import (
    arguments_of_checks,
    ids_of,
    judge,
    node_ids,
    record,
)
from tests.bench.machine import ROOT, BrokenError, pytest_here
from tests.bench.plain import write_plain
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 200
_AT_MOST = 1.3


def measure(bench: Bench) -> Iterator[Row]:
    """Write Allure's results of 2,000 checks.

    What it costs is a difference of whole processes: with `--alluredir` less without. Ours
    is that of a replay of 200 endpoints, ten checks each, redacted and completed; the
    other's is that of plain pytest with as many items. The ratio is of the two differences:
    (ours with - ours without) / (plain with - plain without), in the same round.
    """
    with farm(bench.folder / "farm", _ENDPOINTS) as served:
        run = record(bench.folder, served, _ENDPOINTS)
    plain = write_plain(bench.folder / "plain", arguments_of_checks(), ids_of(served, _ENDPOINTS))
    allure = bench.folder / "allure-results"
    ours = pytest_here(f"--replay={run}", f"--evidence-dir={bench.folder / 'again'}", *node_ids())
    found = bench.by_turns(
        ours_without=lambda: judge(ours, _ENDPOINTS),
        ours_with=lambda: _with(allure, ours, ROOT),
        plain_without=lambda: judge(pytest_here(), _ENDPOINTS, plain),
        plain_with=lambda: _with(allure, pytest_here(), plain),
    )
    yield compared(
        "alluredir",
        _less(found["ours_with"], found["ours_without"]),
        Peer("allure-pytest", version("allure-pytest")),
        _less(found["plain_with"], found["plain_without"]),
        unit="s",
        better="lower",
        target=_AT_MOST,
        note=f"{10 * _ENDPOINTS} results: what is added to a run without",
    )


def _with(results: Path, command: Sequence[str], folder: Path) -> float:
    seconds = judge([*command, f"--alluredir={results}"], _ENDPOINTS, folder)
    written = len(list(results.glob("*-result.json")))
    shutil.rmtree(results)
    if written != 10 * _ENDPOINTS:
        raise BrokenError(f"{written} results were written")
    return seconds


def _less(more: Sequence[float], less: Sequence[float]) -> list[float]:
    return [one - other for one, other in zip(more, less, strict=True)]
