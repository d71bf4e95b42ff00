"""Applications and AppProjects of Argo CD, as far as they are judged. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime

from checks.rollout.runtime.objects import Condition


@dataclass(frozen=True, slots=True)
class Source:
    """Where an application's manifests come from. `ref` names one that only lends its values."""

    repo_url: str
    target_revision: str
    path: str
    chart: str = ""
    ref: str = ""

    def __str__(self) -> str:
        where = self.chart or self.path
        return f"{self.repo_url} {where} at {self.target_revision or 'HEAD'}"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an application's objects go: a cluster by URL or by name, and a namespace."""

    server: str
    name: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.namespace or 'no namespace'} of {self.server or self.name or 'no cluster'}"


@dataclass(frozen=True, slots=True)
class Revisions:
    """A revision of one source, or of each source in their order; empty ones are not known."""

    each: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(one or "none" for one in self.each) or "none"


@dataclass(frozen=True, slots=True)
class Hook:
    """An object of a sync that is no resource, but runs before, in or after it."""

    kind: str
    name: str
    type: str
    phase: str
    message: str

    def __str__(self) -> str:
        return f"hook {self.kind} {self.name} ({self.type}) {self.phase}: {self.message}"


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation that Argo CD ran last, or runs. What it was asked to sync is not kept."""

    phase: str
    message: str
    started: datetime | None
    finished: datetime | None
    dry_run: bool
    applied: Revisions | None
    """`syncResult.revision(s)`: what was applied last."""
    hooks: tuple[Hook, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """An object that an application manages. `health` is None where nobody wrote it down."""

    group: str
    kind: str
    namespace: str
    name: str
    sync: str
    health: str | None
    hook: bool

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else self._bare

    @property
    def _bare(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Hydration:
    """What the source hydrator does: from a dry commit to a branch of rendered manifests."""

    phase: str
    message: str
    current: str
    """The dry commit of its current operation."""
    last: str
    """The dry commit of its last operation that succeeded."""
    hydrated: str
    """The commit that it wrote then."""


@dataclass(frozen=True, slots=True)
class Application:
    """An Application. `sources` is one, unless `several`, which are aligned with revisions."""

    namespace: str
    name: str
    uid: str
    project: str
    sources: tuple[Source, ...]
    several: bool
    destination: Destination
    generate_paths: str | None
    """`argocd.argoproj.io/manifest-generate-paths`."""
    asked: bool
    """Whether an operation is asked for: `.operation` is there."""
    operation: Operation | None
    reconciled: datetime | None
    sync: str
    compared: Revisions
    compared_sources: tuple[Source, ...]
    """`status.sync.comparedTo`: what the status was told of; none where it does not say."""
    compared_destination: Destination | None
    health: str
    health_message: str
    conditions: tuple[Condition, ...]
    resources: tuple[Resource, ...]
    health_elsewhere: bool
    """Whether resources' health is not written into the status: `resourceHealthSource: appTree`."""
    history: Revisions | None
    images: tuple[str, ...]
    hydration: Hydration | None
    hydrated: bool
    """Whether its source is written by the source hydrator."""
    healthy_since: datetime | None = None
    """`status.health.lastTransitionTime`, where the server tells it."""
    respecified: bool = False
    """Whether `comparedTo` has other parameters of a source (Helm's, Kustomize's) than the spec."""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Other:
    """An Application that is of no lane: where it goes."""

    namespace: str
    name: str
    destination: Destination

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Project:
    """An AppProject, and what it lets its applications do."""

    namespace: str
    name: str
    destinations: tuple[Destination, ...]
    source_repos: tuple[str, ...]
    source_namespaces: tuple[str, ...]
    cluster_kinds: tuple[str, ...]
    """`clusterResourceWhitelist`, as GROUP/KIND."""
    accounts: tuple[str, ...]
    """`destinationServiceAccounts`: what a sync runs as."""

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Definition:
    """A CustomResourceDefinition: whether the API server took it up, and what it serves."""

    name: str
    established: bool
    served: tuple[str, ...]
    """Versions."""
