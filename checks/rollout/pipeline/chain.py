"""The link of a lane's pipeline: its run, beside the commit that is to be proved."""

from dataclasses import replace
from datetime import datetime

from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.pipeline import conditions
from checks.rollout.pipeline.conditions import standing_of
from checks.rollout.pipeline.picking import name_of_run
from checks.rollout.pipeline.seen import HeldUp, NoRun, Run
from config.lanes import Lane
from config.model import Absent

NODE = "pipeline"


def link(lane: Lane, run: Run | NoRun | None, held: HeldUp | None = None) -> Link:
    """Return the pipeline's link; `run` is None where the lane, or its cluster, is absent.

    `held` tells what a run that goes on waits for, where that was looked at.
    """
    pipeline = lane.pipeline
    if isinstance(pipeline, Absent):
        return Link(NODE, State.ABSENT, "", "", pipeline.absent)
    if run is None:
        why = lane.cluster.absent if isinstance(lane.cluster, Absent) else "it was not looked at"
        return Link(NODE, State.UNKNOWN, pipeline.run_name, "", why)
    commit = run.commit or ""
    expected = f"{name_of_run(pipeline.run_name, commit)} of {commit}, succeeded"
    if isinstance(run, NoRun):
        return _of_no_run(lane, expected, run)
    return _of_run(lane, expected, run, held)


def _of_no_run(lane: Lane, expected: str, run: NoRun) -> Link:
    evidence = f"PipelineRuns of {run.namespace}"
    if run.named or run.pinned:
        failure = Failure.PIPELINERUN_COMMIT_MISMATCH
        return _made(
            lane, State.BROKEN, expected, run.headline, (run.headline, evidence), run.at, failure
        )
    why = f"evidence-expired, or not made yet: {run.headline}"
    made = _made(lane, State.UNKNOWN, expected, "no run", (why, evidence), run.at)
    return replace(made, late=True)


def _of_run(lane: Lane, expected: str, run: Run, held: HeldUp | None) -> Link:
    stands = standing_of(run)
    observed = f"{run.name} of {run.commit}, {stands.state}"
    evidence = f"PipelineRun {run.namespace}/{run.name} status.conditions[Succeeded]"
    match stands.state:
        case conditions.State.SUCCEEDED:
            return _made(lane, State.AGREES, expected, observed, ("", evidence), run.at)
        case conditions.State.PENDING:
            why = "; ".join((stands.why, *(held.reasons if held else ())))
            return _made(lane, State.PENDING, expected, observed, (why, evidence), run.at)
        case conditions.State.UNKNOWN:
            return _made(lane, State.UNKNOWN, expected, observed, (stands.why, evidence), run.at)
    told = (stands.why, evidence)
    return _made(lane, State.BROKEN, expected, observed, told, run.at, stands.failure)


def _made(  # noqa: PLR0917 - the fields of a link
    lane: Lane,
    state: State,
    expected: str,
    observed: str,
    why: tuple[str, str],
    at: datetime,
    failure: Failure | None = None,
) -> Link:
    keys = [failure] if failure else ["pending"] if state is not State.AGREES else []
    mend = lane.next_for(*keys, NODE) if keys else ""
    return Link(NODE, state, expected, observed, why[0], failure or "", why[1], mend, at)
