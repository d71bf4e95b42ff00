"""The witness by itself: what it seals, what it leaves alone, and what it removes."""

import subprocess
import sys
from pathlib import Path

import pytest

from reports.manifest import MANIFEST
from reports.verify import State, verify
from tests.stoppable import wait_for

ROOT = Path(__file__).parents[2]
DIES = """
import os, sys, tempfile
from pathlib import Path
from reports.redaction import Redactor
from reports.run import Run
run = Run.begin(Path(sys.argv[1]), redact=Redactor(), about={"profile": {"name": "x"}})
run.append("plan", checks=[{"id": "checks/x/check_x.py::check_y[z@here]"}])
BEFORE
run.watch()
AFTER
os._exit(1)
"""


def dies(folder: Path, before: str = "", after: str = "") -> Path:
    """Begin a run in a process that dies without an end; returns the run's folder."""
    script = DIES.replace("BEFORE", before).replace("AFTER", after)
    command = [sys.executable, "-c", script, str(folder)]
    subprocess.run(command, cwd=ROOT, timeout=60, check=False)
    return next(path for path in folder.glob("2*"))


@pytest.mark.parametrize(
    "before", ["", "(run.folder / '.alive').touch()"], ids=["by a FIFO", "by a pipe"]
)
def test_a_run_whose_process_dies_is_sealed(tmp_path: Path, before: str) -> None:
    folder = dies(tmp_path, before)
    wait_for((folder / MANIFEST).exists)

    found = verify(folder)

    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    assert found.told.canary is not None
    assert found.told.canary["found"] == []
    assert not list(folder.glob(".*"))


def test_a_run_in_which_the_canary_is_found_is_not_sealed_by_the_witness_either(
    tmp_path: Path,
) -> None:
    leak = "(run.folder / 'leak.txt').write_text(run.canary.value)"
    folder = dies(tmp_path, after=leak)
    wait_for((folder / "journal-seal.jsonl").exists)
    wait_for(lambda: "NOT SEALED" in record(folder))

    found = verify(folder)

    assert found.state is State.UNSEALED
    assert found.told.canary is not None
    assert found.told.canary["found"] == ["leak.txt"]


def record(folder: Path) -> str:
    path = folder / "record.md"
    return path.read_text() if path.exists() else ""


def test_what_the_run_left_among_the_temporary_folders_is_removed(tmp_path: Path) -> None:
    made = "made = Path(tempfile.mkdtemp(prefix='touchstone-lab-')); run.leave_behind(made)"
    told = f"Path({str(tmp_path / 'told')!r}).write_text(str(made))"
    elsewhere = tmp_path / "touchstone-mine"
    elsewhere.mkdir()
    folder = dies(tmp_path, after=f"{made}; {told}; run.leave_behind(Path({str(elsewhere)!r}))")
    wait_for((folder / MANIFEST).exists)

    assert not Path((tmp_path / "told").read_text()).exists()
    assert elsewhere.exists()
