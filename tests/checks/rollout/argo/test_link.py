"""The link that Argo CD makes in a lane's chain."""

from typing import Any

import pytest

from checks.rollout import check_argo
from checks.rollout.argo.chain import link
from checks.rollout.argo.equality import Standing
from checks.rollout.argo.seen import (
    NoApplication,
    SettledApplication,
)
from checks.rollout.links import State
from tests.checks.rollout.argo.judging import NEXT, STATE, a_lane, later, revisions, told_of
from tests.checks.rollout.argo.written import (
    HEAD,
    application,
    applications,
    hook,
)
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.runtime.written import NOW


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
