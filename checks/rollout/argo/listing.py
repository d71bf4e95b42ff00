"""Lists of Applications and AppProjects, for all lanes of a cluster at once."""

import shlex
from functools import partial

from checks.rollout.argo.objects import Application, Other
from checks.rollout.argo.reading import read_any, read_definition, read_project
from checks.rollout.argo.seen import ApplicationsSeen, DefinitionSeen, ProjectsSeen
from checks.wire.clusters import EVERY, Judged, gets, got, kubectl, listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import ForbiddenError
from fixtures.clusters.kinds import APP_PROJECT, APPLICATION, DEFINITION
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage


def _everywhere(cluster: ClusterSpec, *_: object) -> str:
    if cluster.snapshot is not None:
        return shlex.join(("grep", "-rlE", r'kind"?: *"?Application"?,?$', cluster.snapshot))
    return kubectl(cluster, "get", APPLICATION.resource, "--all-namespaces", "-o", "json")


@by_hand(_everywhere, here=True)
@lists(APPLICATION)
async def list_applications(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    judged: Judged = EVERY,
    *,
    deadline: float,
) -> ApplicationsSeen:
    """List all Applications of a cluster: one of any namespace may go to a lane's.

    Where whoever asks may not, those of the namespaces that lanes have their own in: the listing
    says which these are.
    """
    read, within = partial(read_any, judged=judged), {"deadline": deadline}
    try:
        found = await listed(cluster, vantage, APPLICATION, None, read, holed=True, **within)
    except ForbiddenError:
        if namespaces is None:
            raise
        found = await listed(cluster, vantage, APPLICATION, namespaces, read, holed=True, **within)
    return ApplicationsSeen(
        listing=found.listing,
        applications=tuple(one for one in found.items if isinstance(one, Application)),
        others=tuple(one for one in found.items if isinstance(one, Other)),
        asides=found.asides,
    )


@lists(APP_PROJECT)
async def list_projects(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    *,
    deadline: float,
) -> ProjectsSeen:
    """List the AppProjects of some namespaces."""
    found = await listed(
        cluster, vantage, APP_PROJECT, namespaces, read_project, holed=True, deadline=deadline
    )
    return ProjectsSeen(listing=found.listing, projects=found.items, asides=found.asides)


@gets(DEFINITION)
async def get_definition(
    cluster: ClusterSpec, vantage: Vantage, _: None, name: str, *, deadline: float
) -> DefinitionSeen:
    """Get a CustomResourceDefinition: of a whole list each would come with all of its schema."""
    found = await got(
        cluster, vantage, DEFINITION, (None, name), read_definition, deadline=deadline
    )
    return DefinitionSeen(listing=found.listing, name=name, items=found.items, asides=found.asides)
