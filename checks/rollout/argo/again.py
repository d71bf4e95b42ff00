"""The second look at a lane's Application: what is Synced and Healthy may be so for a moment."""

from checks.rollout.argo.objects import Application
from checks.rollout.argo.operations import in_progress
from checks.rollout.argo.reading import read_application
from checks.rollout.argo.seen import ApplicationsSeen, SettledApplication
from checks.rollout.settling import Place, get_later, is_late
from checks.wire.clusters import kubectl
from config.clusters import ClusterSpec
from fixtures.clusters import Listing
from fixtures.clusters.asking import import_client
from fixtures.clusters.kinds import APPLICATION
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage


def _named(cluster: ClusterSpec, place: Place, _: float) -> str:
    return kubectl(cluster, "get", APPLICATION.resource, place[1], "-n", place[0], "-o", "json")


@by_hand(_named, here=True)
@prepared_by(import_client)
async def look_again_at_application(
    cluster: ClusterSpec,
    vantage: Vantage,
    place: Place,
    settle: float,
    first: ApplicationsSeen,
    *,
    deadline: float,
) -> SettledApplication:
    """Get a lane's Application some seconds later, if it came to where it is a moment ago.

    Argo CD calls an application Healthy before its Deployments are seen to roll out, and Synced
    before it has heard of the next commit: https://github.com/argoproj/argo-cd/issues/17408.
    """
    app = first.named(*place)
    moving = (place,) if app is not None and may_move(app, first.listing) else ()
    found, after = await get_later(
        (cluster, vantage),
        APPLICATION,
        moving,
        read_application,
        first.listing,
        settle=settle,
        deadline=deadline,
    )
    return SettledApplication(
        listing=found.listing,
        application="/".join(place),
        looked=bool(moving),
        items=found.items,
        after=after,
        asides=found.asides,
    )


def may_move(app: Application, listing: Listing) -> bool:
    """Tell whether an application that is at rest has come to that lately.

    One without an operation was never synced by this Argo CD: nothing of it was lately.
    """
    if in_progress(app) or (app.operation is None and app.healthy_since is None):
        return False
    finished = app.operation.finished if app.operation else None
    return is_late(listing, (finished, app.healthy_since))
