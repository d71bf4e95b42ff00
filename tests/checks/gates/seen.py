"""Observations of gates, made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from checks.gates.contract import Wanted
from checks.gates.contract_file import Contract
from checks.gates.emitted import AtCommit, Emitted
from checks.gates.history import History
from checks.gates.requirements import Requirements
from checks.wire.workflows.seen import (
    Comment,
    Job,
    Leg,
    Place,
    Step,
    Text,
    Trigger,
    Unknown,
    WorkflowFile,
    WorkflowsSeen,
)
from fixtures.github.values import (
    BranchRule,
    CheckRun,
    Protection,
    RequiredCheck,
    Ruleset,
)
from tests.checks.gates.made import PATH, SHA, history

AT = datetime(2025, 11, 22, 12, tzinfo=UTC)


class Said:
    """Takes what a check says and writes beside its verdict."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.files: dict[str, str] = {}
        self.rows: list[tuple[str, ...]] = []

    def remark(self, text: str) -> None:
        self.remarks.append(text)

    def attach(self, name: str, text: str, media_type: str) -> str:
        assert "/" in media_type
        self.files[name] = text
        return f"attachments/{name}"

    def tabulate(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        assert title
        assert all(len(row) == len(columns) for row in rows)
        self.rows += [tuple(row) for row in rows]


def required(*contexts: str, app: int | None = None, source: str = "ruleset 7") -> Any:
    return tuple(RequiredCheck(context=one, app=app, source=source) for one in contexts)


def ruleset(*contexts: str, **given: Any) -> Ruleset:
    values: dict[str, Any] = {
        "id": 7,
        "name": "main",
        "enforcement": "active",
        "bypass": (),
        "target": "branch",
        "required": required(*contexts),
    }
    return Ruleset(**(values | given))


def requirements(*contexts: str, app: int | None = None, **given: Any) -> Requirements:
    """Make what a branch requires by one active ruleset."""
    rule = BranchRule(
        type="required_status_checks",
        ruleset=7,
        origin="Repository o/r",
        required=required(*contexts, app=app),
    )
    body = (
        '[{"type":"deletion"},{"type":"required_status_checks","parameters":'
        '{"required_status_checks":[{"context":"build"}]}}]'
    )
    values: dict[str, Any] = {
        "repository": "o/r",
        "branch": "main",
        "rules": (rule,) if contexts else (),
        "rulesets": (ruleset(*contexts),) if contexts else (),
        "bodies": ((7, body),) if contexts else (),
        "protection": None,
        "hidden": (),
        "at": AT,
    }
    return Requirements(**(values | given))


def protection(*contexts: str, admins: bool = True) -> Protection:
    checks = required(*contexts, source="branch protection")
    return Protection(required=checks, strict=True, admins=admins)


def contract(*contexts: str, app: int | None = None) -> Contract:
    wanted = tuple(Wanted(context=one, app=app) for one in contexts)
    return Contract(path="checks.json", commit=None, wanted=wanted, at=AT)


def place(line: int, path: str = PATH) -> Place:
    return Place(path=path, line=line, column=3)


def leg(name: Text, events: tuple[str, ...] = ()) -> Leg:
    return Leg(name=name, matrix=(), labels=("x",), group=None, condition=True, events=events)


def job(id_: str, *names: Text, line: int = 10, events: Any = (), **given: Any) -> Job:
    values: dict[str, Any] = {
        "id": id_,
        "place": place(line),
        "runs_on": None,
        "needs": (),
        "condition": None,
        "continue_on_error": False,
        "calls": None,
        "matrix_keys": (),
        "legs": tuple(leg(name, events) for name in names or (id_,)),
        "unexpanded": None,
        "steps": (),
    }
    return Job(**(values | given))


def step(name: str, *, may_fail: bool = False) -> Step:
    return Step(
        name=name,
        id=None,
        uses=None,
        run="make",
        condition=None,
        inputs=(),
        continue_on_error=may_fail,
        within=None,
        place=place(12),
    )


def trigger(event: str, **given: Any) -> Trigger:
    values: dict[str, Any] = {
        "event": event,
        "types": (),
        "branches": (),
        "branches_ignore": (),
        "paths": (),
        "paths_ignore": (),
        "inputs": (),
        "place": place(3),
    }
    return Trigger(**(values | given))


def workflows(*jobs: Job, triggers: Any = None, comments: Sequence[Comment] = ()) -> WorkflowsSeen:
    file = WorkflowFile(
        path=PATH,
        sha256="0" * 64,
        name="CI",
        triggers=(trigger("push"), trigger("pull_request")) if triggers is None else triggers,
        jobs=jobs,
        comments=tuple(comments),
        findings=(),
    )
    return WorkflowsSeen(repository="r", commit=None, files=(file,), at=AT)


def unknown(text: str) -> Unknown:
    return Unknown(text=text, why="it is known when it runs")


def emitted_run(name: str, app: int | None = 15368, **given: Any) -> CheckRun:
    values: dict[str, Any] = {
        "id": 1,
        "name": name,
        "app": app,
        "status": "completed",
        "conclusion": "success",
        "started": AT,
        "completed": AT,
    }
    return CheckRun(**(values | given))


def at_commit(*runs: CheckRun, what: str = "pull request", sha: str = SHA) -> AtCommit:
    return AtCommit(sha=sha, what=what, runs=runs, statuses=())


def emitted(*commits: AtCommit) -> Emitted:
    return Emitted(repository="o/r", branch="main", commits=commits, at=AT)


def runs_seen(*conclusions: str | None, total: int = 0) -> History:
    runs, jobs = history(*conclusions)
    return History(
        workflow=PATH,
        branch="main",
        runs=tuple(runs),
        jobs=tuple(jobs),
        total=max(total, len(runs)),
        at=AT,
    )
