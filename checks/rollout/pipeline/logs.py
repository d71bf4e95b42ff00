"""What the steps of a failed task wrote: the end of their logs, where they can still be read."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.objects import TaskRun
from checks.rollout.pipeline.seen import WholeRun
from checks.wire.clusters import kubectl
from config.clusters import ClusterSpec
from fixtures.clusters import LogPlace
from fixtures.clusters.asking import import_client
from fixtures.clusters.opening import cluster_at
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage, VantageError
from reports.codec import observation
from reports.likely import hidden

_MOST = 8
"""Steps of one run whose logs are read."""
_ASKING = 15.0


@dataclass(frozen=True, slots=True)
class StepLog:
    """The end of a failed step's log; `unread` says why there is none."""

    task_run: str
    step: str
    pod: str
    lines: tuple[str, ...] = field(default=(), repr=False)
    cut: bool = False
    unread: str = ""


@observation
class FailedLogs:
    """The ends of the logs of a run's failed steps; none where none failed. Times are UTC."""

    kind: Literal["failed-step-logs"] = "failed-step-logs"
    run: str
    logs: tuple[StepLog, ...]
    at: datetime

    @property
    def headline(self) -> str:
        if not self.logs:
            return f"PipelineRun {self.run}: no step failed of which a log is asked for"
        told = (
            f"{one.step} of {one.task_run}: {one.unread or f'{len(one.lines)} lines'}"
            for one in self.logs
        )
        return f"logs of PipelineRun {self.run}: {'; '.join(told)}"

    def lines_of(self, task: TaskRun) -> tuple[str, ...]:
        """Return the lines that a task's failed steps wrote last."""
        own = (one for one in self.logs if one.task_run == task.name)
        return tuple(line for one in own for line in one.lines)

    def unread_of(self, task: TaskRun) -> tuple[str, ...]:
        """Say which logs of a task could not be read, and why."""
        own = (one for one in self.logs if one.task_run == task.name and one.unread)
        return tuple(f"the log of {one.step} was not read: {one.unread}" for one in own)


def _written(cluster: ClusterSpec, namespace: str, _: tuple[str, ...]) -> str:
    if cluster.snapshot is not None:
        return f"find {cluster.snapshot} -path '*/{namespace}/*' -name '*.log'"
    chosen = ("--selector=tekton.dev/pipelineRun", "--all-containers", "--prefix", "--tail=200")
    return kubectl(cluster, "-n", namespace, "logs", *chosen)


@by_hand(_written, here=True)
@prepared_by(import_client, unless=lambda cluster: cluster.snapshot is not None)
async def read_failed_logs(
    cluster: ClusterSpec,
    vantage: Vantage,
    _namespace: str,
    tasks: tuple[str, ...],
    run: WholeRun,
    *,
    deadline: float,
) -> FailedLogs:
    """Read the ends of the logs of steps that failed, in the tasks of these names.

    Nobody is asked where none failed. A log that cannot be read is said to be so, and keeps
    nothing else from being looked at: pods are taken away before their runs are.
    """
    at, opened = datetime.now(UTC), cluster_at(cluster, vantage)
    found = []
    for task, step in _failed_steps(run, tasks):
        place = LogPlace(task.namespace, task.pod, f"step-{step}")
        own = StepLog(task.name, step, task.pod)
        within = min(_ASKING, deadline / _MOST)
        try:
            end = await opened.read_log(place, deadline=within)
        except VantageError as error:
            found.append(StepLog(own.task_run, step, own.pod, unread=error.reason))
            continue
        lines = tuple(hidden("\n".join(end.lines)).splitlines())
        why = "" if lines else "it is empty"
        found.append(StepLog(own.task_run, step, own.pod, lines, end.cut, unread=why))
    return FailedLogs(run=run.run.name, logs=tuple(found), at=at)


def _failed_steps(run: WholeRun, tasks: tuple[str, ...]) -> list[tuple[TaskRun, str]]:
    """Return the steps that failed first in tasks that failed; those after them were left out."""
    found = []
    for task in run.of(*tasks):
        if standing_of(task).state not in (State.FAILED, State.TIMEOUT) or not task.pod:
            continue
        step = next((one.name for one in task.steps if one.code), None)
        if step is not None:
            found.append((task, step))
    return found[:_MOST]
