"""A dispatch, tried: it **changes** something, since a run comes of it."""

import asyncio
import json
import shlex
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from checks.wire.github.asking import gh
from fixtures.github.values import Run
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import EXPECTED, by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

if TYPE_CHECKING:  # httpx, for runs that look
    from fixtures.github.client import GitHub

_UNPROCESSABLE = 422
_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_SKEW = timedelta(minutes=10)
"""By how much the server's clock may differ; runs that were there before are left out by id."""


@dataclass(frozen=True, slots=True)
class Dispatching:
    """A workflow of a repository, what it is given, and within how many seconds it must run."""

    source: Source
    workflow: str
    ref: str
    inputs: tuple[tuple[str, str], ...]
    within: float = field(metadata=EXPECTED)

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return f"{self.source.name} {self.workflow}"


@observation
class DispatchRan:
    """The run that a dispatch has created."""

    kind: Literal["dispatch-ran"] = "dispatch-ran"
    workflow: str
    ref: str
    status: int
    """What the dispatch was answered with: 200 with the run's id, or 204."""
    run: Run
    sha: str
    """The commit at the ref before the dispatch."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return (
            f"{self.workflow} at {self.ref}: {self.status}, run {self.run.id} of"
            f" {self.run.sha[:12]} after {self.seconds:.1f} s"
        )


@observation
class DispatchRefused:
    """GitHub does not take the dispatch: no such ref, no such input, no `workflow_dispatch`."""

    kind: Literal["dispatch-refused"] = "dispatch-refused"
    workflow: str
    ref: str
    status: int
    said: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.workflow} at {self.ref}: {self.status} {self.said}"


@observation
class DispatchUnanswered:
    """GitHub took the dispatch, and no run came of it."""

    kind: Literal["dispatch-unanswered"] = "dispatch-unanswered"
    workflow: str
    ref: str
    status: int
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.workflow} at {self.ref}: {self.status}, and no run in {self.seconds:.0f} s"


def _command(of: Dispatching) -> str:
    path = f"/actions/workflows/{of.workflow}/dispatches"
    body = shlex.quote(json.dumps({"ref": of.ref, "inputs": dict(of.inputs)}))
    return f"printf %s {body} | {gh(of.source, path, '--method', 'POST', '--input', '-')}"


@by_hand(_command, here=True)
@prepared_by(import_client)
async def dispatch_workflow(
    of: Dispatching, vantage: Vantage, *, deadline: float
) -> DispatchRan | DispatchRefused | DispatchUnanswered:
    """Dispatch a workflow, and wait for the run; raises `VantageError` for a 403 among others."""
    from fixtures.github import actions, commits  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.answers import RefusedError  # noqa: PLC0415
    from fixtures.github.client import github_of  # noqa: PLC0415

    async with github_of(of.source, vantage, deadline=deadline) as github:
        sha = await commits.commit_of(github, of.ref)
        before = {run.id for run in await _runs(github, of)}
        began = time.monotonic()
        try:
            answered = await actions.dispatch(github, of.workflow, of.ref, of.inputs)
        except RefusedError as error:
            if error.status != _UNPROCESSABLE:
                raise
            return DispatchRefused(
                workflow=of.workflow,
                ref=of.ref,
                status=error.status,
                said=error.said,
                at=datetime.now(UTC),
            )
        run = await _created(github, of, answered.run, before)
    seconds = time.monotonic() - began
    if run is None:
        return DispatchUnanswered(
            workflow=of.workflow,
            ref=of.ref,
            status=answered.status,
            seconds=seconds,
            at=datetime.now(UTC),
        )
    return DispatchRan(
        workflow=of.workflow,
        ref=of.ref,
        status=answered.status,
        run=run,
        sha=sha,
        seconds=seconds,
        at=datetime.now(UTC),
    )


async def _runs(github: "GitHub", of: Dispatching) -> Iterable[Run]:
    from fixtures.github import actions  # noqa: PLC0415

    since = actions.since(datetime.now(UTC) - _SKEW)
    listed = await actions.list_runs(
        github, of.workflow, branch=of.ref, event="workflow_dispatch", created=since, most=100
    )
    return listed.runs


async def _created(
    github: "GitHub", of: Dispatching, told: int | None, before: set[int]
) -> Run | None:
    """Poll for the run that is told of, or else for one that was not there before."""
    ends, pause = time.monotonic() + of.within, _PAUSE
    while True:
        run = await _named(github, told) if told is not None else None
        if told is None:
            new = [one for one in await _runs(github, of) if one.id not in before]
            run = min(new, key=lambda one: one.id, default=None)
        left = ends - time.monotonic()
        if run is not None or left <= 0:
            return run
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def _named(github: "GitHub", run: int) -> Run | None:
    from fixtures.github import actions  # noqa: PLC0415
    from fixtures.github.answers import NotFoundError  # noqa: PLC0415

    try:
        return await actions.read_run(github, run)
    except NotFoundError:  # it is told of before it can be read
        return None
