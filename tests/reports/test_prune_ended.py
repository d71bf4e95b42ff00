"""Prunes that did not come to their end, or were not alone: the next one ends what they began."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reports import tombstones
from reports.folder import verify_folder
from reports.tombstones import ASIDE, TOMBSTONES
from reports.verify import State
from tests.reports.folders import in_order, runs_in, stones_of
from tests.reports.test_verify import ROOT, reports


def test_a_rest_without_a_tombstone_is_left(evidence: Path) -> None:
    rest = evidence / f"{ASIDE}20200101T000000Z-aaaaaa"
    rest.mkdir()

    said = reports("prune", evidence, "--keep", "100")

    assert said.returncode == 0
    assert f"left {rest.name}: there is no tombstone of it" in said.stdout
    assert rest.is_dir()


def killed_while_it_wrote_a_tombstone(evidence: Path, run: Path) -> None:
    stones = evidence / TOMBSTONES
    stones.write_bytes(stones.read_bytes()[:-20])


def killed_before_the_folder_was_renamed(evidence: Path, run: Path) -> None:
    """Its tombstone stands already."""


def killed_before_all_of_it_was_removed(evidence: Path, run: Path) -> None:
    aside = run.rename(evidence / f"{ASIDE}{run.name}")
    (aside / "journal.jsonl").unlink()


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (killed_while_it_wrote_a_tombstone, "ends in the middle of a line"),
        (killed_before_the_folder_was_renamed, "has a tombstone, and is here: "),
        (killed_before_all_of_it_was_removed, "left over of a prune, the next one removes it: "),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_killed_prune_is_told_and_the_next_ends_it(
    evidence: Path, tmp_path: Path, change: Callable[[Path, Path], None], note: str
) -> None:
    run = in_order(evidence)[0]
    shutil.copytree(run, tmp_path / "copy")
    reports("prune", evidence, "--keep", "5")
    whole = stones_of(evidence)
    shutil.copytree(tmp_path / "copy", run)
    change(evidence, run)

    found = verify_folder(evidence)
    said = reports("prune", evidence, "--keep", "5")
    after = verify_folder(evidence)

    assert (found.state, found.wrong) == (State.COMPLETE, ())
    assert any(note in told for told in found.notes), found.notes
    assert (said.returncode, said.stderr) == (0, "")
    assert f"removed {run.name}" in said.stdout or f"what was left of {run.name}" in said.stdout
    assert len(in_order(evidence)) == 5
    assert not list(evidence.glob(f"{ASIDE}*"))
    assert [stone["head"] for stone in stones_of(evidence)] == [whole[0]["head"]]
    assert (after.state, after.wrong, after.notes[1:]) == (State.COMPLETE, (), ())


def test_a_run_that_could_not_be_removed_has_its_tombstone_once(evidence: Path) -> None:
    run = in_order(evidence)[0]
    in_the_way = evidence / f"{ASIDE}{run.name}"
    in_the_way.write_text("mine")

    refused = reports("prune", evidence, "--keep", "4")
    found = verify_folder(evidence)
    in_the_way.unlink()
    said = reports("prune", evidence, "--keep", "4")

    assert refused.returncode == 1
    assert refused.stderr == f"{run.name} was not removed: Not a directory\n"
    assert (found.state, len(found.survey.members)) == (State.COMPLETE, 6)
    assert any(note.startswith("has a tombstone, and is here: ") for note in found.notes)
    assert said.returncode == 0
    assert len(in_order(evidence)) == 4
    assert len(stones_of(evidence)) == 2


def test_a_run_that_was_brought_back_is_kept_by_a_rule_that_keeps_it(
    evidence: Path, tmp_path: Path
) -> None:
    run = in_order(evidence)[0]
    shutil.copytree(run, tmp_path / "copy")
    reports("prune", evidence, "--keep", "5")
    shutil.copytree(tmp_path / "copy", run)

    reports("prune", evidence, "--keep", "6")

    assert run.is_dir()
    assert verify_folder(evidence).state is State.COMPLETE


def test_prunes_at_once_exclude_each_other(evidence: Path) -> None:
    runs = in_order(evidence)

    with tombstones.writing(evidence):
        said = reports("prune", evidence, "--keep", "1")

    assert said.returncode == 1
    assert f"another prune is at work in {evidence}" in said.stderr
    assert in_order(evidence) == runs


def test_of_many_prunes_at_once_all_that_is_left_is_whole(evidence: Path) -> None:
    command = [sys.executable, "-m", "reports", "prune", str(evidence), "--keep", "2"]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]

    said = [one.communicate(timeout=60) for one in started]

    assert {one.returncode for one in started} <= {0, 1}
    assert any(one.returncode == 0 for one in started)
    assert all(b"Traceback" not in err for _, err in said)
    assert len(in_order(evidence)) == 2
    assert len(stones_of(evidence)) == 4
    assert verify_folder(evidence).state is State.COMPLETE


def test_a_full_disk_removes_nothing_and_the_next_prune_does(small_disk: Path) -> None:
    runs = runs_in(small_disk, 3)
    filling = small_disk / "filling"
    with contextlib.suppress(OSError), filling.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))

    full = reports("prune", small_disk, "--keep", "1")
    meanwhile = verify_folder(small_disk)
    filling.unlink()
    free = reports("prune", small_disk, "--keep", "1")

    assert full.returncode == 1
    assert f"{runs[0].name} was not removed: " in full.stderr
    assert "No space left on device; " in full.stderr
    assert (meanwhile.state, len(meanwhile.survey.members)) == (State.COMPLETE, 3)
    assert free.returncode == 0
    assert in_order(small_disk) == runs[-1:]
    assert verify_folder(small_disk).state is State.COMPLETE
