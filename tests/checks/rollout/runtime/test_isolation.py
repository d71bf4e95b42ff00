"""The namespace is the lane's alone: each sentence holds, and is refused for the right reason."""

from typing import Any

import pytest

from checks.rollout import check_isolation
from checks.rollout.runtime.isolation import Matrix, Scope
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.written import (
    NAMESPACE,
    Json,
    changed,
    daemon_set,
    deployment,
    ingress,
    named,
    pod,
    role_binding,
    service,
    stateful_set,
)

OWN = Scope("agentrun-v01", NAMESPACE, "agentrun-v01")
OTHER = Scope("agentrun-v02", "agentrun-v02", "agentrun-v02")
SCOPES = (OWN, OTHER)
UNTRACKED: dict[str, Any] = {"metadata__annotations": {}, "metadata__labels": {}}
CLAIM = "spec__template__spec__volumes__0__persistentVolumeClaim__claimName"


def told_of(check: Any, runtime: dict[str, Any] | None = None, **more: Any) -> Judged:
    own = a_lane(**(runtime or {}))
    wants = check.__annotations__
    offered = {"runtime": own.runtime, "scope": OWN, "scopes": SCOPES, "argo_alone": own.argo}
    return judged(
        check, lane=own, **{name: one for name, one in offered.items() if name in wants}, **more
    )


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (service(), ("upheld", "")),
        (service(spec__type="NodePort", spec__ports=[{"port": 80, "nodePort": 30080}]),
         ("violated", "undeclared-exposure")),
        (service(spec__type="LoadBalancer"), ("violated", "undeclared-exposure")),
        (service(spec__externalIPs=["192.0.2.1"]), ("violated", "undeclared-exposure")),
        (service(metadata__namespace="another", spec__type="NodePort"), ("upheld", "")),
    ],
)  # fmt: skip
def test_services_must_not_be_reached_from_outside(item: Json, words: tuple[str, str]) -> None:
    check = check_isolation.check_nothing_is_reached_from_outside_by_services

    assert told_of(check, live_services=made.services(item)).words == words
    declared = told_of(check, {"exposure": "declared"}, live_services=made.services(item))
    assert declared.words == ("not-applicable", "")


def test_containers_must_not_take_ports_of_their_node() -> None:
    check = check_isolation.check_nothing_is_reached_by_ports_of_nodes
    port = "spec__template__spec__containers__0__ports"

    def of(item: Json, *pods: Json) -> tuple[str, str]:
        seen = (made.deployments(item),)
        return told_of(check, live_workloads=seen, live_pods=made.pods(*pods)).words

    refused = ("violated", "undeclared-exposure")
    assert of(deployment()) == ("upheld", "")
    assert of(deployment(**{port: [{"containerPort": 80, "hostPort": 80}]})) == refused
    assert of(deployment(), pod(spec__hostNetwork=True)) == refused


def test_no_ingress_may_answer() -> None:
    check = check_isolation.check_nothing_is_reached_by_an_ingress

    assert told_of(check, live_ingresses=made.ingresses()).words == ("upheld", "")
    said = told_of(check, live_ingresses=made.ingresses(ingress()))
    assert said.words == ("violated", "undeclared-exposure")
    assert "agentrun.example" in said.judgement.saw


def test_bindings_must_serve_the_lane_alone() -> None:
    check = check_isolation.check_bindings_serve_the_lane_alone
    cross = role_binding("cross", ("agentrun-v02", "agentrun-v02-mgr"))
    pipeline = role_binding("ci", ("agentrun-ci", "agentrun-v01-tekton-runner"))

    def of(*items: Json, **runtime: Any) -> Judged:
        return told_of(check, runtime, live_role_bindings=made.role_bindings(*items))

    assert of(role_binding()).words == ("upheld", "")
    refused = of(role_binding(), cross)
    assert refused.words == ("violated", "isolation-violation")
    assert "of the lane agentrun-v02" in refused.judgement.saw
    assert of(pipeline).words == ("violated", "isolation-violation")
    assert of(pipeline, lets_in=["agentrun-ci"]).words == ("upheld", "")


@pytest.mark.parametrize(
    ("kind", "name", "verdict"),
    [
        ("User", "system:serviceaccount:agentrun-v02:mgr", "violated"),
        ("User", f"system:serviceaccount:{NAMESPACE}:mgr", "upheld"),
        ("Group", "system:serviceaccounts:agentrun-v02", "violated"),
        ("Group", f"system:serviceaccounts:{NAMESPACE}", "upheld"),
        ("Group", "system:serviceaccounts", "violated"),
        ("Group", "system:authenticated", "violated"),
        ("Group", "system:unauthenticated", "violated"),
        ("Group", "platform-team", "upheld"),
    ],
)
def test_accounts_are_known_by_their_user_and_their_groups_too(
    kind: str, name: str, verdict: str
) -> None:
    check = check_isolation.check_bindings_serve_the_lane_alone
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name}
    item = role_binding() | {"subjects": [subject]}

    said = told_of(check, live_role_bindings=made.role_bindings(item))

    assert said.words[0] == verdict, said.judgement
    assert name in said.judgement.saw or verdict == "upheld"


def test_the_group_of_a_namespaces_accounts_must_not_reach_everywhere() -> None:
    check = check_isolation.check_accounts_are_bound_in_their_namespace_alone
    group = {"kind": "Group", "name": f"system:serviceaccounts:{NAMESPACE}"}
    # the cluster itself binds it, to let accounts find their issuer
    every = {"kind": "Group", "name": "system:serviceaccounts"}

    def of(subject: Json) -> tuple[str, str]:
        item = role_binding("all") | {"subjects": [subject]}
        return told_of(check, live_cluster_role_bindings=made.cluster_role_bindings(item)).words

    assert of(group) == ("violated", "isolation-violation")
    assert of(every) == ("upheld", "")


def test_accounts_must_not_reach_everywhere() -> None:
    check = check_isolation.check_accounts_are_bound_in_their_namespace_alone
    everywhere = role_binding("admin")
    elsewhere = role_binding("other", ("kube-system", "controller"))

    def of(item: Json) -> tuple[str, str]:
        return told_of(check, live_cluster_role_bindings=made.cluster_role_bindings(item)).words

    assert of(elsewhere) == ("upheld", "")
    assert of(everywhere) == ("violated", "isolation-violation")


def test_pods_must_not_refer_to_another_lanes_objects() -> None:
    check = check_isolation.check_pods_refer_to_what_is_the_lanes

    def of(item: Json) -> Judged:
        seen = (made.deployments(item),)
        return told_of(check, live_workloads=seen, live_pods=made.pods())

    assert of(deployment()).words == ("upheld", "")
    said = of(deployment(**{CLAIM: "agentrun-v02-sessions"}))
    assert said.words == ("violated", "isolation-violation")
    assert "refers to PersistentVolumeClaim agentrun-v02-sessions" in said.judgement.saw


HELD: dict[str, Any] = {
    "live_accounts": made.accounts(named("ServiceAccount", "agentrun-v01-mgr")),
    "live_claims": made.claims(named("PersistentVolumeClaim", "agentrun-v01-sessions")),
    "live_config_maps": made.config_maps(
        named("ConfigMap", "agentrun-v01-env"), named("ConfigMap", "agentrun-v01-boot")
    ),
}


def test_what_pods_refer_to_has_to_be_there() -> None:
    check = check_isolation.check_what_pods_refer_to_is_there
    seen = (made.deployments(),)

    assert told_of(check, live_workloads=seen, **HELD).words == ("upheld", "")
    for name in HELD:
        kind = getattr(made, name.removeprefix("live_"))
        said = told_of(check, live_workloads=seen, **(HELD | {name: kind()}))
        assert said.words == ("violated", "isolation-violation"), name


def test_the_matrix_tells_of_all_lanes_and_refuses_what_concerns_this_one() -> None:
    cross = role_binding("cross", ("agentrun-v02", "mgr"))
    volume = {"spec": {"volumeName": "pvc-1"}}
    mine = named("PersistentVolumeClaim", "sessions") | volume
    theirs = named("PersistentVolumeClaim", "sessions", metadata__namespace="agentrun-v02") | volume

    def of(*bindings: Json, claims: tuple[Json, ...] = (), scopes: Any = SCOPES) -> Judged:
        own = a_lane()
        return judged(
            check_isolation.check_lanes_do_not_cross,
            live_role_bindings=made.role_bindings(*bindings),
            live_deployments=made.deployments(),
            live_pods=made.pods(),
            live_claims=made.claims(*claims),
            scope=OWN,
            scopes=scopes,
            lane=own,
        )

    clean, crossed = of(role_binding()), of(cross)
    assert clean.words == ("upheld", "")
    assert clean.remarks == ("agentrun-v01 . 0", "agentrun-v02 0 .")
    assert crossed.words == ("violated", "isolation-violation")
    assert crossed.remarks[0] == "agentrun-v01 . 1"
    shared = of(claims=(mine, theirs))
    assert shared.words == ("violated", "isolation-violation")
    assert "the volume pvc-1 is bound to" in shared.judgement.saw
    assert of(scopes=(OWN,)).words == ("not-applicable", "")
    assert Matrix(("a", "b")).rows == (("a", ".", "0"), ("b", "0", "."))
    assert Matrix(("a", "b")).row("b") == ("b", "0", ".")


def tracked(*items: Json, beside: dict[str, Any] | None = None, **runtime: Any) -> Judged:
    seen = {
        "live_deployments": made.deployments(),
        "live_stateful_sets": made.stateful_sets(),
        "live_daemon_sets": made.daemon_sets(),
        "live_pods": made.pods(),
        "live_services": made.services(*items),
        "live_ingresses": made.ingresses(),
        "live_role_bindings": made.role_bindings(role_binding()),
    }
    return told_of(
        check_isolation.check_every_object_is_the_applications,
        runtime,
        **(seen | HELD | (beside or {})),
    )


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"live_stateful_sets": made.stateful_sets(stateful_set("cache", **UNTRACKED))},
         "StatefulSet cache"),
        ({"live_daemon_sets": made.daemon_sets(daemon_set("agent", **UNTRACKED))},
         "DaemonSet agent"),
        ({"live_ingresses": made.ingresses(changed(ingress(), **UNTRACKED))}, "Ingress "),
        ({"live_pods": made.pods(pod(**UNTRACKED, metadata__ownerReferences=None))}, "Pod "),
    ],
)  # fmt: skip
def test_a_stray_of_a_kind_that_the_lane_does_not_name_is_found(
    beside: dict[str, Any], told: str
) -> None:
    found = tracked(service(), beside=beside)

    assert found.words == ("violated", "orphan-resource"), found.judgement
    assert found.judgement.saw.startswith(told)
    assert found.judgement.saw.endswith("is tracked by no application")


def test_pods_are_their_owners() -> None:
    owned = made.pods(pod(metadata__annotations={}))

    assert tracked(service(), beside={"live_pods": owned}).words == ("upheld", "")


def test_every_object_has_to_be_tracked_by_the_application() -> None:
    note = "argocd.argoproj.io/tracking-id"
    stray = service("stray", metadata__annotations={})
    theirs = service("theirs", metadata__annotations={note: "agentrun-v02:/Service:a/theirs"})
    labelled = service(
        "labelled",
        metadata__annotations={},
        metadata__labels={"app.kubernetes.io/instance": "agentrun-g14-v01"},
    )
    elsewhere = service(
        "apps", metadata__annotations={note: "apps_agentrun-g14-v01:/Service:a/apps"}
    )
    cluster = service("kubernetes", metadata__annotations={})

    assert tracked(service(), labelled, elsewhere, cluster).words == ("upheld", "")
    assert tracked(stray).words == ("violated", "orphan-resource")
    assert "Service stray is tracked by no application" in tracked(stray).judgement.saw
    assert tracked(theirs).words == ("violated", "namespace-shared")


def test_where_no_object_was_seen_none_is_the_applications() -> None:
    said = told_of(
        check_isolation.check_every_object_is_the_applications,
        live_deployments=made.deployments(deployment(metadata__namespace="another")),
        live_stateful_sets=made.stateful_sets(),
        live_daemon_sets=made.daemon_sets(),
        live_pods=made.pods(pod(metadata__namespace="another")),
        live_services=made.services(service(metadata__namespace="another")),
        live_ingresses=made.ingresses(),
        live_role_bindings=made.role_bindings(),
        live_accounts=made.accounts(),
        live_claims=made.claims(),
        live_config_maps=made.config_maps(),
    )

    assert said.words == ("inconclusive", "")
