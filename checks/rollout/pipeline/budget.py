"""Where the time of a run goes: queue, sync, plan, build, promote, flush."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from checks.rollout.pipeline.objects import PipelineRun, TaskRun
from checks.rollout.pipeline.plain import matches

QUEUE, OTHER = "queue", "other tasks"
Phase = tuple[str, float, float]
"""Name, seconds from the run's creation, seconds that it took."""
Phases = tuple[tuple[str, tuple[str, ...]], ...]
"""Names of phases, each with the patterns of its pipeline tasks."""
_HINTS = {
    QUEUE: "the run waited to begin: look at the controller, at quotas and at pods that wait",
    "sync": "the source was slow to come: look at the mirror and its volume",
    "plan": "planning took it: look whether the catalog was read through the mirror",
    "build": "building took it: look at what was built and not reused, and at what it fetched",
    "promote": "promoting took it: look at the mirror's write side",
    "flush": "the mirror was slow to push: git-mirror status",
    OTHER: "tasks of no phase took it: name them in `phases` of the profile",
}


def phases_of(
    run: PipelineRun, tasks: Sequence[TaskRun], by_phase: Phases, now: datetime
) -> tuple[Phase, ...]:
    """Return a run's phases in the order of their beginnings; one that goes on ends now.

    The queue is what passes before anything begins; tasks of one phase that run side by side
    are one stretch of time.
    """
    begun = [one.started for one in tasks if one.started]
    first = min(begun, default=run.completed or now)
    found = [(QUEUE, 0.0, _seconds(run.created, first))]
    every = {name: _stretch(tasks, by_phase, name, now) for name, _ in (*by_phase, (OTHER, ()))}
    for name, stretch in every.items():
        if stretch:
            begin, end = stretch
            found.append((name, _seconds(run.created, begin), _seconds(begin, end)))
    return tuple(sorted(found, key=lambda one: one[1]))


def elapsed(run: PipelineRun, now: datetime) -> float:
    """Return the seconds from a run's creation to its end, or until now."""
    return _seconds(run.created, run.completed or now)


def waited(run: PipelineRun, now: datetime) -> float:
    """Return the seconds for which the run itself went on: what a trigger waits for."""
    return _seconds(run.started or run.created, run.completed or now)


def hint(phases: Iterable[Phase], reused: Sequence[str] | None) -> str:
    """Say what is likely to have taken the time; `reused` are the services that were not built."""
    longest = max(phases, key=lambda one: one[2])
    said = f"{longest[0]} took {longest[2]:.0f} s of it: {_HINTS.get(longest[0], longest[0])}"
    if reused is not None and not reused:
        return f"reusedServices=[]: the catalog was not hydrated, and all was built; {said}"
    return said


def as_phases(named: Mapping[str, tuple[str, ...]]) -> Phases:
    """Return a profile's phases as a value that sightings can be told apart by."""
    return tuple(named.items())


def _stretch(
    tasks: Iterable[TaskRun], by_phase: Phases, name: str, now: datetime
) -> tuple[datetime, datetime] | None:
    own = [one for one in tasks if one.started and _phase(one.task, by_phase) == name]
    begins = [one.started for one in own if one.started]
    if not begins:
        return None
    return min(begins), max(one.completed or now for one in own)


def _phase(task: str, by_phase: Phases) -> str:
    return next((name for name, patterns in by_phase if matches(task, patterns)), OTHER)


def _seconds(begin: datetime, end: datetime) -> float:
    """Clocks of two controllers may differ by a second: no phase took less than none."""
    return max(0.0, (end - begin).total_seconds())
