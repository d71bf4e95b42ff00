"""What is seen of a lane's mirror: what it gives, what its upstream has, and what flushes did."""

from datetime import datetime
from typing import Literal

from checks.wire.objects import Stands
from checks.wire.refs import Ref
from reports.codec import observation


@observation
class UpstreamSeen:
    """The branches that the mirror's upstream has, asked of itself. Times are UTC.

    That nobody could reach it is kept: then a cache of them is all there is, and said to be one.
    """

    kind: Literal["mirror-upstream"] = "mirror-upstream"
    repository: str
    reached: bool
    why: str
    """Why it could not be asked; empty where it was."""
    refs: tuple[Ref, ...]
    at: datetime

    @property
    def headline(self) -> str:
        if not self.reached:
            return f"{self.repository} could not be asked: {self.why}"
        few = ", ".join(f"{one.name} {one.commit[:12]}" for one in self.refs)
        return f"{self.repository}: {few or 'none of these refs'}"

    def commit_of(self, name: str) -> str | None:
        """Return the full commit id of a ref by its full name; None where there is none."""
        return next((one.commit for one in self.refs if one.name == name), None)


@observation
class ExactFetch:
    """A shallow fetch of one commit by its full id. Times are UTC; `seconds` are its own."""

    kind: Literal["exact-fetch"] = "exact-fetch"
    repository: str
    commit: str
    fetched: bool
    words: str
    """The server's refusal, in git's words."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        how = "was fetched by its id" if self.fetched else f"was refused: {self.words}"
        return f"{self.commit[:12]} {how} from {self.repository}"


@observation
class FlushSeen:
    """Whether the mirror's GitOps branch goes on from what its upstream has. Times are UTC."""

    kind: Literal["mirror-flush"] = "mirror-flush"
    ref: str
    older: str
    """What the upstream has, or, where nobody could ask it, what the mirror last saw of it."""
    newer: str
    """What the mirror has."""
    cached: bool
    stands: Stands
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        why = f": {self.why}" if self.why else ""
        return f"{self.ref}: {self.older[:12]} in {self.newer[:12]}: {self.stands}{why}"


@observation
class GateSeen:
    """Where the files that define the mirror name a gate that was removed. Times are UTC."""

    kind: Literal["mirror-gate"] = "mirror-gate"
    commit: str
    files: int
    found: tuple[str, ...]
    """`PATH:LINE: text`, each."""
    at: datetime

    @property
    def headline(self) -> str:
        return f"{len(self.found)} lines of {self.files} files name a removed gate"
