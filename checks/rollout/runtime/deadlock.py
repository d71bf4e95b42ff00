"""StatefulSets that cannot go on: a broken pod of an old revision holds the new one back.

https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
"""

from collections.abc import Iterable

from checks.rollout.runtime.objects import Pod, StatefulSet
from checks.rollout.runtime.pods import pods_of, stuck_in


def deadlocked(one: StatefulSet, pods: Iterable[Pod]) -> tuple[str, ...]:
    """Return the pods of an old revision that wait for what does not come, in words."""
    own = pods_of(one, (), pods)
    return tuple(
        f"pod {pod.meta.name} is of {pod.meta.label('controller-revision-hash')}, not of"
        f" {one.update_revision}: {container.name} waits: {container.reason}"
        for pod in own.old
        for container in stuck_in(pod)
    )
