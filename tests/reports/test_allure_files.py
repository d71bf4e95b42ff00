"""Allure's results completed from a journal: nothing is left out, and nothing is green by that."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reports.projections.account import account
from reports.projections.allure_files import complete
from tests.allure_results import Result, labels_of, results_in
from tests.reports.completing import completed, told_of
from tests.reports.lines import (
    HOSTILE,
    begin,
    check,
    numbered,
    sealed_run,
    seen,
    sighting,
    vantage,
    verdict,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def messages(told: dict[str, Result]) -> dict[str, str]:
    return {
        name.partition(" [")[0]: result["statusDetails"]["message"]
        for name, result in told.items()
        if result["status"] == "broken"
    }


def run_of_three(*after: dict[str, Any], workers: bool = False) -> list[dict[str, Any]]:
    """Return a run of three checks, of which the first is judged, and what came then."""
    checks = [check("tls", f"c{at}", "github.com", f"Sentence {at}") for at in range(3)]
    shares = [
        {"kind": "worker.share", "worker": "gw0", "checks": [checks[0]["id"]]},
        {"kind": "worker.share", "worker": "gw1", "checks": [one["id"] for one in checks[1:]]},
    ]
    return numbered(
        [
            begin(),
            {"kind": "plan", "checks": checks},
            *(shares if workers else []),
            sighting("s1", "shake_hands", "github.com", "openssl s_client"),
            seen("s1", "TLS 1.3"),
            verdict(checks[0], "upheld", ["s1"]),
            sighting("s2", "fetch", "github.com", "curl https://github.com"),
            sighting("s3", "fetch", "elsewhere.test", "curl https://elsewhere.test"),
            *after,
        ]
    )


LOST = {
    "kind": "run.lost",
    "by": "the witness",
    "reason": "the run was lost: its process ended without an end",
}
END = {"kind": "run.end", "exit": {"status": 1, "words": ""}, "interrupted": False}


@pytest.mark.parametrize(
    ("after", "flying", "never"),
    [
        (
            [LOST],
            "in flight: it was being looked at when the run was lost: its process ended",
            "never run: the run was lost: its process ended without an end",
        ),
        (
            [],
            "in flight: it was being looked at when the run was killed",
            "never run: the run was killed",
        ),
        (
            [{"kind": "run.interrupted", "by": "SIGINT"}, END | {"interrupted": True}],
            "in flight: it was being looked at when the run was interrupted by SIGINT",
            "never run: the run was interrupted by SIGINT",
        ),
        (
            [LOST | {"by": "the run itself", "reason": "No space left on device"}],
            "in flight: it was being looked at when the run was lost: No space left",
            "never run: the run was lost: No space left on device",
        ),
    ],
    ids=["witnessed", "unsealed", "interrupted", "full"],
)
def test_what_was_in_flight_and_what_never_ran_are_shown(
    results: Path, after: list[dict[str, Any]], flying: str, never: str
) -> None:
    told = completed(run_of_three(*after), results)
    words = messages(told)

    assert [result["status"] for result in told.values()].count("passed") == 1
    assert words["Sentence 1"].startswith(flying)
    assert words["Sentence 2"].startswith(never)
    assert words["the run is complete"].startswith("INCOMPLETE: ")
    assert "2 of 3 planned checks were never judged" in words["the run is complete"]
    (step,) = told["Sentence 1 [github.com@here]"]["steps"]
    assert step["name"] == "fetch github.com from here"
    assert step["status"] == "broken"
    assert step["parameters"][0]["value"] == "curl https://github.com"
    assert (
        "steps" not in told["Sentence 2 [github.com@here]"]
        or not (told["Sentence 2 [github.com@here]"]["steps"])
    )


def test_a_run_that_stopped_at_the_first_failure_says_so(results: Path) -> None:
    words = messages(completed(run_of_three(END), results))

    assert words["Sentence 1"] == "never run: the run ended before it was judged"
    assert words["Sentence 2"] == "never run: the run ended before it was judged"


def test_checks_lost_with_a_worker_name_it(results: Path) -> None:
    lost = {"kind": "worker.lost", "worker": "gw1", "reason": "Not properly terminated"}
    told = completed(run_of_three(lost, END, workers=True), results)
    words = messages(told)

    assert words["Sentence 1"] == (
        "in flight: it was lost with the worker gw1: Not properly terminated"
    )
    assert words["Sentence 2"] == "lost with the worker gw1: Not properly terminated"
    assert "the worker gw1 was lost" in words["the run is complete"]
    threads = {name: labels_of(result).get("thread") for name, result in told.items()}
    assert threads["Sentence 0 [github.com@here]"] == ["gw0"]
    assert threads["Sentence 2 [github.com@here]"] == ["gw1"]


def test_a_worker_that_had_nothing_to_judge_leaves_no_gap(results: Path) -> None:
    share = {"kind": "worker.share", "worker": "gw1", "checks": []}
    told = completed(numbered([*sealed_run()[:-1], share, END]), results)

    assert "the run is complete" not in told


def test_a_run_that_was_killed_when_all_was_judged_is_not_green(results: Path) -> None:
    lines = [line for line in sealed_run() if line["kind"] != "run.end"]
    lines = [line for line in lines if line.get("verdict") in (None, "upheld")]
    (plan,) = [line for line in lines if line["kind"] == "plan"]
    plan["checks"] = plan["checks"][:1]
    told = completed(lines, results)

    assert {result["status"] for result in told.values()} == {"passed", "broken"}
    assert list(messages(told)) == ["the run is complete"]
    (errors,) = [json.loads(file.read_text())["errors"] for file in results.glob("*-globals.json")]
    assert errors[0]["message"].startswith("INCOMPLETE: the journal has no end")


def test_a_complete_run_says_nothing_of_itself(results: Path) -> None:
    told = completed(sealed_run(), results)

    assert "the run is complete" not in told
    assert len(told) == 7


def test_completing_twice_writes_nothing_twice(results: Path) -> None:
    completed(run_of_three(LOST), results)
    before = {file: (file.read_bytes(), file.stat().st_ino) for file in results.iterdir()}
    completed(run_of_three(LOST), results)

    assert {file: (file.read_bytes(), file.stat().st_ino) for file in results.iterdir()} == before


def test_a_result_that_is_there_wins(results: Path) -> None:
    told = completed(run_of_three(LOST), results)
    (file,) = [one for one in results.glob("*-result.json") if '"passed"' in one.read_text()]
    file.write_text(json.dumps(told["Sentence 0 [github.com@here]"] | {"description": "its own"}))

    again = completed(run_of_three(LOST), results)
    assert again["Sentence 0 [github.com@here]"]["description"] == "its own"


def test_what_a_dead_process_left_is_removed_and_a_living_one_keeps_its_own(results: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, own = results / f".x-result.json.{dead.pid}.part", results / ".y-result.json.1.part"
    left.write_text("{")
    own.write_text("{")
    completed(run_of_three(LOST), results)

    assert not left.exists()
    assert own.exists()


def test_a_run_that_told_allure_nothing_leaves_nothing(tmp_path: Path) -> None:
    assert complete(account(sealed_run()), tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    lines = told_of(sealed_run(), tmp_path / "gone")
    (problem,) = complete(account(lines), tmp_path)

    assert "gone could not be completed: No such file or directory" in problem


def test_a_waived_violation_is_failed_and_known(results: Path) -> None:
    lines = sealed_run()
    (waived,) = [line for line in lines if line.get("waiver")]
    waived["waiver"]["reason"] = "see https://github.com/org/plan/issues/12, as agreed"
    result = completed(lines, results)["Every address connects [github.com@here]"]

    assert result["status"] == "failed"
    assert result["statusDetails"]["known"] is True
    assert result["statusDetails"]["message"].startswith("waived: see https://github.com/org/plan")
    assert [one for one in result["links"] if one["type"] == "issue"] == [
        {
            "type": "issue",
            "name": "https://github.com/org/plan/issues/12",
            "url": "https://github.com/org/plan/issues/12",
        }
    ]


def test_hostile_text_is_shown_and_not_interpreted(results: Path) -> None:
    completed(sealed_run(), results)
    for file in results.iterdir():
        assert not {"\x1b", "\u202e"} & set(file.read_text()), file
        if file.suffix == ".json":
            assert "\\u001b" not in file.read_text()
    (attached,) = results.glob("*-1-attachment.txt")
    assert r"\x1b[31m\u202e" in attached.read_text()


WITNESS = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from reports.projections.account import account
from reports.projections.allure_files import complete
lines = json.loads(Path(sys.argv[2]).read_text())
print(complete(account(lines), Path(sys.argv[2]).parent))
"""


def test_who_has_the_standard_library_alone_can_complete(results: Path) -> None:
    lines, hostile = results.parent / "lines.json", vantage() | {"vantage": HOSTILE}
    lines.write_text(json.dumps(told_of(run_of_three(hostile, LOST), results)))
    command = [sys.executable, "-I", "-S", "-c", WITNESS, str(ROOT), str(lines)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (ended.stdout, ended.stderr) == ("()\n", "")
    assert len(results_in(results)) == 4
