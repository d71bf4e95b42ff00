"""`python -m reports prune`: old runs go by a rule, and nothing of the sequence is lost."""

import json
import shutil
from pathlib import Path

import pytest

from reports import tombstones
from reports.folder import verify_folder
from reports.manifest import newest_sealed
from reports.tombstones import TOMBSTONES
from reports.verify import State, verify
from tests.reports.folders import head_of, in_order, run_in, runs_in, stones_of
from tests.reports.test_run import begun, judged, sealed
from tests.reports.test_verify import killed, reports


def test_the_newest_runs_are_kept_and_each_other_leaves_a_tombstone(evidence: Path) -> None:
    runs = in_order(evidence)
    heads = [head_of(run) for run in runs]

    said = reports("prune", evidence, "--keep", "2")

    assert (said.returncode, said.stderr) == (0, "")
    assert in_order(evidence) == runs[-2:]
    assert [stone["run"] for stone in stones_of(evidence)] == [run.name for run in runs[:-2]]
    assert [stone["head"] for stone in stones_of(evidence)] == heads[:-2]
    told = stones_of(evidence)[0]
    assert told["counts"] == {"upheld": 1}
    assert (told["state"], told["planned"], told["gaps"]) == ("COMPLETE", 1, [])
    assert told["exit"] == {"status": 0, "words": "all is well"}
    assert told["profile"] == {"name": "lab", "digest": None}
    assert told["rule"] == {"keep": 2, "days": None}
    assert said.stdout.splitlines()[0] == f"removed {runs[0].name}: COMPLETE, 1 upheld"
    assert "4 removed, 2 kept; tombstones.jsonl has 4, head " in said.stdout


def test_what_is_left_is_complete_and_its_tombstones_stand_for_the_rest(evidence: Path) -> None:
    oldest = in_order(evidence)[0]
    head = head_of(oldest)
    reports("prune", evidence, "--keep", "2")

    said = reports("verify", "--folder", evidence, "--head", head)

    assert said.returncode == 0
    assert "2 runs, 2 complete" in said.stdout
    assert "pruned: 4 tombstones" in said.stdout
    assert f"given head: it is that of {oldest.name}, which was pruned" in said.stdout


def test_a_run_that_begins_after_names_the_newest_and_the_tombstones(evidence: Path) -> None:
    newest = in_order(evidence)[-1]
    reports("prune", evidence, "--keep", "1")

    run = run_in(evidence)

    begin = json.loads((run / "journal.jsonl").read_text().splitlines()[0])
    assert begin["previous"] == {"run": newest.name, "head": head_of(newest)}
    assert begin["tombstones"]["lines"] == 5
    assert verify_folder(evidence).state is State.COMPLETE


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (["--days", "25"], 3),
        (["--days", "1"], 1),
        (["--days", "100"], 6),
        (["--keep", "1", "--days", "25"], 3),
        (["--keep", "5", "--days", "25"], 5),
        (["--keep", "100"], 6),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_either_rule_keeps_and_the_newest_always_stays(
    evidence: Path, rule: list[str], kept: int
) -> None:
    runs = in_order(evidence)

    said = reports("prune", evidence, *rule)

    assert said.returncode == 0
    assert in_order(evidence) == runs[-kept:]
    assert verify_folder(evidence).state is State.COMPLETE


def test_a_rehearsal_says_what_would_go_and_writes_nothing(evidence: Path) -> None:
    runs = in_order(evidence)
    before = {path: path.stat().st_mtime_ns for path in [evidence, *evidence.rglob("*")]}

    said = reports("prune", evidence, "--keep", "4", "--dry-run")

    assert said.returncode == 0
    assert f"would remove {runs[0].name}: COMPLETE, 1 upheld\n" in said.stdout
    assert "2 would be removed, 4 kept; nothing was done" in said.stdout
    assert before == {path: path.stat().st_mtime_ns for path in [evidence, *evidence.rglob("*")]}


def test_pruning_again_and_again_leaves_one_chain(evidence: Path) -> None:
    for keep in ("5", "3", "3", "1"):
        assert reports("prune", evidence, "--keep", keep).returncode == 0
        run_in(evidence)

    assert [stone["seq"] for stone in stones_of(evidence)] == [
        *range(1, len(stones_of(evidence)) + 1)
    ]
    assert tombstones.read(evidence).wrong is None
    found = verify_folder(evidence)
    assert (found.state, found.wrong) == (State.COMPLETE, ())


def test_a_run_removed_by_hand_before_still_shows_when_the_next_was_pruned(evidence: Path) -> None:
    runs = in_order(evidence)
    shutil.rmtree(runs[1])

    reports("prune", evidence, "--keep", "1")

    (problem,) = verify_folder(evidence).wrong
    assert problem.startswith(f"{runs[1].name} is missing: {runs[2].name} names it")


def test_a_broken_run_stays_and_the_exit_status_tells(evidence: Path) -> None:
    _, run, *_, newest = in_order(evidence)
    (run / "notes.txt").write_text("mine")

    said = reports("prune", evidence, "--keep", "1")

    assert said.returncode == 1
    assert f"left {run.name}: it is BROKEN: notes.txt was added after the run" in said.stdout
    assert in_order(evidence) == [run, newest]


def test_broken_runs_do_not_count_among_those_that_are_kept(evidence: Path) -> None:
    runs = in_order(evidence)
    for run in runs[-2:]:
        (run / "record.md").write_text("")

    said = reports("prune", evidence, "--keep", "2")

    assert said.returncode == 0
    assert in_order(evidence) == runs[-4:]


def test_runs_that_are_under_way_or_unsealed_stay(tmp_path: Path) -> None:
    alive, lost = begun(tmp_path), killed(tmp_path)
    alive.watch()
    # they began before the others: rewriting a run that is under way is not for a test
    runs = runs_in(tmp_path, 3)

    said = reports("prune", tmp_path, "--keep", "1")
    judged(alive)
    sealed(alive)

    assert said.returncode == 0
    assert f"left {lost.folder.name}: it is UNSEALED" in said.stdout
    assert {path.name for path in in_order(tmp_path)} == {
        alive.folder.name,
        lost.folder.name,
        runs[-1].name,
    }


def test_an_incomplete_run_goes_and_its_tombstone_tells_why(tmp_path: Path) -> None:
    run = killed(tmp_path)
    run.seal({}, exit_status=2, exit_words="the run was interrupted", interrupted=True)
    run_in(tmp_path)

    said = reports("prune", tmp_path, "--keep", "1")

    (stone,) = stones_of(tmp_path)
    assert f"removed {run.folder.name}: INCOMPLETE, nothing judged" in said.stdout
    assert stone["state"] == "INCOMPLETE"
    assert stone["gaps"] == [
        "the run was interrupted",
        "1 of 1 planned checks were never judged",
    ]


def test_what_is_no_run_or_a_link_or_renamed_stays(evidence: Path, tmp_path: Path) -> None:
    runs = in_order(evidence)
    shutil.move(runs[0], tmp_path / "elsewhere")
    runs[0].symlink_to(tmp_path / "elsewhere")
    runs[1].rename(evidence / "0-for-the-plan")
    (evidence / "0-notes").mkdir()
    (evidence / "0-notes" / "mine.txt").write_text("mine")

    said = reports("prune", evidence, "--keep", "3")

    assert said.returncode == 0
    assert f"left {runs[0].name}: it is a symbolic link" in said.stdout
    assert f"left 0-for-the-plan: it was renamed, and is the run {runs[1].name}" in said.stdout
    assert "left 0-notes: it is no run" in said.stdout
    assert verify(tmp_path / "elsewhere").state is State.COMPLETE
    assert verify(evidence / "0-for-the-plan").state is State.COMPLETE
    assert (evidence / "0-notes" / "mine.txt").read_text() == "mine"
    assert len(in_order(evidence)) == 1 + 3


def test_the_newest_sealed_run_is_found_after_a_pruning(evidence: Path) -> None:
    newest = in_order(evidence)[-1]

    reports("prune", evidence, "--days", "1")

    assert newest_sealed(evidence) == {"run": newest.name, "head": head_of(newest)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["prune"], "DIR"),
        (["prune", "/dev"], "say what to keep: --keep N, --days D, or both"),
        (["prune", "/dev", "--keep", "0"], "'0' is not a number from 1 to 100000"),
        (["prune", "/dev", "--days", "-3"], "--days"),
        (["prune", "/dev", "--keep", "all"], "'all' is not a number"),
        (["prune", "/dev", "--keep", "3"], "/dev holds no run"),
        (["prune", "/nowhere", "--keep", "3"], "/nowhere: No such file or directory"),
        (["prune", "/dev/null", "--keep", "3"], "Not a directory"),
    ],
)
def test_wrong_use_is_told_with_status_4(arguments: list[str], words: str) -> None:
    said = reports(*arguments)

    assert said.returncode == 4
    assert words in said.stderr
    assert "Traceback" not in said.stderr
    assert not Path("/dev", TOMBSTONES).exists()


def test_a_run_in_the_place_of_a_folder_is_wrong_use(evidence: Path) -> None:
    run = in_order(evidence)[0]

    said = reports("prune", run, "--keep", "3")

    assert said.returncode == 4
    assert "is a run; give the folder that it is in" in said.stderr
    assert not (run / TOMBSTONES).exists()
