"""What is seen of a lane's pipeline that other nodes of the chain go on from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Run:
    """The PipelineRun of a lane's target. Times are UTC.

    `status` and `reason` are those of its condition Succeeded, as they stand there.
    """

    name: str
    namespace: str
    uid: str
    commit: str | None
    """The full commit id that it is pinned to."""
    status: str | None
    reason: str | None
    message: str
    created: datetime
    completed: datetime | None
    at: datetime
    kind: Literal["lane-run"] = field(default="lane-run", init=False)

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"PipelineRun {self.name}: Succeeded={self.status} ({self.reason})"
