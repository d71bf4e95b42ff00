"""What its engine says of the container that a vantage is."""

import shlex
from datetime import UTC, datetime
from typing import Literal

from fixtures.sightings import by_hand, of_the_vantage
from fixtures.vantages import Contained, Vantage, VantageError
from reports.codec import observation


@observation
class ContainerRunning:
    """A container that runs; `health` is None where its image has no health check."""

    kind: Literal["container-running"] = "container-running"
    name: str
    image: str
    digest: str | None
    health: str | None
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.name} runs, of {self.image}, health: {self.health or 'not checked'}"


@observation
class ContainerStopped:
    """A container that is there and does not run: created, paused, exited, dead."""

    kind: Literal["container-stopped"] = "container-stopped"
    name: str
    image: str
    digest: str | None
    state: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.name} does not run: {self.state}"


@by_hand(
    lambda name: f"docker inspect {shlex.quote(name)} || podman inspect {shlex.quote(name)}",
    here=True,
)
@of_the_vantage
async def look_at_container(
    _name: str, vantage: Vantage, *, deadline: float
) -> ContainerRunning | ContainerStopped:
    """Ask the engine for the vantage's container.

    Raises `VantageError` where there is no engine, no such service or no such container.
    """
    if not isinstance(vantage, Contained):
        raise VantageError(
            f"{vantage.name} is no container", "this is a defect of the suite: please report it"
        )
    at = datetime.now(UTC)
    seen = await vantage.container(deadline=deadline)
    if seen.state != "running":
        return ContainerStopped(
            name=seen.name, image=seen.image, digest=seen.digest, state=seen.state, at=at
        )
    return ContainerRunning(
        name=seen.name, image=seen.image, digest=seen.digest, health=seen.health, at=at
    )
