"""The nodes of a chain: what each asks for, how it makes its link of that, and what may move."""

from collections.abc import Callable, Mapping
from typing import Any

from checks.rollout.chain.linking import Node
from checks.rollout.source.seen import NoTarget, Target
from checks.rollout.source.sightings import target_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Sighting

Looked = Callable[[Profile, Lane], Sighting | tuple[Sighting, ...] | Absent]
ASKED: Mapping[str, Looked] = {
    "target": target_of,
}
"""What is looked at of a lane, by what its nodes ask for it as."""
NODES: tuple[Node, ...] = ()
"""The nodes that lanes have, upstream first."""


def _of_target(seen: Target | NoTarget) -> Mapping[str, str]:
    return {seen.ref: seen.tip} if isinstance(seen, Target) else {}


MOVING: Mapping[str, Callable[[Any], Mapping[str, str]]] = {
    "target": _of_target,
}
"""What may move while it is looked at, and how its refs are read."""
