"""What is expected of a lane's pipeline runs."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.lanes.words import Glob, Namespace, ObjectName, Text
from config.model import Absent, Duration, Model, OrAbsent, takes

_PLACES = re.compile(r"\{(?:commit|short|short12)\}")
_REST = re.compile(r"[a-z0-9.*-]*")


def _is_pattern(text: str) -> str:
    if not _PLACES.search(text) or not _REST.fullmatch(_PLACES.sub("", text)):
        raise ValueError  # the field says in words what it takes
    return text


RunName = Annotated[
    Text,
    AfterValidator(_is_pattern),
    Field(
        json_schema_extra=takes(
            "a run's name with {commit}, {short12} or {short} in it; `*` stands for any text"
        )
    ),
]
AppliedObject = Annotated[
    str,
    Field(
        pattern=r"^(?:Pipeline|Task|ServiceAccount|ConfigMap|Role|RoleBinding)/[a-z0-9.-]+$",
        json_schema_extra=takes("KIND/NAME, such as Task/plan or ServiceAccount/runner"),
    ),
]
Globs = Annotated[tuple[Glob, ...], Field(min_length=1)]


class HostNetwork(Model):
    """How the pods of a run reach the network."""

    host_network: bool = True
    dns_policy: Text = "ClusterFirstWithHostNet"


class EnvReuse(Model):
    """What a run reports of the images that it did not have to build."""

    summary_result: Text = "planArtifacts.summary"
    publish_task: Text = "image-publish"
    publish_result: Text = "status"
    """The result of the publishing task that tells what became of the image."""
    published: Text = "reused"
    """What that result has to be."""
    expected: Mapping[str, int] = Field(
        default={"build": 0, "reuse": 1, "unsafeReuse": 0}, min_length=1
    )
    """For a change of sources alone."""


class ServicePlan(Model):
    """The results in which a plan names its services."""

    affected: Text = "affectedServices"
    build: Text = "buildServices"
    reused: Text = "reusedServices"


class Benchmark(Model):
    """A run without caches, which measures."""

    cache_param: Text = "build-cache-mode"
    cache_value: Text = "disabled"
    services: tuple[Text, ...] = Field(min_length=1)
    """Each has to be built: `build-NAME` has run."""
    stages: tuple[Text, ...] = ()
    """Timings that it has to tell."""
    timings_result: Text = "timings"
    """The result, of the run or of a task, that holds them by stage; a stage may also be a result
    or a pipeline task of that name."""
    catalog_param: Text = "catalog-path"
    """The parameter that holds the path of its own catalog."""


class PipelineTold(Model):
    """Where the lane's own commands tell of its pipeline: paths in their JSON."""

    expected_run: Text = "summary.expectedPipelineRun"
    run_status: Text = "summary.ci.pipelineRun.status"
    target_validation: Text = "targetValidation.state"
    elapsed: Text = "totalElapsedSeconds"
    """Of a trigger: seconds in all."""
    waited: Text = "pipelineRunWaitSeconds"
    trigger: Text = "status"
    """Of a trigger: how it stands."""
    trigger_ended: tuple[Text, ...] = ("succeeded", "failed", "completed", "True", "False")
    """What that is once it is over; anything else goes on."""
    trigger_failed: tuple[Text, ...] = ("failed", "error", "False")
    """What that is where it tells of a build that failed, and not of one that takes long."""
    job_id: Text = "job.id"
    job_status: Text = "status"
    job_ok: Text = "ok"
    registry_tag: Text = "registryTagPresent"
    base_image: Text = "baseImage"
    base_source: Text = "baseImageSource"
    blockers: Text = "next.blockers"
    proxy_clients: Text = "clients"
    """Of the proxy's traffic: a list, or a mapping, of its clients."""
    proxy_rate: Text = "rate"
    """Of each client."""
    proxy_total: Text = "windowTotal"
    mirror: tuple[Text, ...] = ("pendingFlush", "githubInSync")
    """Of the mirror: what is told beside a trigger that took long."""


class Pipeline(Model):
    """The Tekton pipeline of a lane."""

    namespace: Namespace
    name: ObjectName
    service_account: ObjectName
    run_name: RunName
    """How a run of a commit is called: `agentrun-v01-ci-{short12}`, `...-{short}` (seven digits,
    or more where git needs them), or with `{commit}`; `*` where more follows."""
    commit_param: Text = "commit"
    """The parameter that holds the full commit id."""
    checkout_task: OrAbsent[Text]
    """The pipeline task that checks the source out: `prepare-source`."""
    checkout_param: Text = "commit"
    """The parameter of that task which says what is checked out."""
    checkout_result: Text = "commit"
    """The result of that task which says what was checked out."""
    latest_only: bool = False
    """Whether only the newest commit is carried through: older runs end superseded."""
    network: OrAbsent[HostNetwork] = HostNetwork()
    no_proxy: tuple[Text, ...] = ()
    """What NO_PROXY has to hold in its steps."""
    endpoints: tuple[Text, ...] = ()
    """Addresses that its steps have to use: the bootstrap proxy, the registry."""
    required_tasks: tuple[Text, ...] = ()
    """Pipeline tasks that are there and succeed."""
    required_commands: tuple[Text, ...] = ()
    """What its steps have to run: `--frozen-lockfile`; `a | b` for one of two."""
    retired_tasks: tuple[Text, ...] = ()
    """Pipeline tasks, Tasks that they refer to, and steps that must not gate any more; `*` stands
    for any text."""
    retired_commands: tuple[Text, ...] = ()
    """What no step may run any more, whatever its task is called: `bun run self-test`."""
    forbidden: tuple[Text, ...] = ("docker.sock", "dind", "CI.json")
    """Words of mechanisms that builds must not use."""
    forbidden_gates: tuple[Text, ...] = ("playwright", "web-probe", "chromium", "e2e")
    """Words of browser tests, which the gate must not run."""
    plan_task: Text = "plan"
    """The pipeline task whose results tell what is built and what is reused."""
    plan_forbidden: tuple[Text, ...] = ("git push", "git commit", "git tag")
    """Words of what a plan must not do: it writes results and its workspace, and no source."""
    reuse: OrAbsent[EnvReuse] = EnvReuse()
    plan: OrAbsent[ServicePlan] = Absent(absent="the lane says nothing of services in its plan")
    benchmark: OrAbsent[Benchmark]
    build_tasks: Globs = ("build-*", "image-publish")
    """Pipeline tasks that build: what fails in them is told apart by its cause."""
    proxy: Text | None = None
    """The address of the proxy that builds fetch through, as their errors name it."""
    budget: Duration = 120.0
    """How long a run, and the whole of a trigger, may take before that is remarked."""
    budget_warning: Text | None = None
    """How the lane's own tools call that; if left out, `over-120s`, with the budget's seconds."""
    phases: Mapping[Literal["sync", "plan", "build", "promote", "flush"], Globs] = {
        "sync": ("prepare-source", "*sync*"),
        "plan": ("plan", "plan-*"),
        "build": ("build-*", "image-publish"),
        "promote": ("gitops-promote", "*promote*"),
        "flush": ("*flush*",),
    }
    """Which pipeline tasks are of which phase of a run, for the budget; the first that fits."""
    promote_task: Text = "gitops-promote"
    objects: tuple[AppliedObject, ...] = ()
    """More objects of its namespace that are applied server-side, beside the Pipeline: `Task/plan`,
    `ServiceAccount/runner`."""
    since_baseline: Literal["cleanup-runs", "control-plane-apply"] | None = None
    """What was done between the run of `--baseline` and this one; without it, the two moments
    are not compared."""
    bystanders: tuple[Namespace, ...] = ()
    """More namespaces in which a control-plane apply may roll out nothing: the platform's own."""
    told: PipelineTold = PipelineTold()
    may_change: tuple[Text, ...] = ()
    """Deployments, as NAMESPACE/NAME, that a control-plane apply may roll out."""

    @property
    def over_budget(self) -> str:
        """What a run, or a trigger, that takes longer than its budget is called."""
        return self.budget_warning or f"over-{self.budget:g}s"
