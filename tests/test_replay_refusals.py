"""Runs that cannot be replayed whole, options that do not go with it: told in words."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reports import chains
from reports.journal import Journal
from tests.program import ROOT, Ended, run_checks

LAB = ("--profile", "lab")
TLS = ("-m", "tls")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Look at the lab when one endpoint's handshake is refused."""
    folder = tmp_path_factory.mktemp("broken")
    ended = run_checks(folder, *LAB, "--lab-fault", "tls-alert", *TLS)
    assert ended.status == 1, ended.out
    assert ended.folder is not None
    return ended.folder


@pytest.fixture
def copy(broken: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(broken, tmp_path / broken.name))


def replay(folder: Path, run: Path, *arguments: str) -> Ended:
    return run_checks(folder, f"--replay={run}", *arguments)


def edit(run: Path) -> None:
    path = run / chains.JOURNAL
    path.write_text(path.read_text().replace("alert 40", "alert 41", 1))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (edit, "was changed: journal.jsonl line"),
        (lambda run: (run / chains.JOURNAL).unlink(), "it has no journal.jsonl"),
        (lambda run: (run / "manifest.json").write_text("{}"), "manifest.json says otherwise"),
        (
            lambda run: shutil.copy(run / chains.JOURNAL, run / "journal-gw7.jsonl"),
            "manifest.json says otherwise",
        ),
    ],
)
def test_a_damaged_run_is_refused_before_anything_is_begun(
    copy: Path, harm: Callable[[Path], Any], words: str, tmp_path: Path
) -> None:
    harm(copy)

    ended = replay(tmp_path, copy, *TLS)

    assert ended.status == 4, ended.out
    assert "--replay: " in ended.out
    assert words in ended.out
    assert "Traceback" not in ended.out
    assert ended.folder is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lab-fault", "tls-alert"], "leave --lab-fault away"),
        (["--deadline", "3s"], "leave --deadline away"),
        (["--in-flight", "3"], "leave --in-flight away"),
        (["--allow-mutating"], "leave --allow-mutating away"),
        (["--vantage", "moon"], "it has: lab"),
        (["--profile", "gitub"], "did you mean 'github'"),
        (["--baseline=/nowhere"], "--baseline: /nowhere is no run's folder"),
    ],
)
def test_an_option_that_does_not_go_with_it_is_one_message(
    broken: Path, arguments: list[str], words: str, tmp_path: Path
) -> None:
    ended = replay(tmp_path, broken, *arguments)

    assert ended.status == 4, ended.out
    assert words in ended.out
    assert "Traceback" not in ended.out
    assert ended.folder is None


def test_a_vantage_may_be_chosen(broken: Path, tmp_path: Path) -> None:
    ended = replay(tmp_path, broken, *TLS, "--vantage", "lab")

    assert ended.status == 1, ended.out


def test_a_run_that_was_never_sealed_is_replayed_and_it_is_said(copy: Path, tmp_path: Path) -> None:
    (copy / "manifest.json").unlink()

    ended = replay(tmp_path, copy, *TLS)

    assert ended.status == 1, ended.out
    assert f"{copy.name}: it was never sealed" in ended.out
    assert "Of that run: it was never sealed." in ended.out
    assert ended.folder is not None
    assert "Of that run: it was never sealed." in (ended.folder / "record.md").read_text()
    assert ended.is_sealed()


def cut(run: Path, kind: str, spared: int) -> None:
    """Cut a run's journal off in the middle of a line, as a kill or a full disk does."""
    lines = (run / chains.JOURNAL).read_bytes().splitlines(keepends=True)
    at = [number for number, line in enumerate(lines) if f'"kind":"{kind}"'.encode() in line]
    last = at[spared]
    (run / chains.JOURNAL).write_bytes(b"".join(lines[:last]) + lines[last][:40])
    (run / "manifest.json").unlink()


def test_a_journal_that_was_cut_off_is_judged_as_far_as_it_goes(copy: Path, tmp_path: Path) -> None:
    whole = replay(tmp_path, copy, *TLS)
    cut(copy, "handshake", -3)

    ended = replay(tmp_path, copy, *TLS)

    assert ended.status in (1, 6), ended.out
    before, after = whole.verdicts(), ended.verdicts()
    assert before.keys() == after.keys()
    lost = {check for check in before if before[check] != after[check]}
    assert lost
    assert {after[check] for check in lost} == {"inconclusive"}
    assert len(lost) < len(before)
    reasons = {line["reason"] for line in ended.journal("verdict")}
    assert f"it was in flight when {copy.name} ended" in reasons
    incomplete = "it is INCOMPLETE: the journal has no end"
    assert f"Of that run: {incomplete}" in ended.out
    assert ended.folder is not None
    record = (ended.folder / "record.md").read_text()
    assert f"Of that run: {incomplete}" in record
    (log,) = (one.read_text() for one in ended.folder.glob("*.log"))
    assert f"# evidence  {incomplete}" in log
    assert ended.is_sealed()


def test_a_killed_run_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", *LAB, *TLS, "--lab-fault", "tls-silent"),
            *("--deadline", "30", f"--evidence-dir={tmp_path}"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 30
    while not any("shake_hands" in one.read_text() for one in tmp_path.glob("*/journal.jsonl")):
        assert time.monotonic() < end
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=10)
    (run,) = tmp_path.iterdir()
    while not (run / "manifest.json").exists() and time.monotonic() < end:
        time.sleep(0.02)

    ended = replay(tmp_path / "again", run, *TLS)

    assert ended.status == 6, ended.out
    assert f"it was in flight when {run.name} ended" in ended.out
    assert "Of that run: it is INCOMPLETE: " in ended.out
    assert ended.is_sealed()


def test_a_run_without_a_line_is_refused_and_one_without_a_sighting_is_not(
    copy: Path, tmp_path: Path
) -> None:
    cut(copy, "sighting.begin", 0)
    nothing = replay(tmp_path, copy, *TLS)
    (copy / chains.JOURNAL).write_bytes(b"")
    empty = replay(tmp_path, copy, *TLS)

    assert nothing.status == 6, nothing.out
    assert f"replay of {copy.name}: 0 sightings of " in nothing.out
    assert set(nothing.verdicts().values()) == {"inconclusive"}
    assert empty.status == 4, empty.out
    assert "does not begin as that of a run" in empty.out


def rewritten(run: Path, to: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write a run's journal anew with other lines, chained as they must be."""
    to.mkdir(parents=True)
    journal = Journal.create(to / chains.JOURNAL)
    for line in chains.read(run).lines:
        change(line)
        fields = {name: line[name] for name in line if name not in ("seq", "mono", "prev")}
        journal.append(fields.pop("kind"), at=datetime.fromisoformat(fields.pop("at")), **fields)
    journal.close()
    return to


def test_a_run_of_last_year_is_judged_by_the_waivers_of_its_day(
    broken: Path, tmp_path: Path
) -> None:
    def age(line: dict[str, Any]) -> None:
        line["at"] = (datetime.fromisoformat(line["at"]) - timedelta(days=365)).isoformat()

    old = rewritten(broken, tmp_path / broken.name, age)
    day = (datetime.now(UTC) - timedelta(days=364)).date()
    profile = tmp_path / "waived.yaml"
    profile.write_text(
        (ROOT / "config/profiles/lab.yaml")
        .read_text()
        .replace("ranges: lab\n", f"ranges: {ROOT / 'config/ranges/lab.yaml'}\n")
        + "waivers:\n  - {check: check_handshake_completes, reason: known, approved_by: ops,"
        f" until: {day}}}\n"
    )

    now = replay(tmp_path, broken, *TLS, f"--profile={profile}")
    then = replay(tmp_path, old, *TLS, f"--profile={profile}")

    assert now.status == 1, now.out
    assert f"expired on {day}" in now.out
    assert then.status == 6, then.out
    assert "expired" not in then.out
    assert then.folder is not None
    looked = chains.read(old).lines[0]["at"][:10]
    record = (then.folder / "record.md").read_text()
    assert f"| Test window | {looked} " in record
    assert f"`site.lab.test` from `lab`, {looked} " in record
    (log,) = (one.read_text() for one in then.folder.glob("*.log"))
    assert f"\n[{looked}T" in log


def test_a_run_of_another_version_is_judged_as_far_as_it_is_understood(
    broken: Path, tmp_path: Path
) -> None:
    def make_other(line: dict[str, Any]) -> None:
        if line["kind"] == "run.begin":
            for name in ("profile", "suite", "versions", "zone", "vantages", "host"):
                del line[name]
        if line["kind"] == "vantage":
            del line["authorities"]
        for seen in line.get("seen", ()):
            if seen["observation"]["kind"] == "handshake":
                seen["observation"]["cypher"] = seen["observation"].pop("cipher")
        if line["kind"] == "verdict":
            line["kind"] = "judgement"

    other = rewritten(broken, tmp_path / broken.name, make_other)

    asked = replay(tmp_path, other, *TLS)
    ended = replay(tmp_path, other, *TLS, *LAB)

    assert asked.status == 4, asked.out
    assert "was made with the profile unknown (of no path)" in asked.out
    assert "give one with --profile" in asked.out
    assert ended.status == 1, ended.out  # the refusal of then can be read
    verdicts = ended.verdicts()
    assert verdicts["check_handshake_completes[site.lab.test@lab]"] == "violated"
    unread = [line for line in ended.journal("verdict") if "another version" in line["reason"]]
    assert unread
    assert "cypher" in unread[0]["reason"]
    assert ended.is_sealed()


def test_the_profile_of_the_run_is_taken_from_where_it_lay(tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    text = (ROOT / "config/profiles/lab.yaml").read_text()
    ranges = f"ranges: {ROOT / 'config/ranges/lab.yaml'}\n"
    profile.write_text(text.replace("ranges: lab\n", ranges).replace("name: lab\n", "name: mine\n"))
    then = run_checks(tmp_path, f"--profile={profile}", "-m", "smoke")
    assert then.folder is not None

    now = replay(tmp_path, then.folder, "-m", "smoke")
    profile.unlink()
    gone = replay(tmp_path, then.folder, "-m", "smoke")

    assert now.status == 0, now.out
    assert now.verdicts() == then.verdicts()
    assert "Profile mine" in now.out
    assert gone.status == 4, gone.out
    assert f"the profile mine ({profile}), which is not there any more; give one" in gone.out


def test_junit_and_allure_are_told_the_verdicts_of_the_replay(broken: Path, tmp_path: Path) -> None:
    junit, allure = tmp_path / "junit.xml", tmp_path / "allure"

    ended = replay(tmp_path, broken, *TLS, f"--junitxml={junit}", f"--alluredir={allure}")

    told = [json.loads(one.read_text()) for one in allure.glob("*-result.json")]
    assert ended.status == 1, ended.out
    assert 'failures="1"' in junit.read_text()
    assert sorted(one["status"] for one in told).count("failed") == 1
    assert len(told) == len(ended.verdicts())
