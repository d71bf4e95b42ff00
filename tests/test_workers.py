"""Checks shared out to workers: the same verdicts, each sighting once, one run."""

import os
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from reports import chains
from reports.verify import State, verify
from tests.program import Ended, run_checks
from tests.stoppable import CHECKS, slow_suite
from tests.terminals import Terminal

FAULT = ("--lab-fault", "mitm-untrusted")


def slow(folder: Path, *arguments: str) -> Ended:
    suite, profile = slow_suite(folder)
    return run_checks(folder, f"--profile={profile}", *arguments, suite=suite)


def kinds(ended: Ended, kind: str) -> list[dict[str, object]]:
    assert ended.folder is not None, ended.out
    return [line for line in chains.read(ended.folder).lines if line["kind"] == kind]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return run_checks(tmp_path_factory.mktemp("shared"), "--profile", "lab", *FAULT, "-n", "2")


def test_shared_checks_have_the_verdicts_that_they_have_alone(
    shared: Ended, tmp_path: Path
) -> None:
    alone = run_checks(tmp_path, "--profile", "lab", *FAULT)

    def verdicts(ended: Ended) -> dict[object, object]:
        return {
            line["check"]: (line["verdict"], line["held_by"]) for line in kinds(ended, "verdict")
        }

    assert shared.status == alone.status == 1
    assert verdicts(shared) == verdicts(alone)
    assert Counter(line["sighting"] for line in kinds(shared, "sighting.begin")) == Counter(
        line["sighting"] for line in kinds(alone, "sighting.begin")
    )


def test_a_shared_run_is_sealed_as_one(shared: Ended) -> None:
    assert shared.folder is not None
    found = verify(shared.folder)

    assert (found.state, found.wrong) == (State.COMPLETE, [])
    assert len(found.chains.parts) == 3
    (end,) = kinds(shared, "run.end")
    assert end["chains"] == {
        name: head for name, head in found.chains.heads().items() if name != chains.JOURNAL
    }
    assert len(kinds(shared, "vantage")) == 1


@pytest.mark.parametrize("name", ["journal-gw0.jsonl", "journal-gw1.jsonl"])
def test_a_workers_journal_that_is_changed_or_missing_breaks_the_run(
    tmp_path: Path, name: str
) -> None:
    ended = slow(tmp_path, "-n", "2", "-k", "n0 or n1")
    assert ended.folder is not None
    path = ended.folder / name
    content = path.read_bytes()

    path.write_bytes(content.replace(b"waited", b"wailed"))
    changed = verify(ended.folder)
    path.write_bytes(b"".join(content.splitlines(keepends=True)[:-1]))
    cut = verify(ended.folder)
    path.unlink()
    missing = verify(ended.folder)

    assert {one.state for one in (changed, cut, missing)} == {State.BROKEN}
    assert changed.wrong[0].startswith(f"{name} line")
    assert "cut off" in cut.wrong[0]
    assert missing.wrong[0].startswith(f"{name} is missing")


def test_sightings_in_flight_are_counted_over_the_whole_run(tmp_path: Path) -> None:
    ended = slow(tmp_path, "-n", "4", "--in-flight", "3")

    shares = kinds(ended, "worker.share")
    assert ended.status == 0, ended.out
    assert [line["in_flight"] for line in shares] == [1, 1, 1]
    flying, most = 0, 0
    assert ended.folder is not None
    for line in chains.read(ended.folder).lines:
        flying += {"sighting.begin": 1, "sighting.end": -1}.get(line["kind"], 0)
        most = max(most, flying)
    assert 2 <= most <= 3


def test_progress_counts_the_checks_of_all_workers(tmp_path: Path) -> None:
    ended = slow(tmp_path, "-n", "2", "-v")

    assert f"collected {CHECKS} items" in ended.out
    assert ended.out.count("[100%]") == 1
    assert f"{CHECKS} passed" in ended.out
    assert f"{CHECKS} checks, {CHECKS} upheld" in ended.out


def test_a_terminal_shows_how_many_checks_all_workers_have(tmp_path: Path) -> None:
    suite, profile = slow_suite(tmp_path)
    options = (f"--profile={profile}", f"--evidence-dir={tmp_path / 'evidence'}", "-n", "2")
    command = [sys.executable, "-m", "pytest", *options]

    with Terminal(command, suite, os.environ | {"TERM": "xterm"}) as terminal:
        status = terminal.wait()

    told = re.findall(rb"(\d+) workers \[(\d+) items\]", terminal.shown)
    assert status == 0, terminal.shown.decode()
    assert told[-1] == (b"2", str(CHECKS).encode())
    assert b"[100%]" in terminal.shown


def test_more_workers_than_checks_are_no_harm(tmp_path: Path) -> None:
    ended = slow(tmp_path, "-n", "3", "-k", "n7")

    assert ended.status == 0, ended.out
    assert ended.is_sealed()


def test_a_violation_ends_a_shared_run_with_x_as_it_ends_one_alone(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--profile", "lab", *FAULT, "-n", "2", "-x")

    assert ended.status == 1, ended.out
    assert ended.folder is not None
    assert verify(ended.folder).state is State.INCOMPLETE


def test_a_mistake_in_the_profile_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: 1\n")

    ended = run_checks(tmp_path, f"--profile={tmp_path / 'bad.yaml'}", "-n", "2")

    assert ended.status == 4
    assert ended.out.count("bad.yaml:1:") == ended.out.count("this field is missing") + 1
    assert "workers" not in ended.out


def test_workers_on_other_hosts_are_refused(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--profile", "lab", "--dist", "load", "--tx", "ssh=nowhere.test")

    assert ended.status == 4
    assert "checks look from this host; share them out with -n" in ended.out
    assert ended.folder is None
