"""Objects of a cluster as they were listed for all of its lanes: what was kept of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.rollout.pipeline.objects import (
    PipelineRun,
    PipelineSpec,
    PodSeen,
    TaskRun,
    TaskSpec,
    Warned,
)
from fixtures.clusters import Listing
from reports.asides import Aside
from reports.codec import observation


@observation
class PipelineRuns:
    """The PipelineRuns of the namespaces that lanes have for them. Times are UTC."""

    kind: Literal["pipeline-runs"] = "pipeline-runs"
    listing: Listing
    runs: tuple[PipelineRun, ...]
    specs: tuple[PipelineSpec, ...]
    """The definitions that they ran, each once."""
    asides: tuple[Aside, ...] = ()

    @property
    def at(self) -> datetime:
        """When the list was asked for."""
        return self.listing.at

    @property
    def clock(self) -> tuple[str, float, float] | None:
        """Whose clock was heard, how many seconds it is ahead, and within how many."""
        return self.listing.clock

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.runs))


@observation
class TaskRuns:
    """The TaskRuns of PipelineRuns. Times are UTC."""

    kind: Literal["task-runs"] = "task-runs"
    listing: Listing
    task_runs: tuple[TaskRun, ...]
    specs: tuple[TaskSpec, ...]
    """The definitions that they ran, each once."""
    asides: tuple[Aside, ...] = ()

    @property
    def at(self) -> datetime:
        """When the list was asked for."""
        return self.listing.at

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.task_runs))


@observation
class RunPods:
    """The pods of TaskRuns. Times are UTC."""

    kind: Literal["run-pods"] = "run-pods"
    listing: Listing
    pods: tuple[PodSeen, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.pods))


@observation
class RunWarnings:
    """The warnings that a cluster has of runs, TaskRuns and their pods. Times are UTC."""

    kind: Literal["run-warnings"] = "run-warnings"
    listing: Listing
    events: tuple[Warned, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.events))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An object as it is told from another of its name. Some kinds have no generation."""

    name: str
    namespace: str
    uid: str
    generation: int | None


@observation
class Identities:
    """The objects of one kind in some namespaces, by what they are told apart by."""

    kind: Literal["identities"] = "identities"
    listing: Listing
    of: str
    """The kind: `Job`."""
    items: tuple[Identity, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A PersistentVolume: its phase, and the claim that it is, or was, of."""

    name: str
    phase: str
    claim_namespace: str
    claim: str
    policy: str


@observation
class Volumes:
    """The PersistentVolumes of a cluster."""

    kind: Literal["volumes"] = "volumes"
    listing: Listing
    volumes: tuple[Volume, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.volumes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Who wrote an object, and how: field managers with their operations, subresources apart."""

    of: str
    name: str
    namespace: str
    managers: tuple[tuple[str, str], ...]
    last_applied: bool
    """Whether it has the annotation in which a client-side apply keeps what it applied."""

    @property
    def is_server_side(self) -> bool:
        """Whether somebody applied it by the server, and nobody by a client."""
        is_of_client = ("kubectl-client-side-apply", "Update") in self.managers
        return not is_of_client and any(how == "Apply" for _, how in self.managers)


@observation
class AppliedSeen:
    """Who wrote the objects of one kind, and how."""

    kind: Literal["applied"] = "applied"
    listing: Listing
    objects: tuple[Applied, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.objects))
