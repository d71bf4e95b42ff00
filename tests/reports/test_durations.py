"""What the terminal keeps of each check, for those who ask how long it took."""

from pathlib import Path

import pytest

from tests.program import run_checks


@pytest.mark.parametrize(("asked", "shown"), [("--durations=0", 1), ("-ra", 0)])
def test_setups_are_shown_to_who_asks_for_all_durations(
    tmp_path: Path, asked: str, shown: int
) -> None:
    ended = run_checks(tmp_path, "--profile=lab", "-m", "hosts", "-vv", asked, "checks")

    assert ended.status == 0, ended.out
    assert ended.out.count("s setup    checks/hosts/check_file.py::check_file_is_there") == shown
