"""Who wrote a workload's spec: `metadata.managedFields`, and the annotation by which it restarts.

https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from checks.rollout.runtime.objects import Event, Manager, ReplicaSet, Workload
from checks.rollout.runtime.pods import Own
from checks.rollout.runtime.reading import RESTARTED

_RESTART = f"spec.template.metadata.annotations.{RESTARTED}"
_SLACK = timedelta(seconds=60)
"""For how long after its ReplicaSet a pod may be made, and be of the same rollout."""
_BY_THE_CLUSTER = ("Evicted", "Preempted", "TaintManagerEviction", "NodeNotReady", "Preempting")


@dataclass(frozen=True, slots=True)
class Hand:
    """Fields of a spec that somebody else manages than who may."""

    manager: Manager
    fields: tuple[str, ...]

    def __str__(self) -> str:
        when = f" at {self.manager.at:%Y-%m-%dT%H:%M:%SZ}" if self.manager.at else ""
        few = ", ".join(self.fields[:4])
        left = len(self.fields[4:]) + self.manager.more
        more = f" and {left} more" if left else ""
        return f"{self.manager.name} ({self.manager.operation}{when}) manages {few}{more}"


def foreign_hands(workload: Workload, allowed: Sequence[str]) -> tuple[Hand, ...]:
    """Return who manages fields of the spec besides those who may.

    A status is not looked at, and neither is the annotation by which pods are restarted.
    """
    hands = (
        Hand(one, tuple(field for field in one.fields if not field.startswith(_RESTART)))
        for one in workload.managers
        if one.name not in allowed and one.subresource != "status"
    )
    return tuple(hand for hand in hands if hand.fields)


def restarter(workload: Workload) -> Manager | None:
    """Return who manages the annotation by which pods were restarted; None for nobody."""
    return next((one for one in workload.managers if _RESTART in one.fields), None)


def restarted_at(workload: Workload) -> datetime | None:
    """Return when the annotation says that a restart was asked for; None for never, or no time."""
    try:
        found = datetime.fromisoformat(workload.restarted) if workload.restarted else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found else None


def not_followed(workload: Workload, own: Own) -> tuple[str, ...]:
    """Return the current pods that are older than the restart that was asked for, in words."""
    asked = restarted_at(workload)
    return tuple(
        f"pod {pod.meta.name} is of {pod.meta.created:%Y-%m-%dT%H:%M:%SZ}, before the restart at"
        f" {asked:%Y-%m-%dT%H:%M:%SZ}"
        for pod in own.current
        if asked and pod.meta.created and pod.meta.created < asked - timedelta(seconds=1)
    )


def replaced_by_hand(
    own: Own, current: ReplicaSet | None, events: Iterable[Event]
) -> tuple[str, ...]:
    """Return pods that were ended without a rollout, in words.

    That is a pod of the current ReplicaSet that the kubelet ended and that is gone, while another
    one was made later than the rollout: the ReplicaSet itself did not delete it, and the cluster
    did not evict it. Who did, Kubernetes does not tell: by hand, or draining its node.
    """
    if current is None or current.meta.created is None:
        return ()
    later = [pod for pod in own.current if _is_later(pod.meta.created, current.meta.created)]
    every = [one for one in events if one.about_name.startswith(f"{current.meta.name}-")]
    told = " ".join(one.message for one in events if one.reason == "SuccessfulDelete")
    there = {pod.meta.name for pod in own.current}
    by_cluster = {one.about_name for one in every if one.reason in _BY_THE_CLUSTER}
    ended = {
        one.about_name
        for one in every
        if one.reason == "Killing"
        and one.about_name not in there | by_cluster
        and one.about_name not in told
    }
    made = ", ".join(pod.meta.name for pod in later)
    return tuple(f"pod {name} was ended, and {made} made for it" for name in sorted(ended) if later)


def _is_later(made: datetime | None, than: datetime) -> bool:
    return made is not None and made > than + _SLACK
