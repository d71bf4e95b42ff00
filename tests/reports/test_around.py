"""What is done once around all checks tells what pytest tells of each item, in the real program."""

from pathlib import Path

from tests.program import Ended, run_checks, suite_with_area

_CASES = """
from checks.wire.names import ask_system
from fixtures.sightings import Case, Sighting


def cases(profile):
    yield Case("localhost", "here", {"answer": Sighting(ask_system, "localhost", "here")})
"""
_CHECKS = """
import logging
import threading
import warnings

from checks.wire.names import Answer


def check_that_warns(answer: Answer) -> None:
    warnings.warn("something is old", DeprecationWarning, stacklevel=1)


def check_that_logs(answer: Answer) -> None:
    logging.getLogger("far").warning("something is far")
    assert not answer


def check_that_breaks_a_thread(answer: Answer) -> None:
    thread = threading.Thread(target=lambda: 1 / 0, name="broken")
    thread.start()
    thread.join()


def check_that_breaks_a_finalizer(answer: Answer) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("in a finalizer")

    Broken()
"""
_ASKING = """
import logging
import warnings

import pytest

from checks.wire.names import Answer


@pytest.mark.filterwarnings("error")
def check_that_must_not_warn(answer: Answer) -> None:
    warnings.warn("something is old", UserWarning, stacklevel=1)


def check_that_reads_logs(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("far").warning("something is far")
    assert "something is far" in caplog.text
"""
_PROFILE = """
name: around
vantages: [{name: here, kind: local}]
endpoints: {absent: not of interest here}
hosts: {absent: not of interest here}
"""


def run(folder: Path, *arguments: str) -> Ended:
    suite = suite_with_area(folder, "around", {"cases.py": _CASES, "check_around.py": _CHECKS})
    (folder / "profile.yaml").write_text(_PROFILE)
    return run_checks(folder, f"--profile={folder / 'profile.yaml'}", *arguments, suite=suite)


def test_warnings_of_all_checks_are_told(tmp_path: Path) -> None:
    ended = run(tmp_path, "-k", "not logs")

    assert ended.status == 0, ended.out
    assert "DeprecationWarning: something is old" in ended.out
    assert "PytestUnhandledThreadExceptionWarning" in ended.out
    assert "ZeroDivisionError" in ended.out
    assert "PytestUnraisableExceptionWarning" in ended.out
    assert "in a finalizer" in ended.out


def test_what_is_made_an_error_is_raised_in_the_check(tmp_path: Path) -> None:
    ended = run(tmp_path, "-W", "error", "-k", "not logs")

    assert ended.status == 6, ended.out
    assert set(ended.verdicts().values()) == {"inconclusive"}
    assert len(ended.verdicts()) == 3


def test_a_check_has_a_say_in_what_is_done_around_it(tmp_path: Path) -> None:
    files = {"cases.py": _CASES, "check_around.py": _ASKING}
    suite = suite_with_area(tmp_path, "around", files)
    (tmp_path / "profile.yaml").write_text(_PROFILE)

    ended = run_checks(tmp_path, f"--profile={tmp_path / 'profile.yaml'}", suite=suite)

    assert ended.verdicts() == {
        "check_that_must_not_warn[localhost@here]": "inconclusive",
        "check_that_reads_logs[localhost@here]": "upheld",
    }


def test_what_a_violated_check_logged_is_shown(tmp_path: Path) -> None:
    ended = run(tmp_path, "-k", "logs")

    assert ended.status == 1, ended.out
    assert "something is far" in ended.out


def test_logs_are_told_as_pytest_is_asked_to(tmp_path: Path) -> None:
    ended = run(tmp_path, "-k", "logs", "--log-cli-level=INFO")

    assert ended.status == 1, ended.out
    assert "live log call" in ended.out
    assert "Captured log call" in ended.out
