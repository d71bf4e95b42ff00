"""A signal that comes before anything is judged: what was begun is sealed, and nothing is left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.manifest import MANIFEST
from reports.verify import State, verify
from tests.program import ROOT
from tests.stoppable import wait_for

STOPPING = """
import os, signal, sys

came = []

def stop(event, arguments):
    named, *words = "WORDS".split()
    if came or event != named or "PYTEST_XDIST_WORKER" in os.environ:
        return
    if all(word in " ".join(map(str, arguments[:2])) for word in words):
        came.append(event)
        os.kill(os.getpid(), signal.SIGNAL)

sys.addaudithook(stop)
"""
BEFORE = {  # an audit event and words in it: the same whether byte code is cached or not
    "reading the profile": "open ROOT/config/profiles/lab.yaml",
    "collecting": "exec <module> checks/tls/cases.py",
}
BEGUN = {
    "making its folder": "os.mkdir FOLDER/2",
    "holding room": "open FOLDER/2 .room",
    "writing its journal": "open FOLDER/2 journal.jsonl",
    "starting its witness": "subprocess.Popen witness.py",
    "opening its vantages": "tempfile.mkdtemp touchstone-lab-",
    "starting its lab": "socket.bind",
}


def stopped(tmp_path: Path, words: str, number: str, *more: str) -> tuple[int, Path]:
    """Run the lab's checks with a signal at the first event of that kind; returns how it ended."""
    evidence, temporary = tmp_path / "evidence", tmp_path / "tmp"
    temporary.mkdir()
    told = words.replace("ROOT", str(ROOT)).replace("FOLDER", str(evidence))
    plugin = STOPPING.replace("WORDS", told).replace("SIGNAL", number)
    (tmp_path / "stopping.py").write_text(plugin)
    options = ("--profile", "lab", "-m", "tls", "-p", "stopping", f"--evidence-dir={evidence}")
    own = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *more],
        cwd=ROOT,
        env=own | {"TMPDIR": str(temporary), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    wait_for(lambda: not list(temporary.iterdir()))
    (tmp_path / "out").write_text(ended.stdout + ended.stderr)
    return ended.returncode, evidence


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("instant", BEFORE)
def test_before_a_run_has_begun_nothing_is_left(tmp_path: Path, instant: str, number: str) -> None:
    status, evidence = stopped(tmp_path, BEFORE[instant], number)

    assert status in {2, -15}, (tmp_path / "out").read_text()
    assert not list(evidence.glob("*"))


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
@pytest.mark.parametrize("instant", BEGUN)
def test_a_run_that_has_begun_is_sealed(
    tmp_path: Path, instant: str, number: str, workers: tuple[str, ...]
) -> None:
    status, evidence = stopped(tmp_path, BEGUN[instant], number, *workers)

    (folder,) = evidence.glob("*/")
    wait_for((folder / MANIFEST).exists)
    found = verify(folder)
    assert status == 2, (tmp_path / "out").read_text()
    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    assert found.told.gaps[0].endswith(f"the run was interrupted by {number}")
    assert f"record   {folder}" in (tmp_path / "out").read_text()
