"""The second look at a lane's Deployments: those that were rolled out a moment ago."""

from checks.rollout.runtime.objects import Deployment
from checks.rollout.runtime.reading_objects import read_deployment
from checks.rollout.runtime.rollout_status import proved_rollout
from checks.rollout.runtime.seen import DeploymentsSeen, SettledDeployments
from checks.rollout.settling import Place, get_later, is_late
from checks.wire.clusters import kubectl
from config.clusters import ClusterSpec
from fixtures.clusters import Listing
from fixtures.clusters.asking import import_client
from fixtures.clusters.kinds import DEPLOYMENT
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage


def _each(cluster: ClusterSpec, places: tuple[Place, ...], _: float) -> str:
    return "; ".join(
        kubectl(cluster, "get", DEPLOYMENT.resource, name, "-n", inside, "-o", "json")
        for inside, name in places
    )


@by_hand(_each, here=True)
@prepared_by(import_client)
async def look_again_at_deployments(
    cluster: ClusterSpec,
    vantage: Vantage,
    places: tuple[Place, ...],
    settle: float,
    first: DeploymentsSeen,
    *,
    deadline: float,
) -> SettledDeployments:
    """Get those of a lane's Deployments that were rolled out lately, some seconds later.

    What goes on is pending without a second look, and what is done for long does not move.
    """
    moving = tuple(
        place for place in places if (one := first.called(*place)) and may_move(one, first.listing)
    )
    found, after = await get_later(
        (cluster, vantage),
        DEPLOYMENT,
        moving,
        read_deployment,
        first.listing,
        settle=settle,
        deadline=deadline,
    )
    return SettledDeployments(
        listing=found.listing, items=found.items, after=after, looked=moving, asides=found.asides
    )


def may_move(one: Deployment, listing: Listing) -> bool:
    """Tell whether a Deployment that is rolled out may be so for a moment alone."""
    is_done = proved_rollout(one).state == "done"
    return is_done and is_late(listing, (each.updated for each in one.conditions))
