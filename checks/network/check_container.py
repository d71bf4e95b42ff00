"""The container that is looked from runs, and its own health check says that it is well."""

from checks.network.container import ContainerRunning, ContainerStopped
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, expected


@holds(ContainerStopped)
def check_container_runs(container: ContainerRunning | ContainerStopped) -> None:
    assert isinstance(container, ContainerRunning), expected(
        "a container that runs", container.headline
    )


def check_container_is_healthy(container: ContainerRunning) -> None:
    if container.health is None:
        raise NotApplicable("its image has no health check, and neither has its service")
    if container.health == "starting":
        raise Inconclusive("its health check has not ended yet", "look again when it has")
    assert container.health == "healthy", expected("a healthy container", container.headline)
