"""`python -m reports`: every change of a run is found, and a run is projected again as it was."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.journal import Journal
from reports.run import Run
from reports.sealed import Sealed
from reports.verify import State, verify
from tests.reports.changes import CHANGES, a_cut_tail, an_edited_byte, an_edited_record
from tests.reports.test_run import begun, judged, sealed

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    run = begun(tmp_path_factory.mktemp("evidence"))
    judged(run)
    return sealed(run)


@pytest.fixture
def folder(original: Sealed, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original.folder, tmp_path / original.folder.name))


def reports(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_run_is_complete(folder: Path, original: Sealed) -> None:
    before = {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}

    said = reports("verify", folder)
    with_head = reports("verify", folder, "--head", original.head.upper())

    assert (said.returncode, with_head.returncode) == (0, 0)
    assert said.stdout.startswith(f"COMPLETE: {folder.name}\n")
    assert "looked for in 2 files, and not found" in said.stdout
    assert "--head" in said.stdout
    assert "--head" not in with_head.stdout
    assert before == {path: path.stat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_breaks_the_run_and_is_named(folder: Path, change: Callable[[Path], str]) -> None:
    words = change(folder)

    found = verify(folder)

    assert found.state is State.BROKEN
    assert words in found.wrong[0].removeprefix("journal.jsonl ")


def test_a_broken_run_ends_with_status_1(folder: Path) -> None:
    words = an_edited_byte(folder)

    said = reports("verify", folder)

    assert said.returncode == 1
    assert said.stdout.startswith(f"BROKEN: {folder.name}\n  wrong: journal.jsonl {words}")


@settings(deadline=None)
@given(at=st.integers(min_value=0), mask=st.integers(min_value=1, max_value=255))
def test_any_changed_byte_of_any_file_is_found(
    original: Sealed, tmp_path_factory: pytest.TempPathFactory, at: int, mask: int
) -> None:
    folder = Path(shutil.copytree(original.folder, tmp_path_factory.mktemp("run") / "run"))
    names = sorted(path for path in folder.rglob("*") if path.is_file())
    names.remove(folder / "manifest.json")
    path = names[at % len(names)]
    content = path.read_bytes()
    at %= len(content)
    path.write_bytes(content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])

    assert verify(folder).state is State.BROKEN
    shutil.rmtree(folder)


def test_a_cut_tail_without_its_manifest_shows_against_the_head(
    folder: Path, original: Sealed
) -> None:
    a_cut_tail(folder)
    (folder / "manifest.json").unlink()

    assert verify(folder).state is State.UNSEALED
    said = reports("verify", folder, "--head", original.head)

    assert said.returncode == 1
    assert "its tail was cut off or changed" in said.stdout


@settings(deadline=None)
@given(cut=st.integers(min_value=0))
def test_any_prefix_of_a_journal_is_not_complete(
    original: Sealed, tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    content = (original.folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(content[: cut % len(content)])

    found = verify(folder)

    assert found.state in (State.UNSEALED, State.BROKEN)
    assert found.told.gaps
    shutil.rmtree(folder)


def killed(folder: Path) -> Run:
    run = begun(folder)
    run.append("plan", checks=[{"id": "checks/tls/x.py::check_x[a@here]", "area": "tls"}])
    run.append("sighting.begin", sighting="s1", probe="look", target="a", vantage="here")
    return run


def test_a_killed_run_is_unsealed_and_can_be_projected(tmp_path: Path) -> None:
    run = killed(tmp_path)

    said = reports("verify", run.folder)
    rebuilt = reports("rebuild", run.folder)

    assert said.returncode == 6
    assert said.stdout.startswith("UNSEALED")
    assert "the run was killed" in said.stdout
    assert "1 of 1 planned checks were never judged" in said.stdout
    assert rebuilt.returncode == 0
    assert "look a from here" in (run.folder / "record.md").read_text()
    assert "**INCOMPLETE**" in (run.folder / "record.md").read_text()


def test_an_interrupted_run_is_sealed_and_incomplete(tmp_path: Path) -> None:
    run = killed(tmp_path)
    run.seal({}, exit_status=2, exit_words="the run was interrupted", interrupted=True)

    said = reports("verify", run.folder)

    assert said.returncode == 6
    assert said.stdout.startswith("INCOMPLETE")
    assert "the run was interrupted" in said.stdout


def test_a_file_outside_that_another_run_replaced_is_a_note(tmp_path: Path) -> None:
    junit, gone = tmp_path / "junit.xml", tmp_path / "gone.xml"
    junit.write_text("this run's")
    gone.write_text("this run's")
    run = begun(tmp_path / "evidence")
    judged(run)
    sealed(run, outside=[junit, gone])
    junit.write_text("another run's")
    gone.unlink()

    found = verify(run.folder)

    assert found.state is State.COMPLETE
    assert len(found.notes) == 2


def test_a_sealed_run_is_projected_again_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    into = tmp_path / "again"

    in_place, elsewhere = reports("rebuild", folder), reports("rebuild", folder, "--into", into)

    assert (in_place.returncode, elsewhere.returncode) == (0, 0)
    assert in_place.stdout.count("byte for byte") == 2
    for path in into.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()
    assert len(list(into.iterdir())) == 2


def test_a_sealed_file_is_not_replaced_by_another(folder: Path) -> None:
    an_edited_record(folder)
    edited = (folder / "record.md").read_bytes()

    said = reports("rebuild", folder)

    assert said.returncode == 4
    assert "--into" in said.stdout
    assert (folder / "record.md").read_bytes() == edited


def test_nothing_is_projected_from_a_broken_journal(folder: Path) -> None:
    an_edited_byte(folder)

    said = reports("rebuild", folder)

    assert said.returncode == 1
    assert "line 5" in said.stderr


def test_a_journal_that_is_no_runs_is_broken(tmp_path: Path) -> None:
    made_up = Journal.create(tmp_path / "journal.jsonl")
    made_up.append("run.begin")
    made_up.append("verdict", sightings=7)
    made_up.close()

    said, rebuilt = reports("verify", tmp_path), reports("rebuild", tmp_path)

    assert (said.returncode, rebuilt.returncode) == (1, 1)
    assert "not one that this version can read" in said.stdout
    assert "not one that this version can read" in rebuilt.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "usage"),
        (["verify"], "RUN"),
        (["verify", "/nowhere"], "is not the folder of a run"),
        (["rebuild", "/"], "is not the folder of a run"),
        (["verify", "/", "--head", "abc"], "64 hexadecimal digits"),
        (["seel", "/"], "invalid choice"),
    ],
)
def test_wrong_use_is_told_with_status_4(arguments: list[str], words: str) -> None:
    said = reports(*arguments)

    assert said.returncode == 4
    assert words in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("name", ["manifest.json", "journal-gw0.jsonl", "record.md"])
def test_a_pipe_in_a_runs_folder_is_wrong_and_never_waited_for(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)

    found = verify(folder)

    assert found.state is State.BROKEN
    assert any(name in problem for problem in found.wrong)
