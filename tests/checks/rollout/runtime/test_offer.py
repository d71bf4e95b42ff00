"""What argo, runtime and the control plane offer: lanes of a cluster share its lists."""

import inspect
from typing import Any

from checks.rollout import (
    check_argo,
    check_argo_project,
    check_control_plane,
    check_images_live,
    check_isolation,
    check_live_names,
    check_peripherals,
    check_runners,
    check_told_alignment,
    check_workload_changes,
    check_workloads,
)
from checks.rollout.argo.chain import ASKS as ARGO_ASKS
from checks.rollout.cases import cases
from checks.rollout.listed_once import Runtimes, pods_of_lanes
from checks.rollout.runtime.chain import ASKS
from checks.rollout.runtime.listing import list_jobs
from checks.rollout.runtime.sightings import listed_of
from checks.wire.clusters import Judged
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case, Sighting
from tests.checks.rollout.lanes import NONE, lane, profile
from tests.checks.rollout.runtime.made import ARGO, RUNTIME

MODULES = (
    check_argo,
    check_argo_project,
    check_control_plane,
    check_images_live,
    check_isolation,
    check_live_names,
    check_peripherals,
    check_runners,
    check_told_alignment,
    check_workload_changes,
    check_workloads,
)
FIXTURES = {"remark"}
CLUSTER = {"name": "g14", "kubeconfig": "/nowhere/kubeconfig"}


def a_lane(name: str, **changes: Any) -> Lane:
    runtime = RUNTIME | {"namespace": name, "prefix": name}
    given = {"name": name, "cluster": "g14", "runtime": runtime, "argo": ARGO}
    return lane(**(given | changes))


def of(*lanes: Lane, **cluster: Any) -> tuple[Profile, dict[str, Case]]:
    made = profile(*lanes, clusters=[CLUSTER | cluster])
    return made, {one.target: one for one in cases(made)}


def test_every_argument_of_every_check_is_offered() -> None:
    case = of(a_lane("agentrun-v01"))[1]["agentrun-v01"]
    every = {
        name: function
        for module in MODULES
        for name, function in vars(module).items()
        if name.startswith("check_") and inspect.isfunction(function)
    }

    assert len(every) > 40
    for name, function in every.items():
        assert case.offers(set(inspect.signature(function).parameters) - FIXTURES), name
    assert case.offers({*ASKS, *ARGO_ASKS})


def test_lanes_of_a_cluster_share_its_lists() -> None:
    _, made = of(a_lane("agentrun-v01"), a_lane("agentrun-v02"))
    first, second = made["agentrun-v01"].arguments, made["agentrun-v02"].arguments

    lists = [name for name, one in first.items() if name.startswith("live_")
             and isinstance(one, Sighting)]  # fmt: skip
    assert len(lists) > 10
    for name in {*lists, "applications", "argo_projects"} - {"live_images"}:
        assert first[name] == second[name], name
    assert first["live_jobs"].arguments == (("agentrun-v01", "agentrun-v02"),)
    (again,) = first["settled_deployments"]  # of its own alone, and by their names
    assert again.arguments[0] == (("agentrun-v01", "agentrun-mgr"),)
    assert again.needs == (first["live_deployments"],)
    assert again != second["settled_deployments"][0]
    assert [one.lane for one in first["scopes"]] == ["agentrun-v01", "agentrun-v02"]


def test_a_kind_that_is_judged_elsewhere_too_is_listed_there_with_the_same_list() -> None:
    closeout = {
        "comment": NONE,
        "failure_issue": NONE,
        "pointers": NONE,
        "hotfix_label": NONE,
        "platform_since": "2026-06-01",
        "old_platform": "devops-infra",
    }
    argo = ARGO | {"install": {"version": "v2.11.0"}}
    _, made = of(a_lane("agentrun-v01", closeout=closeout, argo=argo))
    offered = made["agentrun-v01"].arguments

    everywhere, named = offered["live_deployments"].arguments
    assert everywhere == ("agentrun-v01", "argocd", "devops-infra")
    assert named == Judged(frozenset({("agentrun-v01", "agentrun-mgr")}))
    (pods,) = offered["live_pods"].needs
    assert pods.arguments == (("agentrun-v01",), Runtimes(frozenset({"agentrun-v01"})))
    assert not isinstance(offered["platform"], Absent)


def test_what_a_lane_has_not_is_absent_with_its_reason() -> None:
    _, made = of(a_lane("agentrun-v01"), lane(name="without", cluster="g14"), lane(name="nowhere"))

    without, nowhere = made["without"].arguments, made["nowhere"].arguments
    for name in ("runtime", "argo", "applications", "live_workloads", "scope", "live_images"):
        assert isinstance(without[name], Absent), name
    for name in ("live_pods", "live_namespaces", "applications", "control_plane"):
        assert isinstance(nowhere[name], Absent), name
    assert isinstance(made["agentrun-v01"].arguments["platform"], Absent)


def test_a_snapshot_is_looked_at_once() -> None:
    _, made = of(a_lane("agentrun-v01"), kubeconfig=None, snapshot="/nowhere/taken")

    assert made["agentrun-v01"].arguments["settled_deployments"] == ()


def test_a_cluster_without_a_runtime_has_nothing_to_list() -> None:
    alone = lane(name="without", cluster="g14")
    made, _ = of(alone)

    assert isinstance(listed_of(made, alone, list_jobs), Absent)
    assert isinstance(pods_of_lanes(made, alone), Absent)


def test_a_lane_that_shares_its_namespace_and_names_nothing_retired_says_so() -> None:
    retired = {"names": ["agentrun_dev"]}
    _, cases_of = of(
        a_lane("own", retired=retired),
        a_lane("shared", argo=ARGO | {"exclusive": False}),
        a_lane("without", argo=NONE, runtime=NONE),
    )

    own, shared, without = (cases_of[name] for name in ("own", "shared", "without"))
    assert own["argo_alone"] == own["argo"]
    assert own["retired"].names == ("agentrun_dev",)
    assert "lets other applications into" in shared["argo_alone"].absent
    assert "no retired names" in shared["retired"].absent
    assert without["argo_alone"] == without["argo"] == Absent(**NONE)
