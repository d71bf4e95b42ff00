"""A lane's run out of all that was listed: picked by its commit, with all that belongs to it."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter

from checks.rollout.pipeline.budget import Phases, phases_of
from checks.rollout.pipeline.listed import PipelineRuns, RunPods, RunWarnings, TaskRuns
from checks.rollout.pipeline.objects import PipelineRun, PodSeen, TaskRun, Warned
from checks.rollout.pipeline.picking import Picked, is_called_after, name_of_run, pick
from checks.rollout.pipeline.projection import RUN_LABEL
from checks.rollout.pipeline.seen import HeldUp, NoRun, PodsOfRun, Run, WholeRun
from fixtures.indexing import those_of

_UID, _OWNER = attrgetter("uid"), attrgetter("run_uid")
_LABELLED = attrgetter("run_uid", "namespace", "run")
_SHOWN = 5
_WORDS = 300


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a lane's runs are, how they are called, and what pins them."""

    namespace: str
    pattern: str
    param: str
    phases: Phases = field(default=(), repr=False)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.pattern}"


def picked(sought: Sought, commit: str, runs: PipelineRuns) -> Run | NoRun:
    """Return the run of a commit, or what stands in its place.

    Raises `VantageError` where it may be one that could not be read.
    """
    called = functools.partial(is_called_after, pattern=sought.pattern, commit=commit)
    runs.listing.ensure_whole(sought.namespace, called)
    found = pick(
        runs.runs,
        namespace=sought.namespace,
        pattern=sought.pattern,
        param=sought.param,
        commit=commit,
    )
    if found.run is None:
        runs.listing.ensure_whole(sought.namespace)
        return _no_run(sought, commit, found, runs.at)
    run, told = found.run, found.run.condition
    return Run(
        name=run.name,
        namespace=run.namespace,
        uid=run.uid,
        commit=run.param(sought.param),
        status=told.status if told else None,
        reason=told.reason if told else None,
        message=told.message if told else "",
        created=run.created,
        completed=run.completed,
        ordered=run.ordered,
        ordered_by=run.ordered_by,
        deleting=run.deleting,
        others=tuple(one.name for one in found.others),
        at=runs.at,
    )


def whole(sought: Sought, run: Run, runs: PipelineRuns, task_runs: TaskRuns) -> WholeRun:
    """Return a run with its TaskRuns: those that it owns, whatever they are called."""
    task_runs.listing.ensure_whole(run.namespace, label=(RUN_LABEL, run.name))
    own = those_of(runs.runs, _UID, run.uid)[0]
    tasks = sorted(_tasks_of(own, task_runs), key=lambda one: (one.created, one.name))
    used = sorted({one.spec for one in tasks if one.spec is not None})
    return WholeRun(
        run=own,
        commit=run.commit or "",
        definition=None if own.spec is None else runs.specs[own.spec],
        tasks=tuple(_placed(one, used) for one in tasks),
        specs=tuple(task_runs.specs[at] for at in used),
        lost=tuple(_lost(own, tasks)),
        phases=phases_of(own, tasks, sought.phases, runs.at),
        at=min(runs.at, task_runs.at),
    )


def pods_of(run: WholeRun, pods: RunPods) -> PodsOfRun:
    """Return the pods of a run's TaskRuns."""
    pods.listing.ensure_whole(run.run.namespace, label=(RUN_LABEL, run.run.name))
    own = {one.pod for one in run.tasks if one.pod} | {one.name for one in run.tasks}
    found = tuple(
        one
        for one in pods.pods
        if one.namespace == run.run.namespace and not own.isdisjoint((one.name, one.task_run))
    )
    return PodsOfRun(run=run.run.name, pods=found, at=run.at)


def held_up(run: WholeRun, pods: PodsOfRun, warnings: RunWarnings) -> HeldUp:
    """Tell what a run's pods wait for; of each event the words that the cluster has for it."""
    warnings.listing.ensure_whole(run.run.namespace)
    reasons = [why for pod in pods.pods for why in _why(pod, warnings)]
    reasons += _without_pods(run, {one.task_run for one in pods.pods}, warnings)
    return HeldUp(run=run.run.name, reasons=tuple(dict.fromkeys(reasons)), at=run.at)


def _why(pod: PodSeen, warnings: RunWarnings) -> Iterator[str]:
    if pod.phase not in ("Pending", "Running"):
        return
    name = f"pod {pod.name}"
    if pod.unscheduled:
        yield f"{name} is on no node: {_short(pod.unscheduled)}"
    for one in pod.waiting:
        if one.reason not in ("PodInitializing", "ContainerCreating"):
            yield f"{name} waits, {one.container}: {one.reason} {_short(one.message)}".rstrip()
    if pod.phase == "Pending":
        told = [one for one in warnings.events if one.uid == pod.uid]
        yield from (f"{name}: {_event(one)}" for one in told[-_SHOWN:])


def _without_pods(run: WholeRun, having: set[str], warnings: RunWarnings) -> Iterator[str]:
    """Walk the warnings of the run itself, and of its TaskRuns that have no pod yet."""
    waiting = {one.uid for one in run.tasks if not one.completed and one.name not in having}
    if run.run.completed is None:
        waiting.add(run.run.uid)
    for one in warnings.events:
        if one.uid in waiting:
            yield f"{one.kind} {one.name}: {_event(one)}"


def _event(one: Warned) -> str:
    often = f" ({one.count} times)" if one.count > 1 else ""
    return f"{one.reason} {_short(one.message)}{often}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def _tasks_of(run: PipelineRun, every: TaskRuns) -> tuple[TaskRun, ...]:
    """Return those that it owns, for names come again; by their label those that nobody owns."""
    owned = those_of(every.task_runs, _OWNER, run.uid) if run.uid else ()
    return (*owned, *those_of(every.task_runs, _LABELLED, ("", run.namespace, run.name)))


def _placed(task: TaskRun, used: list[int]) -> TaskRun:
    return task if task.spec is None else replace(task, spec=used.index(task.spec))


def _lost(run: PipelineRun, tasks: list[TaskRun]) -> Iterator[str]:
    there = {one.name for one in tasks}
    for child in run.children:
        if child.kind == "TaskRun" and child.name not in there:
            yield child.task or child.name


def _no_run(sought: Sought, commit: str, found: Picked, at: datetime) -> NoRun:
    named = tuple((one.name, one.param(sought.param) or "") for one in found.named)
    return NoRun(
        namespace=sought.namespace,
        expected=name_of_run(sought.pattern, commit),
        commit=commit,
        named=named[:_SHOWN],
        pinned=tuple(one.name for one in found.pinned)[:_SHOWN],
        rest=len(found.rest),
        newest=found.rest[0].name if found.rest else "",
        at=at,
    )
