"""`python -m reports verify --folder`: every run is judged, and what cannot show is said."""

import os
import shutil
from pathlib import Path

import pytest

from reports.folder import verify_folder
from reports.journal import Journal
from reports.verify import State
from tests.reports.folders import head_of, in_order
from tests.reports.test_run import begun, judged, sealed
from tests.reports.test_verify import killed, reports


def test_a_whole_folder_is_complete_and_says_what_it_cannot_find(evidence: Path) -> None:
    (evidence / "notes").mkdir()
    (evidence / "notes.txt").write_text("mine")
    newest = in_order(evidence)[-1]
    before = {path: path.stat().st_mtime_ns for path in [evidence, *evidence.rglob("*")]}

    said = reports("verify", "--folder", evidence)

    assert said.returncode == 0
    assert said.stdout.startswith(f"COMPLETE: {evidence}: 6 runs, 6 complete\n")
    assert "left out, no run: it has no journal.jsonl: notes\n" in said.stdout
    assert "left out, no folder: notes.txt\n" in said.stdout
    assert f"newest: {newest.name}, head {head_of(newest)}" in said.stdout
    limits = said.stdout.partition("what does not show here:")[2]
    assert "the removal of the newest run: keep the head" in limits
    assert f"before the oldest that is known, {in_order(evidence)[0].name}" in limits
    assert "made up anew" in limits
    assert before == {path: path.stat().st_mtime_ns for path in [evidence, *evidence.rglob("*")]}


def test_a_run_that_is_under_way_misses_its_previous(evidence: Path) -> None:
    newest = in_order(evidence)[-1]
    run = begun(evidence)
    run.watch()
    shutil.rmtree(newest)

    said = reports("verify", "--folder", evidence)
    judged(run)
    sealed(run)

    assert said.returncode == 1
    assert "6 runs, 5 complete, 1 under way" in said.stdout
    assert f"under way: {run.folder.name}" in said.stdout
    assert f"{newest.name} is missing: {run.folder.name} names it" in said.stdout


def test_a_run_that_is_under_way_changes_nothing_in_the_judgement(evidence: Path) -> None:
    run = begun(evidence)
    run.watch()

    said = reports("verify", "--folder", evidence)
    judged(run)
    sealed(run)

    assert (said.returncode, run.folder.name in said.stdout) == (0, True)


def test_the_worst_run_decides(evidence: Path) -> None:
    run = killed(evidence)
    run.seal({}, exit_status=2, exit_words="the run was interrupted", interrupted=True)
    incomplete = reports("verify", "--folder", evidence)
    lost = killed(evidence)
    unsealed = reports("verify", "--folder", evidence)
    broken_run = in_order(evidence)[2]
    (broken_run / "record.md").write_text("all is well")
    broken = reports("verify", "--folder", evidence)

    assert (incomplete.returncode, unsealed.returncode, broken.returncode) == (6, 6, 1)
    assert incomplete.stdout.startswith(f"INCOMPLETE: {evidence}: 7 runs")
    assert f"incomplete: {run.folder.name}: the run was interrupted" in incomplete.stdout
    assert unsealed.stdout.startswith(f"UNSEALED: {evidence}: 8 runs")
    assert f"unsealed: {lost.folder.name}: " in unsealed.stdout
    assert f"python -m reports seal {lost.folder} seals it" in unsealed.stdout
    assert broken.stdout.startswith(f"BROKEN: {evidence}: 8 runs, 1 broken, 1 unsealed")
    assert f"broken: {broken_run.name}: record.md was changed" in broken.stdout
    assert f"python -m reports verify {broken_run} tells all" in broken.stdout


def test_a_run_in_which_a_secret_may_stand_is_not_to_be_sealed(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.append("canary.looked-for", files=1, found=["junit.xml"])

    found = verify_folder(tmp_path)

    assert found.state is State.UNSEALED
    assert "the canary was found in junit.xml" in found.survey.members[0].why
    assert "seal " not in found.survey.members[0].why


def test_a_run_whose_journal_was_removed_is_broken(evidence: Path) -> None:
    run = in_order(evidence)[4]
    (run / "journal.jsonl").unlink()

    found = verify_folder(evidence)

    assert found.state is State.BROKEN
    assert [member.why for member in found.survey.members if member.name == run.name] == [
        "journal.jsonl is missing: manifest.json holds its head"
    ]


def test_a_folder_that_was_moved_as_a_whole_is_complete(evidence: Path) -> None:
    moved = evidence.rename(evidence.with_name("archive"))

    assert verify_folder(moved).state is State.COMPLETE


def test_names_cannot_write_to_the_terminal(evidence: Path) -> None:
    run = in_order(evidence)[-1]
    (run / "new\x1b[2J\nCOMPLETE: all").write_text("")
    (evidence / "also\x1b[31m\nCOMPLETE: all").mkdir()
    (evidence / os.fsdecode(b"\xff\xfe")).mkdir()

    folder, one = reports("verify", "--folder", evidence), reports("verify", run)
    pruned = reports("prune", evidence, "--keep", "5")

    for said in (folder, one, pruned):
        assert said.stderr == ""
        assert "\x1b" not in said.stdout
        assert "\\x1b[" in said.stdout
    assert "\nCOMPLETE" not in folder.stdout + pruned.stdout


def test_links_are_not_followed(evidence: Path, tmp_path: Path) -> None:
    run = in_order(evidence)[2]
    run.rename(tmp_path / run.name)
    run.symlink_to(tmp_path / run.name)

    found = verify_folder(evidence)

    assert found.survey.strangers == {run.name: "a symbolic link, which is not followed"}
    assert found.wrong[0].startswith(f"{run.name} is missing")


def test_a_named_pipe_of_nobody_does_not_make_a_run_look_alive(tmp_path: Path) -> None:
    run = killed(tmp_path)
    (run.folder / ".alive").write_text("")

    assert verify_folder(tmp_path).state is State.UNSEALED


def test_a_run_that_cannot_be_read_is_told_and_the_others_judged(evidence: Path) -> None:
    run = in_order(evidence)[3]
    (run / "journal-gw0.jsonl").mkdir()

    said = reports("verify", "--folder", evidence)

    assert said.returncode == 6
    assert said.stdout.startswith(f"INCOMPLETE: {evidence}: 6 runs, 5 complete, 1 not judged\n")
    assert f"not judged: {run.name}: Is a directory" in said.stdout
    assert "missing" not in said.stdout


def test_a_journal_that_is_no_runs_is_broken_and_stops_nothing(evidence: Path) -> None:
    (evidence / "20200101T000000Z-aaaaaa").mkdir()
    made_up = Journal.create(evidence / "20200101T000000Z-aaaaaa" / "journal.jsonl")
    made_up.append("run.begin", profile=7, tombstones=[], folder=[])
    made_up.append("verdict", sightings=7)
    made_up.close()
    for path in evidence.glob("2020*/*"):
        os.utime(path, (0, 0))
    os.utime(evidence / "20200101T000000Z-aaaaaa", (0, 0))

    found = verify_folder(evidence)

    assert found.survey.members[0].state is State.BROKEN
    assert len(found.survey.members) == 7


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "--folder"], "expected one argument"),
        (["verify", "--folder", "/nowhere"], "/nowhere: No such file or directory"),
        (["verify", "--folder", "/dev"], "/dev holds no run"),
        (["verify", "--folder", "/dev/null"], "Not a directory"),
        (["verify", "--folder", "/dev", "/dev"], "not allowed with argument"),
        (["verify", "--folder", "/dev", "--head", "abc"], "64 hexadecimal digits"),
    ],
)
def test_wrong_use_is_told_with_status_4(arguments: list[str], words: str) -> None:
    said = reports(*arguments)

    assert said.returncode == 4
    assert words in said.stderr
    assert "Traceback" not in said.stderr


def test_a_run_in_the_place_of_a_folder_is_wrong_use(evidence: Path) -> None:
    said = reports("verify", "--folder", in_order(evidence)[0])

    assert said.returncode == 4
    assert "is a run; give the folder that it is in" in said.stderr
