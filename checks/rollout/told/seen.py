"""What a lane's own command told: its JSON as it was written, and how the command ended."""

from datetime import datetime
from typing import Literal

from reports.codec import observation

_SHOWN = 100


@observation
class Told:
    """The JSON that a status command wrote: a tool's word, and nothing that was seen by us.

    Times are UTC; `checks.rollout.told.fields` reads it.
    """

    kind: Literal["told"] = "told"
    name: str
    """The command's name in the profile."""
    tells: str
    """What its JSON is read as: `control-plane`, `git-mirror` and so on."""
    command: str
    prefix: str | None
    """The key below which its answer lies, where it is wrapped."""
    status: int
    """Its exit status."""
    document: str
    """The JSON object, as it was written: what nobody reads is kept too."""
    transcript: str
    """What it wrote on both outputs; the middle of much is left out."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        few = " ".join(self.document.split())
        shown = f"{few[:_SHOWN]}…" if len(few) > _SHOWN else few
        return f"{self.worded}: {shown}"

    @property
    def worded(self) -> str:
        """Whose word it is: for remarks and failures."""
        ended = f", which ended with {self.status}" if self.status else ""
        return f"as `{self.command}` tells{ended}"
