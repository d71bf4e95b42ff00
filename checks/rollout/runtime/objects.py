"""Objects of a namespace, as far as they are judged. Times are UTC; pairs are sorted by name."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who made an object, and takes it along when it goes."""

    kind: str
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Manager:
    """Who wrote which fields: an entry of `metadata.managedFields`, without its values.

    `fields` are the paths below `spec` that it manages, joined by dots: the first few, and those
    of annotations of the template, by which pods are restarted. There are so many `more`.
    """

    name: str
    operation: str
    subresource: str
    at: datetime | None
    fields: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Meta:
    """What every object has. `tracking` is what Argo CD wrote on it: an id, or a label's value."""

    namespace: str
    name: str
    uid: str
    generation: int
    created: datetime | None
    deleting: bool
    labels: Pairs
    tracking: str | None
    instance: str | None
    owners: tuple[Owner, ...]

    def label(self, name: str) -> str | None:
        """Return the value of a label."""
        return dict(self.labels).get(name)

    @property
    def owner_uids(self) -> frozenset[str]:
        return frozenset(one.uid for one in self.owners)

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of an object's status, as it stands there."""

    type: str
    status: str
    reason: str
    message: str
    updated: datetime | None
    """`lastUpdateTime`, or `lastTransitionTime` where there is none."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod, or of a template.

    `env` are the variables whose value is written out, and whose name is not that of a secret;
    of the `others` only the names are kept.
    """

    name: str
    image: str
    env: Pairs
    others: tuple[str, ...]
    host_ports: tuple[int, ...]
    ports: tuple[int, ...]
    mounts: tuple[str, ...]
    """Names of the volumes that it mounts."""
    init: bool = False
    installs: tuple[str, ...] = ()
    """What its command installs, of the installers that are known; the command is not kept."""

    def variable(self, name: str) -> str | None:
        """Return the plain value of a variable."""
        return dict(self.env).get(name)


@dataclass(frozen=True, slots=True)
class PodSpec:
    """What a pod is made of, and what it refers to. The first containers are not those of init."""

    containers: tuple[Container, ...]
    service_account: str
    host_network: bool
    claims_by_volume: Pairs
    """Volumes, each with the claim behind it."""
    config_maps: tuple[str, ...]

    @property
    def bare(self) -> "PodSpec":
        """The same without variables."""
        return replace(
            self, containers=tuple(replace(one, env=(), others=()) for one in self.containers)
        )

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(claim for _, claim in self.claims_by_volume))

    def container(self, name: str | None) -> Container | None:
        """Return the container of that name, or the first."""
        every = self.containers if name else tuple(one for one in self.containers if not one.init)
        return next((one for one in every if name in (None, one.name)), None)


@dataclass(frozen=True, slots=True)
class Deployment:
    """A Deployment. `replicas` is None where its spec leaves it out, which means one."""

    meta: Meta
    replicas: int | None
    paused: bool
    revision: str | None
    """`deployment.kubernetes.io/revision`: of the ReplicaSet that is to run."""
    restarted: str | None
    """`kubectl.kubernetes.io/restartedAt` of its pods' template."""
    template: PodSpec
    observed_generation: int
    total: int
    updated: int
    ready: int
    available: int
    conditions: tuple[Condition, ...]
    managers: tuple[Manager, ...]
    whole: bool = True
    """Whether all of it was kept: no variables, conditions and managers of one that no lane names,
    and whoever judges it by these has to be told so."""

    def condition(self, kind: str) -> Condition | None:
        """Return the condition of a type."""
        return next((one for one in self.conditions if one.type == kind), None)


@dataclass(frozen=True, slots=True)
class StatefulSet:
    """A StatefulSet. `rolling` tells whether its strategy has a part `rollingUpdate`."""

    meta: Meta
    replicas: int | None
    strategy: str
    rolling: bool
    partition: int | None
    restarted: str | None
    template: PodSpec
    observed_generation: int
    ready: int
    updated: int
    current_revision: str
    update_revision: str
    managers: tuple[Manager, ...]


@dataclass(frozen=True, slots=True)
class DaemonSet:
    """A DaemonSet."""

    meta: Meta
    strategy: str
    restarted: str | None
    template: PodSpec
    observed_generation: int
    desired: int
    updated: int
    available: int
    managers: tuple[Manager, ...]


Workload = Deployment | StatefulSet | DaemonSet


@dataclass(frozen=True, slots=True)
class ReplicaSet:
    """A ReplicaSet, with the revision of the Deployment that it is of."""

    meta: Meta
    revision: str | None
    replicas: int


@dataclass(frozen=True, slots=True)
class ContainerState:
    """How a container of a pod is. `image_id` is as the node's runtime tells it."""

    name: str
    image: str
    image_id: str
    ready: bool
    restarts: int
    state: Literal["running", "waiting", "terminated", "unknown"]
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod."""

    meta: Meta
    phase: str
    reason: str
    """`Evicted`, where it was."""
    spec: PodSpec
    conditions: tuple[Condition, ...]
    containers: tuple[ContainerState, ...]
    node: str

    def condition(self, kind: str) -> Condition | None:
        """Return the condition of a type."""
        return next((one for one in self.conditions if one.type == kind), None)

    @property
    def is_ready(self) -> bool:
        ready = self.condition("Ready")
        return ready is not None and ready.status == "True" and not self.meta.deleting

    @property
    def is_over(self) -> bool:
        return self.phase in ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Job:
    """A Job. `hook` is Argo CD's, where it is one: `PreSync`."""

    meta: Meta
    hook: str | None
    template: PodSpec
    active: int
    succeeded: int
    failed: int
    conditions: tuple[Condition, ...]

    @property
    def broken(self) -> Condition | None:
        """The condition by which it has failed."""
        return next((c for c in self.conditions if c.type == "Failed" and c.status == "True"), None)


@dataclass(frozen=True, slots=True)
class Service:
    """A Service, and by what it can be reached from outside of the cluster."""

    meta: Meta
    type: str
    node_ports: tuple[int, ...]
    external: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ingress:
    """An Ingress, and the hosts that it answers for; `*` is any."""

    meta: Meta
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """An event. `source` is who tells it."""

    namespace: str
    type: str
    reason: str
    message: str
    about_kind: str
    about_name: str
    source: str
    count: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a binding gives something: a ServiceAccount with its namespace, a user, a group."""

    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A RoleBinding, or a ClusterRoleBinding, which has no namespace."""

    meta: Meta
    role_kind: str
    role: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """An object that has to be there, and no more: a ServiceAccount, a claim, a ConfigMap."""

    meta: Meta
    refers: tuple[str, ...] = ()
    """Names that it refers to: the volume of a claim."""


@dataclass(frozen=True, slots=True)
class Space:
    """A Namespace."""

    name: str
    phase: str
    created: datetime | None
    deleting: bool
