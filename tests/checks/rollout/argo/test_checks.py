"""What is said of Argo CD: each sentence holds, and is refused for the right reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checks.rollout import check_argo, check_argo_project
from checks.rollout.argo.chain import link
from checks.rollout.argo.equality import Compared, Standing
from checks.rollout.argo.reading import read_definition
from checks.rollout.argo.seen import (
    DefinitionSeen,
    NoApplication,
    RevisionsCompared,
    SettledApplication,
)
from checks.rollout.links import State
from checks.rollout.runtime.reading_objects import read_deployment, read_job
from checks.rollout.runtime.seen import DeploymentsSeen, JobsSeen, StatefulSetsSeen
from config.lanes import Lane
from config.lanes.argo import Argo
from tests.checks.rollout.argo.written import (
    HEAD,
    LISTING,
    PATH,
    SOURCE,
    URL,
    application,
    applications,
    hook,
    project,
    projects,
)
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.runtime.written import NOW, Json, at, deployment, job

ARGO: dict[str, Any] = {
    "application": "agentrun-g14-v01",
    "project": "agentrun-v01",
    "destination": "agentrun-v01",
    "repo_url": URL,
    "install": {"version": "v2.11.0"},
}
GITOPS = {
    "repository": "/nowhere/gitops.git",
    "branch": "v0.1-gitops",
    "path": PATH,
    "render": {"absent": "this test has none"},
}
NEXT = {"argo": "agentrun v01 refresh --confirm", "default": "agentrun v01 control-plane status"}
STATE = "status__operationState"
BEHIND = "8" * 40


def a_lane(**argo: Any) -> Lane:
    retired = {"names": ["agentrun_dev"]}
    return lane(argo=ARGO | argo, gitops=GITOPS, next=NEXT, retired=retired)


def told_of(check: Any, *items: Json, argo: dict[str, Any] | None = None, **more: Any) -> Judged:
    """Judge a check of a lane whose cluster has these Applications, or the one that is right."""
    own = a_lane(**(argo or {}))
    if "settled_applications" in check.__annotations__:
        more.setdefault("settled_applications", ())
    name = "argo_alone" if "argo_alone" in check.__annotations__ else "argo"
    seen = applications(*items)
    return judged(check, applications=seen, lane=own, **{name: own.argo}, **more)


def later(*items: Json, looked: bool = True) -> tuple[SettledApplication, ...]:
    """Return the lane's application as it is seen 5 s later; none: it is gone, if looked at."""
    found = applications(*items).applications if items else ()
    return (
        SettledApplication(listing=LISTING, application="x", looked=looked, items=found, after=5.0),
    )


def revisions(
    standing: Standing = "same", applied: Standing | None = None, *, minutes: int = 10
) -> RevisionsCompared:
    """Say how both revisions stand, and how long ago the branch changed."""
    each = (
        Compared("compared", HEAD if standing == "same" else BEHIND, standing, "told so"),
        Compared("applied", BEHIND, applied or standing, "told so"),
    )
    return RevisionsCompared(
        application="argocd/agentrun-g14-v01",
        head=HEAD,
        path=PATH,
        each=each,
        changed=NOW - timedelta(minutes=minutes) if standing == "lags" else None,
        at=NOW,
    )


def test_an_application_has_to_be_there_in_its_project() -> None:
    check = check_argo.check_application_is_there_in_its_project

    assert told_of(check).words == ("upheld", "")
    missing = told_of(check, application("another"))
    other = told_of(check, application(spec__project="default"))

    assert missing.words == other.words == ("violated", "app-missing")
    assert missing.judgement.mend == NEXT["argo"]
    assert other.judgement.saw == "its project is default"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "upheld"),
        ({"spec__source__targetRevision": "v0.2-gitops"}, "violated"),
        ({"spec__source__path": "deploy/gitops/g14/runtime-v02"}, "violated"),
        ({"spec__source__repoURL": "https://github.com/pikasTech/agentrun"}, "violated"),
        ({"spec__source": None}, "violated"),
    ],
)
def test_an_application_has_to_read_the_gitops_branch(
    changes: dict[str, Any], verdict: str
) -> None:
    own = a_lane()
    seen = told_of(
        check_argo.check_application_reads_the_gitops_branch,
        application(**changes),
        argo_gitops=own.gitops,
    )

    failure = "app-source-drift" if verdict == "violated" else ""
    assert seen.words == (verdict, failure), seen.judgement


@pytest.mark.parametrize(
    ("changes", "argo", "verdict"),
    [
        ({}, {}, "upheld"),
        ({"spec__destination": {"name": "in-cluster", "namespace": "agentrun-v01"}},
         {"server": "name: in-cluster"}, "upheld"),
        # Argo CD calls its own cluster by both
        ({"spec__destination": {"name": "in-cluster", "namespace": "agentrun-v01"}}, {}, "upheld"),
        ({"spec__destination": {"name": "d601", "namespace": "agentrun-v01"}}, {}, "violated"),
        ({"spec__destination": {"namespace": "agentrun-v01"}}, {}, "violated"),
        ({"spec__destination__namespace": "agentrun-v02"}, {}, "violated"),
        ({"spec__destination__server": "https://elsewhere"}, {}, "violated"),
    ],
)  # fmt: skip
def test_an_application_has_to_go_to_the_lanes_namespace(
    changes: dict[str, Any], argo: dict[str, Any], verdict: str
) -> None:
    check = check_argo.check_application_goes_to_the_lanes_namespace
    seen = told_of(check, application(**changes), argo=argo)

    assert seen.words == (verdict, "destination-violation" if verdict == "violated" else "")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (revisions("same"), ("upheld", "")),
        (revisions("path-equal"), ("upheld", "")),
        (revisions("unread"), ("upheld", "")),
        (revisions("lags"), ("violated", "argo-revision-lag")),
        (revisions("lags", minutes=1), ("inconclusive", "")),
        (revisions("diverged"), ("violated", "argo-revision-lag")),
        (revisions("none"), ("violated", "argo-revision-lag")),
        (revisions("ahead"), ("inconclusive", "")),
        (revisions("unknown"), ("inconclusive", "")),
    ],
)
def test_argo_has_to_compare_to_the_head(seen: RevisionsCompared, words: tuple[str, str]) -> None:
    check = check_argo.check_argo_compared_to_the_head_of_the_gitops_branch
    said = told_of(check, argo_revisions=seen)

    assert said.words == words, said.judgement
    if seen.each[0].standing in ("path-equal", "unread"):
        assert seen.each[0].standing in said.remarks[0]
    if words[0] == "inconclusive" and seen.each[0].standing == "lags":
        assert said.judgement.reason.startswith("pending: ")


def test_a_revision_of_an_older_spec_is_pending() -> None:
    check = check_argo.check_argo_compared_to_the_head_of_the_gitops_branch
    said = told_of(
        check, application(spec__source__path="new/path"), argo_revisions=revisions("same")
    )

    assert said.words == ("inconclusive", "")
    assert "of an older spec" in said.judgement.reason


@pytest.mark.parametrize(
    ("seen", "changes", "words"),
    [
        (revisions("same"), {}, ("upheld", "")),
        (revisions("same", "path-equal"), {}, ("upheld", "")),
        # it compared later, and found no object that differs
        (revisions("same", "lags"), {}, ("upheld", "")),
        (revisions("same", "lags"), {"status__sync__status": "OutOfSync"},
         ("violated", "argo-revision-lag")),
        (revisions("lags", "lags"), {}, ("violated", "argo-revision-lag")),
        # it asks by itself within three minutes
        (revisions("lags", "lags", minutes=1), {}, ("inconclusive", "")),
        (revisions("same", "unknown"), {}, ("inconclusive", "")),
        (revisions("same"), {"operation": {}}, ("inconclusive", "")),
    ],
)  # fmt: skip
def test_argo_has_to_apply_the_head(
    seen: RevisionsCompared, changes: dict[str, Any], words: tuple[str, str]
) -> None:
    check = check_argo.check_argo_applied_the_head_of_the_gitops_branch
    said = told_of(check, application(**changes), argo_revisions=seen)

    assert said.words == words, said.judgement


@pytest.mark.parametrize(
    ("changes", "words", "told"),
    [
        ({}, ("upheld", ""), ""),
        ({"status__sync__status": "OutOfSync"}, ("violated", "argo-outofsync"), "OutOfSync"),
        ({"status__sync__status": "Unknown"}, ("violated", "argo-outofsync"), "Unknown"),
        ({"status__conditions": [{"type": "ComparisonError", "message": "no such path"}]},
         ("violated", "argo-outofsync"), "ComparisonError: no such path"),
        ({"status__sync__status": "OutOfSync", "operation": {}}, ("inconclusive", ""), "pending: "),
        ({"status__reconciledAt": at(4)}, ("inconclusive", ""), "pending: "),
        ({"spec__source__path": "other"}, ("inconclusive", ""), "older spec"),
        ({"spec__source": SOURCE | {"kustomize": {"images": ["a=b"]}}}, ("inconclusive", ""),
         "other parameters"),
        ({"spec__source": SOURCE | {"kustomize": {}}}, ("upheld", ""), ""),
        ({"status": None}, ("inconclusive", ""), "pending: Argo CD has not looked at it yet"),
        ({"status__sourceHydrator": {"currentOperation": {"phase": "Failed", "message": "no key"}},
          "spec__sourceHydrator": {"drySource": {}}}, ("violated", "argo-outofsync"), "no key"),
        ({"spec__sourceHydrator": {"drySource": {}}, "spec__source": None,
          "status__sync__comparedTo": None}, ("inconclusive", ""), "hydrator"),
    ],
)  # fmt: skip
def test_an_application_has_to_be_synced(
    changes: dict[str, Any], words: tuple[str, str], told: str
) -> None:
    said = told_of(check_argo.check_application_is_synced, application(**changes))

    assert said.words == words, said.judgement
    assert told in said.judgement.saw + said.judgement.reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ("upheld", "")),
        ({"status__health__status": "Degraded"}, ("violated", "argo-degraded")),
        ({"status__health__status": "Missing"}, ("violated", "argo-degraded")),
        ({"status__health__status": "Suspended"}, ("violated", "argo-degraded")),
        ({"status__health__status": "Progressing"}, ("inconclusive", "")),
        ({"status__health__status": "Unknown"}, ("inconclusive", "")),
        ({"status__health": None}, ("inconclusive", "")),
        ({"operation": {}}, ("inconclusive", "")),
    ],
)
def test_an_application_has_to_be_healthy(changes: dict[str, Any], words: tuple[str, str]) -> None:
    said = told_of(check_argo.check_application_is_healthy, application(**changes))

    assert said.words == words, said.judgement


def test_an_ill_resource_of_a_healthy_application_is_remarked() -> None:
    check = check_argo.check_application_is_healthy
    ill = told_of(check, application(status__resources__0__health={"status": "Degraded"}))
    silent = told_of(check, application(status__resourceHealthSource="appTree"))

    assert ill.remarks == (
        "warning: Deployment agentrun-v01/agentrun-mgr is Degraded, and the application Healthy",
    )
    assert "stands in no status" in silent.remarks[0]


@pytest.mark.parametrize(
    ("changes", "argo", "words"),
    [
        ({}, {}, ("upheld", "")),
        ({f"{STATE}__finishedAt": None, f"{STATE}__phase": "Running"}, {"stuck_after": 60.0},
         ("violated", "argo-operation-stuck")),
        ({f"{STATE}__finishedAt": None, f"{STATE}__phase": "Running",
          f"{STATE}__startedAt": "2026-11-22T11:59:30Z"}, {}, ("inconclusive", "")),
        ({f"{STATE}__syncResult__resources": [hook()]}, {}, ("violated", "hook-failed")),
        ({STATE: None}, {}, ("upheld", "")),
        # it runs, or is to run, and nothing says since when
        ({f"{STATE}__finishedAt": None, f"{STATE}__startedAt": None}, {}, ("inconclusive", "")),
        ({STATE: None, "operation": {}}, {}, ("inconclusive", "")),
    ],
)  # fmt: skip
def test_no_operation_may_be_stuck(
    changes: dict[str, Any], argo: dict[str, Any], words: tuple[str, str]
) -> None:
    said = told_of(check_argo.check_no_operation_is_stuck, application(**changes), argo=argo)

    assert said.words == words, said.judgement


def test_a_job_of_a_hook_must_not_have_failed() -> None:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    hooked = job("migrate", metadata__annotations={"argocd.argoproj.io/hook": "PreSync"})
    own, check = a_lane(), check_argo.check_no_job_of_a_hook_has_failed

    def of(*items: Json) -> tuple[str, str]:
        seen = JobsSeen(listing=LISTING, items=tuple(read_job(one) for one in items))
        return judged(check, live_jobs=seen, argo=own.argo, lane=own).words

    assert of(hooked, job(status={"conditions": [failed]})) == ("upheld", "")
    assert of(hooked | {"status": {"conditions": [failed]}}) == ("violated", "hook-failed")


def test_a_missing_application_is_told_by_one_check_alone() -> None:
    for check in (check_argo.check_application_is_synced, check_argo.check_application_is_healthy):
        said = told_of(check, application("another"))

        assert said.words == ("inconclusive", "")
        assert said.judgement.held_by == ("check_application_is_there_in_its_project",)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "upheld"),
        ({"spec__destinations__0__namespace": "*"}, "violated"),
        ({"spec__destinations__0__namespace": "agentrun-dev"}, "violated"),
        ({"metadata__name": "another"}, "violated"),
    ],
)
def test_a_project_may_reach_the_one_namespace(changes: dict[str, Any], verdict: str) -> None:
    own = a_lane()
    said = judged(
        check_argo_project.check_project_permits_the_lanes_namespace_alone,
        argo_projects=projects(project(**changes)),
        argo=own.argo,
        lane=own,
    )

    assert said.words == (verdict, "appproject-too-wide" if verdict == "violated" else "")


def test_a_project_has_to_permit_where_its_application_goes() -> None:
    check = check_argo_project.check_project_permits_the_applications_destination
    denied = project(spec__destinations=[{"server": "*", "namespace": "!agentrun-v01"}])

    assert told_of(check, argo_projects=projects()).words == ("upheld", "")
    assert told_of(check, argo_projects=projects(denied)).words == (
        "violated",
        "destination-violation",
    )
    gone = told_of(check, argo_projects=projects(project(metadata__name="another")))
    assert gone.words == ("inconclusive", "")


def test_no_other_application_may_go_to_the_namespace() -> None:
    check = check_argo_project.check_no_other_application_goes_to_the_namespace
    same = application("intruder")
    elsewhere = application("neighbour", spec__destination__server="https://elsewhere")

    assert told_of(check, application(), elsewhere).words == ("upheld", "")
    assert told_of(check, application(), same).words == ("violated", "namespace-shared")
    by_name = {"spec__destination": {"name": "in-cluster", "namespace": "agentrun-v01"}}
    assert told_of(check, application(), application("x", **by_name)).words[0] == "violated"
    by_name["spec__destination"]["name"] = "d601"
    said = told_of(check, application(), application("x", **by_name))
    assert said.words == ("inconclusive", "")
    assert "its name does not tell" in said.judgement.reason


def test_where_not_every_application_may_be_listed_others_may_go_there() -> None:
    own = a_lane()
    listing = replace(LISTING, namespaces=("argocd",))
    check = check_argo_project.check_no_other_application_goes_to_the_namespace

    def of(*items: Json) -> Judged:
        seen = replace(applications(*items), listing=listing)
        return judged(check, applications=seen, argo_alone=own.argo, lane=own)

    alone = of(application())
    assert alone.words == ("inconclusive", "")
    assert "in argocd alone" in alone.judgement.reason
    assert of(application(), application("intruder")).words == ("violated", "namespace-shared")


@pytest.mark.parametrize(
    ("destination", "permitted", "words"),
    [
        ({"name": "in-cluster"}, {"server": "https://kubernetes.default.svc"}, ("upheld", "")),
        ({"server": "https://kubernetes.default.svc"}, {"name": "in-cluster"}, ("upheld", "")),
        ({"name": "d601"}, {"server": "https://10.0.0.1"}, ("inconclusive", "")),
        ({"name": "d601"}, {"name": "g14"}, ("violated", "destination-violation")),
        ({"server": "https://kubernetes.default.svc"}, {"name": "d601"},
         ("violated", "destination-violation")),
    ],
)  # fmt: skip
def test_a_cluster_may_be_permitted_by_its_name_or_by_its_url(
    destination: dict[str, str], permitted: dict[str, str], words: tuple[str, str]
) -> None:
    here = {"namespace": "agentrun-v01"}
    said = told_of(
        check_argo_project.check_project_permits_the_applications_destination,
        application(spec__destination=destination | here),
        argo_projects=projects(project(spec__destinations=[permitted | here])),
    )

    assert said.words == words, said.judgement


def definition(*, established: str = "True", served: bool = True) -> DefinitionSeen:
    name = "applications.argoproj.io"
    item = {
        "metadata": {"name": name},
        "spec": {"versions": [{"name": "v1alpha1", "served": served}]},
        "status": {"conditions": [{"type": "Established", "status": established}]},
    }
    return DefinitionSeen(listing=LISTING, name=name, items=(read_definition(item),))


def test_argo_has_to_be_installed_as_declared() -> None:
    assert isinstance(a_lane().argo, Argo)
    sets = StatefulSetsSeen(listing=LISTING, items=())

    def of(
        image: str = "quay.io/argoproj/argocd:v2.11.0",
        namespace: str = "argocd",
        defined: tuple[DefinitionSeen, ...] = (definition(),),
        **install: Any,
    ) -> Judged:
        own = a_lane(install=ARGO["install"] | install)
        server = deployment(
            "argocd-server",
            metadata__namespace=namespace,
            spec__template__spec__containers=[{"name": "server", "image": image}],
        )
        seen = DeploymentsSeen(listing=LISTING, items=(read_deployment(server),))
        return judged(
            check_argo_project.check_argo_is_installed_as_declared,
            live_deployments=seen,
            live_stateful_sets=sets,
            argo_definitions=defined,
            argo_install=own.argo.install,  # type: ignore[union-attr]
            argo=own.argo,
            lane=own,
        )

    assert of().words == of(workloads=["argocd-server"]).words == ("upheld", "")
    for said, told in (
        (of("quay.io/argoproj/argocd:v2.10.0"), "not the version v2.11.0"),
        (of(namespace="elsewhere"), "argocd has no workload"),
        (of(workloads=["argocd-server", "argocd-redis"]), "there is no workload argocd-redis"),
        (of(workloads=["argocd-redis"]), "Deployment argocd-server is not declared"),
        (of(defined=(definition(), replace(definition(), items=()))), "there is no CustomResource"),
        (of(defined=(definition(established="False"),)), "is not established"),
        (of(defined=(definition(served=False),)), "is established, none"),
    ):
        assert said.words == ("violated", "argo-install-drift"), told
        assert told in said.judgement.saw


@pytest.mark.parametrize(
    ("changes", "standing", "state", "failure"),
    [
        ({}, "same", State.AGREES, ""),
        ({}, "path-equal", State.AGREES, ""),
        ({}, "lags", State.BROKEN, "argo-revision-lag"),
        ({}, "ahead", State.PENDING, ""),
        ({}, "unknown", State.UNKNOWN, ""),
        ({"operation": {}}, "lags", State.PENDING, ""),
        ({"status__sync__status": "OutOfSync"}, "same", State.BROKEN, "argo-outofsync"),
        ({"status__health__status": "Degraded"}, "same", State.BROKEN, "argo-degraded"),
        ({"status__health__status": "Progressing"}, "same", State.PENDING, ""),
        ({"status__health": None}, "same", State.UNKNOWN, ""),
        ({"metadata__name": "another"}, "same", State.BROKEN, "app-missing"),
        # what it says is of another branch, or of another place
        (
            {"spec__source__path": "deploy/gitops/g14/runtime-v02"},
            "same",
            State.BROKEN,
            "app-source-drift",
        ),
        (
            {"spec__destination__namespace": "agentrun-v02"},
            "same",
            State.BROKEN,
            "destination-violation",
        ),
        (
            {f"{STATE}__finishedAt": None, f"{STATE}__startedAt": "2026-11-22T11:00:00Z"},
            "same",
            State.BROKEN,
            "argo-operation-stuck",
        ),
        ({f"{STATE}__syncResult__resources": [hook()]}, "same", State.BROKEN, "hook-failed"),
        ({"status": None}, "none", State.PENDING, ""),
    ],
)
def test_the_link_of_argo_is_told_of_what_was_seen(
    changes: dict[str, Any], standing: Standing, state: State, failure: str
) -> None:
    made = link(a_lane(), applications(application(**changes)), revisions(standing))

    assert (made.state, made.failure) == (state, failure), made
    assert made.mend == (NEXT["argo"] if failure else "")
    assert HEAD in made.expected


@pytest.mark.parametrize(
    ("seen", "words", "told"),
    [
        (later(application()), ("upheld", ""), ""),
        (later(looked=False), ("upheld", ""), ""),
        (later(application(status__sync__status="OutOfSync")), ("violated", "argo-outofsync"),
         "5 s later sync is OutOfSync"),
        (later(application(operation={"sync": {}})), ("inconclusive", ""),
         "pending: 5 s later an operation is asked for"),
        (later(), ("inconclusive", ""), "5 s later it is not"),
    ],
)  # fmt: skip
def test_a_sync_that_does_not_last_is_not_taken_for_good(
    seen: tuple[SettledApplication, ...], words: tuple[str, str], told: str
) -> None:
    said = told_of(check_argo.check_application_is_synced, settled_applications=seen)

    assert said.words == words
    assert told in said.judgement.saw + said.judgement.reason


@pytest.mark.parametrize(
    ("health", "words", "told"),
    [
        ("Healthy", ("upheld", ""), ""),
        ("Progressing", ("inconclusive", ""), "pending: 5 s later health is Progressing"),
        ("Degraded", ("violated", "argo-degraded"), "5 s later health is Degraded"),
    ],
)
def test_a_health_that_does_not_last_is_not_taken_for_good(
    health: str, words: tuple[str, str], told: str
) -> None:
    seen = later(application(status__health__status=health))
    said = told_of(check_argo.check_application_is_healthy, settled_applications=seen)
    made = link(a_lane(), applications(application()), revisions(), seen)

    assert said.words == words
    assert told in said.judgement.saw + said.judgement.reason
    assert made.state.value == {"upheld": "agrees", "inconclusive": "pending"}.get(
        words[0], "broken"
    )
    assert made.failure == words[1]


def test_the_link_of_argo_is_unknown_where_nobody_looked_and_absent_where_there_is_none() -> None:
    none = NoApplication(application="argocd/agentrun-g14-v01", at=NOW)

    assert link(a_lane(), None, None).state is State.UNKNOWN
    assert link(a_lane(), applications(), none).state is State.UNKNOWN
    assert link(lane(), None, None).state is State.ABSENT
