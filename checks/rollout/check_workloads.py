"""What runs is rolled out, by kubectl's own rules and twice; its pods are ready, and stay so."""

from datetime import datetime

from checks.rollout.chain.seen import Chain
from checks.rollout.chain.waiting import ensure_not_on_its_way
from checks.rollout.failures import Failure
from checks.rollout.runtime.deadlock import deadlocked
from checks.rollout.runtime.objects import Deployment, Event, Pod
from checks.rollout.runtime.picking import Paired, WorkloadsSeen, found, own_pods, those_there
from checks.rollout.runtime.pods import stuck_in, why_not_ready
from checks.rollout.runtime.rollout_status import (
    is_of_an_earlier_rollout,
    is_scaled_to_none,
    proved_rollout,
    replicas_of,
)
from checks.rollout.runtime.runners import selected
from checks.rollout.runtime.seen import (
    JobsSeen,
    NamespacesSeen,
    PodsSeen,
    ReplicaSetsSeen,
    SettledDeployments,
    StatefulSetsSeen,
)
from checks.rollout.runtime.seen_beside import EventsSeen
from checks.rollout.runtime.settled import a_moment_later
from config.lanes import Lane
from config.lanes.runtime import Runtime
from config.model import Absent
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.NAMESPACE_MISSING)
def check_namespace_is_active(
    live_namespaces: NamespacesSeen, chain: Chain, runtime: Runtime, lane: Lane
) -> None:
    seen = live_namespaces.named(runtime.namespace)
    mend = lane.next_for(Failure.NAMESPACE_MISSING, "runtime")
    what = f"the namespace {runtime.namespace}, Active"
    if seen is None:
        ensure_not_on_its_way(chain, "runtime", f"there is no namespace {runtime.namespace}")
    assert seen is not None, expected(what, saw="there is none of that name", mend=mend)
    assert seen.phase == "Active", expected(what, saw=f"it is {seen.phase}", mend=mend)


@fails_as(Failure.RUNTIME_NOT_READY)
def check_workloads_are_rolled_out(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    settled_deployments: tuple[SettledDeployments, ...],
    chain: Chain,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    there, missing = found(runtime, live_workloads)
    mend = lane.next_for(Failure.RUNTIME_NOT_READY, "runtime")
    saw = [f"{one.kind} {one.name} is not there" for one in missing]
    waiting: list[str] = []
    for pair in there:
        saw += _not_declared(pair)
        state, why = _standing(pair)
        (saw if state == "failed" else waiting if state == "waiting" else []).append(why)
    later, momentary = a_moment_later(there, settled_deployments, runtime.namespace)
    what = f"each workload of {runtime.namespace} to be rolled out"
    if missing:
        ensure_not_on_its_way(chain, "runtime", "; ".join(saw))
    assert not saw + later, expected(what, saw=saw + later, mend=mend)
    if waiting + momentary:
        raise Inconclusive(f"pending: {'; '.join(waiting + momentary)}", mend)
    for pair in there:
        if replicas_of(pair.live) == 0:
            remark(f"{pair} has no replicas, as it is declared: nothing runs")


def _not_declared(pair: Paired) -> list[str]:
    """Say where a workload has not as many replicas as are declared; none are never meant so."""
    have, declared = replicas_of(pair.live), pair.expected.replicas
    if declared is not None and have != declared:
        return [f"{pair} has {have} replicas, and {declared} are declared"]
    if declared is None and is_scaled_to_none(pair.live):
        return [f"{pair} is scaled to 0: nothing runs, and kubectl calls that rolled out"]
    return []


def _standing(pair: Paired) -> tuple[str, str]:
    rollout = proved_rollout(pair.live)
    told = f"{pair}: {rollout.why}"
    if isinstance(pair.live, Deployment):
        if rollout.state == "failed" and is_of_an_earlier_rollout(pair.live):
            told += "; yet every replica is updated and available: it may be of an earlier rollout"
            return "waiting", told
        if rollout.state == "waiting" and pair.live.paused:
            return "waiting", f"{told}; it is paused, and goes on when it is resumed"
    if rollout.state == "failed" and "strategy" in rollout.why:
        return "waiting", told
    return rollout.state, told


@fails_as(Failure.RUNTIME_NOT_READY)
def check_pods_of_the_current_revision_are_ready(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    live_replica_sets: ReplicaSetsSeen,
    live_pods: PodsSeen,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    sets, pods = (
        live_replica_sets.inside(runtime.namespace),
        live_pods.inside(runtime.namespace),
    )
    stuck: list[str] = []
    waiting: list[str] = []
    for pair in those_there(runtime, live_workloads):
        own = own_pods(pair, sets, pods)
        for pod in own.current:
            if not pod.is_ready:
                (stuck if stuck_in(pod) else waiting).append(f"{pair}: {why_not_ready(pod)}")
        if len(own.current) < replicas_of(pair.live):
            told = f"{len(own.current)} of {replicas_of(pair.live)} pods of {own.revision}"
            waiting.append(f"{pair} has {told}")
        if own.old:
            names = ", ".join(pod.meta.name for pod in own.old)
            remark(f"{pair}: pods of an older revision are there, and are not judged: {names}")
    mend = lane.next_for(Failure.RUNTIME_NOT_READY, "runtime")
    what = f"every pod of the current revision in {runtime.namespace} to be ready"
    assert not stuck, expected(what, saw=stuck + waiting, mend=mend)
    if waiting:
        raise Inconclusive(f"pending: {'; '.join(waiting)}", mend)


@fails_as(Failure.RUNTIME_NOT_READY)
def check_no_warning_lasts_of_what_runs(
    live_events: EventsSeen, live_pods: PodsSeen, runtime: Runtime, lane: Lane, remark: Remark
) -> None:
    ready = {one.meta.name: _ready_since(one) for one in live_pods.inside(runtime.namespace)}
    named = {one.name for one in runtime.workloads}
    lasting: list[str] = []
    past: list[str] = []
    for one in live_events.inside(runtime.namespace):
        if one.type != "Warning" or one.about_name not in {*ready, *named}:
            continue
        (lasting if _is_since(one, ready.get(one.about_name)) else past).append(_worded(one))
    mend = lane.next_for(Failure.RUNTIME_NOT_READY, "runtime")
    what = f"no warning of a pod of {runtime.namespace} since it is ready"
    assert not lasting, expected(what, saw=lasting, mend=mend)
    for told in past[:5]:
        remark(f"warning: {told}")


def _ready_since(pod: Pod) -> datetime | None:
    ready = pod.condition("Ready")
    return ready.updated if ready and ready.status == "True" else None


def _is_since(event: Event, ready: datetime | None) -> bool:
    """Tell whether a warning came after its pod was ready; of others no such time is known."""
    return ready is not None and event.last is not None and event.last > ready


def _worded(event: Event) -> str:
    at = f" at {event.last:%H:%M:%SZ}" if event.last else ""
    times = f", {event.count} times" if event.count > 1 else ""
    return f"{event.about_kind} {event.about_name}{at}{times}: {event.reason}: {event.message}"


@fails_as(Failure.RUNTIME_NOT_READY)
def check_no_job_has_failed(
    live_jobs: JobsSeen, runtime: Runtime, lane: Lane, remark: Remark
) -> None:
    runner = None if isinstance(runtime.runner, Absent) else runtime.runner.selector
    saw: list[str] = []
    for one in live_jobs.inside(runtime.namespace):
        if one.hook is not None or (broken := one.broken) is None:
            continue
        told = f"Job {one.meta.name}: {broken.reason}: {broken.message}"
        if runner and selected(one.meta.labels, runner):
            remark(f"a runner's {told}")
        else:
            saw.append(told)
    mend = lane.next_for(Failure.RUNTIME_NOT_READY, "runtime")
    assert not saw, expected(f"no Job of {runtime.namespace} to have failed", saw=saw, mend=mend)


@fails_as(Failure.STATEFULSET_DEADLOCK)
def check_no_stateful_set_is_deadlocked(
    live_stateful_sets: StatefulSetsSeen, live_pods: PodsSeen, runtime: Runtime, lane: Lane
) -> None:
    pods = live_pods.inside(runtime.namespace)
    saw = [
        f"StatefulSet {one.meta.name}: {told}"
        for one in live_stateful_sets.inside(runtime.namespace)
        for told in deadlocked(one, pods)
    ]
    mend = lane.next_for(Failure.STATEFULSET_DEADLOCK, "runtime")
    what = "no pod of an old revision to hold the new one back"
    assert not saw, expected(what, saw=saw, mend=mend)
