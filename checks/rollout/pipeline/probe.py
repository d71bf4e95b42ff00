"""A lane's run: picked out of what was listed, and put together with all that it made.

Nobody is asked anything here: deadlines are of the lists.
"""

from checks.rollout.pipeline import gathering
from checks.rollout.pipeline.gathering import Sought
from checks.rollout.pipeline.listed import PipelineRuns, RunPods, RunWarnings, TaskRuns
from checks.rollout.pipeline.seen import HeldUp, NoRun, PodsOfRun, Run, WholeRun
from checks.rollout.source.seen import Target
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage


@by_hand(lambda sought: f"kubectl -n {sought.namespace} get pipelineruns.v1.tekton.dev", here=True)
async def pick_run(
    sought: Sought,
    _: Vantage,
    target: Target,
    runs: PipelineRuns,
    *,
    deadline: float,  # noqa: ARG001
) -> Run | NoRun:
    """Pick the run of the commit that is to be proved, of all that were listed."""
    return gathering.picked(sought, target.commit, runs)


@by_hand(
    lambda sought: f"kubectl -n {sought.namespace} get taskruns.v1.tekton.dev -o yaml", here=True
)
async def gather_run(
    sought: Sought,
    _: Vantage,
    run: Run,
    runs: PipelineRuns,
    task_runs: TaskRuns,
    *,
    deadline: float,  # noqa: ARG001
) -> WholeRun:
    """Put a run together with its TaskRuns and what they ran."""
    return gathering.whole(sought, run, runs, task_runs)


@by_hand(
    lambda sought: f"kubectl -n {sought.namespace} get pods -l tekton.dev/pipelineRun", here=True
)
async def gather_pods(
    _sought: Sought,
    _: Vantage,
    run: WholeRun,
    pods: RunPods,
    *,
    deadline: float,  # noqa: ARG001
) -> PodsOfRun:
    """Find the pods of a run."""
    return gathering.pods_of(run, pods)


@by_hand(
    lambda sought: f"kubectl -n {sought.namespace} get events --field-selector type=Warning",
    here=True,
)
async def see_what_holds_up(
    _sought: Sought,
    _: Vantage,
    run: WholeRun,
    pods: PodsOfRun,
    warnings: RunWarnings,
    *,
    deadline: float,  # noqa: ARG001
) -> HeldUp:
    """Find what keeps a run from going on."""
    return gathering.held_up(run, pods, warnings)
