"""A run that is killed at any instant: sealed at once, incomplete, and never green."""

import json
import random
import signal
import time
from pathlib import Path

import pytest

from reports.verify import State, verify
from tests.stoppable import CHECKS, Stoppable, slow_suite, under_way, wait_for

INSTANTS = 25
"""For each way to run; 50 in all."""
SEALED_WITHIN = 1.0
"""Seconds; a machine that does other things at the same time is given more."""
_PATIENCE = 4
_LOOKING = 0.9
"""Seconds of a run in which it may be killed: it looks for longer than that."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return slow_suite(tmp_path_factory.mktemp("slow"))


@pytest.mark.parametrize("seed", range(INSTANTS))
@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_that_is_killed_is_sealed_and_tells_what_it_lost(
    suite: tuple[Path, Path], tmp_path: Path, workers: int, seed: int
) -> None:
    instant = random.Random(f"{workers} {seed}").uniform(0, _LOOKING)
    with under_way(suite, tmp_path, *(("-n", str(workers)) if workers else ())) as run:
        run.begins()
        time.sleep(instant)
        run.stop(signal.SIGKILL)
        assert run.seconds_to_seal() < SEALED_WITHIN * _PATIENCE
        assert run.folder is not None
        found = verify(run.folder)
        wait_for((run.allure / "allurerc.json").exists)  # thousands of results follow the seal

    told, record = found.told, (run.folder / "record.md").read_text()
    judged = {one.check.id for one in told.verdicts}
    never = {check.id for check in told.checks} - judged
    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    assert told.gaps[0].endswith("sealed by the witness")
    assert len(told.checks) == CHECKS
    assert never
    assert len(told.in_flight_checks) == (max(1, workers) if told.sightings else 0)
    assert {check.id for check in told.in_flight_checks} <= never
    assert all(check in record for check in never)
    statuses = allure_of(run)
    assert len(statuses) == CHECKS
    assert {check for check, status in statuses.items() if status == "passed"} == judged


def test_an_earlier_junit_file_does_not_stay(suite: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text('<testsuites><testsuite failures="0"/></testsuites>')
    with under_way(suite, tmp_path, f"--junitxml={tmp_path}/junit.xml") as run:
        run.begins()
        wait_for(lambda: not (tmp_path / "junit.xml").read_text())
        run.stop(signal.SIGKILL)
        run.seconds_to_seal()

    assert not (tmp_path / "junit.xml").read_text()


def allure_of(run: Stoppable) -> dict[str, str]:
    """Return the status of each check in Allure's results, by the check's id."""
    results = [json.loads(path.read_text()) for path in run.allure.glob("*-result.json")]
    return {
        f"checks/patient/check_patience.py::check_it_waits[{one['value']}@here]": result["status"]
        for result in results
        for one in result.get("parameters", ())
        if one["name"] == "target"
    }
