"""Which pods are a workload's own, and which of them are of what it is to run now."""

from collections.abc import Iterable
from dataclasses import dataclass

from checks.rollout.runtime.objects import (
    ContainerState,
    Deployment,
    Pod,
    ReplicaSet,
    StatefulSet,
    Workload,
)

STUCK = frozenset(
    {
        "ImagePullBackOff",
        "ErrImagePull",
        "InvalidImageName",
        "ErrImageNeverPull",
        "CrashLoopBackOff",
        "CreateContainerConfigError",
        "CreateContainerError",
        "RunContainerError",
    }
)
"""Reasons of waiting that do not go away by waiting."""


@dataclass(frozen=True, slots=True)
class Own:
    """A workload's pods: those of what it is to run now, and those of before.

    `revision` says what that is: a ReplicaSet, or a StatefulSet's revision; None where it is not
    known, and no pod can be counted.
    """

    current: tuple[Pod, ...]
    old: tuple[Pod, ...]
    revision: str | None


def pods_of(workload: Workload, sets: Iterable[ReplicaSet], pods: Iterable[Pod]) -> Own:
    """Sort a workload's pods out; those that have ended are left out."""
    alive = [pod for pod in pods if not pod.is_over]
    match workload:
        case Deployment():
            return _of_deployment(workload, sets, alive)
        case StatefulSet():
            own = [pod for pod in alive if workload.meta.uid in pod.meta.owner_uids]
            update = workload.update_revision or None
            return _apart(own, update, "controller-revision-hash")
        case _:
            own = [pod for pod in alive if workload.meta.uid in pod.meta.owner_uids]
            return Own(tuple(own), (), str(workload.meta.generation))


def _of_deployment(one: Deployment, sets: Iterable[ReplicaSet], pods: Iterable[Pod]) -> Own:
    every = [each for each in sets if one.meta.uid in each.meta.owner_uids]
    current = current_set(one, every)
    own = {each.meta.uid for each in every}
    mine = current.meta.uid if current else None
    return Own(
        current=tuple(pod for pod in pods if mine in pod.meta.owner_uids),
        old=tuple(pod for pod in pods if pod.meta.owner_uids & own - {mine}),
        revision=current.meta.name if current else None,
    )


def current_set(one: Deployment, sets: Iterable[ReplicaSet]) -> ReplicaSet | None:
    """Return the ReplicaSet of the Deployment's revision; None where none is known."""
    own = [each for each in sets if one.meta.uid in each.meta.owner_uids]
    return next((each for each in own if one.revision and each.revision == one.revision), None)


def _apart(own: list[Pod], revision: str | None, label: str) -> Own:
    return Own(
        current=tuple(pod for pod in own if revision and pod.meta.label(label) == revision),
        old=tuple(pod for pod in own if pod.meta.label(label) != revision),
        revision=revision,
    )


def stuck_in(pod: Pod) -> tuple[ContainerState, ...]:
    """Return the containers of a pod that wait for what does not come by waiting."""
    return tuple(one for one in pod.containers if one.state == "waiting" and one.reason in STUCK)


def why_not_ready(pod: Pod) -> str:
    """Say in words why a pod is not ready; empty for one that is."""
    if pod.is_ready:
        return ""
    waits = [f"{one.name} waits: {one.reason}" for one in pod.containers if one.state == "waiting"]
    scheduled = pod.condition("PodScheduled")
    if scheduled is not None and scheduled.status == "False":
        waits.append(f"{scheduled.reason}: {scheduled.message}")
    ready = pod.condition("Ready")
    told = ready.reason if ready else f"phase {pod.phase}"
    going = ["it is being deleted"] if pod.meta.deleting else []
    return f"pod {pod.meta.name} is not ready: {'; '.join([*going, *waits]) or told}"
