"""What is said of runner Jobs, of names, and of what runs beside the lane."""

import json
from typing import Any

import pytest

from checks.rollout import check_live_names, check_peripherals, check_runners
from checks.rollout.links import State
from checks.rollout.runtime.runners import selected
from checks.rollout.told.seen import Told
from config.lanes.runtime import Peripheral
from tests.checks.rollout.argo.written import application, applications, project, projects
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import chain, links
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import ARGO, RUNTIME, a_lane
from tests.checks.rollout.runtime.written import (
    COMMIT,
    NOW,
    Json,
    deployment,
    job,
    named,
    replica_set,
    template,
)

UNDER_WAY = chain(links(argo=State.PENDING, runtime=State.PENDING, health=State.PENDING))
PROXY = "AGENTRUN_RUNNER_EGRESS_PROXY_URL"
ENV = {PROXY: "http://proxy.platform-infra.svc:7890"}
RUNNER = {
    "manager": "agentrun-mgr",
    "selector": "app=agentrun-runner",
    "env": ENV,
    "commit_env": "AGENTRUN_SOURCE_COMMIT",
    "sessions": "agentrun-v01-sessions",
    "writable_home": {"absent": "the test gives no secret"},
}
WITH = {"spec__template": template(AGENTRUN_SOURCE_COMMIT=COMMIT, **ENV)}


def told_of(check: Any, runner: dict[str, Any] | None = None, **more: Any) -> Judged:
    own = a_lane(runner=RUNNER | (runner or {}))
    runtime = own.runtime
    given = {"runner": getattr(runtime, "runner", None), "runtime": runtime, "lane": own}
    return judged(check, **given, **more)


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("app=agentrun-runner", True),
        ("app==agentrun-runner", True),
        ("app=agentrun-runner,lane=v01", False),
        ("app!=agentrun-mgr", True),
        ("app", True),
        ("!app", False),
    ],
)
def test_a_selector_fits_labels(selector: str, *, fits: bool) -> None:
    assert selected((("app", "agentrun-runner"),), selector) is fits


def test_the_manager_has_to_have_the_declared_environment() -> None:
    check = check_runners.check_manager_has_the_declared_environment
    right = made.deployments(deployment(**WITH))
    wrong = made.deployments(deployment())

    assert told_of(check, live_deployments=right).words == ("upheld", "")
    said = told_of(check, live_deployments=wrong)
    assert said.words == ("violated", "runner-proxy-drift")
    assert f"{PROXY} is not set" in said.judgement.saw
    gone = told_of(check, live_deployments=made.deployments(deployment("another")))
    assert gone.words == ("inconclusive", "")
    assert told_of(check, {"env": {}}, live_deployments=right).words == ("not-applicable", "")


def test_the_newest_runner_has_to_have_it_too() -> None:
    check = check_runners.check_newest_runner_has_the_declared_environment
    new, old = job("new", **WITH), job("old", metadata__creationTimestamp="2026-11-01T00:00:00Z")
    stranger = job("stranger", metadata__labels={"app": "another"})

    said = told_of(check, live_jobs=made.jobs(old, new, stranger))
    assert said.words == ("upheld", "")
    assert said.remarks == ("older Jobs have other variables: old",)
    assert told_of(check, live_jobs=made.jobs(old)).words == ("violated", "runner-proxy-drift")
    assert told_of(check, live_jobs=made.jobs(stranger)).words == ("inconclusive", "")


def test_the_newest_runner_has_to_be_of_the_target() -> None:
    check = check_runners.check_newest_runner_is_of_the_target_commit
    old = job(metadata__creationTimestamp="2026-11-01T00:00:00Z")

    def of(*items: Json, runner: dict[str, Any] | None = None, **more: Any) -> Judged:
        given: dict[str, Any] = {
            "live_jobs": made.jobs(*items),
            "live_deployments": made.deployments(),
            "live_replica_sets": made.replica_sets(replica_set()),
            "target": made.target("f" * 40),
        }
        return told_of(check, runner, **(given | more))

    assert of(job(), target=made.target()).words == ("upheld", "")
    assert of(job()).words == ("violated", "manager-source-mismatch")
    assert of(target=made.target()).words == ("inconclusive", "")
    before = of(old)
    assert before.words == ("inconclusive", "")
    assert "no runner was made since agentrun-mgr was rolled out" in before.judgement.reason
    later = of(job(), target=made.target("f" * 40, tip=COMMIT, ancestry="contained"))
    assert later.words == ("upheld", "")
    assert later.remarks[0].startswith("superseded: ")
    apart = made.target("f" * 40, tip=COMMIT, ancestry="unknown")
    assert of(job(), target=apart).words == ("violated", "manager-source-mismatch")
    assert of(job(), chain=UNDER_WAY).words == ("inconclusive", "")
    assert of(job(), runner={"commit_env": None}).words == ("not-applicable", "")


def test_the_newest_runner_has_to_keep_its_session() -> None:
    check = check_runners.check_newest_runner_keeps_its_session
    claims = made.claims(named("PersistentVolumeClaim", "agentrun-v01-sessions"))
    loose = job(spec__template__spec__containers__0__volumeMounts=[])

    def of(item: Json, *, runner: dict[str, Any] | None = None, have: Any = claims) -> Any:
        return told_of(check, runner, live_jobs=made.jobs(item), live_claims=have).words

    assert of(job()) == ("upheld", "")
    assert of(loose) == ("violated", "reuse-blocked")
    assert of(job(), have=made.claims()) == ("violated", "reuse-blocked")
    none = {"sessions": {"absent": "sessions are not kept"}}
    assert of(job(), runner=none) == ("not-applicable", "")


def told(document: dict[str, Any], tells: str = "cleanup-runners", status: int = 0) -> Told:
    return Told(
        name=tells,
        tells=tells,
        command=f"agentrun v01 {tells}",
        prefix=None,
        status=status,
        document=json.dumps(document),
        transcript="",
        seconds=0.1,
        at=NOW,
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"selected": ["old"], "activeRunRisk": False}, ("upheld", "")),
        ({"selected": [{"jobName": "old"}]}, ("upheld", "")),
        ({"selected": []}, ("upheld", "")),
        # nothing that the cluster knows is called so: nothing was compared
        ({"selected": [{"id": "run-17"}]}, ("inconclusive", "")),
        ({"selected": ["gone"]}, ("inconclusive", "")),
        ({"selected": ["agentrun-v01-runner-1"]}, ("violated", "active-runner-selected")),
        ({"selected": [], "activeRunRisk": True}, ("violated", "active-runner-selected")),
        ({}, ("inconclusive", "")),
        ({"selected": "all"}, ("inconclusive", "")),
    ],
)
def test_cleanup_must_not_select_an_active_runner(
    document: dict[str, Any], words: tuple[str, str]
) -> None:
    said = told_of(
        check_runners.check_cleanup_selects_no_active_runner,
        told_cleanup_runners=told(document),
        live_jobs=made.jobs(job(), job("old", status={"succeeded": 1})),
    )

    assert said.words == words, said.judgement
    assert all("as `agentrun v01 cleanup-runners` tells" in one for one in said.remarks[:1])


def test_a_cleanup_that_is_forced_is_remarked() -> None:
    said = told_of(
        check_runners.check_cleanup_selects_no_active_runner,
        told_cleanup_runners=told({"selected": [], "criteria": {"forceActive": True}}),
        live_jobs=made.jobs(),
    )

    assert said.remarks[0].startswith("warning: criteria.forceActive is true")


def test_no_live_object_may_bear_a_retired_name() -> None:
    own = lane(argo=ARGO, runtime=RUNTIME, retired={"names": ["agentrun_dev"]})

    def argo(item: Json, **changes: Any) -> Judged:
        return judged(
            check_live_names.check_argo_bears_no_retired_name,
            applications=applications(item),
            argo_projects=projects(project(**changes)),
            argo=own.argo,
            retired=own.retired,
            lane=own,
        )

    def workloads(item: Json) -> Judged:
        seen = (made.deployments(item),)
        check = check_live_names.check_workloads_bear_no_retired_name
        given = {"runtime": own.runtime, "retired": own.retired, "lane": own}
        return judged(check, live_workloads=seen, **given)

    refused = ("violated", "forbidden-legacy-name")
    assert argo(application()).words == workloads(deployment()).words == ("upheld", "")
    assert argo(application(spec__source__path="deploy/agentrun_dev")).words == refused
    assert argo(application(), spec__sourceRepos=["git@x:o/agentrun_dev.git"]).words == refused
    variant = argo(application(spec__source__path="deploy/agentrun-dev"))
    assert variant.words == ("upheld", "")
    assert variant.remarks[0].startswith("warning: ")
    dsn = deployment(spec__template=template(TARGET="agentrun_dev"))
    assert workloads(dsn).words == refused


PERIPHERAL = {
    "name": "wechat",
    "namespace": "agentrun-v01",
    "replicas": 2,
    "image": deployment()["spec"]["template"]["spec"]["containers"][0]["image"],
    "port": 8080,
}


@pytest.mark.parametrize(
    ("declared", "changes", "words"),
    [
        ({}, {}, ("upheld", "")),
        ({"port": 9090}, {}, ("violated", "yaml-runtime-drift")),
        ({"image": "another@sha256:0"}, {}, ("violated", "yaml-runtime-drift")),
        ({}, {"spec__replicas": 1}, ("violated", "yaml-runtime-drift")),
        ({"blocked": True}, {}, ("violated", "yaml-runtime-drift")),
        ({"blocked": True}, {"spec__replicas": 0}, ("upheld", "")),
        ({"name": "gone"}, {}, ("violated", "yaml-runtime-drift")),
    ],
)
def test_what_runs_beside_the_lane_has_to_be_as_declared(
    declared: dict[str, Any], changes: dict[str, Any], words: tuple[str, str]
) -> None:
    said = judged(
        check_peripherals.check_peripherals_run_as_declared,
        live_deployments=made.deployments(deployment("wechat", **changes)),
        runtime_peripherals=(Peripheral.model_validate(PERIPHERAL | declared),),
        lane=a_lane(),
    )

    assert said.words == words, said.judgement


def test_what_is_blocked_has_to_keep_what_it_needs() -> None:
    one = Peripheral.model_validate(
        PERIPHERAL | {"blocked": True, "config_maps": ["env"], "claims": ["data"]}
    )

    def of(*claims: Json) -> tuple[str, str]:
        return judged(
            check_peripherals.check_blocked_peripherals_keep_what_they_need,
            live_config_maps=made.config_maps(named("ConfigMap", "env")),
            live_claims=made.claims(*claims),
            runtime_peripherals=(one,),
            lane=a_lane(),
        ).words

    assert of(named("PersistentVolumeClaim", "data")) == ("upheld", "")
    assert of() == ("violated", "yaml-runtime-drift")
