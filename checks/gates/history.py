"""The runs of one workflow on one branch, with their jobs, as GitHub lists them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.gates.emission import find_emitters
from checks.wire.github.asking import gh
from checks.wire.workflows.seen import WorkflowsSeen
from fixtures.github.values import Run, RunJob
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage
from reports.codec import observation

_ATTEMPTS = 5
"""Attempts of one run of which the jobs are read, from the latest back."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which runs are asked for: of a workflow's file on a branch, the newest `most`."""

    workflow: str
    branch: str
    most: int

    def __str__(self) -> str:
        return f"{self.workflow} on {self.branch}"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which runs are asked for: of the workflow that emits a context, on a branch."""

    context: str
    branch: str
    most: int


@observation
class History:
    """The newest runs of a workflow on a branch, and their jobs."""

    kind: Literal["workflow-history"] = "workflow-history"
    workflow: str
    branch: str
    runs: tuple[Run, ...]
    jobs: tuple[RunJob, ...]
    total: int
    """How many there are, if more than were read."""
    at: datetime

    @property
    def whole(self) -> bool:
        """Whether there are no older runs than these."""
        return self.total <= len(self.runs)

    @property
    def headline(self) -> str:
        of = "" if self.whole else f" of {self.total}"
        return (
            f"{self.workflow} on {self.branch}: {len(self.runs)}{of} runs with"
            f" {len(self.jobs)} jobs"
        )

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"run {run.id} attempt {run.attempt} {run.event} {run.sha[:12]}"
            f" {run.created:%Y-%m-%dT%H:%M:%SZ} {run.conclusion or run.status}"
            for run in self.runs
        )


@observation
class NoEmitter:
    """No workflow file, or several, emit a context: nobody knows whose runs are meant."""

    kind: Literal["no-emitter"] = "no-emitter"
    context: str
    found: tuple[str, ...]
    at: datetime

    @property
    def headline(self) -> str:
        if not self.found:
            return f"no workflow file emits {self.context!r}"
        return f"several emit {self.context!r}: {', '.join(self.found)}"


def _runs_path(asked: Asked) -> str:
    name = asked.workflow.rpartition("/")[2]
    return f"/actions/workflows/{name}/runs?branch={asked.branch}"


@prepared_by(import_client)
@by_hand(lambda source, asked: gh(source, _runs_path(asked)), here=True)
async def read_history(
    source: Source, vantage: Vantage, asked: Asked, *, deadline: float
) -> History:
    """List a workflow's runs on a branch, the newest first, and the jobs of their attempts."""
    from fixtures.github import actions  # noqa: PLC0415 - httpx, which checks of files need not
    from fixtures.github.client import github_of  # noqa: PLC0415

    async with github_of(source, vantage, deadline=deadline) as github:
        listed = await actions.list_runs(
            github, asked.workflow, branch=asked.branch, most=asked.most
        )
        jobs: list[RunJob] = []
        for run in listed.runs:
            for attempt in range(run.attempt, max(0, run.attempt - _ATTEMPTS), -1):
                jobs += await actions.list_jobs(github, run.id, attempt)
    return History(
        workflow=asked.workflow,
        branch=asked.branch,
        runs=listed.runs,
        jobs=tuple(jobs),
        total=listed.total,
        at=datetime.now(UTC),
    )


@prepared_by(import_client)
@by_hand(lambda source, sought: gh(source, f"/actions/runs?branch={sought.branch}"), here=True)
async def find_history(
    source: Source,
    vantage: Vantage,
    sought: Sought,
    workflows: WorkflowsSeen,
    *,
    deadline: float,
) -> History | NoEmitter:
    """List the runs of the one workflow whose file emits a context."""
    context = sought.context
    emission = find_emitters(context, workflows.files)
    if not emission.exact and emission.possible:
        raise SourceError(
            f"which workflow emits {context!r} is known only when it runs: {emission.possible[0]}",
            "name the gate's `workflow` in the profile",
        )
    found = tuple(dict.fromkeys(one.file.path for one in emission.exact))
    if len(found) != 1:
        return NoEmitter(context=context, found=found, at=datetime.now(UTC))
    asked = Asked(found[0], sought.branch, sought.most)
    return await read_history(source, vantage, asked, deadline=deadline)
