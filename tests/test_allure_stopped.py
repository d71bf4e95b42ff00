"""What Allure shows of a run that was stopped: each planned check once, and none as if judged."""

import json
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.allure_results import results_in
from tests.program import run_checks
from tests.stoppable import CHECKS, slow_suite, under_way, wait_for

MANY = 8000
"""Checks of which the results take longer than a seal may."""
STOPPING = """
import os, signal
import allure_commons

class Stopping:
    @allure_commons.hookimpl
    def report_result(self, result):
        os.kill(os.getpid(), signal.SIGNAL)

def pytest_configure(config):
    allure_commons.plugin_manager.register(Stopping())
"""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return slow_suite(tmp_path_factory.mktemp("slow"))


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_check_without_a_verdict_is_neither_passed_nor_skipped(
    suite: tuple[Path, Path], tmp_path: Path, number: signal.Signals, workers: tuple[str, ...]
) -> None:
    with under_way(suite, tmp_path, *workers) as run:
        run.begins()
        wait_for(lambda: len(run.lines("verdict")) >= 3)
        run.stop(number)
        wait_for((run.allure / "allurerc.json").exists)
        judged = len(run.lines("verdict"))

    told = results_in(run.allure)
    statuses = Counter(result["status"] for result in told.values())
    messages = [result.get("statusDetails", {}).get("message", "") for result in told.values()]
    flying = len([one for one in messages if one.startswith("in flight: ")])
    assert statuses == {"passed": judged, "broken": CHECKS - judged + 1}
    assert 3 <= judged < CHECKS
    assert flying <= 2 if workers else flying == 1  # a worker that was told to end has none
    assert len([one for one in messages if one.startswith("never run: ")]) == (
        CHECKS - judged - flying
    )


def test_a_worker_that_cleans_the_folder_late_costs_no_result(
    suite: tuple[Path, Path], tmp_path: Path
) -> None:
    results = tmp_path / "results"
    results.mkdir()
    (results / "old-result.json").write_text("{}")
    options = (f"--alluredir={results}", "--clean-alluredir", "-n", "2")
    ended = run_checks(tmp_path, f"--profile={suite[1]}", *options, suite=suite[0])

    assert ended.status == 0, ended.out
    assert {result["status"] for result in results_in(results).values()} == {"passed"}
    assert len(results_in(results)) == CHECKS


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_a_signal_that_comes_while_a_result_is_written_is_no_warning(
    suite: tuple[Path, Path], tmp_path: Path, number: str
) -> None:
    (tmp_path / "stopping.py").write_text(STOPPING.replace("SIGNAL", number))
    results, path = tmp_path / "results", {"PYTHONPATH": str(tmp_path)}
    options = (f"--profile={suite[1]}", f"--alluredir={results}", "-p", "stopping")
    ended = run_checks(tmp_path, *options, suite=suite[0], env=path)

    assert ended.status == 2, ended.out
    assert number in ended.out or "KeyboardInterrupt" in ended.out
    assert "arning" not in ended.out
    statuses = Counter(result["status"] for result in results_in(results).values())
    assert statuses == {"passed": 1, "broken": CHECKS}  # one of them is that of the run
    assert not list(results.glob(".*"))


def test_the_seal_does_not_wait_for_thousands_of_results(tmp_path: Path) -> None:
    checkout, profile = slow_suite(tmp_path)
    cases = checkout / "checks" / "patient" / "cases.py"
    cases.write_text(cases.read_text().replace(f"range({CHECKS})", f"range({MANY})"))
    with under_way((checkout, profile), tmp_path) as run:
        run.begins()
        wait_for(lambda: run.lines("verdict"))
        run.stop(signal.SIGKILL)
        run.seconds_to_seal()
        assert run.folder is not None
        sealed = (run.folder / "manifest.json").stat().st_mtime_ns
        there = {path.name: path for path in run.allure.glob("*-result.json")}
        wait_for((run.allure / "allurerc.json").exists, seconds=120)

    told = results_in(run.allure)
    assert (run.allure / "allurerc.json").stat().st_mtime_ns > sealed
    statuses = Counter(result["status"] for result in told.values())
    assert sum(statuses.values()) == MANY + 1
    assert statuses["broken"] == MANY + 1 - len(run.lines("verdict"))
    assert any(json.loads(path.read_text())["status"] == "broken" for path in there.values())
