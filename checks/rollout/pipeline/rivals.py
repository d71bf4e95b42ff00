"""A lane's other runs: those that were cancelled, and those that came later."""

import functools
from collections.abc import Iterator

from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.listed import PipelineRuns
from checks.rollout.pipeline.objects import PipelineRun
from checks.rollout.pipeline.picking import is_of_lane
from checks.rollout.pipeline.seen import Run
from config.lanes.pipeline import Pipeline

_CANCELS = ("Cancelled", "CancelledRunFinally", "StoppedRunFinally")


def of_lane(runs: PipelineRuns, pipeline: Pipeline) -> Iterator[PipelineRun]:
    """Walk the runs of a lane, by their namespace and by how they are called."""
    named = functools.partial(is_of_lane, pattern=pipeline.run_name)
    runs.listing.ensure_whole(pipeline.namespace, named)
    for one in runs.runs:
        if one.namespace == pipeline.namespace and is_of_lane(one.name, pipeline.run_name):
            yield one


def runs_in(runs: PipelineRuns, pipeline: Pipeline) -> tuple[PipelineRun, ...]:
    """Return the runs of the lane's namespace, of whatever pipeline."""
    runs.listing.ensure_whole(pipeline.namespace)
    return tuple(one for one in runs.runs if one.namespace == pipeline.namespace)


def older(run: Run, runs: PipelineRuns, pipeline: Pipeline) -> tuple[PipelineRun, ...]:
    """Return the runs of a lane that are older than one of it."""
    return tuple(
        one for one in of_lane(runs, pipeline) if one.uid != run.uid and one.created < run.created
    )


def cancelled_before(run: Run, runs: PipelineRuns, pipeline: Pipeline) -> list[str]:
    """Return the older runs of a lane that somebody cancelled, and who, where that is told."""
    return [
        f"{one.name}: {standing_of(one).why}"
        for one in older(run, runs, pipeline)
        if _is_cancelled(one)
    ]


def newer_commits(run: Run, runs: PipelineRuns, pipeline: Pipeline) -> list[str]:
    """Return the names of a lane's runs that are newer, and of another commit."""
    return [
        one.name
        for one in of_lane(runs, pipeline)
        if one.created > run.created and one.param(pipeline.commit_param) != run.commit
    ]


def _is_cancelled(run: PipelineRun) -> bool:
    return run.ordered in _CANCELS or standing_of(run).state is State.CANCELLED
