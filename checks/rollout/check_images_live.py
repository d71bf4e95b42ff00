"""The pods of the current revision run the images that the catalog published, digest by digest."""

from checks.rollout.catalog.identity import Sameness
from checks.rollout.catalog.seen import Catalog
from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.runtime.images import LiveImagesShown
from checks.rollout.runtime.picking import WorkloadsSeen, own_pods, those_there
from checks.rollout.runtime.running import Ran, Running, no_image, running_of
from checks.rollout.runtime.seen import PodsSeen, ReplicaSetsSeen
from config.lanes import Lane
from config.lanes.runtime import Runtime
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@fails_as(Failure.RUNTIME_DIGEST_MISMATCH)
def check_pods_run_the_published_images(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    live_replica_sets: ReplicaSetsSeen,
    live_pods: PodsSeen,
    catalog: Catalog,
    live_images: LiveImagesShown,
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    if not any(one.service for one in runtime.workloads):
        raise NotApplicable("no workload of the lane names its service of the catalog")
    sets, pods = (
        live_replica_sets.inside(runtime.namespace),
        live_pods.inside(runtime.namespace),
    )
    wrong: list[str] = []
    unknown: list[str] = []
    for pair in those_there(runtime, live_workloads):
        if pair.expected.service is None:
            continue
        own = own_pods(pair, sets, pods)
        running = running_of(pair, own, catalog, live_images.shown)
        if running is None:
            unknown.append(no_image(pair, catalog))
            continue
        wrong += _told(running, Sameness.MISMATCH)
        unknown += _told(running, Sameness.INCONCLUSIVE)
        if not own.current:
            unknown.append(f"pending: {pair} has no pod of {own.revision}")
        for told in _remarks(running):
            remark(told)
    mend = lane.next_for(Failure.RUNTIME_DIGEST_MISMATCH, "runtime")
    what = f"the images that the catalog has at {catalog.commit}"
    if wrong:
        ensure_not_on_its_way(chain, "runtime", "; ".join(wrong))
    assert not wrong, expected(what, saw=wrong, mend=mend)
    if unknown:
        why = [*unknown, live_images.unasked] if live_images.unasked else unknown
        raise Inconclusive("; ".join(why), "look again, or let the registry be asked")


def _told(running: Running, sameness: Sameness) -> list[str]:
    """Return what stands so to the published image; a template by a tag is no mismatch of pods."""
    every = (running.template, *running.current)
    told = [one for one in every if one.identity.sameness is sameness]
    if sameness is Sameness.INCONCLUSIVE and all(one.identity.is_same for one in running.current):
        told = [one for one in told if one is not running.template]
    return [str(one) for one in told]


def _remarks(running: Running) -> list[str]:
    """Return what is the same by a proof, and what older pods still run, in words."""
    proved = [
        f"{one.where}: {one.identity.sameness}: {one.identity.why}"
        for one in running.current
        if one.identity.is_same and one.identity.sameness is not Sameness.EQUAL
    ]
    older: tuple[Ran, ...] = running.old
    return [*proved, *(f"of an older revision, and not judged: {one}" for one in older)]
