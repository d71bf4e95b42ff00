"""What checks of runs share: what is over, what is pending, and what is gone."""

from collections.abc import Iterable

from checks.rollout.pipeline.conditions import State, standing_of
from checks.rollout.pipeline.objects import TaskRun
from checks.rollout.pipeline.plain import matches
from checks.rollout.pipeline.seen import Run, WholeRun
from config.lanes import Lane
from reports.verdicts import Inconclusive

EXPIRED = "keep what a run saw at closeout: its journal holds the run, and --replay judges it"


def ensure_over(run: Run | WholeRun, lane: Lane) -> None:
    """Raise `Inconclusive` for a run that goes on: nothing is wrong yet, and nothing proved."""
    own = run if isinstance(run, Run) else run.run
    stands = standing_of(own)
    if stands.state in (State.PENDING, State.UNKNOWN):
        word = "pending: " if stands.state is State.PENDING else ""
        raise Inconclusive(
            f"{word}PipelineRun {own.name}: {stands.why}", lane.next_for("pending", "pipeline")
        )


def ended(whole: WholeRun, lane: Lane, *tasks: str) -> tuple[TaskRun, ...]:
    """Return the TaskRuns of pipeline tasks, all of them over and well.

    Raises `Inconclusive` where they are gone, go on, have failed, or never were: another check
    says which tasks have to be there, and how they have to end.
    """
    found = whole.of(*tasks)
    words = " or ".join(tasks)
    if not found or any(matches(one, tasks) for one in whole.lost):
        raise Inconclusive(*_why_none(whole, lane, tasks, words))
    for one in found:
        stands = standing_of(one)
        if stands.state is not State.SUCCEEDED:
            word = "pending: " if stands.state is State.PENDING else ""
            raise Inconclusive(
                f"{word}TaskRun {one.name} of {words}: {stands.why}",
                lane.next_for("pending", "pipeline"),
            )
    return found


def ensure_resolved(whole: WholeRun, lane: Lane) -> None:
    """Raise `Inconclusive` where it is not known what ran: nothing may be said to be missing."""
    if whole.lost:
        raise Inconclusive(_gone(whole, whole.lost), EXPIRED)
    is_begun = whole.definition is not None
    if not is_begun or whole.unresolved:
        what = f"what {listed(whole.unresolved)} runs" if is_begun else "its pipeline"
        is_pending = standing_of(whole.run).state is State.PENDING
        raise Inconclusive(
            f"{'pending: ' * is_pending}{whole.run.name}: {what} was never resolved",
            lane.next_for("pending", "pipeline"),
        )


def listed(names: Iterable[str]) -> str:
    """Return names as a list for people."""
    return ", ".join(names) or "none"


def _why_none(whole: WholeRun, lane: Lane, tasks: tuple[str, ...], words: str) -> tuple[str, str]:
    lost = [one for one in whole.lost if matches(one, tasks)]
    if lost:
        return _gone(whole, lost), EXPIRED
    skipped = next((one for one in whole.run.skipped if matches(one.task, tasks)), None)
    if skipped:
        return f"{skipped.task} was skipped: {skipped.reason}", lane.next_for("pipeline")
    stands = standing_of(whole.run)
    if stands.state is State.PENDING:
        return f"pending: no TaskRun of {words} yet: {stands.why}", lane.next_for("pipeline")
    return (
        f"{whole.run.name} has no TaskRun of {words}; it has {listed(whole.names)}",
        "correct the task's name in the profile, or look at the pipeline",
    )


def _gone(whole: WholeRun, tasks: Iterable[str]) -> str:
    return (
        f"evidence-expired: {whole.run.name} made TaskRuns of {listed(tasks)},"
        " and they are no longer there"
    )
