"""Where Python's search for cycles rests, through the real program."""

from pathlib import Path

import pytest

from tests.program import run_checks, suite_with_area

_CASES = """
import gc

from checks.wire.names import ask_system
from fixtures.sightings import Case, Sighting


def cases(profile):
    answer = Sighting(ask_system, "localhost", "here")
    yield Case("localhost", "here", {"answer": answer, "searched": gc.isenabled()})
"""
_CHECKS = """
import gc

from checks.wire.names import Answer


def check_cycles_are_searched_for(answer: Answer, searched: bool) -> None:
    assert gc.isenabled()
    assert not searched


def check_what_was_collected_is_left_alone(answer: Answer) -> None:
    assert gc.get_freeze_count() > 10_000
"""
_TEST = """
import gc


def test_cycles_are_searched_for() -> None:
    assert gc.isenabled()
"""
_PROFILE = "name: talk\nendpoints: {absent: none}\nhosts: {absent: none}\n"
_CONFTEST = """


def pytest_unconfigure(config):
    import gc

    print("at the end:", gc.isenabled(), gc.get_freeze_count() > 10_000)
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Copy the suite, with an area of its own and a test that is no check."""
    (tmp_path / "talk.yaml").write_text(_PROFILE)
    files = {"cases.py": _CASES, "check_garbage.py": _CHECKS}
    suite = suite_with_area(tmp_path, "talk", files)
    (suite / "test_garbage.py").write_text(_TEST)
    with (suite / "conftest.py").open("a") as conftest:
        conftest.write(_CONFTEST)
    return suite


def test_cycles_are_searched_for_while_checks_are_judged_and_not_after(suite: Path) -> None:
    ended = run_checks(suite, f"--profile={suite.parent}/talk.yaml", suite=suite)

    assert list(ended.verdicts().values()) == ["upheld", "upheld"], ended.out
    assert "at the end: False True" in ended.out


def test_a_session_without_checks_is_searched_to_its_end(suite: Path) -> None:
    ended = run_checks(suite, "test_garbage.py", suite=suite)

    assert ended.status == 0, ended.out
    assert "at the end: True True" in ended.out
