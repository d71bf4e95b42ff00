"""What lags of a rollout is told apart: what was not published, and what only was not applied."""

from collections.abc import Iterator

from checks.rollout.catalog.identity import Sameness
from checks.rollout.catalog.pinning import Lag, lag_of, runs
from checks.rollout.catalog.scanned import Manifests
from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.catalog.stored import Stored
from checks.rollout.failures import Failure
from checks.rollout.runtime.images import LiveImagesShown
from checks.rollout.runtime.picking import WorkloadsSeen, own_pods, those_there
from checks.rollout.runtime.running import Ran, Running, no_image, running_of
from checks.rollout.runtime.seen import PodsSeen, ReplicaSetsSeen
from config.lanes import Lane
from config.lanes.runtime import Runtime
from fixtures.registries import Manifest, NotThere
from reports.verdicts import Inconclusive, NotApplicable, expected, fails_as


@fails_as(Failure.PUBLISH_DEFECT)
def check_what_the_catalog_names_is_published(
    catalog: Catalog, registry_stored: Stored, gitops_manifests: Manifests, lane: Lane
) -> None:
    seen = {one: _published(one, registry_stored, gitops_manifests) for one in catalog.services}
    told = {one: ", and ".join(_lacks(one, *has)) for one, has in seen.items()}
    saw = [f"{one.service}: {why}" for one, why in told.items() if _is_defect(*seen[one])]
    assert not saw, expected(
        "each image of the catalog in the registry, and in a manifest of the GitOps branch",
        saw,
        mend=lane.next_for(Failure.PUBLISH_DEFECT, "registry"),
    )
    unknown = [f"{one.service}: {why}" for one, why in told.items() if why]
    if unknown or not told:
        why = "; ".join(unknown) or "the catalog names no image"
        raise Inconclusive(why, "see check_images_are_in_the_registry")


@fails_as(Failure.RUNTIME_LAG)
def check_what_is_published_is_applied(
    *,
    catalog: Catalog,
    registry_stored: Stored,
    gitops_manifests: Manifests,
    live_workloads: tuple[WorkloadsSeen, ...],
    live_replica_sets: ReplicaSetsSeen,
    live_pods: PodsSeen,
    live_images: LiveImagesShown,
    runtime: Runtime,
    lane: Lane,
) -> None:
    if not any(one.service for one in runtime.workloads):
        raise NotApplicable("no workload of the lane names its service of the catalog")
    sets = live_replica_sets.inside(runtime.namespace)
    pods = live_pods.inside(runtime.namespace)
    lags: list[str] = []
    unknown: list[str] = []
    compared = 0
    for pair in those_there(runtime, live_workloads):
        one = catalog.service(pair.expected.service or "")
        running = running_of(pair, own_pods(pair, sets, pods), catalog, live_images.shown)
        if pair.expected.service is None:
            continue
        if one is None or running is None:
            unknown.append(no_image(pair, catalog))
            continue
        compared += 1
        registry, gitops = _published(one, registry_stored, gitops_manifests)
        match lag_of(registry=registry, gitops=gitops, runtime=_applied(running)):
            case Lag.RUNTIME_LAG:
                lags += [f"{pair}: published is {running.wanted}", *map(str, _others(running))]
            case Lag.PUBLISH_DEFECT:
                unknown.append(f"{one.service} is not published: nothing could be applied")
            case Lag.UNKNOWN:
                unknown.append(f"it is not known whether {pair} runs {running.wanted}")
    mend = lane.next_for(Failure.RUNTIME_LAG, "argo", "runtime")
    assert not lags, expected("what is published to be applied", lags, mend=mend)
    if unknown or not compared:
        unknown = unknown or ["none of the lane's workloads with a service is there"]
        mend = "see check_what_the_catalog_names_is_published, and what the pods run"
        raise Inconclusive("; ".join(unknown), mend)


def _published(
    one: Published, stored: Stored, manifests: Manifests
) -> tuple[bool | None, bool | None]:
    """Tell whether the registry has a service's image, and a manifest runs it; None: not seen."""
    image = stored.image(one.service)
    shown = image.by_digest if image else None
    registry = isinstance(shown, Manifest) if isinstance(shown, Manifest | NotThere) else None
    return registry, runs(manifests, one)


def _is_defect(registry: bool | None, gitops: bool | None) -> bool:  # noqa: FBT001
    return lag_of(registry=registry, gitops=gitops, runtime=None) is Lag.PUBLISH_DEFECT


def _lacks(one: Published, registry: bool | None, gitops: bool | None) -> Iterator[str]:  # noqa: FBT001
    """Say what is not published of a service, or was not seen."""
    if not registry:
        yield f"{'not asked for' if registry is None else 'the registry has no'} {one.digest}"
    if not gitops:
        unread = "; not all could be read" if gitops is None else ""
        yield f"no manifest runs {one.digest}{unread}"


def _others(running: Running) -> list[Ran]:
    """Return what of a workload is another image than the published one: its template, its pods."""
    every = (running.template, *running.current)
    return [one for one in every if one.identity.sameness is Sameness.MISMATCH]


def _applied(running: Running) -> bool | None:
    """Tell whether a workload has the published image; None where its pods do not tell yet."""
    if _others(running):
        return False
    return (
        True if running.current and all(one.identity.is_same for one in running.current) else None
    )
