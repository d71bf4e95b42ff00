"""What is seen of a lane's source that other nodes of the chain go on from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """The commit that a lane has to have carried through. Times are UTC.

    `asked` says that the profile names it; otherwise it is the tip. `ancestry` is how the tip
    stands to it: the same, proved to contain it, proved not to, or unknown, for the reason `why`.
    """

    commit: str
    tip: str
    ref: str
    """The ref whose tip it is, as the authority calls it."""
    authority: Literal["worktree", "snapshot"]
    asked: bool
    ancestry: Literal["same", "contained", "not-contained", "unknown"]
    why: str
    at: datetime
    kind: Literal["target"] = field(default="target", init=False)

    @property
    def headline(self) -> str:
        """One line for people."""
        tip = "" if self.tip == self.commit else f"; the tip is {self.tip} ({self.ancestry})"
        return f"the target is {self.commit} of {self.ref}{tip}"


@dataclass(frozen=True, slots=True)
class NoTarget:
    """There is no commit to prove: the branch, or its snapshot, is not there."""

    why: str
    at: datetime
    kind: Literal["no-target"] = field(default="no-target", init=False)

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"there is no target: {self.why}"
