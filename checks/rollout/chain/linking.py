"""How what was seen of a lane becomes its links, node by node. All pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checks.rollout.links import Link, State
from config.lanes import Lane
from config.model import Absent
from fixtures.outcomes import Unreached, Unseen
from fixtures.vantages import VantageError

Told = Mapping[str, Any]
"""What came of the sightings of a lane, by what they are asked as: observations, `Unseen`,
`Unreached`, or a tuple of these; nothing of what the lane does not have."""


_NOTHING: Mapping[str, Absent] = {}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the chain: what it asks for, and the function that makes its link of that.

    `link` is called with the lane and, in order, what `asks` names: each an observation, or None
    where the lane does not have it or nobody could look; where several are asked for, a tuple of
    those that were seen. `declared` is the field of the lane that may declare the node absent.
    """

    name: str
    asks: tuple[str, ...]
    link: Callable[..., Link]
    declared: str | None = None
    several: frozenset[str] = frozenset()
    """What of `asks` may be looked at in several sightings, or none."""
    rests_on: str | None = None
    """What of `asks` is the node itself: the first, if left out. Without it, the node is absent."""


def links_of(
    lane: Lane, told: Told, nodes: Iterable[Node], absent: Mapping[str, Absent] = _NOTHING
) -> tuple[Link, ...]:
    """Return the link of each node; what is unknown of one does not hide the others.

    `absent` is what nodes ask for and the lane does not have, with the reasons. A reason that
    nodes share is told once, of the first of them.
    """
    return tuple(_each_reason_once(_link(lane, told, node, absent) for node in nodes))


def _each_reason_once(links: Iterable[Link]) -> Iterator[Link]:
    told: dict[str, str] = {}
    for link in links:
        first = told.setdefault(link.why, link.node) if link.state is State.UNKNOWN else link.node
        if link.why and first != link.node:
            yield replace(link, why=f"not looked at for the same reason as {first}")
        else:
            yield link


def _link(lane: Lane, told: Told, node: Node, absent: Mapping[str, Absent]) -> Link:
    declared = getattr(lane, node.declared) if node.declared else None
    gone = declared if isinstance(declared, Absent) else absent.get(node.rests_on or node.asks[0])
    if gone is not None:
        return Link(node.name, State.ABSENT, "", "", gone.absent)
    lost: list[Unseen | Unreached] = []
    asked = [_asked(told.get(name), name in node.several, lost) for name in node.asks]
    try:
        made = node.link(lane, *asked)
    except VantageError as error:  # of a list that tells all but what this lane asks for
        made = Link(node.name, State.UNKNOWN, "", "", "")
        lost.insert(0, Unseen(error.reason, error.mend))
    if lost and made.state not in {State.BROKEN, State.PENDING}:
        return _unknown(lane, made, lost[0])
    if made.state in {State.AGREES, State.SUPERSEDED, State.ABSENT}:
        return made
    return replace(made, mend=made.mend or lane.next_for(made.failure, node.name))


def _asked(seen: Any, several: bool, lost: list[Unseen | Unreached]) -> Any:  # noqa: FBT001
    """Return what the node is told of it, and note what could not be looked at."""
    every = seen if isinstance(seen, tuple) else () if seen is None else (seen,)
    lost += [one for one in every if isinstance(one, Unseen | Unreached)]
    there = tuple(one for one in every if not isinstance(one, Unseen | Unreached))
    if several:
        return there
    return there[0] if there else None


def _unknown(lane: Lane, made: Link, outcome: Unseen | Unreached) -> Link:
    """Say why a node could not be looked at: what was seen of it beside that proves nothing."""
    match outcome:
        case Unseen(reason, mend):
            why, following = f"could not look: {reason}", mend
        case Unreached(needed, refusals):
            saw = "; ".join(one.headline for one in refusals) or needed.name
            why, following = f"not reached: {saw}", lane.next_for(made.node)
    return replace(made, state=State.UNKNOWN, why=why, failure="", mend=following)
