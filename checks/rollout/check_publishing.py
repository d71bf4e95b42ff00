"""What lags of a rollout is told apart: what was not published, and what only was not applied."""

from checks.rollout.catalog.pinning import Lag, lag_of, runs
from checks.rollout.catalog.scanned import Manifests
from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.catalog.stored import Stored
from checks.rollout.failures import Failure
from config.lanes import Lane
from fixtures.registries import Manifest, NotThere
from reports.verdicts import Inconclusive, expected, fails_as


@fails_as(Failure.PUBLISH_DEFECT)
def check_what_the_catalog_names_is_published(
    catalog: Catalog, registry_stored: Stored, gitops_manifests: Manifests, lane: Lane
) -> None:
    told = {
        one.service: _published(one, registry_stored, gitops_manifests) for one in catalog.services
    }
    saw = [f"{name}: {why}" for name, (lag, why) in told.items() if lag is Lag.PUBLISH_DEFECT]
    assert not saw, expected(
        "each image of the catalog in the registry, and in a manifest of the GitOps branch",
        saw,
        mend=lane.next_for(Failure.PUBLISH_DEFECT, "registry"),
    )
    unknown = [f"{name}: {why}" for name, (_, why) in told.items() if why]
    if unknown or not told:
        why = "; ".join(unknown) or "the catalog names no image"
        raise Inconclusive(why, "see check_images_are_in_the_registry")


def _published(one: Published, stored: Stored, manifests: Manifests) -> tuple[Lag, str]:
    """Tell whether a service was published, and if not, or not surely, what it lacks."""
    image = stored.image(one.service)
    shown = image.by_digest if image else None
    known = isinstance(shown, Manifest | NotThere)
    registry = isinstance(shown, Manifest) if known else None
    gitops = runs(manifests, one)
    lag = lag_of(registry=registry, gitops=gitops, runtime=None)
    why = (
        [] if registry else [f"{'the registry has no' if known else 'not asked for'} {one.digest}"]
    )
    if not gitops:
        unread = "; not all could be read" if manifests.unread else ""
        why.append(f"no manifest runs {one.digest}{unread}")
    return lag, ", and ".join(why)
