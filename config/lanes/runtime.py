"""What is expected of a lane's live workloads, and of their health."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Duration, Model, OrAbsent


class Workload(Model):
    """A workload that runs a service of the catalog."""

    kind: Literal["Deployment", "StatefulSet", "DaemonSet"] = "Deployment"
    name: ObjectName
    service: Text | None = None
    """The service of the catalog whose image it runs; without one, its image is not compared."""
    container: Text | None = None
    """The container that runs it; without one, the first."""
    replicas: int | None = Field(default=None, ge=0)
    """How many are declared; without one, any but none."""
    commit_env: Text | None = "AGENTRUN_BOOT_COMMIT"
    """The variable that holds the source commit."""


class Runner(Model):
    """What the lane's manager makes runner Jobs of."""

    manager: ObjectName
    """The Deployment that makes them."""
    selector: Text
    """The labels of the Jobs: `app=agentrun-runner`."""
    env: Mapping[str, str] = {}
    """Variables of the manager, and of what it makes, with their values."""
    commit_env: Text = "AGENTRUN_SOURCE_COMMIT"
    writable_home: Text = "CODEX_HOME"
    """The variable that names the writable folder beside read-only secrets."""
    sessions: OrAbsent[Text]
    """The claim that keeps a session from run to run."""


class Runtime(Model):
    """What runs."""

    namespace: Namespace
    workloads: tuple[Workload, ...] = Field(min_length=1)
    exposure: Literal["none", "declared"] = "none"
    """Whether services may be reached from outside the cluster."""
    prefix: Text | None = None
    """How names of the lane begin; other lanes' names must not be referred to."""
    runner: OrAbsent[Runner]
    settle: Duration = 5.0
    """How long it is looked at whether a momentary readiness lasts."""
