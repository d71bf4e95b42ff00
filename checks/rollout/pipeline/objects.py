"""What is kept of Tekton's objects: what is judged of a run, its tasks and their steps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

ValueType = Literal["string", "array", "object"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A parameter or a result. Of an array or an object `text` is its JSON."""

    name: str
    type: ValueType
    text: str

    @property
    def plain(self) -> Any:
        """What it stands for: text, a list, or a mapping; text that is JSON stays text."""
        return self.text if self.type == "string" else json.loads(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The condition `Succeeded` of a run, as it stands there."""

    status: str
    reason: str
    message: str
    since: datetime | None
    """When its status last changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What a run says of an object that it made: `task` is the pipeline task's name."""

    kind: str
    name: str
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A pipeline task that a run left out, and why."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """A variable of a step. `value` is None where it is taken from elsewhere, a Secret perhaps."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What runs in one container: its image, all that it is told, and what it may do."""

    name: str
    image: str
    words: str
    """Its command, arguments and script, a line each."""
    env: tuple[Env, ...]
    privileged: bool
    sidecar: bool
    sourced: bool = False
    """Whether it also has all variables of a ConfigMap, or of a Secret (`envFrom`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """The steps and sidecars of a task, and the volumes they share."""

    steps: tuple[Step, ...]
    defaults: tuple[Value, ...]
    """What its parameters are where nothing is said of them."""
    volumes: tuple[str, ...]
    """In words: `hostPath /var/run`, `persistentVolumeClaim cache`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineTask:
    """One task of a pipeline. `spec` is None where it only refers to one, by the name `ref`."""

    name: str
    ref: str
    spec: TaskSpec | None
    params: tuple[Value, ...]
    final: bool
    """Whether it runs at the end, whatever came before it."""
    conditional: bool
    """Whether it is left out where its `when` says so."""
    may_fail: bool
    """Whether the pipeline goes on when it fails (`onError: continue`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineSpec:
    """The tasks of a pipeline, as a run had them."""

    tasks: tuple[PipelineTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How a pod template says that pods reach the network; None: it does not say."""

    host_network: bool | None
    dns_policy: str | None
    env: tuple[Env, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """A PipelineRun. Its name may come again when it is deleted: `uid` is what tells it."""

    name: str
    namespace: str
    uid: str
    pipeline: str
    """The Pipeline that it refers to; empty where it has one of its own."""
    service_account: str
    network: Network
    params: tuple[Value, ...]
    ordered: str
    """`spec.status`: `Cancelled`, `PipelineRunPending` …; empty where nobody ordered anything."""
    ordered_by: str
    """The field manager that set it, where the server tells."""
    condition: Condition | None
    created: datetime
    started: datetime | None
    completed: datetime | None
    deleting: bool
    children: tuple[Child, ...]
    skipped: tuple[Skipped, ...]
    results: tuple[Value, ...] | None
    """None where no lane has a benchmark: nobody else judges them."""
    spec: int | None
    """`status.pipelineSpec`, what ran: its place among the definitions that were listed with it.
    None before it was resolved."""

    def param(self, name: str) -> str | None:
        """Return the text of a parameter; None where it has none of that name."""
        return next((one.text for one in self.params if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnd:
    """How a step stands: what it waits for, or how it ended. `code` is its exit status."""

    name: str
    waits: str
    """Why its container does not run yet, as the kubelet says: `ImagePullBackOff`."""
    code: int | None
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    """A TaskRun of a PipelineRun."""

    name: str
    namespace: str
    uid: str
    run: str
    """The name of its PipelineRun, by the label that Tekton puts on it."""
    run_uid: str
    """The uid of its PipelineRun, by who owns it."""
    task: str
    """The pipeline task that it is of, by its label."""
    params: tuple[Value, ...]
    ordered: str
    condition: Condition | None
    created: datetime
    started: datetime | None
    completed: datetime | None
    pod: str
    results: tuple[Value, ...]
    steps: tuple[StepEnd, ...]
    retries: int
    """How many attempts failed before this one."""
    network: Network
    spec: int | None
    """`status.taskSpec`, what ran: its place among the definitions that were listed with it. None
    before it was resolved."""

    def result(self, name: str) -> Value | None:
        """Return a result; None where it was not written."""
        return next((one for one in self.results if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What keeps a container from running: `reason` in the kubelet's words."""

    container: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PodSeen:
    """A pod of a TaskRun: what it waits for, and how it reaches the network."""

    name: str
    namespace: str
    uid: str
    task_run: str
    """The name of its TaskRun, by the label that Tekton puts on it."""
    phase: str
    unscheduled: str
    """Why no node takes it; empty where one did."""
    waiting: tuple[Waiting, ...]
    host_network: bool
    dns_policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning event: of what, why, and how often."""

    kind: str
    name: str
    namespace: str
    uid: str
    reason: str
    message: str
    count: int
    at: datetime | None


def words_of(steps: Sequence[Step]) -> str:
    """Return all that steps are told, images included."""
    return "\n".join(f"{one.image}\n{one.words}" for one in steps)


def text_of(value: Any) -> tuple[ValueType, str]:
    """Return a parameter's or a result's type and text."""
    if isinstance(value, str):
        return "string", value
    kind: ValueType = "object" if isinstance(value, Mapping) else "array"
    return kind, json.dumps(value, sort_keys=True, ensure_ascii=False)
