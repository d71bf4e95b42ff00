from typing import Any

import pytest

from checks.rollout.runtime.objects import Workload
from checks.rollout.runtime.reading_objects import (
    read_daemon_set,
    read_deployment,
    read_stateful_set,
)
from checks.rollout.runtime.rollout_status import is_of_an_earlier_rollout, replicas_of, rollout_of
from tests.checks.rollout.runtime.written import daemon_set, deployment, exceeded, stateful_set

PROGRESSING = "status__conditions__1"


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, "done", "2 of 2 updated replicas are available"),
        ({"spec__replicas": 0, **dict.fromkeys(
            [f"status__{one}" for one in ("replicas", "updatedReplicas", "availableReplicas")])},
         "done", "0 of 0"),
        ({"spec__replicas": None}, "done", "2 of 2"),
        ({"status__observedGeneration": 3}, "waiting",
         "condition Available True, but observedGeneration 3 < generation 4"),
        ({"status__observedGeneration": 3, PROGRESSING: exceeded()}, "waiting",
         "observedGeneration 3 < generation 4"),
        ({PROGRESSING: exceeded(), "status__availableReplicas": 1}, "failed",
         "ProgressDeadlineExceeded: ReplicaSet"),
        ({"status__updatedReplicas": 1}, "waiting", "1 of 2 new replicas are updated"),
        ({"status__replicas": 3}, "waiting", "1 old replicas have not ended"),
        ({"status__availableReplicas": 1}, "waiting", "1 of 2 updated replicas are available"),
        ({"status": {}}, "waiting", "no condition Available yet, but observedGeneration 0 < "),
        # in kubectl's order: the first that applies is told
        ({"status__updatedReplicas": 1, "status__replicas": 3}, "waiting", "1 of 2 new replicas"),
    ],
)  # fmt: skip
def test_a_deployment_is_judged_in_the_order_of_kubectl(
    changes: dict[str, Any], state: str, words: str
) -> None:
    seen = rollout_of(read_deployment(deployment(**changes)))

    assert (seen.state, words in seen.why) == (state, True), seen


def test_a_deadline_that_was_exceeded_before_all_became_available_is_told_apart() -> None:
    stale = read_deployment(deployment(**{PROGRESSING: exceeded()}))
    fresh = read_deployment(deployment(**{PROGRESSING: exceeded(), "status__availableReplicas": 1}))

    assert rollout_of(stale).state == rollout_of(fresh).state == "failed"
    assert is_of_an_earlier_rollout(stale)
    assert not is_of_an_earlier_rollout(fresh)
    assert not is_of_an_earlier_rollout(read_deployment(deployment()))


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, "done", "3 pods are at postgres-6f5b"),
        ({"status__observedGeneration": 0}, "waiting", "observedGeneration 0 < generation 4"),
        ({"status__observedGeneration": 3}, "waiting",
         "3 pods are ready, but observedGeneration 3 < generation 4"),
        ({"status__readyReplicas": 2}, "waiting", "2 of 3 pods are ready"),
        ({"spec__updateStrategy__rollingUpdate__partition": 2, "status__updatedReplicas": 1},
         "done", "1 pods are at"),
        ({"spec__updateStrategy__rollingUpdate__partition": 1, "status__updatedReplicas": 1},
         "waiting", "1 of 2 pods above the partition are new"),
        # with `rollingUpdate` and no partition kubectl looks at no revision
        ({"spec__updateStrategy__rollingUpdate": {}, "status__currentRevision": "postgres-1"},
         "done", "3 pods are at"),
        ({"spec__updateStrategy__rollingUpdate": None, "status__currentRevision": "postgres-1"},
         "waiting", "3 pods are at postgres-6f5b"),
        ({"spec__updateStrategy__rollingUpdate": None}, "done", "3 pods are at postgres-6f5b"),
        ({"spec__updateStrategy": {"type": "OnDelete"}}, "failed", "OnDelete"),
    ],
)  # fmt: skip
def test_a_stateful_set_is_judged_in_the_order_of_kubectl(
    changes: dict[str, Any], state: str, words: str
) -> None:
    seen = rollout_of(read_stateful_set(stateful_set(**changes)))

    assert (seen.state, words in seen.why) == (state, True), seen


@pytest.mark.parametrize(
    ("changes", "state", "words"),
    [
        ({}, "done", "2 of 2 pods are available"),
        ({"status__observedGeneration": 3}, "waiting", "observedGeneration 3 < generation 4"),
        ({"status__updatedNumberScheduled": 1}, "waiting", "1 of 2 pods are updated"),
        ({"status__numberAvailable": 1}, "waiting", "1 of 2 updated pods are available"),
        ({"spec__updateStrategy": {"type": "OnDelete"}}, "failed", "OnDelete"),
    ],
)
def test_a_daemon_set_is_judged_in_the_order_of_kubectl(
    changes: dict[str, Any], state: str, words: str
) -> None:
    seen = rollout_of(read_daemon_set(daemon_set(**changes)))

    assert (seen.state, words in seen.why) == (state, True), seen


@pytest.mark.parametrize(
    ("workload", "replicas"),
    [
        (read_deployment(deployment(spec__replicas=None)), 1),
        (read_deployment(deployment(spec__replicas=0)), 0),
        (read_stateful_set(stateful_set()), 3),
        (read_daemon_set(daemon_set()), 2),
    ],
)
def test_a_spec_without_replicas_means_one(workload: Workload, replicas: int) -> None:
    assert replicas_of(workload) == replicas
