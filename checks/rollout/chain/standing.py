"""How the links of a chain stand together. All pure.

The cause is looked for from upstream: the first link that broke. Truth is read from downstream:
what runs counts more than what was published, and that more than what was built.
"""

from collections.abc import Sequence
from dataclasses import replace

from checks.rollout.failures import Failure
from checks.rollout.links import NODES, Link, State
from checks.rollout.source.seen import NoTarget, Target

TRUTH = tuple(reversed(NODES))
"""Whose word counts most: what is live first, what it was made of last."""
LAGS = frozenset(
    {
        Failure.MIRROR_SOURCE_LAG,
        Failure.MIRROR_GITOPS_LAG,
        Failure.PENDING_FLUSH,
        Failure.GITHUB_OUT_OF_SYNC,
        Failure.SOURCE_SNAPSHOT_MISSING,
        Failure.PIPELINERUN_MISMATCH,
        Failure.PIPELINERUN_COMMIT_MISMATCH,
        Failure.CATALOG_SOURCE_MISMATCH,
        Failure.MANIFEST_CATALOG_MISMATCH,
        Failure.DIGEST_ABSENT,
        Failure.ARGO_REVISION_LAG,
        Failure.ARGO_OUTOFSYNC,
        Failure.ARGO_GITOPS_MISMATCH,
        Failure.RUNTIME_LAG,
        Failure.RUNTIME_DIGEST_MISMATCH,
        Failure.BOOT_COMMIT_MISMATCH,
        Failure.MANAGER_SOURCE_MISMATCH,
    }
)
"""What is wrong of a link only because it is not at the target: it may be on its way there."""
_SILENT = frozenset({State.ABSENT, State.UNKNOWN})
_OVERRIDING = (State.BROKEN, State.PENDING, State.UNKNOWN, State.SUPERSEDED, State.AGREES)


def in_order(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return links upstream first; those of unknown nodes last."""
    places = {node: at for at, node in enumerate(NODES)}
    return tuple(sorted(links, key=lambda link: places.get(link.node, len(NODES))))


def broken_of(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links that are broken, the most upstream one first."""
    return tuple(link for link in in_order(links) if link.state is State.BROKEN)


def standing_of(links: Sequence[Link]) -> State:
    """Return how the links stand together: one that is broken counts more than all that agree.

    What is pending is neither, and what is unknown is not proved. Links that are all absent
    prove nothing.
    """
    states = {link.state for link in links}
    return next((state for state in _OVERRIDING if state in states), State.UNKNOWN)


def decided_by(links: Sequence[Link]) -> Link | None:
    """Return the link whose word decides: of the worst state, the one nearest to what runs."""
    standing = standing_of(links)
    fitting = [link for link in in_order(links) if link.state is standing]
    return fitting[-1] if fitting else None


def settled(links: Sequence[Link], target: Target | NoTarget | None) -> tuple[Link, ...]:
    """Return the links as they stand together.

    What only lags behind a link that is still on its way waits for it, and is pending. What is
    ahead, at the tip of the branch, is superseded where the tip is proved to contain the target.
    What is wrong by itself stays broken, whatever is upstream of it.
    """
    waits_for: Link | None = None
    told: list[Link] = []
    for link in in_order(links):
        one = _superseded(link, target)
        if waits_for is not None and _only_lags(one):
            why = f"it waits for {waits_for.node}: {one.why or one.failure}"
            one = replace(one, state=State.PENDING, why=why, failure="", late=False)
        elif waits_for is None and one.state is State.PENDING:
            waits_for = one
        told.append(one)
    return tuple(told)


def to_come(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links as who waits takes them: what was not made yet is on its way.

    Of what is gone, because somebody tidied up, the next link tells that it was there.
    """
    told: list[Link] = []
    ordered = in_order(links)
    for at, one in enumerate(ordered):
        following = (link.state for link in ordered[at + 1 :] if link.state not in _SILENT)
        is_gone = next(following, None) in {State.AGREES, State.SUPERSEDED}
        is_to_come = one.state is State.UNKNOWN and one.late and not is_gone
        why = f"not made yet: {one.observed}" if is_to_come else one.why
        told.append(replace(one, state=State.PENDING, why=why) if is_to_come else one)
    return tuple(told)


def _only_lags(link: Link) -> bool:
    return link.state is State.BROKEN and (link.late or link.failure in LAGS)


def _superseded(link: Link, target: Target | NoTarget | None) -> Link:
    """Return a link that has the tip in the target's place as superseded, if that is proved."""
    if not isinstance(target, Target) or target.ancestry != "contained":
        return link
    if not (_only_lags(link) and target.tip in link.observed):
        return link
    why = f"{target.tip} is the tip of {target.ref}, which is proved to contain {target.commit}"
    return replace(link, state=State.SUPERSEDED, why=why, failure="", late=False)
