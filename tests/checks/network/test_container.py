"""A container as a target: whether it runs, and whether it is well."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checks.network import check_container
from checks.network.container import ContainerRunning, ContainerStopped, look_at_container
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.containers import ContainerVantage, EnteredContainer
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.verdicts import Inconclusive, NotApplicable
from tests.fixtures.vantages.podman import FULL, container, images, podman

__all__ = ["images"]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
WELL = ContainerRunning(name="web", image="app:1", digest=None, health="healthy", at=NOW)


def seen(name: str) -> ContainerRunning | ContainerStopped:
    vantage = EnteredContainer(ContainerVantage("podman", name, "runner"))
    looked = asyncio.run(look_at_container(name, vantage, deadline=20))
    assert decode(encode(looked)) == looked
    assert looked.headline.isprintable()
    return looked


@pytest.mark.parametrize(("command", "health"), [("true", "healthy"), ("false", "unhealthy")])
def test_a_health_check_is_the_containers_own(images: None, command: str, health: str) -> None:
    when = ("--health-retries=1", "--health-interval=disable")
    with container(FULL, f"--health-cmd=/usr/bin/{command}", *when) as name:
        podman("healthcheck", "run", name, check=False)
        looked = seen(name)

    assert isinstance(looked, ContainerRunning)
    assert (looked.name, looked.image, looked.health) == (name, FULL, health)
    assert looked.digest is not None


def test_a_container_that_was_killed_is_seen_as_such(images: None) -> None:
    with container() as name:
        assert isinstance(seen(name), ContainerRunning)
        podman("kill", name)
        looked = seen(name)

    assert isinstance(looked, ContainerStopped)
    assert looked.state in {"stopped", "exited"}  # the one becomes the other
    check_container.check_container_runs(WELL)
    with pytest.raises(AssertionError, match="does not run: "):
        check_container.check_container_runs(looked)


def test_one_that_is_not_there_could_not_be_looked_at(images: None) -> None:
    with pytest.raises(VantageError, match="there is no such container"):
        seen("no-such-container")
    with pytest.raises(VantageError, match="here is no container"):
        asyncio.run(look_at_container("web", Local(), deadline=20))


def test_health_is_judged_where_it_is_checked() -> None:
    check_container.check_container_is_healthy(WELL)
    with pytest.raises(AssertionError, match="unhealthy"):
        check_container.check_container_is_healthy(replace(WELL, health="unhealthy"))
    with pytest.raises(NotApplicable, match="no health check"):
        check_container.check_container_is_healthy(replace(WELL, health=None))
    with pytest.raises(Inconclusive, match="has not ended yet"):
        check_container.check_container_is_healthy(replace(WELL, health="starting"))


def test_it_can_be_repeated_by_hand() -> None:
    assert Sighting(look_at_container, "web", "runner").by_hand.startswith("docker inspect web")
