"""Running the real program, as a user would, and reading what it left."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PARTS = ("config", "reports", "fixtures", "checks/wire")
_AT_ITS_PLACE = shutil.ignore_patterns("*-pytest-*")
"""What pytest compiled tells where its source lies; what Python compiled is told that anew."""


@dataclass(frozen=True)
class Ended:
    """A run of the program that has ended. `folder` is None where no run was written."""

    status: int
    out: str
    folder: Path | None

    def journal(self, kind: str) -> list[dict[str, Any]]:
        """Return the journal's lines of one kind."""
        assert self.folder is not None, self.out
        lines = (self.folder / "journal.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["kind"] == kind]

    def verdicts(self) -> dict[str, str]:
        """Return the verdict of each check, by the last part of its id."""
        return {
            line["check"].partition("::")[2]: line["verdict"] for line in self.journal("verdict")
        }

    def is_sealed(self) -> bool:
        """Ask the program itself whether the run's evidence is whole."""
        command = [sys.executable, "-m", "reports", "verify", str(self.folder)]
        return subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == 0


def run_checks(
    folder: Path,
    *arguments: str,
    suite: Path = ROOT,
    env: dict[str, str] | None = None,
    within: Sequence[str] = (),
) -> Ended:
    """Run pytest in a suite's checkout, with its evidence below the folder.

    `within` is the command that runs it somewhere else, in a namespace for example.
    """
    evidence = folder / "evidence"
    before = set(evidence.glob("*"))
    command = [*within, sys.executable, "-m", "pytest", f"--evidence-dir={evidence}", *arguments]
    ended = subprocess.run(
        command,
        cwd=suite,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "120"} | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    made = next(iter(set(evidence.glob("*")) - before), None)
    return Ended(ended.returncode, ended.stdout, made)


def pasted(command: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a printed command as who pastes it on this host: its status, and all that it says."""
    ended = subprocess.run(
        ["sh", "-c", command],
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.returncode, ended.stdout


def suite_with_area(folder: Path, name: str, files: Mapping[str, str]) -> Path:
    """Copy the suite without its areas, and give it one: the files of `checks/<name>/`."""
    suite = folder / "suite"
    for part in _PARTS:
        shutil.copytree(ROOT / part, suite / part, ignore=_AT_ITS_PLACE)
    for file in ("conftest.py", "pyproject.toml", "checks/__init__.py"):
        shutil.copy(ROOT / file, suite / file)
    area = suite / "checks" / name
    area.mkdir()
    for file, text in {"__init__.py": "", **files}.items():
        (area / file).write_text(text)
    return suite
