"""What is seen of a lane's GitOps branch: its manifests, its secrets, what promotions wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.rollout.catalog.leaks import Leak
from checks.rollout.catalog.manifests import ImageUse, Installing, Spec
from reports.codec import observation

Stands = Literal["same", "newer", "older", "apart", "unknown"]


@observation
class Manifests:
    """The manifests below the lane's folder at one commit of the GitOps branch."""

    kind: Literal["gitops-manifests"] = "gitops-manifests"
    commit: str
    path: str
    files: int
    objects: int
    images: tuple[ImageUse, ...]
    installing: tuple[Installing, ...]
    specs: tuple[Spec, ...]
    unread: tuple[str, ...]
    """Files that could not be read as manifests, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        return (
            f"{self.path} at {self.commit[:12]}: {self.files} files, {self.objects} objects,"
            f" {len(self.images)} containers"
        )


@observation
class Searched:
    """The whole GitOps branch at one commit, and what promotions changed, searched for secrets."""

    kind: Literal["gitops-searched"] = "gitops-searched"
    commit: str
    files: int
    """Of the commit's tree, and of what was changed before."""
    commits: int
    """Those whose changes were looked at."""
    leaks: tuple[Leak, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.files} files at {self.commit[:12]}: {len(self.leaks)} secret values"


@dataclass(frozen=True, slots=True)
class Written:
    """A commit of the GitOps branch, and the paths that it changed."""

    commit: str
    committer: str
    paths: tuple[str, ...]


@observation
class Promotions:
    """The commits that followed the catalog before the present one, the newest first."""

    kind: Literal["gitops-promotions"] = "gitops-promotions"
    commit: str
    since: str | None
    written: tuple[Written, ...]
    whole: bool
    """Whether all of them were read; the newest are."""
    at: datetime

    @property
    def headline(self) -> str:
        since = self.since[:12] if self.since else "the beginning"
        return f"{len(self.written)} commits of {since}..{self.commit[:12]}"


@dataclass(frozen=True, slots=True)
class Readable:
    """An imageRef's Dockerfile, asked of the mirror."""

    of: str
    place: str
    """`COMMIT:PATH`, as git has it."""
    state: Literal["there", "no-commit", "no-file", "elsewhere"]


@observation
class Specs:
    """The specs of the source tree that say of what images are built."""

    kind: Literal["imageref-specs"] = "imageref-specs"
    commit: str
    specs: tuple[Spec, ...]
    unread: tuple[str, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{len(self.specs)} specs with an imageRef at {self.commit[:12]}"


@observation
class ImageRefsRead:
    """Whether the Dockerfiles that imageRefs name can be read through the mirror."""

    kind: Literal["imagerefs-read"] = "imagerefs-read"
    repository: str
    read: tuple[Readable, ...]
    at: datetime

    @property
    def headline(self) -> str:
        there = sum(one.state == "there" for one in self.read)
        return f"{there} of {len(self.read)} imageRefs can be read from {self.repository}"


@observation
class InputsChanged:
    """What differs of the source tree between the commits of two catalogs."""

    kind: Literal["identity-inputs"] = "identity-inputs"
    older: str
    newer: str
    paths: tuple[str, ...]
    """Of the files of which an environment's identity is made."""
    at: datetime

    @property
    def headline(self) -> str:
        few = ", ".join(self.paths[:5]) or "none"
        return f"inputs that changed from {self.older[:12]} to {self.newer[:12]}: {few}"


@observation
class NoInputs:
    """There are no two commits between which inputs could have changed."""

    kind: Literal["no-identity-inputs"] = "no-identity-inputs"
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return self.why


@observation
class Standing:
    """How the catalog's source commit stands to the one that is to be proved."""

    kind: Literal["catalog-standing"] = "catalog-standing"
    target: str
    commit: str | None
    stands: Stands
    """`newer`: its history holds the target; `older`: the target's history holds it."""
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"the catalog is of {self.commit}, which is {self.stands} as the target"
