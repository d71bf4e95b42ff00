"""The self-hosted runners of a repository, and its workflows' states, as GitHub lists them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.github.asking import gh
from fixtures.github.values import Runner, WorkflowState
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage, VantageError
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class RunnersOf:
    """A repository, and whether its organization's runners are asked for too."""

    source: Source
    organization: bool = False

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return self.source.name


@observation
class RunnersSeen:
    """The runners that are registered; those of the organization may not have been asked for."""

    kind: Literal["runners"] = "runners"
    repository: str
    runners: tuple[Runner, ...]
    unasked: tuple[str, ...]
    """Whose runners nobody could ask for, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        online = sum(one.status == "online" for one in self.runners)
        told = "".join(f"; {one}" for one in self.unasked)
        return f"{len(self.runners)} runners of {self.repository}, {online} online{told}"


@observation
class WorkflowStatesSeen:
    """The workflows that GitHub knows."""

    kind: Literal["workflow-states"] = "workflow-states"
    repository: str
    workflows: tuple[WorkflowState, ...]
    at: datetime

    @property
    def headline(self) -> str:
        active = sum(one.state == "active" for one in self.workflows)
        return f"GitHub knows {len(self.workflows)} workflows of {self.repository}, {active} active"


@by_hand(lambda of: gh(of.source, "/actions/runners"), here=True)
@prepared_by(import_client)
async def look_at_runners(of: RunnersOf, vantage: Vantage, *, deadline: float) -> RunnersSeen:
    """List the runners; raises `VantageError` where those of the repository cannot be asked for."""
    from fixtures.github import actions  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.client import github_of  # noqa: PLC0415

    unasked: tuple[str, ...] = ()
    async with github_of(of.source, vantage, deadline=deadline) as github:
        runners = await actions.list_runners(github)
        if of.organization:
            try:
                runners += await actions.list_organization_runners(github)
            except VantageError as error:
                unasked = (f"the organization's: {error.reason}",)
    return RunnersSeen(
        repository=of.source.name, runners=runners, unasked=unasked, at=datetime.now(UTC)
    )


@by_hand(lambda source: gh(source, "/actions/workflows"), here=True)
@prepared_by(import_client)
async def look_at_workflow_states(
    source: Source, vantage: Vantage, *, deadline: float
) -> WorkflowStatesSeen:
    """List the workflows that GitHub knows; raises `VantageError` where nobody can ask."""
    from fixtures.github import actions  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.client import github_of  # noqa: PLC0415

    async with github_of(source, vantage, deadline=deadline) as github:
        states = await actions.list_workflows(github)
    return WorkflowStatesSeen(repository=source.name, workflows=states, at=datetime.now(UTC))
