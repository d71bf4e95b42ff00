"""Lists of Applications and AppProjects, for all lanes of a cluster at once."""

from checks.rollout.argo.reading import read_application, read_project
from checks.rollout.argo.seen import ApplicationsSeen, ProjectsSeen
from checks.wire.clusters import listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters.kinds import APP_PROJECT, APPLICATION
from fixtures.vantages import Vantage


@lists(APPLICATION)
async def list_applications(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    *,
    deadline: float,
) -> ApplicationsSeen:
    """List the Applications of some namespaces."""
    found = await listed(
        cluster, vantage, APPLICATION, namespaces, read_application, deadline=deadline
    )
    return ApplicationsSeen(listing=found.listing, applications=found.items, asides=found.asides)


@lists(APP_PROJECT)
async def list_projects(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    *,
    deadline: float,
) -> ProjectsSeen:
    """List the AppProjects of some namespaces."""
    found = await listed(cluster, vantage, APP_PROJECT, namespaces, read_project, deadline=deadline)
    return ProjectsSeen(listing=found.listing, projects=found.items, asides=found.asides)
