"""What is seen of a lane's catalog that other nodes of the chain go on from."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Published:
    """A service as the catalog has it; what it leaves out is None."""

    service: str
    repository: str | None
    """Of its image: `127.0.0.1:5000/agentrun/agentrun-mgr-env`."""
    tag: str | None
    digest: str | None
    """`sha256:` and 64 hex digits."""
    env_identity: str | None
    boot_commit: str | None
    status: str | None
    """`built` or `reused`."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The catalog at one commit of the GitOps branch. Times are UTC."""

    path: str
    commit: str
    """The commit of the GitOps branch at which it was read."""
    source_commit: str | None
    services: tuple[Published, ...]
    at: datetime
    kind: Literal["catalog"] = field(default="catalog", init=False)

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"{self.path} at {self.commit} is of {self.source_commit or 'no commit it names'}"


@dataclass(frozen=True, slots=True)
class Head:
    """The commit of a lane's GitOps branch. Times are UTC."""

    ref: str
    commit: str
    at: datetime
    kind: Literal["gitops-head"] = field(default="gitops-head", init=False)

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"{self.ref} is at {self.commit}"
