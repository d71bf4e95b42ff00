"""What is expected of a lane's pipeline runs."""

from collections.abc import Mapping

from pydantic import Field

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Duration, Model, OrAbsent


class HostNetwork(Model):
    """How the pods of a run reach the network."""

    host_network: bool = True
    dns_policy: Text = "ClusterFirstWithHostNet"


class EnvReuse(Model):
    """What a run reports of the images that it did not have to build."""

    plan_task: Text = "plan"
    """The pipeline task whose results tell the plan."""
    summary_result: Text = "planArtifacts.summary"
    publish_task: Text = "image-publish"
    expected: Mapping[str, int] = {"build": 0, "reuse": 1, "unsafeReuse": 0}
    """For a change of sources alone."""


class Benchmark(Model):
    """A run without caches, which measures."""

    cache_param: Text = "build-cache-mode"
    cache_value: Text = "disabled"
    services: tuple[Text, ...] = Field(min_length=1)
    """Each has to be built: `build-NAME` has run."""
    stages: tuple[Text, ...] = ()
    """Timings that it has to tell."""


class Pipeline(Model):
    """The Tekton pipeline of a lane."""

    namespace: Namespace
    name: ObjectName
    service_account: ObjectName
    run_name: Text
    """How a run of a commit is called: `agentrun-v01-ci-{short12}`, `...-{short}` (seven digits),
    or with `{commit}`."""
    commit_param: Text = "commit"
    """The parameter that holds the full commit id."""
    checkout_task: Text = "prepare-source"
    latest_only: bool = False
    """Whether only the newest commit is carried through: older runs end superseded."""
    network: OrAbsent[HostNetwork] = HostNetwork()
    no_proxy: tuple[Text, ...] = ()
    """What NO_PROXY has to hold in its steps."""
    endpoints: tuple[Text, ...] = ()
    """Addresses that its steps have to use: the bootstrap proxy, the registry."""
    required_tasks: tuple[Text, ...] = ()
    """Pipeline tasks that are there and succeed."""
    retired_tasks: tuple[Text, ...] = ()
    """Pipeline tasks that must not gate any more; `*` stands for any text."""
    forbidden: tuple[Text, ...] = ("docker.sock", "dind", "CI.json")
    """Words of mechanisms that builds must not use."""
    forbidden_gates: tuple[Text, ...] = ("playwright", "web-probe", "chromium", "e2e")
    """Words of browser tests, which the gate must not run."""
    reuse: OrAbsent[EnvReuse] = EnvReuse()
    benchmark: OrAbsent[Benchmark]
    budget: Duration = 120.0
    """How long a run, and the whole of a trigger, may take before that is remarked."""
    promote_task: Text = "gitops-promote"
