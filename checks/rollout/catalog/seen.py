"""What is seen of a lane's catalog that other nodes of the chain go on from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class ImageRef:
    """Of what an image is built: a Dockerfile of a repository at a commit."""

    kind: str | None = None
    repo_url: str | None = None
    commit: str | None = None
    dockerfile: str | None = None


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
    """`built` or `reused`, as it stands there."""
    image_ref: ImageRef = ImageRef()
    repository_digest: str | None = None
    """`REPOSITORY@sha256:...`."""
    toolchain: tuple[tuple[str, str], ...] = ()
    """The toolchain's inputs by name; values as JSON, long ones as their digest."""
    decided_by: str | None = None
    """What the catalog says that it was reused by."""
    missing: tuple[str, ...] = ()
    """What it has to name, and does not."""
    odd: tuple[str, ...] = ()
    """What it names, and cannot be: a digest that is none."""

    @property
    def pinned(self) -> str | None:
        """The image as a manifest has to pin it."""
        if self.repository is None or self.digest is None:
            return None
        return f"{self.repository}@{self.digest}"


@observation
class Catalog:
    """The catalog at one commit of the GitOps branch. Times are UTC."""

    kind: Literal["catalog"] = "catalog"
    path: str
    commit: str
    """The commit of the GitOps branch at which it was read."""
    source_commit: str | None
    services: tuple[Published, ...]
    at: datetime
    lane: str | None = None
    source_branch: str | None = None
    gitops_branch: str | None = None
    missing: tuple[str, ...] = ()
    """What it has to name of itself, and does not."""
    odd: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        return f"{self.path} at {self.commit} is of {self.source_commit or 'no commit it names'}"

    def service(self, name: str) -> Published | None:
        """Return a service by its name; None where the catalog has none of it."""
        return next((one for one in self.services if one.service == name), None)


@observation
class NoCatalog:
    """There is no catalog at that commit of the GitOps branch, or what stands there is none."""

    kind: Literal["no-catalog"] = "no-catalog"
    path: str
    commit: str
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        at = f" at {self.commit[:12]}" if self.commit else ""
        return f"no catalog{at}: {self.why}"


@observation
class EarlierCatalogs:
    """The catalogs that stood there before, the newest first; `whole` if there were no more."""

    kind: Literal["earlier-catalogs"] = "earlier-catalogs"
    path: str
    commit: str
    """That of the GitOps branch from which they were looked for."""
    catalogs: tuple[Catalog, ...]
    unread: tuple[str, ...]
    """Commits at which what stood there was no catalog, and why."""
    whole: bool
    shallow: bool
    at: datetime
    made: str | None = None
    """The commit that wrote what stands there now."""
    before: str | None = None
    """The commit that had written what stood there before."""

    @property
    def headline(self) -> str:
        return f"{len(self.catalogs)} earlier versions of {self.path}"

    @property
    def is_all(self) -> bool:
        """Whether every catalog that ever stood there was read."""
        return self.whole and not self.shallow and not self.unread


@observation
class Head:
    """The commit of a lane's GitOps branch. Times are UTC."""

    kind: Literal["gitops-head"] = "gitops-head"
    repository: str
    ref: str
    commit: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.ref} is at {self.commit}"


@observation
class NoHead:
    """The repository has no such branch."""

    kind: Literal["no-gitops-head"] = "no-gitops-head"
    repository: str
    ref: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.repository} has no {self.ref}"
