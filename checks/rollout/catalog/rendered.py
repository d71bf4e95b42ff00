"""What came of rendering a lane's manifests anew."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Differing:
    """A file that is not the same on the branch and as it was rendered; `how` says in words."""

    path: str
    how: str

    def __str__(self) -> str:
        return f"{self.path} {self.how}"


@observation
class Rendered:
    """The manifests were rendered, and compared with the GitOps branch."""

    kind: Literal["gitops-rendered"] = "gitops-rendered"
    commit: str
    """The source commit that was rendered."""
    gitops: str
    files: int
    differing: tuple[Differing, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.files} files of {self.commit[:12]} rendered: {len(self.differing)} differ"


@observation
class NotRendered:
    """The lane's command did not render that commit."""

    kind: Literal["gitops-not-rendered"] = "gitops-not-rendered"
    commit: str
    status: int
    words: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"rendering {self.commit[:12]} ended with {self.status}: {self.words}"
