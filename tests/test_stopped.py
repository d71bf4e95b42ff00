"""A run that is stopped: by a signal, a lost worker, a lost witness or a full disk."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.verify import State, verify
from tests.needs import absent
from tests.program import ROOT, run_checks, suite_with_area
from tests.stoppable import CHECKS, Stoppable, slow_suite, under_way, wait_for

STOPPED_WITHIN = 2.0
"""Seconds; a machine that does other things at the same time is given more."""
_PATIENCE = 4


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return slow_suite(tmp_path_factory.mktemp("slow"))


def looked(run: Stoppable, count: int = 3) -> None:
    """Wait until the run has judged some checks."""
    run.begins()
    wait_for(lambda: len(run.lines("verdict")) >= count)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_run_in_order_and_not_as_complete(
    suite: tuple[Path, Path], tmp_path: Path, number: signal.Signals, workers: tuple[str, ...]
) -> None:
    with under_way(suite, tmp_path, *workers) as run:
        looked(run)
        seconds = run.stop(number)

    assert run.folder is not None
    found = verify(run.folder)
    out = (tmp_path / "out").read_text()
    judged = {one.check.id for one in found.told.verdicts}
    assert seconds < STOPPED_WITHIN * _PATIENCE
    assert run.process.returncode == 2
    assert (found.state, found.wrong, found.told.seal) == (State.INCOMPLETE, [], None)
    assert found.told.gaps[0] == f"the run was interrupted by {number.name}"
    assert 3 <= len(judged) < CHECKS
    assert f"INCOMPLETE: {CHECKS - len(judged)} more were planned, and never judged." in out
    assert "exit     2: the run was interrupted" in out
    assert not run.lines("worker.lost")


def test_a_lost_worker_takes_its_share_with_it_and_no_more(
    suite: tuple[Path, Path], tmp_path: Path
) -> None:
    with under_way(suite, tmp_path, "-n", "2", f"--junitxml={tmp_path / 'junit.xml'}") as run:
        looked(run)
        wait_for(lambda: len({line["check"] for line in run.lines("verdict")}) > CHECKS / 6)
        wait_for(lambda: len(run.workers()) == 2)
        lost = run.workers()[0]
        os.kill(lost, signal.SIGKILL)
        run.process.wait(timeout=60)

    assert run.folder is not None
    found = verify(run.folder)
    told = found.told
    assert run.process.returncode == 6
    assert (found.state, found.wrong) == (State.INCOMPLETE, [])
    (worker,) = {*told.lost.values()}
    shares = {one.name: set(one.share) for one in told.workers}
    judged = {one.check.id for one in told.verdicts}
    assert shares[worker] - judged == told.lost.keys()
    assert len(told.in_flight_checks) == 1
    assert all(shares[other] <= judged for other in shares.keys() - {worker})
    assert f"the worker {worker} was lost" in told.gaps[0]
    errors = (tmp_path / "junit.xml").read_text().count("<error")
    assert errors == len(told.lost)


def test_a_child_that_outlives_the_run_does_not_hold_its_seal(
    suite: tuple[Path, Path], tmp_path: Path
) -> None:
    """The child was forked without exec, and holds all that its parent held."""
    forks = "import os, time\nif os.fork() == 0:\n    time.sleep(20)\n    os._exit(0)\n"
    checkout, profile = suite
    check = checkout / "checks" / "patient" / "check_patience.py"
    before = check.read_text()
    forking = before.replace("    assert waited.number", "    fork()\n    assert waited.number")
    check.write_text(
        forking
        + "\n\ndef fork() -> None:\n"
        + "".join(f"    {line}\n" for line in forks.splitlines())
    )
    try:
        with under_way((checkout, profile), tmp_path, "-k", "n0 or n9") as run:
            looked(run, 1)
            run.stop(signal.SIGKILL)
            assert run.seconds_to_seal() < STOPPED_WITHIN * _PATIENCE
    finally:
        check.write_text(before)

    assert run.folder is not None
    assert verify(run.folder).state is State.INCOMPLETE


@pytest.mark.parametrize("ends", ["return", "raise SystemExit"], ids=["returns", "raises"])
def test_a_child_that_a_check_forks_is_no_part_of_the_run(tmp_path: Path, ends: str) -> None:
    checkout, profile = slow_suite(tmp_path)
    check = checkout / "checks" / "patient" / "check_patience.py"
    fork = f"    import os\n    if not os.fork():\n        {ends}\n    assert waited.number"
    check.write_text(check.read_text().replace("    assert waited.number", fork))

    ended = run_checks(tmp_path, f"--profile={profile}", "-k", "n1", suite=checkout)

    assert ended.status == 0, ended.out
    assert ended.folder is not None
    found = verify(ended.folder)
    assert (found.state, found.wrong) == (State.COMPLETE, [])
    assert len(found.told.verdicts) == len(found.told.checks) > 1


def test_a_run_whose_witness_died_too_is_sealed_by_hand(
    suite: tuple[Path, Path], tmp_path: Path
) -> None:
    with under_way(suite, tmp_path) as run:
        looked(run)
        os.kill(run.process.pid, signal.SIGSTOP)
        assert run.folder is not None
        living = seal(run.folder)
        (witness,) = children(run.process.pid, "witness.py")
        os.kill(witness, signal.SIGKILL)
        still = seal(run.folder)
        run.stop(signal.SIGKILL)

    before = verify(run.folder)
    sealed = seal(run.folder)
    after, again = verify(run.folder), seal(run.folder)

    assert (living.returncode, still.returncode) == (4, 4)
    assert "still written to" in living.stderr
    assert "still written to" in still.stderr
    assert (before.state, before.wrong) == (State.UNSEALED, [])
    assert (sealed.returncode, after.state, after.wrong) == (6, State.INCOMPLETE, [])
    assert after.chains.head in sealed.stdout
    assert "sealed by hand" in after.told.gaps[0]
    assert again.returncode == 4
    assert "sealed already" in again.stderr


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
def test_on_a_full_disk_the_run_ends_incomplete_and_earlier_ones_stand(
    suite: tuple[Path, Path], tmp_path: Path, workers: tuple[str, ...]
) -> None:
    disk = tmp_path / "evidence"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "touchstone", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        absent("only root may mount a small file system")
    try:
        with under_way(suite, tmp_path, "-k", "n0") as earlier:
            earlier.process.wait(timeout=60)
        assert earlier.folder is not None
        first = earlier.folder
        with under_way(suite, tmp_path, *workers) as run:
            wait_for(lambda: len(list(disk.glob("*/"))) == 2)
            folder = next(path for path in disk.glob("*/") if path != first)
            wait_for(lambda: "verdict" in "".join(map(Path.read_text, folder.glob("*.jsonl"))))
            fill(disk / "filling")
            run.process.wait(timeout=60)
        found = verify(folder)
        assert run.process.returncode in ({3} if not workers else {2, 3, 6})
        assert f"exit     {run.process.returncode}: " in (tmp_path / "out").read_text()
        assert (found.state, found.wrong) == (State.INCOMPLETE, [])
        assert found.told.never_judged
        assert verify(first).state is State.COMPLETE
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(path: Path) -> None:
    """Fill the disk to its last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


def seal(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reports", "seal", str(folder)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def children(parent: int, name: str) -> list[int]:
    """Return the processes that the parent started, whose command line bears the name."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if int(state[1]) == parent and name.encode() in command:
            found.append(int(entry.name))
    return found


_SPINNING = """
import itertools
import os
import signal
import threading

from checks.wire.names import Answer


def spin():
    ready = []
    for key in itertools.repeat(0):
        if not key:
            pass
        if key:
            ready.append(key)
            if key > 1:
                ready.clear()


def check_that_spins(answer: Answer) -> None:
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    spin()
"""
_SPUN = """
from checks.wire.names import ask_system
from fixtures.sightings import Case, Sighting


def cases(profile):
    yield Case("localhost", "lab", {"answer": Sighting(ask_system, "localhost", "lab")})
"""


def test_an_interrupt_at_a_place_without_a_line_is_told_as_any_other(tmp_path: Path) -> None:
    files = {"cases.py": _SPUN, "check_spinning.py": _SPINNING}
    suite = suite_with_area(tmp_path, "spinning", files)

    ended = run_checks(tmp_path, "--profile=lab", suite=suite)

    assert ended.status == 2, ended.out
    assert "exit     2: the run was interrupted" in ended.out
    assert "Traceback" not in ended.out
