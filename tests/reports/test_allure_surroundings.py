"""What Allure is told of a run as a whole: its environment, who made it, its record."""

import json
from pathlib import Path

import pytest

from tests.allure_results import properties_in
from tests.reports.completing import HEAD, completed
from tests.reports.lines import sealed_run


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def test_the_environment_is_java_properties(results: Path) -> None:
    lines = sealed_run()
    lines[0]["host"] = " 中文 = a:b #!\\ \U0001f600\n"
    lines[0]["versions"] = {"a b": "1", "ü": "2"}
    completed(lines, results)
    written = (results / "environment.properties").read_text("ascii")
    rows = properties_in(written)

    assert rows["host"] == lines[0]["host"]
    assert (rows["version.a b"], rows["version.ü"]) == ("1", "2")
    assert rows["head"] == HEAD
    assert rows["profile.digest"] == "0f" * 32
    assert rows["suite.commit"].endswith(", with changes that are not committed")
    assert "\\u4e2d\\u6587" in written
    assert "\\ud83d\\ude00" in written


def test_the_record_and_the_log_are_put_beside_the_results(results: Path) -> None:
    (results.parent / "record.md").write_text("# the record\n")
    completed(sealed_run(), results)
    (file,) = results.glob("*-globals.json")
    (attached,) = json.loads(file.read_text())["attachments"]

    assert attached["name"] == "record.md"
    assert (results / attached["source"]).read_text() == "# the record\n"


def test_a_replay_says_whose(results: Path) -> None:
    lines = sealed_run()
    earlier = {"at": "2026-10-24T01:02:03.000000Z", "host": "runner-0"}
    lines[0]["replay"] = {"folder": "20261024T010203Z-ffffff", "sealed": False, "begin": earlier}
    completed(lines, results)
    rows = properties_in((results / "environment.properties").read_text("ascii"))

    assert rows["replay"] == (
        "of 20261024T010203Z-ffffff, which looked at 2026-10-24T01:02:03.000000Z;"
        " it was never sealed"
    )
    title = json.loads((results / "allurerc.json").read_text())["name"]
    assert title.endswith(", replay of 20261024T010203Z-ffffff")


def test_a_local_run_names_its_host(results: Path) -> None:
    completed(sealed_run(), results)
    executor = json.loads((results / "executor.json").read_text())

    assert executor == {
        "name": "runner-1",
        "type": "local",
        "buildName": "run a1b2c3, 7 checks",
        "reportName": "Touchstone: profile github, run a1b2c3",
    }
