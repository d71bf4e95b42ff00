"""What is seen of repositories, made by hand."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.wire.github.runners import RunnersSeen, WorkflowStatesSeen
from checks.wire.github.runs import RunsSeen
from checks.wire.workflows.seen import WorkflowsSeen
from fixtures.github.values import Run, RunJob, Runner, RunStep, WorkflowState
from reports.verdicts import Inconclusive
from tests.checks.wire.workflows.written import seen

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CI = ".github/workflows/ci.yml"


def workflows(*texts: str, **others: str) -> WorkflowsSeen:
    """Return what is seen of ci.yml, and of 1.yml, 2.yml … where there are more."""
    names = [CI, *(f".github/workflows/{at}.yml" for at in range(1, len(texts)))]
    files = tuple(seen(text, name, **others) for text, name in zip(texts, names, strict=True))
    return WorkflowsSeen(repository="shop", commit=None, files=files, at=NOW)


def job(*steps: str, runs_on: str = "ubuntu-latest", on: str = "push", more: str = "") -> str:
    """Write a workflow with one job; a step is what stands behind its dash."""
    listed = "".join("      - " + one.replace("\n", "\n        ") + "\n" for one in steps)
    listed = listed or "      - run: 'true'\n"
    head = f"on: {on}\njobs:\n  build:\n    runs-on: {runs_on}\n"
    return f"{head}{more}    steps:\n{listed}"


def runner(name: str = "one", *labels: str, status: str = "online", busy: bool = False) -> Runner:
    given = labels or ("self-hosted", "Linux", "X64")
    return Runner(id=1, name=name, os="Linux", status=status, busy=busy, labels=given)


def runners(*every: Runner, unasked: tuple[str, ...] = ()) -> RunnersSeen:
    return RunnersSeen(repository="shop", runners=every, unasked=unasked, at=NOW)


def states(*every: tuple[str, str]) -> WorkflowStatesSeen:
    known = tuple(
        WorkflowState(id=at, name=file, path=f".github/workflows/{file}", state=state)
        for at, (file, state) in enumerate(every)
    )
    return WorkflowStatesSeen(repository="shop", workflows=known, at=NOW)


def run(number: int = 7, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "id": number,
        "attempt": 1,
        "workflow_id": 1,
        "path": CI,
        "name": "CI",
        "event": "push",
        "branch": "main",
        "sha": "a" * 40,
        "status": "completed",
        "conclusion": "success",
        "created": NOW - HOUR,
        "updated": NOW,
        "url": "https://api.lab.test/7",
    }
    return Run(**(fields | changes))


def ran(name: str = "build", **changes: Any) -> RunJob:
    """Return a job of a run; `steps` are pairs of a name and a conclusion."""
    fields: dict[str, Any] = {
        "id": 70,
        "run_id": 7,
        "attempt": 1,
        "name": name,
        "status": "completed",
        "conclusion": "success",
        "labels": ("ubuntu-latest",),
        "runner": "GitHub Actions 1",
        "group": "GitHub Actions",
        "created": NOW - HOUR,
        "started": NOW - HOUR,
        "completed": NOW,
        "sha": "a" * 40,
        "steps": (),
    }
    steps = tuple(
        RunStep(name=step, number=at, status="completed", conclusion=conclusion)
        for at, (step, conclusion) in enumerate(changes.pop("steps", ()))
    )
    return RunJob(**(fields | {"steps": steps} | changes))


def runs(*jobs: RunJob, of: Iterable[Run] = ()) -> RunsSeen:
    every = tuple(of) or (run(),)
    return RunsSeen(repository="shop", asked="shop", runs=every, jobs=jobs, whole=True, at=NOW)


def held(check: Callable[..., None], *given: Any, **named: Any) -> list[str]:
    """Call a check that has to hold; return what it remarked."""
    remarks: list[str] = []
    check(*given, **named, **_remark(check, remarks))
    return remarks


def refused(check: Callable[..., None], *given: Any, **named: Any) -> str:
    """Call a check that must not hold; return what it says."""
    with pytest.raises(AssertionError) as raised:
        check(*given, **named, **_remark(check, []))
    return re.sub(r"\n *", "\n", str(raised.value))


def unsure(check: Callable[..., None], *given: Any, **named: Any) -> str:
    """Call a check that cannot tell; return why."""
    with pytest.raises(Inconclusive) as raised:
        check(*given, **named, **_remark(check, []))
    return raised.value.reason


def _remark(check: Callable[..., None], into: list[str]) -> dict[str, Any]:
    with suppress(KeyError):
        return {"remark": into.append} if check.__annotations__["remark"] else {}
    return {}
