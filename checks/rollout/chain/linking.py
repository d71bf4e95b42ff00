"""How what was seen of a lane becomes its links, node by node. All pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.rollout.links import Link, State
from config.lanes import Lane
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen

Told = Mapping[str, Any]
"""What came of the sightings of a lane, by what they are asked as: observations, `Unseen`,
`Unreached`; nothing of what the lane does not have."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the chain: what it asks for, and the function that makes its link of that.

    `link` is called with the lane and, in order, what `asks` names: each an observation, or None
    where the lane does not have it. `declared` is the field of the lane that may declare the node
    absent. Where something that it asks for could not be looked at, its link is unknown.
    """

    name: str
    asks: tuple[str, ...]
    link: Callable[..., Link]
    declared: str | None = None


def links_of(lane: Lane, told: Told, nodes: Iterable[Node]) -> tuple[Link, ...]:
    """Return the link of each node; what is unknown of one does not hide the others."""
    return tuple(_link(lane, told, node) for node in nodes)


def _link(lane: Lane, told: Told, node: Node) -> Link:
    declared = getattr(lane, node.declared) if node.declared else None
    if isinstance(declared, Absent):
        return Link(node.name, State.ABSENT, "", "", declared.absent)
    asked = [told.get(name) for name in node.asks]
    for one in asked:
        if isinstance(one, Unseen | Unreached):
            return _unknown(lane, node.name, one)
    made = node.link(lane, *asked)
    mend = made.mend or lane.next_for(made.failure, node.name)
    return replace(made, mend=mend) if made.state in {State.BROKEN, State.PENDING} else made


def _unknown(lane: Lane, node: str, outcome: Unseen | Unreached) -> Link:
    """Say why a node could not be looked at."""
    match outcome:
        case Unseen(reason, mend):
            return Link(node, State.UNKNOWN, "", "", f"could not look: {reason}", mend=mend)
        case Unreached(needed, refusals):
            saw = "; ".join(one.headline for one in refusals) or needed.name
            mend = lane.next_for(node)
            return Link(node, State.UNKNOWN, "", "", f"not reached: {saw}", mend=mend)
