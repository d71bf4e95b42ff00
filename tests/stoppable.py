"""A suite whose run takes its time, to be stopped while it looks."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reports import chains
from reports.manifest import MANIFEST
from tests.program import suite_with_area

CHECKS = 60
PROFILE = """
name: slow
vantages: [{name: here, kind: local}]
in_flight: 2
endpoints: {absent: what waits needs none}
hosts: {absent: what waits needs none}
"""
CASES = """
from fixtures.sightings import Case, Sighting
from checks.patient.probe import wait


def cases(profile):
    for number in range(CHECKS):
        yield Case(f"n{number}", "here", {"waited": Sighting(wait, f"n{number}", "here")})
"""
WAITED = """
from typing import Literal

from reports.codec import observation


@observation
class Waited:
    number: str
    kind: Literal["waited"] = "waited"

    @property
    def headline(self) -> str:
        return "waited"
"""
SLEEP = """
import asyncio


async def wait(target, vantage, *, deadline):
    await asyncio.sleep(0.1)
    return Waited(number=target)
"""
CHECK = """
from checks.patient.probe import Waited


def check_it_waits(waited: Waited) -> None:
    assert waited.number
"""


@dataclass(frozen=True)
class Stoppable:
    """A run that is under way."""

    process: subprocess.Popen[str]
    evidence: Path
    allure: Path

    @property
    def folder(self) -> Path | None:
        """The run's folder, once it is there."""
        return next(self.evidence.glob("*/"), None)

    def lines(self, kind: str) -> list[dict[str, object]]:
        """Read what the run's processes have written of a kind."""
        if self.folder is None or not (self.folder / chains.JOURNAL).exists():
            return []
        return [line for line in chains.read(self.folder).lines if line["kind"] == kind]

    def begins(self) -> None:
        """Wait until the run has planned; fails where it ends before."""
        wait_for(lambda: self.lines("plan") or self.process.poll() is not None)
        assert self.process.poll() is None, (self.evidence.parent / "out").read_text()

    def workers(self) -> list[int]:
        """Return the ids of the workers' processes."""
        return [int(str(line["process"])) for line in self.lines("worker.begin")]

    def stop(self, number: int) -> float:
        """Send the signal, and return after how many seconds the run had ended."""
        began = time.monotonic()
        os.kill(self.process.pid, number)
        self.process.wait(timeout=30)
        return time.monotonic() - began

    def seconds_to_seal(self) -> float:
        """Return after how many seconds from now there is a manifest."""
        began = time.monotonic()
        wait_for(lambda: self.folder is not None and (self.folder / MANIFEST).exists())
        return time.monotonic() - began


def slow_suite(folder: Path, wait: str = SLEEP, checks: int = CHECKS) -> tuple[Path, Path]:
    """Return a checkout with an area of so many checks that wait, and a profile for it.

    `wait` is the source of the probe `wait(target, vantage, *, deadline)`, which returns `Waited`.
    """
    area = {
        "cases.py": CASES.replace("CHECKS", str(checks)),
        "probe.py": WAITED + wait,
        "check_patience.py": CHECK,
    }
    suite = suite_with_area(folder, "patient", area)
    profile = folder / "slow.yaml"
    profile.write_text(PROFILE)
    return suite, profile


@contextmanager
def under_way(
    suite: tuple[Path, Path], folder: Path, *arguments: str, within: Sequence[str] = ()
) -> Iterator[Stoppable]:
    """Start a run of the slow suite; what is left of it at the end is killed."""
    checkout, profile = suite
    evidence, allure = folder / "evidence", folder / "allure"
    options = [f"--profile={profile}", f"--evidence-dir={evidence}", f"--alluredir={allure}"]
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(
            [*within, sys.executable, "-m", "pytest", *options, *arguments],
            cwd=checkout,
            env=os.environ | {"NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield Stoppable(process, evidence, allure)
    finally:
        process.kill()
        process.wait(timeout=30)


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is so; fails after a bound."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.002)
