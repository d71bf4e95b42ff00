"""What is seen of a lane's chain: its links, and what moved while they were looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.rollout.chain.standing import broken_of, standing_of
from checks.rollout.links import Link, State
from reports.codec import observation
from reports.links import told_of_all


@dataclass(frozen=True, slots=True)
class Move:
    """A ref that was at one commit, and then at another."""

    ref: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.ref} moved from {self.before} to {self.after}"


@observation
class Round:
    """The links of a lane as one round of looking saw them. Times are UTC."""

    kind: Literal["lane-round"] = "lane-round"
    lane: str
    looked: tuple[Link, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return headline_of(self.lane, self.looked)


@observation
class Still:
    """Nothing that may move had moved when it was looked at again."""

    kind: Literal["lane-still"] = "lane-still"
    lane: str
    refs: tuple[str, ...]
    unread: tuple[str, ...]
    """What could not be looked at twice, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        without = "".join(f"; not read again: {one}" for one in self.unread)
        return f"{self.lane} stood still: {', '.join(self.refs) or 'no ref'} read again{without}"


@observation
class Moved:
    """Something moved while the lane was looked at."""

    kind: Literal["lane-moved"] = "lane-moved"
    lane: str
    moves: tuple[Move, ...]
    refs: tuple[str, ...]
    unread: tuple[str, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.lane} moved: {'; '.join(map(str, self.moves))}"


@observation
class Chain:
    """A lane's chain, as it was looked at last. `moved` is what made it be looked at once more.

    `moving` is what had moved again by then: the links are then of no one moment.
    """

    kind: Literal["lane-chain"] = "lane-chain"
    lane: str
    links: tuple[Link, ...]
    moved: tuple[Move, ...]
    moving: tuple[Move, ...]
    reread: tuple[str, ...]
    """The refs that were read again at the end."""
    unread: tuple[str, ...]
    """Of what moves, what could not be read again, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        return headline_of(self.lane, self.links)

    @property
    def closeout(self) -> tuple[str, ...]:
        """What writes the closeout of the lane, from the run `RUN`."""
        return ("checks.rollout", "closeout", "RUN", self.lane)

    @property
    def broken(self) -> tuple[Link, ...]:
        """The links that are broken, the most upstream one first: it is the cause."""
        return broken_of(self.links)

    @property
    def standing(self) -> State:
        """How the lane stands as a whole."""
        return standing_of(self.links)

    @property
    def missing(self) -> tuple[Link, ...]:
        """The links of what the lane does not have: nothing was looked at there."""
        return tuple(link for link in self.links if link.state is State.ABSENT)

    def link(self, node: str) -> Link | None:
        """Return the link of a node."""
        return next((link for link in self.links if link.node == node), None)


def headline_of(lane: str, links: tuple[Link, ...]) -> str:
    """Say in one line how a lane stands."""
    broken = broken_of(links)
    if broken:
        behind = f", and {len(broken) - 1} behind it" if len(broken) > 1 else ""
        return f"{lane} breaks at {broken[0].node}: {broken[0].failure}{behind}"
    counts = {state: sum(link.state is state for link in links) for state in State}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    if not _is_whole(links):
        return f"{lane} is not proved: {told}"
    missing = [link.node for link in links if link.state is State.ABSENT]
    return f"{lane} {told_of_all([link.node for link in links], missing)} ({told})"


def _is_whole(links: tuple[Link, ...]) -> bool:
    return standing_of(links) in {State.AGREES, State.SUPERSEDED}
