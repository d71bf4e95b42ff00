"""The sequence of runs in a folder: what is missing, changed, put in later or out of time."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from reports.folder import verify_folder
from reports.manifest import MANIFEST
from reports.verify import State
from tests.reports.folders import after, days_of_runs, head_of, in_order, remade, run_in, runs_in
from tests.reports.test_run import begun, judged, sealed
from tests.reports.test_verify import reports


@pytest.mark.parametrize(
    "removed", [0, 1, 2, 4], ids=["oldest", "second", "middle", "last but one"]
)
def test_a_removed_run_is_missed_by_the_one_that_names_it(evidence: Path, removed: int) -> None:
    runs = in_order(evidence)
    head = head_of(runs[removed])
    shutil.rmtree(runs[removed])

    said = reports("verify", "--folder", evidence)

    assert said.returncode == 1
    assert said.stdout.startswith("BROKEN: ")
    assert (
        f"wrong: {runs[removed].name} is missing: {runs[removed + 1].name} names it,"
        f" with the head {head}" in said.stdout
    )
    assert said.stdout.count("  wrong: ") == 1


def test_two_removed_runs_in_a_row_are_missed_once(evidence: Path) -> None:
    runs = in_order(evidence)
    shutil.rmtree(runs[1])
    shutil.rmtree(runs[2])

    found = verify_folder(evidence)

    assert len(found.wrong) == 1
    assert found.wrong[0].startswith(f"{runs[2].name} is missing: {runs[3].name} names it")
    assert "what it named in its turn is not known" in found.wrong[0]


def test_the_removal_of_the_newest_shows_only_against_its_head(evidence: Path) -> None:
    newest = in_order(evidence)[-1]
    head = head_of(newest)
    kept = reports("verify", "--folder", evidence, "--head", head)
    shutil.rmtree(newest)

    without, against = (
        reports("verify", "--folder", evidence),
        reports("verify", "--folder", evidence, "--head", head),
    )

    assert (kept.returncode, without.returncode, against.returncode) == (0, 0, 1)
    assert f"given head: it is that of {newest.name}" in kept.stdout
    assert "the removal of the newest" not in kept.stdout
    assert "the removal of the newest run: keep the head" in without.stdout
    assert f"wrong: no run here ends with the head that was given, {head}" in against.stdout


def test_the_head_of_an_older_run_does_not_vouch_for_the_newest(evidence: Path) -> None:
    older = in_order(evidence)[1]

    said = reports("verify", "--folder", evidence, "--head", head_of(older))

    assert said.returncode == 0
    assert f"given head: it is that of {older.name}" in said.stdout
    assert "the removal of the newest run" in said.stdout


def test_runs_that_were_under_way_at_once_share_their_previous(evidence: Path) -> None:
    before = in_order(evidence)[-1]
    one, other = begun(evidence), begun(evidence)
    for run in (one, other):
        judged(run)
        sealed(run)

    found = verify_folder(evidence)

    assert (found.state, found.wrong) == (State.COMPLETE, ())
    named = [known.previous.run for known in found.survey.known if known.previous is not None]
    assert named.count(before.name) == 2


def test_a_run_that_no_other_names_is_told_as_one_nobody_would_miss(evidence: Path) -> None:
    first, second = sorted((begun(evidence), begun(evidence)), key=lambda run: run.folder.name)
    for run in (first, second):
        judged(run)
        sealed(run)
    run_in(evidence)

    said = reports("verify", "--folder", evidence)

    assert f"while a later one began; of those here: {first.folder.name}\n" in said.stdout


def test_a_run_whose_manifest_was_removed_is_missed_as_a_sealed_one(evidence: Path) -> None:
    run = in_order(evidence)[2]
    (run / MANIFEST).unlink()

    found = verify_folder(evidence)

    assert found.state is State.BROKEN
    assert found.wrong[0].startswith(f"{run.name} was sealed, and is not any more: ")


def test_a_run_that_was_made_anew_is_not_the_one_that_the_next_names(evidence: Path) -> None:
    run = in_order(evidence)[2]
    named_with = head_of(run)

    def praise(line: dict[str, object]) -> None:
        if line["kind"] == "verdict":
            line["remarks"] = ["better than it was"]

    assert remade(run, praise) == run

    found = verify_folder(evidence)

    assert {member.state for member in found.survey.members} == {State.COMPLETE}
    (problem,) = found.wrong
    assert problem.startswith(f"{run.name} ends with the head {head_of(run)}, and ")
    assert problem.endswith(
        f"{in_order(evidence)[3].name} names it with {named_with}: it was changed or replaced since"
    )


def test_a_run_that_was_put_in_later_makes_a_fork(tmp_path: Path) -> None:
    first, second = days_of_runs(tmp_path / "evidence", [3, 1])
    made_up = remade(run_in(tmp_path / "elsewhere"), after(first, timedelta(days=-2)))
    shutil.move(made_up, tmp_path / "evidence")

    found = verify_folder(tmp_path / "evidence")

    (problem,) = found.wrong
    assert problem.startswith(
        f"{second.name} names {first.name} as the newest before it, and {made_up.name} had been"
        " sealed by then: the sequence forks"
    )
    assert any(str(tmp_path / "elsewhere") in note for note in found.notes)


def test_time_that_runs_backwards_is_named(tmp_path: Path) -> None:
    first, second = days_of_runs(tmp_path, [1, 2])

    found = verify_folder(tmp_path)

    assert len(found.wrong) == 1
    assert found.wrong[0].startswith(f"time runs backwards: {second.name} began at ")
    assert f"names {first.name}, which ended at " in found.wrong[0]


def test_runs_that_name_each_other_are_a_circle(tmp_path: Path) -> None:
    first, second = runs_in(tmp_path, 2)
    remade(first, after(second))

    found = verify_folder(tmp_path)

    circle = [problem for problem in found.wrong if "in a circle" in problem]
    assert len(circle) == 1
    assert first.name in circle[0]
    assert second.name in circle[0]
    assert any(problem.startswith(f"{first.name} ends with the head") for problem in found.wrong)


def test_a_copy_of_a_run_does_not_count_as_another(evidence: Path) -> None:
    run = in_order(evidence)[1]
    shutil.copytree(run, evidence / "copy")

    found = verify_folder(evidence)

    assert found.wrong == (f"{run.name} and copy are one and the same run",)


def test_a_renamed_run_is_known_by_its_head(evidence: Path) -> None:
    run = in_order(evidence)[2]
    run.rename(evidence / "for-the-plan")

    found = verify_folder(evidence)

    assert (found.state, found.wrong) == (State.COMPLETE, ())
    assert f"for-the-plan was renamed: it is the run {run.name}" in found.notes


@pytest.mark.parametrize(
    "previous",
    ["x", 7, {"run": 1}, {"run": "a", "head": None}],
    ids=["text", "number", "half", "null"],
)
def test_a_previous_that_is_none_is_told(tmp_path: Path, previous: object) -> None:
    (run,) = runs_in(tmp_path, 1)
    lines = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
    begin = json.loads(lines[0]) | {"previous": previous}
    (run / "journal.jsonl").write_text(json.dumps(begin) + "\n")

    found = verify_folder(tmp_path)

    assert found.state is State.BROKEN
    assert found.wrong == (
        f"{run.name}: what it names as the run before it is not a run with its head",
    )


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_at_the_ends_of_the_calendar_are_judged(evidence: Path, at: str) -> None:
    run = in_order(evidence)[2]

    remade(run, lambda line: line.update(at=at))

    assert verify_folder(evidence).state is State.BROKEN
