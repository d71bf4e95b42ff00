"""A lane's workloads among all that were listed of its cluster."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.rollout.runtime.objects import Deployment, Pod, ReplicaSet, Workload
from checks.rollout.runtime.pods import Own, pods_of
from checks.rollout.runtime.rollout_status import proved_rollout
from checks.rollout.runtime.seen import (
    DaemonSetsSeen,
    DeploymentsSeen,
    StatefulSetsSeen,
    ensure_whole,
)
from config.lanes import runtime as wanted
from reports.verdicts import Inconclusive

WorkloadsSeen = DeploymentsSeen | StatefulSetsSeen | DaemonSetsSeen
_HOLDER = "check_workloads_are_rolled_out"


@dataclass(frozen=True, slots=True)
class Paired:
    """A workload as the profile has it, and as it is."""

    expected: wanted.Workload
    live: Workload

    def __str__(self) -> str:
        return f"{self.expected.kind} {self.live.meta.name}"


def found(
    runtime: wanted.Runtime, seen: Iterable[WorkloadsSeen]
) -> tuple[tuple[Paired, ...], tuple[wanted.Workload, ...]]:
    """Return the lane's workloads that are there, and those that are not.

    Raises `NotRecordedError` for one that a run looked at when no lane named it.
    """
    here = {
        (type(one).__name__, one.meta.name): one
        for every in seen
        for one in every.inside(runtime.namespace)
    }
    pairs = [(one, here.get((one.kind, one.name))) for one in runtime.workloads]
    there = tuple(Paired(one, live) for one, live in pairs if live is not None)
    for pair in there:
        if isinstance(pair.live, Deployment):
            ensure_whole(pair.live)
    return there, tuple(one for one, live in pairs if live is None)


def those_there(runtime: wanted.Runtime, seen: Iterable[WorkloadsSeen]) -> tuple[Paired, ...]:
    """Return the lane's workloads; raises `Inconclusive` where none of them is there."""
    there, missing = found(runtime, seen)
    if not there:
        names = ", ".join(f"{one.kind} {one.name}" for one in missing)
        raise Inconclusive(f"{runtime.namespace} has no {names}", held_by=(_HOLDER,))
    return there


def own_pods(pair: Paired, sets: Sequence[ReplicaSet], pods: Sequence[Pod]) -> Own:
    """Return a workload's pods; raises `Inconclusive` where its revision is not known."""
    own = pods_of(pair.live, sets, pods)
    if own.revision is None:
        what = "ReplicaSet of its revision" if isinstance(pair.live, Deployment) else "revision"
        raise Inconclusive(
            f"pending: {pair} has no {what} yet, or it was deleted while this looked",
            "look again",
        )
    return own


def commit_of(pair: Paired) -> tuple[str, str | None]:
    """Return the variable that holds the commit of a workload, and its value, if it is set."""
    name = pair.expected.commit_env or ""
    container = pair.live.template.container(pair.expected.container)
    return name, container.variable(name) if container else None


def not_rolled_out(runtime: wanted.Runtime, seen: Iterable[WorkloadsSeen]) -> list[str]:
    """Return the lane's workloads that are not rolled out, or not there, in words."""
    there, missing = found(runtime, seen)
    told = [(one, proved_rollout(one.live)) for one in there]
    waiting = [f"{one}: {rollout.why}" for one, rollout in told if rollout.state != "done"]
    return waiting + [f"{one.kind} {one.name} is not there" for one in missing]
