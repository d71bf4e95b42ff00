"""What is seen of a repository's workflow files: frozen values, each with its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands: a path of the tree, line and column, both from 1."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong at a place; `rule` names the kind of it, such as `duplicate-key`."""

    rule: str
    place: Place
    text: str
    level: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What cannot be known without running: its text with the expression, and why."""

    text: str
    why: str
    kind: Literal["unknown"] = "unknown"

    def __str__(self) -> str:
        return self.text


Text = str | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A value under `with:`; `is_text` tells a scalar from a mapping or a list (kept as JSON)."""

    name: str
    value: Text
    is_text: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a job, its text as it stands in the file. Those of composite actions come flat.

    `within` is the local composite action from which it comes, None for the job's own.
    """

    name: str | None
    id: str | None
    uses: str | None
    run: str | None
    condition: str | None
    inputs: tuple[Input, ...]
    continue_on_error: bool | Unknown
    within: str | None
    place: Place
    env: tuple[tuple[str, str], ...] = ()
    """Its own, as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One job that GitHub makes of a job of the file: one combination of its matrix.

    `name` is as GitHub shows it and as its check run is called: `test (ubuntu-24.04, 18)`, and
    `call / build` of a reusable workflow. `labels` are those of `runs-on`, expanded. Inputs that
    nobody has to give have their defaults. In `matrix`, lists and objects are JSON, and what is
    known only when it runs is left out.
    """

    name: Text
    matrix: tuple[tuple[str, str], ...]
    labels: tuple[Text, ...]
    group: Text | None
    condition: bool | Unknown
    """Whether its `if`, and those that call it and that it needs, hold where nothing fails:
    on each of its events. `Unknown` also where they hold on some of them only."""
    events: tuple[str, ...] = ()
    """The events on which it is so named and labelled: of a workflow that is started by several,
    a leg may differ between them, and is then several legs."""
    values: str = "{}"
    """Its matrix as JSON, each value of its kind."""
    unknown: tuple[str, ...] = ()
    """Keys of its matrix whose values are known only when it runs."""
    skipped_on: tuple[str, ...] = ()
    """Those of its events on which its condition does not hold, whatever the run is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job of a workflow, or of a reusable workflow that it calls: `id` is then `caller/inner`."""

    id: str
    place: Place
    runs_on: Place | None
    needs: tuple[str, ...]
    condition: str | None
    continue_on_error: bool | Unknown
    calls: str | None
    """The reusable workflow that it calls, as `uses` names it. One of this repository is expanded
    in place: the jobs after it, its own legs then being none."""
    matrix_keys: tuple[str, ...]
    """Those of its matrix, and of the matrices of those that call it."""
    legs: tuple[Leg, ...]
    """Empty where nothing is known of its matrix; `unexpanded` says why then."""
    unexpanded: Unknown | None
    steps: tuple[Step, ...]
    env: tuple[tuple[str, str], ...] = ()
    """The workflow's and its own, as they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchInput:
    """An input of `workflow_dispatch`, or of `workflow_call`."""

    name: str
    type: str
    required: bool
    default: str | None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An event that starts a workflow, with its filters."""

    event: str
    types: tuple[str, ...]
    branches: tuple[str, ...]
    branches_ignore: tuple[str, ...]
    paths: tuple[str, ...]
    paths_ignore: tuple[str, ...]
    inputs: tuple[DispatchInput, ...]
    place: Place
    tags: tuple[str, ...] = ()
    tags_ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment of the file, or of a script in it, without its `#`."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFile:
    """An action of the repository that a workflow uses; its steps stand among those of the jobs."""

    path: str
    sha256: str
    comments: tuple[Comment, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowFile:
    """A workflow file; what could not be read of it stands in `findings`."""

    path: str
    sha256: str
    name: str | None
    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]
    comments: tuple[Comment, ...]
    findings: tuple[Finding, ...]


@observation
class WorkflowsSeen:
    """The workflow files of a repository at a commit, or as they lie in a checkout."""

    kind: Literal["workflows"] = "workflows"
    repository: str
    commit: str | None
    files: tuple[WorkflowFile, ...]
    at: datetime
    actions: tuple[ActionFile, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong in the workflow files, and in the actions that they use."""
        of_files = (one for file in self.files for one in file.findings)
        return (*of_files, *(one for action in self.actions for one in action.findings))

    @property
    def headline(self) -> str:
        jobs = [job for file in self.files for job in file.jobs]
        where = self.commit[:12] if self.commit else "as they lie in the checkout"
        found = len(self.findings)
        return f"{len(self.files)} workflow files with {len(jobs)} jobs, {where}; {found} findings"


@observation
class NoWorkflows:
    """The repository has no workflow files."""

    kind: Literal["no-workflows"] = "no-workflows"
    repository: str
    commit: str | None
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.repository} has no file below .github/workflows"
