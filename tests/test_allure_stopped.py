"""What Allure shows of a run that was stopped: each planned check once, and none as if judged."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.allure_results import results_in
from tests.program import run_checks
from tests.stoppable import CHECKS, slow_suite, under_way, wait_for


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
