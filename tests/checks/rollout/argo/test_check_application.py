"""What is said of a lane's Application: each sentence holds, or is refused for its reason."""

from typing import Any

import pytest

from checks.rollout import check_argo
from checks.rollout.argo.seen import (
    RevisionsCompared,
)
from checks.rollout.runtime.reading_objects import read_job
from checks.rollout.runtime.seen import JobsSeen
from tests.checks.rollout.argo.judging import NEXT, STATE, a_lane, revisions, told_of
from tests.checks.rollout.argo.written import (
    LISTING,
    SOURCE,
    application,
    hook,
)
from tests.checks.rollout.calling import judged
from tests.checks.rollout.runtime.written import Json, at, job


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
