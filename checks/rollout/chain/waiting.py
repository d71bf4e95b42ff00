"""What is not at the target while the lane is still on its way there: pending, and not violated."""

from checks.rollout.chain.seen import Chain
from checks.rollout.links import State
from reports.verdicts import Inconclusive

_MEND = "wait for it: --wait 5m"


def ensure_not_on_its_way(chain: Chain, node: str, saw: str) -> None:
    """Raise `Inconclusive` where what was seen of a node is of a rollout that is under way.

    To be called before a sentence is violated that the target is there. A link that is broken by
    itself is not pending, whatever is upstream of it: see `checks.rollout.chain.standing`.
    """
    link = chain.link(node)
    if link is not None and link.state is State.PENDING:
        raise Inconclusive(f"pending: {saw}; {link.why or f'{node} is on its way'}", _MEND)


def ensure_lane_not_on_its_way(chain: Chain, saw: str) -> None:
    """Raise `Inconclusive` where the lane as a whole is pending, and nothing of it is broken."""
    if chain.standing is State.PENDING:
        told = "; ".join(
            f"{one.node}: {one.why}" for one in chain.links if one.state is State.PENDING
        )
        raise Inconclusive(f"pending: {saw}; {told}", _MEND)
