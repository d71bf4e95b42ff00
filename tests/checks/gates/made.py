"""Runs, jobs and gates made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from checks.gates.ledger import Entry, Ledger, write_ledger
from config.gates import Gate
from fixtures.github.values import Run, RunJob, RunStep

BEGAN = datetime(2025, 11, 20, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHA = "0123456789abcdef0123456789abcdef01234567"
PATH = ".github/workflows/ci.yml"


def run(number: int, conclusion: str | None = "success", **given: Any) -> Run:
    """Make a run that began `number` hours after the first."""
    created = BEGAN + number * HOUR
    values: dict[str, Any] = {
        "id": 1000 + number,
        "attempt": 1,
        "workflow_id": 7,
        "path": PATH,
        "name": "CI",
        "event": "push",
        "branch": "main",
        "sha": SHA,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "created": created,
        "updated": created + timedelta(minutes=10),
        "url": f"https://github.com/o/r/actions/runs/{1000 + number}",
    }
    return Run(**(values | given))


def steps(**conclusions: str) -> tuple[RunStep, ...]:
    """Make steps by name, with the runner's own around them."""
    named = {"Set up job": "success"} | conclusions | {"Complete job": "success"}
    return tuple(
        RunStep(name=name, number=at, status="completed", conclusion=conclusion)
        for at, (name, conclusion) in enumerate(named.items(), 1)
    )


def job(of: Run, name: str = "build", conclusion: str | None = "success", **given: Any) -> RunJob:
    """Make a job of a run."""
    over = conclusion is not None
    values: dict[str, Any] = {
        "id": of.id * 10 + len(name),
        "run_id": of.id,
        "attempt": of.attempt,
        "name": name,
        "status": "completed" if over else "in_progress",
        "conclusion": conclusion,
        "labels": ("ubuntu-24.04",),
        "runner": "r1",
        "group": None,
        "created": of.created,
        "started": of.created,
        "completed": of.created + timedelta(minutes=9) if over else None,
        "sha": of.sha,
        "steps": steps(Test="success"),
    }
    return RunJob(**(values | given))


def history(*conclusions: str | None) -> tuple[list[Run], list[RunJob]]:
    """Make a run an hour, with a job `build` of that conclusion each; None is under way."""
    runs = [run(at, conclusion) for at, conclusion in enumerate(conclusions)]
    return runs, [job(one, "build", one.conclusion) for one in runs]


def ledger(*conclusions: str | None, gate: Gate | None = None, **given: Any) -> Ledger:
    """Make the ledger of such a history."""
    runs, jobs = history(*conclusions)
    return write_ledger(gate or Gate(context="build"), runs, jobs, **given)


def colours(entries: Sequence[Entry]) -> list[str]:
    return [one.colour for one in entries]
