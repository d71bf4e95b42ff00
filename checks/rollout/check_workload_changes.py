"""What runs is of the target commit, and was written by Argo CD alone: not by hand."""

from checks.rollout.catalog.seen import Catalog
from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.runtime.managers import (
    foreign_hands,
    not_followed,
    replaced_by_hand,
    restarted_at,
    restarter,
)
from checks.rollout.runtime.objects import Deployment
from checks.rollout.runtime.picking import Paired, WorkloadsSeen, commit_of, own_pods, those_there
from checks.rollout.runtime.pods import current_set
from checks.rollout.runtime.seen import DeploymentsSeen, PodsSeen, ReplicaSetsSeen
from checks.rollout.runtime.seen_beside import EventsSeen
from checks.rollout.source.seen import Target
from config.lanes import Lane
from config.lanes.argo import Argo
from config.lanes.runtime import Runtime
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as


@fails_as(Failure.BOOT_COMMIT_MISMATCH)
def check_workloads_boot_the_target_commit(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    target: Target,
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    mend = lane.next_for(Failure.BOOT_COMMIT_MISMATCH, "runtime")
    saw: list[str] = []
    for pair in _with_commit(runtime, live_workloads):
        name, value = commit_of(pair)
        if value == target.commit:
            continue
        if value == target.tip and target.ancestry == "contained":
            remark(f"superseded: {pair} boots {value}, the tip, whose history has {target.commit}")
            continue
        saw.append(f"{pair}: {name} is {value or 'not set'}")
    if saw:
        ensure_not_on_its_way(chain, "runtime", "; ".join(saw))
    assert not saw, expected(f"the commit {target.commit}", saw=saw, mend=mend)


@fails_as(Failure.BOOT_COMMIT_MISMATCH)
def check_workloads_boot_the_commit_of_the_catalog(
    live_workloads: tuple[WorkloadsSeen, ...],
    catalog: Catalog,
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
) -> None:
    mend = lane.next_for(Failure.BOOT_COMMIT_MISMATCH, "runtime")
    published = {one.service: one for one in catalog.services}
    saw: list[str] = []
    judged = 0
    for pair in _with_commit(runtime, live_workloads):
        told = published.get(pair.expected.service or "")
        if told is None or told.boot_commit is None:
            continue
        judged += 1
        name, value = commit_of(pair)
        if value != told.boot_commit:
            saw.append(f"{pair}: {name} is {value or 'not set'}, bootCommit is {told.boot_commit}")
    if not judged:
        raise Inconclusive(
            "the catalog names no bootCommit of a service that runs",
            "let the catalog name it, and see `service` of the lane's workloads",
        )
    if saw:
        ensure_not_on_its_way(chain, "runtime", "; ".join(saw))
    assert not saw, expected("the bootCommit of the catalog", saw=saw, mend=mend)


def _with_commit(runtime: Runtime, seen: tuple[WorkloadsSeen, ...]) -> list[Paired]:
    if not any(one.commit_env for one in runtime.workloads):
        raise NotApplicable("no workload of the lane has its commit in a variable (commit_env)")
    return [pair for pair in those_there(runtime, seen) if pair.expected.commit_env]


@fails_as(Failure.MANUAL_PATCH)
def check_nobody_but_argo_writes_the_workloads(
    live_workloads: tuple[WorkloadsSeen, ...],
    runtime: Runtime,
    argo: Argo,
    lane: Lane,
    remark: Remark,
) -> None:
    allowed = (*argo.managers, *argo.controllers)
    saw: list[str] = []
    for pair in those_there(runtime, live_workloads):
        if not pair.live.managers:
            raise Inconclusive(
                f"{pair} tells of no manager of its fields",
                "take snapshots with kubectl get --show-managed-fields",
            )
        saw += [f"{pair}: {hand}" for hand in foreign_hands(pair.live, allowed)]
        if (by := restarter(pair.live)) is not None:
            remark(f"{pair} was restarted at {pair.live.restarted} by {by.name}")
    mend = lane.next_for(Failure.MANUAL_PATCH, "argo")
    what = f"specs that only {', '.join(argo.managers)} and the cluster manage"
    assert not saw, expected(what, saw=saw, mend=mend)


@fails_as(Failure.MANUAL_RESTART)
def check_restarts_go_by_the_annotation(
    *,
    live_deployments: DeploymentsSeen,
    live_replica_sets: ReplicaSetsSeen,
    live_pods: PodsSeen,
    live_events: EventsSeen,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    here = runtime.namespace
    sets, pods = live_replica_sets.inside(here), live_pods.inside(here)
    saw: list[str] = []
    followed: list[str] = []
    for pair in those_there(runtime, (live_deployments,)):
        if not isinstance(pair.live, Deployment):
            continue
        own = own_pods(pair, sets, pods)
        current = current_set(pair.live, sets)
        saw += [
            f"{pair}: {one}" for one in replaced_by_hand(own, current, live_events.inside(here))
        ]
        followed += [f"{pair}: {one}" for one in not_followed(pair.live, own)]
        if (asked := restarted_at(pair.live)) is not None:
            remark(f"{pair}: a restart was asked for at {asked:%Y-%m-%dT%H:%M:%SZ}")
    mend = lane.next_for(Failure.MANUAL_RESTART, "runtime")
    what = "pods to be replaced by a rollout, and not ended by hand"
    assert not saw, expected(what, saw=saw, mend=mend)
    if followed:
        raise Inconclusive(f"pending: {'; '.join(followed)}", mend)
