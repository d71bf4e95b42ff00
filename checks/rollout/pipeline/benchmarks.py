"""What a run that measures has to show: no cache, every build, a catalog of its own, timings."""

import json
from collections.abc import Iterator, Mapping, Sequence
from posixpath import normpath

from checks.rollout.pipeline.listed import PipelineRuns
from checks.rollout.pipeline.objects import PipelineRun, Value
from checks.rollout.pipeline.seen import WholeRun
from fixtures.sightings import NotRecordedError


def cache_modes(run: WholeRun, param: str) -> list[tuple[str, str]]:
    """Return what a parameter is in the run and in its TaskRuns, each with its place."""
    own = run.run.param(param)
    found = [] if own is None else [(run.run.name, own)]
    return found + [
        (task.task, one.text) for task in run.tasks for one in task.params if one.name == param
    ]


def unbuilt(run: WholeRun, services: Sequence[str]) -> list[str]:
    """Return each service whose build did not run, and why."""
    skipped = {one.task: one.reason for one in run.run.skipped}
    found = []
    for service in services:
        task = f"build-{service}"
        if task in skipped:
            found.append(f"{task} was skipped: {skipped[task]}")
        elif not any(one.started for one in run.of(task)):
            found.append(f"{task} did not run")
    return found


def rivals_of_catalog(run: PipelineRun, runs: PipelineRuns, param: str) -> list[str]:
    """Return the other runs that write the catalog that a run writes."""
    runs.listing.ensure_whole(run.namespace)
    own = run.param(param)
    return [
        f"{one.name} has {param}={one.param(param)} too"
        for one in runs.runs
        if own is not None
        and one.uid != run.uid
        and one.namespace == run.namespace
        and is_same_path(one.param(param), own)
    ]


def is_same_path(one: str | None, other: str) -> bool:
    """Tell whether two paths in a repository are the same: `./a//b` is `a/b`."""
    return one is not None and normpath(one.lstrip("/")) == normpath(other.lstrip("/"))


def stages_told(run: WholeRun, result: str) -> frozenset[str]:
    """Return the stages whose time a run tells: in a result, by one of their name, or as a task.

    Raises `NotRecordedError` where its results were not kept, since no lane had a benchmark then.
    """
    if run.run.results is None:
        raise NotRecordedError(f"the results of {run.run.name}: no lane had a benchmark then")
    results = [*run.run.results, *(one for task in run.tasks for one in task.results)]
    told = {one.name for one in results} - {result}
    told |= {name for one in results if one.name == result for name in _keys(one)}
    told |= {one.task for one in run.tasks if one.started and one.completed}
    return frozenset(told)


def _keys(value: Value) -> Iterator[str]:
    plain = value.plain
    if isinstance(plain, str):
        try:
            plain = json.loads(plain)
        except ValueError:
            return
    if isinstance(plain, Mapping):
        yield from (str(key) for key, told in plain.items() if told not in (None, ""))
