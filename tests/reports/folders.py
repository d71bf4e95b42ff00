"""Folders of real runs, one after the other, and how somebody would change them."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reports import chains, sealing
from reports.chain import ROOT, digest
from reports.journal import stamp
from reports.manifest import MANIFEST
from reports.tombstones import TOMBSTONES
from tests.reports.test_run import begun, judged, sealed

Change = Callable[[dict[str, Any]], None]


def run_in(evidence: Path, attachments: int = 0) -> Path:
    """Write a run that is newer than all others there, by its name too."""
    newest = max((path.name for path in evidence.glob("2*")), default="")
    while True:
        run = begun(evidence)
        judged(run)
        for number in range(attachments):
            run.attach(f"{number}.txt", "seen", "text/plain")
        folder = sealed(run).folder
        if folder.name > newest:
            return folder
        shutil.rmtree(folder)  # of the same second, with a lower id


def runs_in(evidence: Path, count: int) -> list[Path]:
    """Write runs, each of which names the one before."""
    return [run_in(evidence) for _ in range(count)]


def head_of(run: Path) -> str:
    """Return the head that a run was sealed with."""
    return str(json.loads((run / MANIFEST).read_bytes())["head"])


def remade(run: Path, change: Change) -> Path:
    """Make a run anew, with every line changed and the whole of it sealed: nothing in it shows.

    Its folder is renamed where the time at which it began was changed.
    """
    lines = [line | {} for line in chains.read(run).parts[chains.JOURNAL].lines]
    head, raws = ROOT, []
    for line in lines:
        change(line)
        line["prev"] = head
        raws.append((json.dumps(line, ensure_ascii=False) + "\n").encode())
        head = digest(raws[-1])
    for path in (run / MANIFEST, run / "record.md", *run.glob("*.log")):
        path.unlink(missing_ok=True)
    (run / chains.JOURNAL).write_bytes(b"".join(raws))
    at = datetime.fromisoformat(lines[0]["at"])
    renamed = run.rename(run.with_name(f"{at:%Y%m%dT%H%M%SZ}-{lines[0]['run']}"))
    sealing.finish(renamed, None)
    return renamed


def later(by: timedelta) -> Change:
    """Return the change that shifts the times of a run."""

    def shift(line: dict[str, Any]) -> None:
        line["at"] = stamp(datetime.fromisoformat(line["at"]) + by)

    return shift


def after(run: Path | None, by: timedelta = timedelta()) -> Change:
    """Return the change that lets a run name another one before it, at a shifted time."""
    previous = None if run is None else {"run": run.name, "head": head_of(run)}

    def change(line: dict[str, Any]) -> None:
        later(by)(line)
        if line["kind"] == "run.begin":
            line["previous"] = previous

    return change


def days_of_runs(evidence: Path, ages: list[int]) -> list[Path]:
    """Write runs that began so many days ago, the oldest first; each names the one before."""
    made: list[Path] = []
    for age, run in zip(ages, runs_in(evidence, len(ages)), strict=True):
        made.append(remade(run, after(made[-1] if made else None, timedelta(days=-age))))
    return made


def in_order(evidence: Path) -> list[Path]:
    """Return the folders of the runs, the oldest first."""
    return sorted(evidence.glob("2*"))


def stones_of(evidence: Path) -> list[dict[str, Any]]:
    """Return the lines of the tombstones."""
    return [json.loads(line) for line in (evidence / TOMBSTONES).read_text().splitlines()]
