"""What is seen of a lane's run, projected from JSON as it is when a cluster is asked."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from checks.rollout.pipeline import gathering
from checks.rollout.pipeline.listed import Identities, Identity, PipelineRuns, TaskRuns
from checks.rollout.pipeline.logs import FailedLogs, StepLog
from checks.rollout.pipeline.projection import project_run, project_task_run
from checks.rollout.pipeline.seen import NoRun, Run, WholeRun
from checks.rollout.pipeline.sightings import sought
from checks.rollout.pipeline.specs import Kept
from checks.rollout.source.seen import Target
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from fixtures.clusters import Listing
from tests.checks.rollout import lanes
from tests.checks.rollout.pipeline import tekton

NOW = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
MEND = "agentrun v01 control-plane status"


def lane(**pipeline: Any) -> Lane:
    """Make a lane of which the pipeline has these fields."""
    fields = {
        "namespace": tekton.NAMESPACE,
        "name": "agentrun-v01-ci-image-publish",
        "service_account": "agentrun-v01-tekton-runner",
        "run_name": tekton.PATTERN,
        "checkout_task": "prepare-source",
        "benchmark": lanes.NONE,
    }
    return lanes.lane(
        pipeline=fields | pipeline, cluster="g14", next={"default": MEND, "pending": "wait"}
    )


def pipeline_of(one: Lane) -> Pipeline:
    assert isinstance(one.pipeline, Pipeline)
    return one.pipeline


def given(one: Lane) -> dict[str, Any]:
    """Return the lane and its pipeline, as checks ask for them."""
    return {"lane": one, "pipeline": pipeline_of(one)}


def listing(of: str = "pipelineruns") -> Listing:
    return Listing(
        cluster="g14",
        of=of,
        namespaces=(tekton.NAMESPACE,),
        listed=1,
        resource_version="1",
        asked=("GET",),
        at=NOW,
    )


def runs(*objects: dict[str, Any]) -> PipelineRuns:
    kept = Kept()
    found = tuple(project_run(_read(one), kept) for one in objects)
    return PipelineRuns(listing=listing(), runs=found, specs=kept.pipelines)


def task_runs(objects: Sequence[dict[str, Any]]) -> TaskRuns:
    kept = Kept()
    found = [project_task_run(_read(one), kept) for one in objects]
    own = tuple(one for one in found if one is not None)
    return TaskRuns(listing=listing("taskruns"), task_runs=own, specs=kept.tasks)


def picked(*objects: dict[str, Any], commit: str = tekton.COMMIT, **pipeline: Any) -> Run | NoRun:
    return gathering.picked(sought(pipeline_of(lane(**pipeline))), commit, runs(*objects))


def run(*objects: dict[str, Any], **pipeline: Any) -> Run:
    found = picked(*(objects or (tekton.pipeline_run(),)), **pipeline)
    assert isinstance(found, Run)
    return found


def whole(
    made: dict[str, Any] | None = None, tasks: Sequence[dict[str, Any]] | None = None
) -> WholeRun:
    """Return what is seen of a run: one that succeeded, if nothing else is said."""
    all_runs = runs(made or tekton.pipeline_run())
    found = gathering.picked(sought(pipeline_of(lane())), tekton.COMMIT, all_runs)
    assert isinstance(found, Run)
    every = task_runs(tekton.task_runs() if tasks is None else tasks)
    return gathering.whole(sought(pipeline_of(lane())), found, all_runs, every)


def logs(**written: str) -> FailedLogs:
    """Return what the failed steps of TaskRuns wrote, by their tasks with `_` for `-`."""
    found = tuple(
        StepLog(
            f"{tekton.NAME}-{task.replace('_', '-')}", "publish", "x-pod", tuple(text.splitlines())
        )
        for task, text in written.items()
    )
    return FailedLogs(run=tekton.NAME, logs=found, at=NOW)


def unread(task: str, why: str) -> FailedLogs:
    """Return what is told of a failed step whose log cannot be read."""
    log = StepLog(f"{tekton.NAME}-{task}", "publish", "x-pod", unread=why)
    return FailedLogs(run=tekton.NAME, logs=(log,), at=NOW)


def target(**changes: Any) -> Target:
    fields: dict[str, Any] = {
        "commit": tekton.COMMIT,
        "tip": tekton.COMMIT,
        "ref": "refs/heads/v0.1",
        "repository": "/nowhere/source.git",
        "authority": "worktree",
        "asked": False,
        "ancestry": "same",
        "why": "",
        "at": NOW,
    }
    return Target(**(fields | changes))


def identities(of: str, *named: str, generation: int | None = 1, again: str = "") -> Identities:
    """Return objects by their names; `again` makes their uids others."""
    items = tuple(
        Identity(name=one, namespace="agentrun-v01", uid=f"{one}{again}", generation=generation)
        for one in named
    )
    return Identities(listing=listing(of.lower() + "s"), of=of, items=items)


def _read(made: dict[str, Any]) -> dict[str, Any]:
    """Return an object as it is read: what is no JSON does not come so far."""
    read: dict[str, Any] = json.loads(json.dumps(made))
    return read
