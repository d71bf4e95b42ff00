"""What a run tells Allure, through the real program on the lab."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reports import chains
from reports.projections.account import account
from reports.projections.allure_files import complete
from tests import allure_area
from tests.allure_results import attachments_of, labels_of, properties_in, results_in
from tests.program import ROOT, Ended, run_checks, suite_with_area

LAB = ("--profile", "lab", "-m", "tls or network")
GITHUB = {
    "GITHUB_RUN_ID": "77",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_SERVER_URL": "https://github.test",
    "GITHUB_REPOSITORY": "org/plan",
    "GITHUB_SHA": "c0ffee",
    "GITHUB_WORKSPACE": str(ROOT),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """Return a run with a fault, and what it told Allure."""
    folder = tmp_path_factory.mktemp("allure")
    fault = ("--lab-fault", "tls-alert", f"--alluredir={folder / 'results'}")
    return folder / "results", run_checks(folder, *LAB, *fault, env=GITHUB)


def test_each_verdict_is_a_result(told: tuple[Path, Ended]) -> None:
    folder, ended = told
    statuses = Counter(result["status"] for result in results_in(folder).values())
    verdicts = Counter(ended.verdicts().values())

    assert statuses == {
        "passed": verdicts["upheld"],
        "failed": verdicts["violated"],
        "broken": verdicts["inconclusive"],
        "skipped": verdicts["not-applicable"],
    }
    assert statuses["failed"] == 1
    assert statuses["broken"] == 16


def test_a_violation_says_what_was_expected_and_seen(told: tuple[Path, Ended]) -> None:
    result = results_in(told[0])["handshake completes [site.lab.test@lab]"]
    labels = labels_of(result)
    (step,) = result["steps"]
    (seen,) = step["steps"]

    assert result["status"] == "failed"
    assert "alert 40" in result["statusDetails"]["message"]
    assert "expected      a completed handshake" in result["statusDetails"]["trace"]
    assert "saw: `127.77.0.10: alert 40" in result["description"]
    assert "openssl s_client -connect site.lab.test:443" in result["description"]
    assert result["titlePath"] == ["tls", "handshake"]
    assert labels["epic"] == ["lab"]
    assert labels["feature"] == labels["parentSuite"] == ["tls"]
    assert labels["story"] == ["site.lab.test"]
    assert labels["severity"] == ["blocker"]
    assert labels["tag"] == ["smoke", "network", "tls"]
    assert (step["status"], seen["status"]) == ("failed", "failed")
    assert seen["name"] in result["statusDetails"]["message"]
    assert [one["name"] for one in seen["parameters"]] == ["connect", "tls"]
    assert step["stop"] >= step["start"] > 0


def test_what_was_not_reached_is_no_step_that_passed(told: tuple[Path, Ended]) -> None:
    result = results_in(told[0])["response is whole [site.lab.test@lab]"]

    assert result["status"] == "broken"
    assert result["statusDetails"]["message"].startswith("not reached: 127.77.0.10: alert 40")
    assert {step["status"] for step in result["steps"]} == {"broken"}


def test_transcripts_are_attached(told: tuple[Path, Ended]) -> None:
    result = results_in(told[0])["git lists refs [git.lab.test@lab]"]
    texts = [(told[0] / one["source"]).read_text() for one in attachments_of(result)]

    assert any("git-upload-pack" in text for text in texts)


def test_results_lead_to_the_run_and_its_profile(told: tuple[Path, Ended]) -> None:
    folder, ended = told
    assert ended.folder is not None
    for result in results_in(folder).values():
        links = {link["name"].partition(":")[0]: link["url"] for link in result["links"]}
        assert links["record"] == (ended.folder / "record.md").as_uri()
        assert Path(links["log"].removeprefix("file://")).is_file()
        assert links["CI"] == "https://github.test/org/plan/actions/runs/77"
        assert links["profile"] == (
            "https://github.test/org/plan/blob/c0ffee/config/profiles/lab.yaml"
        )


def test_the_run_as_a_whole_is_told(told: tuple[Path, Ended]) -> None:
    folder, ended = told
    assert ended.folder is not None
    environment = properties_in((folder / "environment.properties").read_text("ascii"))
    executor = json.loads((folder / "executor.json").read_text())
    manifest = json.loads((ended.folder / "manifest.json").read_text())

    assert environment["complete"] == "yes"
    assert environment["profile"] == "lab"
    assert environment["head"] == manifest["head"]
    assert {"profile.digest", "host", "system", "suite.commit", "version.pyopenssl"} <= set(
        environment
    )
    assert executor["type"] == "github"
    assert executor["buildUrl"] == "https://github.test/org/plan/actions/runs/77"
    assert executor["buildOrder"] == 77
    assert manifest["run"] in executor["buildName"]


def test_files_are_for_their_owner_only_and_none_is_left_over(told: tuple[Path, Ended]) -> None:
    for file in told[0].iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file
        assert not file.name.startswith("."), file


def test_a_result_that_went_missing_is_made_again_as_it_was(
    told: tuple[Path, Ended], tmp_path: Path
) -> None:
    folder, ended = told
    assert ended.folder is not None
    again = tmp_path / "again"
    again.mkdir()
    lines = [
        line | {"channels": {"allure": str(again)}} if line["kind"] == "run.begin" else line
        for line in chains.read(ended.folder).lines
    ]

    assert complete(account(lines), ended.folder) == ()

    live, made = results_in(folder), results_in(again)
    assert live.keys() == made.keys()
    for name, result in live.items():
        assert _but_its_own(made[name]) == _but_its_own(result)
        for attachment in attachments_of(result):
            source = attachment["source"]
            assert (again / source).read_bytes() == (folder / source).read_bytes()


def _but_its_own(result: dict[str, object]) -> dict[str, object]:
    """Leave out what each writing of a result has of its own, and when exactly it was."""
    kept = {name: result[name] for name in result.keys() - {"uuid", "start", "stop"}}
    text = json.dumps(kept, sort_keys=True)
    return dict(json.loads(text, object_hook=_without_times))


def _without_times(fields: dict[str, object]) -> dict[str, object]:
    fields = {name: value for name, value in fields.items() if name not in ("start", "stop")}
    if isinstance(trace := fields.get("trace"), str):
        fields["trace"] = [row for row in trace.splitlines() if not row.startswith("at  ")]
    return fields


def test_workers_tell_allure_the_same(told: tuple[Path, Ended], tmp_path: Path) -> None:
    results = tmp_path / "results"
    fault = ("--lab-fault", "tls-alert", f"--alluredir={results}", "-n", "2")
    run_checks(tmp_path, *LAB, *fault, env=GITHUB)
    alone, shared = results_in(told[0]), results_in(results)

    assert alone.keys() == shared.keys()
    for name, result in alone.items():
        other = shared[name]
        assert other["status"] == result["status"]
        assert (other["historyId"], other["testCaseId"]) == (
            result["historyId"],
            result["testCaseId"],
        )
        assert labels_of(other)["thread"][0].startswith("gw")


def test_a_killed_run_is_not_green(tmp_path: Path) -> None:
    results = tmp_path / "results"
    evidence = tmp_path / "evidence"
    fault = ("--lab-fault", "tls-silent", f"--alluredir={results}")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--evidence-dir={evidence}", *LAB, *fault],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(lambda: len(list(results.glob("*-result.json"))) > 8)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    _wait_for((results / "allurerc.json").exists)  # the last that is written
    told = results_in(results)
    (run,) = evidence.iterdir()
    (plan,) = [line for line in chains.read(run).lines if line["kind"] == "plan"]
    assert len(told) == len(plan["checks"]) + 1
    kinds = Counter(
        result["statusDetails"]["message"].partition(":")[0]
        for result in told.values()
        if result["status"] == "broken"
    )
    assert kinds["INCOMPLETE"] == 1
    assert kinds["in flight"] == 1
    assert kinds["never run"] > 20
    (flying,) = [
        result
        for result in told.values()
        if result.get("statusDetails", {}).get("message", "").startswith("in flight:")
    ]
    assert "the run was lost" in flying["statusDetails"]["message"]
    assert {step["status"] for step in flying["steps"]} == {"broken"}
    assert not [file for file in results.iterdir() if file.name.endswith(".part")]


def _wait_for(condition: object) -> None:
    assert callable(condition)
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_lost_worker_is_named(tmp_path: Path) -> None:
    suite, profile = allure_area.make(tmp_path)
    results, evidence = tmp_path / "results", tmp_path / "evidence"
    options = (f"--profile={profile}", f"--evidence-dir={evidence}", f"--alluredir={results}")
    controller = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, "-n", "2"],
        cwd=suite,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(lambda: _lines(evidence, "sighting.begin", target="slow"))
    (looking,) = _lines(evidence, "sighting.begin", target="slow")
    name = looking["journal"].removeprefix("journal-").removesuffix(".jsonl")
    (worker,) = _lines(evidence, "worker.begin", worker=name)
    (share,) = _lines(evidence, "worker.share", worker=name)
    at = next(at for at, check in enumerate(share["checks"]) if "check_gate_opens" in check)
    _wait_for(lambda: set(share["checks"][:at]) <= _judged(evidence))

    os.kill(worker["process"], signal.SIGKILL)
    controller.wait(60)

    told = results_in(results)
    lost = {
        result["name"]: result
        for result in told.values()
        if f"lost with the worker {name}" in result.get("statusDetails", {}).get("message", "")
    }
    assert len(lost) == len(set(share["checks"]) - _judged(evidence)) > 0
    assert {result["status"] for result in lost.values()} == {"broken"}
    assert {labels_of(result)["thread"][0] for result in lost.values()} == {name}
    flying = lost["gate opens [slow@here]"]["statusDetails"]["message"]
    assert flying.startswith(f"in flight: it was lost with the worker {name}")
    assert (
        f"the worker {name} was lost" in (told["the run is complete"]["statusDetails"]["message"])
    )


def _judged(evidence: Path) -> set[str]:
    return {line["check"] for line in _lines(evidence, "verdict")}


def _lines(evidence: Path, kind: str, **fields: str) -> list[dict[str, Any]]:
    """Return the lines of a kind in all journals so far, with the journal that they are from."""
    found = []
    for file in evidence.glob("*/journal*.jsonl"):
        whole = file.read_text().rpartition("\n")[0]
        lines = [json.loads(line) for line in whole.splitlines()]
        found += [line | {"journal": file.name} for line in lines if line["kind"] == kind]
    return [line for line in found if fields.items() <= line.items()]


def test_without_checks_allure_is_left_alone(tmp_path: Path) -> None:
    suite = suite_with_area(tmp_path, "talk", {})
    (suite / "test_plain.py").write_text("def test_plain() -> None: ...\n")
    ended = run_checks(
        tmp_path, "test_plain.py", f"--alluredir={tmp_path / 'results'}", suite=suite
    )

    assert (ended.status, ended.folder) == (0, None), ended.out
    (result,) = results_in(tmp_path / "results").values()
    assert result["name"] == "test_plain"
    assert not (tmp_path / "results" / "environment.properties").exists()
