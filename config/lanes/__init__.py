"""Lanes: what is expected of the way from a source branch to the pods that run it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.lanes.argo import Argo
from config.lanes.catalog import Catalog, GitOps, Registry
from config.lanes.closeout import Closeout
from config.lanes.control import ControlPlane
from config.lanes.health import Health
from config.lanes.mirror import Mirror
from config.lanes.observability import Observability
from config.lanes.pipeline import Pipeline
from config.lanes.runtime import Runtime
from config.lanes.secrets import LaneSecrets
from config.lanes.source import SourceBranch
from config.lanes.told import StatusCommand
from config.lanes.words import Text
from config.model import Absent, Model, OrAbsent
from config.vantages import Name

Many = Annotated[tuple[Health, ...], Field(min_length=1)]
Commands = Annotated[tuple[StatusCommand, ...], Field(min_length=1)]


class Retired(Model):
    """Names that belong to what was before, and must not be used."""

    names: tuple[Text, ...] = ()
    """Identifiers: `agentrun_dev`; the same with dashes is remarked."""
    origins: tuple[Text, ...] = ()
    """Branches, folders, hosts and kinds of vantages that are no evidence: `master`,
    `/root/agentrun`, `/tmp`, `docker`."""
    documents: Literal["review", "refuse"] = "review"
    """What a document is that names them outside of history: to be read by somebody, or wrong."""
    allowed_in: tuple[Text, ...] = ()
    """Headings, or words of a line, by which a document tells of history."""


class Lane(Model):
    """One way from a source branch to the pods that run it.

    What a lane does not have is declared absent, with the reason: nothing is passed over.
    """

    name: Name
    lane: Name
    """How its own tools call it: `v01`."""
    node: Name | None = None
    """The machine that it runs on, as `--node` selects it: `D601`."""
    cluster: OrAbsent[Name]
    """The name of one of the profile's clusters."""
    truth: Literal["deploy-json", "yaml-lane"]
    """What says what is to run: a deploy.json of the source branch, or the platform's YAML."""
    vantage: Name | None = None
    """Where git, registry and endpoints are asked from; the first near vantage, if left out."""
    source: SourceBranch
    mirror: OrAbsent[Mirror]
    pipeline: OrAbsent[Pipeline]
    catalog: OrAbsent[Catalog]
    gitops: OrAbsent[GitOps]
    registry: OrAbsent[Registry]
    argo: OrAbsent[Argo]
    runtime: OrAbsent[Runtime]
    health: OrAbsent[Many]
    secrets: OrAbsent[LaneSecrets]
    observability: OrAbsent[Observability]
    told: OrAbsent[Commands]
    """The lane's own status commands."""
    closeout: OrAbsent[Closeout]
    control: OrAbsent[ControlPlane] = Absent(
        absent="the lane does not say what its control plane is rendered from"
    )
    retired: Retired = Retired()
    next: Mapping[str, Text] = {}
    """The lane's own next commands: by class of failure, by node, or `default`.

    What their keys may be is in `config.lanes.failures`."""

    @model_validator(mode="after")
    def _environments_tell_their_commit(self) -> "Lane":
        if not isinstance(self.catalog, Catalog) or not isinstance(self.runtime, Runtime):
            return self
        for one in self.runtime.workloads:
            if self.catalog.env_images and one.service and not one.commit_env:
                raise ValueError(
                    f"the workload {one.name} runs an environment, whose image is the same for many"
                    " commits: name the variable that holds the commit (commit_env), or say that"
                    " images hold the source (catalog: env_images: false)"
                )
        return self

    def __str__(self) -> str:
        return self.name

    def next_for(self, *keys: str) -> str:
        """Return the lane's command for the first of the keys that has one; else its default."""
        return next((self.next[key] for key in (*keys, "default") if key in self.next), "")
