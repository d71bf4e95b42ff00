"""How a run's pods reach the network: the host's, past the proxy, by the declared addresses."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_network as checks
from checks.rollout.pipeline import gathering
from checks.rollout.pipeline.beside import project_pod
from checks.rollout.pipeline.listed import RunPods
from checks.rollout.pipeline.proxying import exemptions
from config.lanes.pipeline import HostNetwork
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

LANE = made.lane()
UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")
WANTED = ("hyueapi.com", ".hyueapi.com", "10.43.0.0/16", ".svc", ".cluster.local")


def network(run: dict[str, Any], tasks: Any = None) -> Any:
    return judged(
        checks.check_run_uses_the_declared_network,
        lane=LANE,
        pipeline_network=HostNetwork(),
        whole_run=made.whole(run, tasks),
    )


def test_a_run_uses_the_hosts_network() -> None:
    assert network(tekton.pipeline_run()).words == UPHELD


@pytest.mark.parametrize(
    "template", [None, {"hostNetwork": True}, tekton.HOST | {"dnsPolicy": "ClusterFirst"}]
)
def test_a_template_that_says_otherwise_is_drift(template: Any) -> None:
    account = {"serviceAccountName": "runner", "podTemplate": template}

    found = network(tekton.pipeline_run(spec={"taskRunTemplate": account}))

    assert found.words == ("violated", "pipeline-network-drift")
    assert found.judgement.saw.startswith(f"{tekton.NAME}: hostNetwork is")


def test_a_task_of_its_own_template_is_drift() -> None:
    own = tekton.task_run("check", spec={"podTemplate": {}})

    found = network(tekton.pipeline_run(), tekton.task_runs(check=own))

    assert found.judgement.saw == (
        f"{tekton.NAME}-check: hostNetwork is not said, dnsPolicy is not said"
    )


def pod(task: str = "check", **spec: Any) -> dict[str, Any]:
    name = f"{tekton.NAME}-{task}"
    return {
        "metadata": {
            "name": f"{name}-pod",
            "namespace": tekton.NAMESPACE,
            "uid": f"uid-of-{name}-pod",
            "labels": {"tekton.dev/taskRun": name},
        },
        "spec": tekton.HOST | spec,
        "status": {"phase": "Succeeded"},
    }


def pods(*every: dict[str, Any]) -> Any:
    found = tuple(one for one in map(project_pod, every) if one)
    seen = RunPods(listing=made.listing("pods"), pods=found)
    return judged(
        checks.check_pods_of_the_run_use_the_declared_network,
        lane=LANE,
        pipeline_network=HostNetwork(),
        pods_of_run=gathering.pods_of(made.whole(), seen),
    )


def test_the_pods_themselves_are_looked_at() -> None:
    assert pods(pod()).words == UPHELD
    assert pods(pod(), pod("plan", hostNetwork=False)).words[1] == "pipeline-network-drift"


def test_pods_of_other_runs_count_for_nothing() -> None:
    other = pod("plan", hostNetwork=False)
    other["metadata"] |= {"name": "x", "labels": {"tekton.dev/taskRun": "x"}}

    assert pods(pod(), other).words == UPHELD
    assert pods(other).words == INCONCLUSIVE
    assert pods(other).judgement.reason.startswith("evidence-expired")


def past_the_proxy(*tasks: dict[str, Any], run: Any = None) -> Any:
    by_task = {
        one["metadata"]["labels"]["tekton.dev/pipelineTask"].replace("-", "_"): one for one in tasks
    }
    return judged(
        checks.check_steps_let_the_lanes_names_past_the_proxy,
        lane=LANE,
        pipeline_no_proxy=WANTED,
        whole_run=made.whole(run, tekton.task_runs(**by_task)),
    )


def with_env(*env: dict[str, Any], words: str | None = None, **spec: Any) -> dict[str, Any]:
    told = tekton.task_spec("check", words, env=list(env))
    return tekton.task_run("check", status={"taskSpec": told | spec.pop("task", {})}, spec=spec)


def test_every_step_with_a_proxy_lets_the_names_past() -> None:
    assert past_the_proxy().words == UPHELD


@pytest.mark.parametrize("missing", WANTED)
def test_a_name_that_is_missing_is_told(missing: str) -> None:
    value = ",".join(one for one in tekton.NO_PROXY.split(",") if one != missing)

    found = past_the_proxy(with_env({"name": "no_proxy", "value": value}))

    assert found.words == ("violated", "no-proxy-incomplete")
    assert found.judgement.saw == f"check/check: {value} lacks {missing}"


def test_a_proxy_without_exemptions_is_incomplete() -> None:
    found = past_the_proxy(with_env({"name": "HTTPS_PROXY", "value": "http://127.0.0.1:10808"}))

    assert found.words == ("violated", "no-proxy-incomplete")
    assert "no NO_PROXY lacks" in found.judgement.saw


def test_a_step_without_a_proxy_needs_no_exemptions() -> None:
    assert past_the_proxy(with_env()).words == UPHELD


def test_a_run_of_which_no_step_has_one_is_incomplete() -> None:
    tasks = [
        tekton.task_run(one, status={"taskSpec": tekton.task_spec(one, env=[]), "results": []})
        for one in tekton.TASKS
    ]

    assert past_the_proxy(*tasks).words == ("violated", "no-proxy-incomplete")


def test_parameters_are_put_in_their_places() -> None:
    value = {"name": "NO_PROXY", "value": "$(params.no-proxy),.svc,.cluster.local"}
    rest = "hyueapi.com,.hyueapi.com,10.43.0.0/16"
    given = with_env(value, params=tekton.params(no_proxy=rest))
    default = with_env(value, task={"params": [{"name": "no-proxy", "default": rest}]})

    assert past_the_proxy(given).words == UPHELD
    assert past_the_proxy(default).words == UPHELD


def test_what_a_script_adds_counts_and_a_pod_template_stands_above_steps() -> None:
    script = with_env(
        {"name": "NO_PROXY", "value": "hyueapi.com,.hyueapi.com"},
        words='export NO_PROXY="$NO_PROXY,10.43.0.0/16,.svc,.cluster.local"',
    )
    template = with_env(
        {"name": "NO_PROXY", "value": "x"},
        podTemplate=tekton.HOST | {"env": [{"name": "NO_PROXY", "value": tekton.NO_PROXY}]},
    )

    assert past_the_proxy(script).words == UPHELD
    assert past_the_proxy(template).words == UPHELD


@pytest.mark.parametrize(
    "env",
    [
        {"name": "NO_PROXY", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "y"}}},
        {"name": "NO_PROXY", "value": "$(params.nobody-gives-it)"},
    ],
)
def test_what_comes_from_elsewhere_is_not_judged(env: dict[str, Any]) -> None:
    found = past_the_proxy(with_env(env))

    assert found.words == INCONCLUSIVE
    assert "check/check" in found.judgement.reason


@pytest.mark.parametrize("env", [[], [{"name": "HTTPS_PROXY", "value": "http://127.0.0.1:1"}]])
def test_a_step_that_has_all_variables_of_a_config_map_is_not_judged(env: Any) -> None:
    step = {"name": "a", "image": "x", "env": env, "script": "true"}
    sourced = {"steps": [step | {"envFrom": [{"configMapRef": {"name": "proxies"}}]}]}
    task = tekton.task_run("check", status={"taskSpec": sourced})

    found = past_the_proxy(task)

    assert found.words == INCONCLUSIVE
    assert "check/a" in found.judgement.reason


def test_exemptions_know_their_steps() -> None:
    assert [one.place for one in exemptions(made.whole())][:2] == [
        "prepare-source/prepare-source",
        "check/check",
    ]


def endpoints(*wanted: str) -> Any:
    return judged(
        checks.check_steps_use_the_declared_endpoints,
        lane=LANE,
        pipeline_endpoints=wanted,
        whole_run=made.whole(),
    )


def test_the_declared_addresses_are_used() -> None:
    assert endpoints("127.0.0.1:10808", "127.0.0.1:5000").words == UPHELD


def test_an_address_is_used_as_a_whole_and_not_in_a_comment() -> None:
    assert endpoints("127.0.0.1:500").words == ("violated", "endpoint-drift")
    assert endpoints("7.0.0.1:5000").words == ("violated", "endpoint-drift")
    script = "#!/bin/sh\n# 127.0.0.1:7000 was the registry\n"
    task = tekton.task_run(
        "check", status={"taskSpec": {"steps": [{"name": "a", "script": script}]}}
    )
    found = judged(
        checks.check_steps_use_the_declared_endpoints,
        lane=LANE,
        pipeline_endpoints=("127.0.0.1:7000",),
        whole_run=made.whole(tasks=tekton.task_runs(check=task)),
    )
    assert found.words == ("violated", "endpoint-drift")


def test_an_address_that_no_step_uses_is_drift() -> None:
    found = endpoints("127.0.0.1:10808", "127.0.0.1:5001")

    assert found.words == ("violated", "endpoint-drift")
    assert found.judgement.saw == "nothing of 127.0.0.1:5001"
