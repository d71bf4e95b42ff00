"""What the machine has of what is compared with, and where it is looked for."""

import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = Path("~/.cache/touchstone/bench").expanduser()
"""Where peers may lie that are not on PATH."""
_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), str(TOOLS), "/usr/sbin", "/sbin"))
_LONGEST = 300


class MissingError(Exception):
    """Something is not on this machine; `mend` is how to get it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; get it by: {mend}")
        self.what = what
        self.mend = mend


class BrokenError(Exception):
    """Something that is compared did not do what it is measured by."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended as it should."""

    seconds: float
    cpu: float
    """Seconds of processor time, its own and that of what it waited for."""
    out: str

    def __float__(self) -> float:
        return self.seconds


def program(name: str, mend: str) -> str:
    """Return the path of a program, from PATH or `TOOLS`; raises `MissingError`."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise MissingError(f"{name} is neither on PATH nor in {TOOLS}", mend)
    return found


def version_of(*command: str) -> str:
    """Return the first number with dots that a command tells of itself."""
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    found = re.search(r"\d+(?:\.\d+)+\S*", told.stdout + told.stderr)
    return found[0].rstrip(",;)") if found else "of an unknown version"


def timed(
    command: Sequence[str],
    *,
    folder: Path = ROOT,
    env: Mapping[str, str] | None = None,
    statuses: Sequence[int] = (0,),
    longest: float = _LONGEST,
) -> Ended:
    """Run a command to its end; raises `BrokenError` where its exit status is another one."""
    began, used = time.monotonic(), _used()
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=longest,
        check=False,
    )
    seconds = time.monotonic() - began
    if ended.returncode not in statuses:
        told = "\n".join(ended.stdout.splitlines()[-20:])
        raise BrokenError(f"{' '.join(command[:6])} … ended with {ended.returncode}:\n{told}")
    return Ended(seconds, _used() - used, ended.stdout)


def _used() -> float:
    """Return the processor time of all children that have ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def pytest_here(*arguments: str) -> list[str]:
    """Return the command of this Python's pytest, quiet."""
    return [sys.executable, "-m", "pytest", "-q", *arguments]


def wait_for(process: subprocess.Popen[bytes], address: str, port: int, seconds: float) -> bool:
    """Wait until a process listens; False where it ended, or did not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def most_memory() -> float:
    """Return the most memory that this process has had, in MB.

    `getrusage` tells the most of who started it too, if that was larger.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) / 1024
