"""A scan whose run is killed ends with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.checks.hardcoded.repositories import repository

ROOT = Path(__file__).parents[3]
_ENDS = 20.0
LOOKING = """
import sys
from pathlib import Path
from tests.checks.hardcoded.repositories import look, rule
endless = rule("(?:a|a)+$(?<!a)", matches=("aaaab",), passes=("b",))
look(Path(sys.argv[1]), endless, deadline=120)
"""


def scans_of(process: int) -> list[int]:
    """Return the processes that one has started, and those that these have."""
    own = [int(one) for one in _children(process)]
    return own + [inner for one in own for inner in scans_of(one)]


def _children(process: int) -> list[str]:
    tasks = Path(f"/proc/{process}/task")
    return [word for one in tasks.glob("*/children") for word in one.read_text().split()]


def is_running(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] != "Z"  # it is dead, and nobody has asked how


def test_a_scan_ends_with_the_process_that_asked_for_it(tmp_path: Path) -> None:
    files = {f"{at}.txt": "a" * 200 for at in range(1200)}
    root = repository(tmp_path / "r", files)
    asking = subprocess.Popen([sys.executable, "-c", LOOKING, root], cwd=ROOT)
    try:
        scans: list[int] = []
        began, least = time.monotonic(), min(2, len(os.sched_getaffinity(0)))
        while len(scans) < least and time.monotonic() - began < _ENDS:
            scans = [one for one in scans_of(asking.pid) if _is_scan(one)]
            time.sleep(0.02)
        assert scans, "it scans"
    finally:
        os.kill(asking.pid, signal.SIGKILL)
        asking.wait()

    began = time.monotonic()
    while any(map(is_running, scans)) and time.monotonic() - began < _ENDS:
        time.sleep(0.02)
    left = [one for one in scans if is_running(one)]
    for one in left:
        os.kill(one, signal.SIGKILL)
    assert not left


def _is_scan(process: int) -> bool:
    try:
        return b"checks.hardcoded.child" in Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
