"""What was emitted of late: the check runs of the newest commits of pull requests, and the head."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.github.asking import gh
from fixtures.github.values import CheckRun, CommitStatus
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

_RUNS, _COMMITS = 30, 3
"""Runs of pull requests that are listed, and their commits that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCommit:
    """What says something of one commit."""

    sha: str
    what: str
    """`pull request` or `head`."""
    runs: tuple[CheckRun, ...]
    statuses: tuple[CommitStatus, ...]


@observation
class Emitted:
    """The contexts that were emitted at the newest commits of pull requests, and at the head."""

    kind: Literal["contexts-emitted"] = "contexts-emitted"
    repository: str
    branch: str
    commits: tuple[AtCommit, ...]
    at: datetime

    @property
    def pulls(self) -> tuple[AtCommit, ...]:
        """Those of pull requests."""
        return tuple(one for one in self.commits if one.what == "pull request")

    @property
    def runs(self) -> tuple[CheckRun, ...]:
        """The check runs of all of them."""
        return tuple(run for one in self.commits for run in one.runs)

    @property
    def headline(self) -> str:
        names = {run.name for run in self.runs}
        names |= {one.context for at in self.commits for one in at.statuses}
        return (
            f"{len(names)} contexts at {len(self.pulls)} commits of pull requests and the head of"
            f" {self.branch}"
        )

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"{at.what} {at.sha[:12]} {run.name!r} app {run.app} {run.conclusion or run.status}"
            for at in self.commits
            for run in at.runs
        )


@prepared_by(import_client)
@by_hand(lambda source, branch: gh(source, f"/commits/{branch}/check-runs"), here=True)
async def read_emitted(
    source: Source, vantage: Vantage, branch: str, *, deadline: float
) -> Emitted:
    """Read the check runs and statuses of the newest commits of pull requests, and of a branch."""
    from fixtures.github import actions, commits  # noqa: PLC0415 - httpx, as everywhere here
    from fixtures.github.client import github_of  # noqa: PLC0415

    async with github_of(source, vantage, deadline=deadline) as github:
        head = await commits.commit_of(github, branch)
        listed = await actions.list_runs(github, event="pull_request", most=_RUNS)
        shas = list(dict.fromkeys(run.sha for run in listed.runs if run.sha != head))
        wanted = [(head, "head"), *((sha, "pull request") for sha in shas[:_COMMITS])]
        found = [
            AtCommit(
                sha=sha,
                what=what,
                runs=await commits.list_check_runs(github, sha),
                statuses=await commits.list_statuses(github, sha),
            )
            for sha, what in wanted
        ]
    return Emitted(
        repository=github.repository,
        branch=branch,
        commits=tuple(found),
        at=datetime.now(UTC),
    )
