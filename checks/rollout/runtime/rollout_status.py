"""How far a workload's rollout is: kubectl's rules, in kubectl's order.

https://github.com/kubernetes/kubectl/blob/master/pkg/polymorphichelpers/rollout_status.go
"""

from dataclasses import dataclass
from typing import Literal

from checks.rollout.runtime.objects import DaemonSet, Deployment, StatefulSet, Workload

_DEADLINE = "ProgressDeadlineExceeded"


@dataclass(frozen=True, slots=True)
class Rollout:
    """What `kubectl rollout status` says, and why, in numbers."""

    state: Literal["done", "waiting", "failed"]
    why: str


def rollout_of(workload: Workload) -> Rollout:
    """Return how far a workload's rollout is."""
    match workload:
        case Deployment():
            return _of_deployment(workload)
        case StatefulSet():
            return _of_stateful_set(workload)
        case DaemonSet():
            return _of_daemon_set(workload)


def proved_rollout(workload: Workload) -> Rollout:
    """Return how far a rollout is, where kubectl alone would be satisfied with less.

    kubectl takes for done what has no status at all, as an object that is not of a cluster, and
    for none what a spec leaves out, which means one.
    """
    rollout = rollout_of(workload)
    if rollout.state != "done":
        return rollout
    if workload.observed_generation == 0:
        return Rollout("waiting", "no controller has written its status")
    serving = workload.ready if isinstance(workload, StatefulSet) else workload.available
    if serving < replicas_of(workload):
        return Rollout("waiting", f"{serving} of {replicas_of(workload)} pods serve")
    return rollout


def _of_deployment(one: Deployment) -> Rollout:
    if one.meta.generation > one.observed_generation:
        return Rollout("waiting", _unobserved(one, _progressing(one)))
    progressing = one.condition("Progressing")
    if progressing is not None and progressing.reason == _DEADLINE:
        return Rollout("failed", f"{_DEADLINE}: {progressing.message}")
    if one.replicas is not None and one.updated < one.replicas:
        return Rollout("waiting", f"{one.updated} of {one.replicas} new replicas are updated")
    if one.total > one.updated:
        return Rollout("waiting", f"{one.total - one.updated} old replicas have not ended")
    if one.available < one.updated:
        return Rollout(
            "waiting", f"{one.available} of {one.updated} updated replicas are available"
        )
    return Rollout("done", f"{one.available} of {one.updated} updated replicas are available")


def _of_stateful_set(one: StatefulSet) -> Rollout:
    if one.strategy != "RollingUpdate":
        return Rollout("failed", f"its strategy is {one.strategy}: nothing rolls it out")
    if one.observed_generation == 0 or one.meta.generation > one.observed_generation:
        return Rollout("waiting", _unobserved(one, f"{one.ready} pods are ready"))
    if one.replicas is not None and one.ready < one.replicas:
        return Rollout("waiting", f"{one.ready} of {one.replicas} pods are ready")
    if one.rolling:
        return _above_partition(one)
    done = one.update_revision == one.current_revision
    told = f"{one.updated} pods are at {one.update_revision}"
    return Rollout("done" if done else "waiting", told)


def _above_partition(one: StatefulSet) -> Rollout:
    """Judge a strategy with a part `rollingUpdate`, where kubectl looks at nothing else."""
    if one.replicas is not None and one.partition is not None:
        wanted = one.replicas - one.partition
        if one.updated < wanted:
            return Rollout("waiting", f"{one.updated} of {wanted} pods above the partition are new")
    return Rollout("done", f"{one.updated} pods are at {one.update_revision}")


def _of_daemon_set(one: DaemonSet) -> Rollout:
    if one.strategy != "RollingUpdate":
        return Rollout("failed", f"its strategy is {one.strategy}: nothing rolls it out")
    if one.meta.generation > one.observed_generation:
        return Rollout("waiting", _unobserved(one, f"{one.available} pods are available"))
    if one.updated < one.desired:
        return Rollout("waiting", f"{one.updated} of {one.desired} pods are updated")
    if one.available < one.desired:
        return Rollout("waiting", f"{one.available} of {one.desired} updated pods are available")
    return Rollout("done", f"{one.available} of {one.desired} pods are available")


def _unobserved(one: Workload, told: str) -> str:
    seen, now = one.observed_generation, one.meta.generation
    return f"{told}, but observedGeneration {seen} < generation {now}: that is of an older spec"


def _progressing(one: Deployment) -> str:
    available = one.condition("Available")
    return f"condition Available {available.status}" if available else "no condition Available yet"


def is_of_an_earlier_rollout(one: Deployment) -> bool:
    """Tell whether a deadline that was exceeded is of a rollout that was taken back since.

    Every replica is updated and available; the condition has not been written anew.
    """
    progressing, available = one.condition("Progressing"), one.condition("Available")
    return (
        progressing is not None
        and progressing.reason == _DEADLINE
        and one.meta.generation <= one.observed_generation
        and available is not None
        and available.status == "True"
        and one.total
        == one.updated
        == one.available
        == (1 if one.replicas is None else one.replicas)
    )


def is_scaled_to_none(one: Workload) -> bool:
    """Tell whether it is to have no pods; of a DaemonSet that is known once it was looked at."""
    unseen = isinstance(one, DaemonSet) and one.observed_generation < max(one.meta.generation, 1)
    return replicas_of(one) == 0 and not unseen


def replicas_of(one: Workload) -> int:
    """Return how many pods it is to have; a spec that leaves it out means one."""
    if isinstance(one, DaemonSet):
        return one.desired
    return 1 if one.replicas is None else one.replicas
