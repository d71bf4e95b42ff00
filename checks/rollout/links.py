"""The links of a lane's chain: what each node says, beside what the one before it demands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.lanes.failures import CHAIN

NODES = CHAIN
"""The nodes of a chain, upstream first. Truth is read the other way: what runs counts most."""


class State(StrEnum):
    """How a node stands to what the nodes before it demand."""

    AGREES = "agrees"
    SUPERSEDED = "superseded"
    """It has a later commit, which is proved to contain the one that is asked for."""
    BROKEN = "broken"
    PENDING = "pending"
    """It is on its way: nothing is wrong yet, and nothing is proved."""
    UNKNOWN = "unknown"
    """It could not be looked at."""
    ABSENT = "absent"
    """The lane does not have it, and says why."""


@dataclass(frozen=True, slots=True)
class Link:
    """One node of a lane's chain. Times are UTC."""

    node: str
    state: State
    expected: str
    observed: str
    why: str
    """What makes it broken, pending or unknown, in words; empty where it agrees."""
    failure: str = ""
    """The class of what is broken."""
    evidence: str = ""
    """Where the observed value was read: an object and its field, a ref, a URL."""
    mend: str = ""
    """The lane's own next command."""
    at: datetime | None = None
    late: bool = False
    """Whether it is broken, or unknown, only because it is not at the target: it may come there."""
