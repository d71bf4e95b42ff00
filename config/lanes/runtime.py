"""What is expected of a lane's live workloads, and of their health."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Absent, Duration, Model, OrAbsent


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
    commit_env: Text | None = None
    """The variable that holds the source commit. Left out where images hold the source, and not an
    environment (`catalog.env_images`): the image alone tells the commit then."""


class Peripheral(Model):
    """A Deployment beside the lane's own, which is to run as the platform's YAML says."""

    name: ObjectName
    namespace: Namespace
    replicas: int = Field(ge=0)
    """How many are declared: none where it is `blocked`."""
    image: Text
    port: int | None = Field(default=None, ge=1, le=65535)
    blocked: bool = False
    """Whether it must not run now: it has no replicas, and keeps what it needs."""
    config_maps: tuple[ObjectName, ...] = ()
    """What it keeps meanwhile, besides Secrets, of which `secrets.present` tells."""
    claims: tuple[ObjectName, ...] = ()


class Runner(Model):
    """What the lane's manager makes runner Jobs of."""

    manager: ObjectName
    """The Deployment that makes them."""
    selector: Text
    """The labels of the Jobs: `app=agentrun-runner`."""
    env: Mapping[str, str] = {}
    """Variables of the manager, and of what it makes, with their values."""
    commit_env: Text | None = None
    """The variable of the Jobs that holds the source commit; without one, it is not compared."""
    writable_home: OrAbsent[Text]
    """The variable that names the writable folder beside read-only secrets: `CODEX_HOME`."""
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
    lets_in: tuple[Namespace, ...] = ()
    """Namespaces whose accounts its RoleBindings may serve: that of its pipeline."""
    runner: OrAbsent[Runner]
    peripherals: OrAbsent[tuple[Peripheral, ...]] = Absent(
        absent="the lane names no workload beside its own"
    )
    settle: Duration = 5.0
    """After how long Deployments are looked at again: a readiness may be momentary."""
