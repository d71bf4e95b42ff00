"""Runs of a repository's workflows, with their jobs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

from checks.wire.github.asking import gh
from fixtures.github.values import Run, RunJob
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation
from reports.verdicts import Inconclusive


@dataclass(frozen=True, slots=True)
class RunsOf:
    """Which runs: of a workflow's file, a branch, an event; all, where None.

    With `statuses` those that are in one of them, at most `most` of each.
    """

    source: Source
    workflow: str | None = None
    branch: str | None = None
    event: str | None = None
    statuses: tuple[str, ...] = ()
    most: int = 20

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        chosen = (self.workflow, self.branch, self.event, *self.statuses)
        return " ".join((self.source.name, *(one for one in chosen if one)))


@observation
class RunsSeen:
    """The newest runs, the newest first, with the jobs of the latest attempt of each."""

    kind: Literal["runs"] = "runs"
    repository: str
    asked: str
    runs: tuple[Run, ...]
    jobs: tuple[RunJob, ...]
    whole: bool
    """Whether there are no others."""
    at: datetime

    @property
    def headline(self) -> str:
        more = "" if self.whole else ", and there are older ones"
        return f"{self.asked}: {len(self.runs)} runs with {len(self.jobs)} jobs{more}"

    def jobs_of(self, run: Run) -> tuple[RunJob, ...]:
        return tuple(job for job in self.jobs if job.run_id == run.id)

    @property
    def waiting(self) -> tuple[tuple[RunJob, float], ...]:
        """The jobs that are queued, and for how many seconds each has been, or else its run."""
        return tuple(
            (job, (self.at - (job.created or run.created)).total_seconds())
            for run in self.runs
            for job in self.jobs_of(run)
            if job.status == "queued"
        )


def _command(of: RunsOf) -> str:
    below = f"/actions/workflows/{of.workflow}/runs" if of.workflow else "/actions/runs"
    commands = []
    for status in of.statuses or (None,):
        asked = {"branch": of.branch, "event": of.event, "status": status}
        chosen = {name: value for name, value in asked.items() if value is not None}
        path = f"{below}?{urlencode({**chosen, 'per_page': of.most})}"
        commands.append(gh(of.source, path))
    return "; ".join(commands)


@by_hand(_command, here=True)
@prepared_by(import_client)
async def look_at_runs(of: RunsOf, vantage: Vantage, *, deadline: float) -> RunsSeen:
    """Read runs and their jobs; raises `VantageError` where nobody can ask."""
    from fixtures.github import actions  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.client import github_of  # noqa: PLC0415

    async with github_of(of.source, vantage, deadline=deadline) as github:
        found: dict[int, Run] = {}
        whole = True
        for status in of.statuses or (None,):
            listed = await actions.list_runs(
                github,
                of.workflow,
                branch=of.branch,
                event=of.event,
                status=status,
                most=of.most,
            )
            found.update({run.id: run for run in listed.runs})
            whole = whole and listed.total <= len(listed.runs)
        jobs: list[RunJob] = []
        for run in found.values():
            jobs += await actions.list_jobs(github, run.id, run.attempt)
    return RunsSeen(
        repository=of.source.name,
        asked=str(of),
        runs=tuple(found.values()),
        jobs=tuple(jobs),
        whole=whole,
        at=datetime.now(UTC),
    )


def ensure_all_that_wait_are_seen(queued: RunsSeen) -> None:
    """Raise `Inconclusive` where more runs wait than were looked at: the oldest are not seen."""
    if not queued.whole:
        raise Inconclusive(
            f"only the newest {len(queued.runs)} runs that wait were looked at",
            "see the others by hand: gh run list --status queued --limit 1000",
        )
