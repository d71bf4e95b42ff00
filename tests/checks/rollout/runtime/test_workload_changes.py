"""Who made what runs, and of which commit: each sentence holds, and is refused."""

from typing import Any

import pytest

from checks.rollout import check_workload_changes
from checks.rollout.catalog.seen import Catalog, Published
from checks.rollout.links import State
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import chain, links
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.written import (
    COMMIT,
    DIGEST,
    IMAGE,
    NOW,
    Json,
    at,
    deployment,
    event,
    managed,
    pod,
    replica_set,
    template,
)

TIP = "f" * 40
UNDER_WAY = chain(links(argo=State.PENDING, runtime=State.PENDING))
RESTART = "kubectl.kubernetes.io/restartedAt"
ANNOTATED = f"spec__template__metadata__annotations__{RESTART}"


def catalog(boot: str | None = COMMIT, service: str = "agentrun-mgr") -> Catalog:
    published = Published(
        service=service,
        repository=IMAGE,
        tag="env-1",
        digest=DIGEST,
        env_identity="env-1",
        boot_commit=boot,
        status="reused",
    )
    return Catalog(
        path="deploy/artifact-catalog.v01.json",
        commit="9" * 40,
        source_commit=COMMIT,
        services=(published,),
        at=NOW,
    )


def told_of(check: Any, *items: Json, runtime: dict[str, Any] | None = None, **more: Any) -> Judged:
    own = a_lane(**(runtime or {}))
    seen = (made.deployments(*items),)
    return judged(check, live_workloads=seen, runtime=own.runtime, lane=own, **more)


def test_workloads_have_to_boot_the_target_or_what_contains_it() -> None:
    check = check_workload_changes.check_workloads_boot_the_target_commit
    newer = deployment(spec__template=template(AGENTRUN_BOOT_COMMIT=TIP))
    contained = made.target(tip=TIP, ancestry="contained")
    apart = made.target(tip=TIP, ancestry="not-contained")

    assert told_of(check, target=made.target()).words == ("upheld", "")
    other = told_of(check, newer, target=made.target())
    assert other.words == ("violated", "boot-commit-mismatch")
    assert f"AGENTRUN_BOOT_COMMIT is {TIP}" in other.judgement.saw
    under_way = told_of(check, newer, target=made.target(), chain=UNDER_WAY)
    assert under_way.words == ("inconclusive", "")
    assert under_way.judgement.reason.startswith("pending: ")
    superseded = told_of(check, newer, target=contained)
    assert superseded.words == ("upheld", "")
    assert superseded.remarks[0].startswith("superseded: ")
    assert told_of(check, newer, target=apart).words == ("violated", "boot-commit-mismatch")
    unset = deployment(spec__template__spec__containers__0__env=[])
    assert "is not set" in told_of(check, unset, target=made.target()).judgement.saw
    bare = {"workloads": [{"name": "agentrun-mgr", "commit_env": None}]}
    assert told_of(check, runtime=bare, target=made.target()).words == ("not-applicable", "")


def test_workloads_have_to_boot_the_commit_of_the_catalog() -> None:
    check = check_workload_changes.check_workloads_boot_the_commit_of_the_catalog

    assert told_of(check, catalog=catalog()).words == ("upheld", "")
    assert told_of(check, catalog=catalog(TIP)).words == ("violated", "boot-commit-mismatch")
    assert told_of(check, catalog=catalog(TIP), chain=UNDER_WAY).words == ("inconclusive", "")
    assert told_of(check, catalog=catalog(None)).words == ("inconclusive", "")
    assert told_of(check, catalog=catalog(service="other")).words == ("inconclusive", "")


def by(*managers: Json) -> Json:
    return deployment(metadata__managedFields=list(managers))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (deployment(), ("upheld", "")),
        (by(managed("argocd-controller"), managed("kubectl-edit", "Update")),
         ("violated", "manual-patch")),
        (by(managed("argocd-controller"), managed("kubectl-edit", "Update", "status")),
         ("upheld", "")),
        (by(managed("argocd-controller"), managed("kubectl-rollout", "Update", spec={
            "f:template": {"f:metadata": {"f:annotations": {f"f:{RESTART}": {}}}}})),
         ("upheld", "")),
        (deployment(metadata__managedFields=None), ("inconclusive", "")),
    ],
)  # fmt: skip
def test_nobody_but_argo_may_write_a_workload(item: Json, words: tuple[str, str]) -> None:
    own = a_lane()
    check = check_workload_changes.check_nobody_but_argo_writes_the_workloads
    said = told_of(check, item, argo=own.argo)

    assert said.words == words, said.judgement
    if words[0] == "violated":
        assert "kubectl-edit (Update at 2026-11-22T11:01:00Z) manages" in said.judgement.saw
        assert said.judgement.mend == "agentrun v01 refresh --confirm"


def restarted(*events: Json, pods: tuple[Json, ...] = (), item: Json | None = None) -> Judged:
    own = a_lane()
    return judged(
        check_workload_changes.check_restarts_go_by_the_annotation,
        live_deployments=made.deployments(item or deployment()),
        live_replica_sets=made.replica_sets(replica_set()),
        live_pods=made.pods(*pods),
        live_events=made.events(*events),
        runtime=own.runtime,
        lane=own,
    )


def test_pods_that_somebody_ended_are_told_apart_from_those_of_the_cluster() -> None:
    new = pod("agentrun-mgr-7c9f-later", metadata__creationTimestamp=at(30))
    ended = event("Killing", "agentrun-mgr-7c9f-gone", type="Normal")
    evicted = event("Evicted", "agentrun-mgr-7c9f-gone")
    scaled = event(
        "SuccessfulDelete", "agentrun-mgr-7c9f", "ReplicaSet",
        type="Normal", message="Deleted pod: agentrun-mgr-7c9f-gone",
    )  # fmt: skip

    by_hand = restarted(ended, pods=(new, pod()))
    assert by_hand.words == ("violated", "manual-restart")
    assert "agentrun-mgr-7c9f-gone was ended, and agentrun-mgr-7c9f-later" in by_hand.judgement.saw
    assert restarted(ended, evicted, pods=(new, pod())).words == ("upheld", "")
    assert restarted(ended, scaled, pods=(new, pod())).words == ("upheld", "")
    assert restarted(ended, pods=(pod(),)).words == ("upheld", "")
    assert restarted(pods=(new, pod())).words == ("upheld", "")


def test_a_restart_that_no_pod_followed_yet_is_pending() -> None:
    asked = deployment(**{ANNOTATED: at(20)})
    pending = restarted(item=asked)
    followed = restarted(item=asked, pods=(pod(metadata__creationTimestamp=at(20, 2)),))

    assert pending.words == ("inconclusive", "")
    assert "before the restart at 2026-11-22T11:20:00Z" in pending.judgement.reason
    assert followed.words == ("upheld", "")
    assert "a restart was asked for at 2026-11-22T11:20:00Z" in followed.remarks[0]
