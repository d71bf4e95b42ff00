"""The link that a lane's source is: the commit to be proved, and where the branch is now."""

from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.source.seen import NoTarget, Target
from checks.wire.worktrees import WorktreeSeen
from config.lanes import Lane

NODE = "source"


def link(lane: Lane, target: Target | NoTarget | None, worktree: WorktreeSeen | None) -> Link:
    """Return how the source stands; None is for what was not seen, or is absent."""
    if target is None:
        return Link(NODE, State.UNKNOWN, lane.source.branch, "", "the target was not looked at")
    if isinstance(target, NoTarget):
        kept = target.authority == "snapshot"
        failure = Failure.SOURCE_SNAPSHOT_MISSING if kept else Failure.SOURCE_REF_MISSING
        return _broken(lane, target.ref, "nothing", why=target.why, failure=failure, seen=target)
    if target.ancestry == "not-contained":
        why = f"{target.ref} does not have it in its history"
        failure = Failure.BRANCH_DRIFT_NOT_ANCESTOR
        return _broken(lane, target.commit, target.tip, why=why, failure=failure, seen=target)
    if worktree is not None and (wrong := _astray(lane, target, worktree)):
        why, failure = wrong
        return _broken(lane, target.tip, worktree.headline, why=why, failure=failure, seen=target)
    state, why = State.AGREES, ""
    if target.ancestry == "contained":
        state, why = State.SUPERSEDED, f"{target.tip} goes on from it"
    if target.ancestry == "unknown":
        state, why = State.UNKNOWN, f"{Failure.EVIDENCE_MISSING_OBJECT}: {target.why}"
    evidence = f"{target.repository} {target.ref}"
    return Link(NODE, state, target.commit, target.tip, why, evidence=evidence, at=target.at)


def _astray(lane: Lane, target: Target, worktree: WorktreeSeen) -> tuple[str, Failure] | None:
    """Return why the worktree is not where the branch is, or is not clean."""
    if target.authority != "worktree":
        return None
    if worktree.branch != lane.source.branch or worktree.commit != target.tip:
        return f"{worktree.path} is at {worktree.commit}", Failure.SOURCE_WORKTREE_DIVERGED
    if worktree.entries:
        said = f"{len(worktree.entries)} entries in {worktree.path}"
        return said, Failure.SOURCE_WORKTREE_DIRTY
    return None


def _broken(
    lane: Lane, expected: str, observed: str, *, why: str, failure: Failure, seen: Target | NoTarget
) -> Link:
    return Link(
        node=NODE,
        state=State.BROKEN,
        expected=expected,
        observed=observed,
        why=why,
        failure=failure,
        evidence=seen.ref,
        mend=lane.next_for(failure, NODE),
        at=seen.at,
    )
