"""What a killed run leaves: no process, and no temporary folder, or what the next run removes."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from reports.manifest import MANIFEST
from reports.temporary import temporary_folder
from tests.needs import absent, need
from tests.program import ROOT
from tests.stoppable import wait_for
from tests.test_stopped import children

LAB = ("--profile", "lab", "-m", "network", "-k", "git", "--deadline", "60")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return variables with a temporary folder of their own, and a git that takes its time."""
    temporary, programs = tmp_path / "tmp", tmp_path / "bin"
    temporary.mkdir()
    programs.mkdir()
    slow = programs / "git"
    hangs = "setsid sleep 60 & exec sleep 60"
    waiting = f'case "$*" in *ls-remote*) {hangs};; *) exec {need("git")} "$@";; esac'
    slow.write_text(f"#!/bin/sh\n{waiting}\n")
    slow.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"TMPDIR": str(temporary), "PATH": path, "NO_COLOR": "1"}


@contextmanager
def at_git(
    folder: Path, environment: dict[str, str], *more: str
) -> Iterator[subprocess.Popen[str]]:
    """Start a run of the lab, and yield it when git has its authorities before it."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pytest", f"--evidence-dir={folder}", *LAB, *more]
    with (folder.parent / "out").open("w") as out:
        run = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=out, stderr=out, text=True
        )
    try:
        pem = "touchstone-authorities-*/authorities.pem"
        temporary = Path(environment["TMPDIR"])
        wait_for(lambda: any(temporary.glob(pem)) or run.poll() is not None, seconds=60)
        assert run.poll() is None, (folder.parent / "out").read_text()
        yield run
    finally:
        run.kill()
        run.wait(timeout=30)


def left(environment: dict[str, str]) -> set[str]:
    """Return the kinds of folders that are left."""
    return {path.name.split("-")[1] for path in Path(environment["TMPDIR"]).glob("touchstone-*")}


def asleep(environment: dict[str, str]) -> set[int]:
    """Return the processes in which git, and what it started, takes its time."""
    own = f"TMPDIR={environment['TMPDIR']}".encode()
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if words.startswith(b"sleep") and own in (process / "environ").read_bytes():
                found.add(int(process.name))
    return found


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
def test_a_killed_run_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], workers: tuple[str, ...]
) -> None:
    evidence = tmp_path / "evidence"
    with at_git(evidence, environment, *workers) as run:
        during = left(environment)
        wait_for(lambda: len(asleep(environment)) > 1)
        run.kill()
        wait_for(lambda: not asleep(environment), seconds=20)
        wait_for(lambda: any(evidence.glob(f"*/{MANIFEST}")))
        wait_for(lambda: not left(environment))

    assert during == {"lab", "authorities"}


def test_what_a_run_leaves_whose_witness_died_too_goes_with_the_next_and_no_living_ones(
    tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = Path(environment["TMPDIR"])
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    mine = temporary / "touchstone-notes"
    mine.mkdir()
    with temporary_folder("lab") as living, at_git(tmp_path / "evidence", environment) as run:
        os.kill(run.pid, signal.SIGSTOP)
        for witness in children(run.pid, "witness.py"):
            os.kill(witness, signal.SIGKILL)
        run.kill()
        run.wait(timeout=30)
        dead = {path for path in temporary.glob("touchstone-*") if path not in {living, mine}}
        with at_git(tmp_path / "next" / "evidence", environment) as following:
            wait_for(lambda: not any(path.exists() for path in dead))
            assert (living.exists(), mine.exists()) == (True, True)
            wait_for(lambda: left(environment) == {"lab", "authorities", "notes"})
            following.send_signal(signal.SIGINT)
            following.wait(timeout=60)
        assert set(temporary.glob("touchstone-*")) == {living, mine}

    assert {path.name.split("-")[1] for path in dead} == {"lab", "authorities"}
    assert not living.exists()


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        absent("only root may give a folder to somebody else")
    theirs = tmp_path / "touchstone-lab-theirs"
    theirs.mkdir()
    (theirs / ".held").touch()
    os.chown(theirs, 65534, 65534)
    ours = shutil.copytree(theirs, tmp_path / "touchstone-lab-ours")
    linked = tmp_path / "touchstone-linked"
    linked.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".held").touch()

    swept = [sys.executable, "-c", "from reports.temporary import sweep; sweep()"]
    subprocess.run(swept, cwd=ROOT, env=os.environ | {"TMPDIR": str(tmp_path)}, check=True)

    assert not Path(ours).exists()
    assert theirs.exists()
    assert (tmp_path / "elsewhere" / ".held").exists()
