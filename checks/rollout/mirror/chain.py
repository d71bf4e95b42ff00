"""The link that a lane's mirror is: it has the branch where the source has it."""

from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from checks.rollout.mirror.seen import UpstreamSeen
from checks.rollout.mirror.sightings import gitops_ref_of, source_ref_of
from checks.rollout.source.seen import NoTarget, Target
from checks.wire.refs import RefsSeen
from config.lanes import Lane
from config.model import Absent

NODE = "mirror"


def link(
    lane: Lane,
    target: Target | NoTarget | None,
    refs: RefsSeen | None,
    upstream: UpstreamSeen | None,
) -> Link:
    """Return how the mirror stands to the source; None is for what was not seen, or is absent."""
    if isinstance(lane.mirror, Absent):
        return Link(NODE, State.ABSENT, "", "", lane.mirror.absent)
    if refs is None or not isinstance(target, Target):
        why = "the mirror was not looked at" if refs is None else "there is no target"
        return Link(NODE, State.UNKNOWN, "", "", why)
    ref, gitops = source_ref_of(lane), gitops_ref_of(lane)
    local = refs.commit_of(ref)
    wanted = _wanted(target, local, upstream, ref)
    if local is None or local != wanted:
        why = f"{ref} of the mirror is not where the source is"
        failure = Failure.MIRROR_SOURCE_LAG
        return _broken(lane, str(wanted), str(local), why=why, failure=failure, refs=refs)
    if gitops and upstream and upstream.reached:
        mine, theirs = refs.commit_of(gitops), upstream.commit_of(gitops)
        if mine != theirs:
            why = f"{gitops} of the mirror is not where its upstream's is"
            failure = Failure.MIRROR_GITOPS_LAG
            return _broken(lane, str(theirs), str(mine), why=why, failure=failure, refs=refs)
    evidence = f"{refs.repository} {ref}"
    if upstream is not None and not upstream.reached:
        evidence += f"; its upstream could not be asked: {upstream.why}"
    return Link(NODE, State.AGREES, local, local, "", evidence=evidence, at=refs.at)


def _wanted(
    target: Target, local: str | None, upstream: UpstreamSeen | None, ref: str
) -> str | None:
    """Return where the mirror's branch has to be.

    Of snapshots the tip is the newest one, and the mirror's own: its branch may have gone on.
    """
    if target.authority == "worktree":
        return target.tip
    if upstream is not None and upstream.reached:
        return upstream.commit_of(ref)
    return local or target.tip


def _broken(
    lane: Lane, expected: str, observed: str, *, why: str, failure: Failure, refs: RefsSeen
) -> Link:
    return Link(
        node=NODE,
        state=State.BROKEN,
        expected=expected,
        observed=observed,
        why=why,
        failure=failure,
        evidence=refs.repository,
        mend=lane.next_for(failure, NODE),
        at=refs.at,
    )
