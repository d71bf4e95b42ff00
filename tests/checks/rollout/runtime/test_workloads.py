"""What is said of workloads: each sentence holds, and is refused for the right reason."""

from typing import Any

import pytest

from checks.rollout import check_workloads
from checks.rollout.links import State
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import chain, links
from tests.checks.rollout.runtime import made
from tests.checks.rollout.runtime.made import NEXT, a_lane
from tests.checks.rollout.runtime.written import (
    Json,
    at,
    daemon_set,
    deployment,
    event,
    exceeded,
    job,
    owned,
    pod,
    replica_set,
    space,
    stateful_set,
    waiting,
)


def told_of(check: Any, *, runtime: dict[str, Any] | None = None, **more: Any) -> Judged:
    own = a_lane(**(runtime or {}))
    return judged(check, runtime=own.runtime, lane=own, **more)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([space()], ("upheld", "")),
        ([space(phase="Terminating")], ("violated", "namespace-missing")),
        ([space("another")], ("violated", "namespace-missing")),
    ],
)
def test_the_namespace_has_to_be_active(items: list[Json], words: tuple[str, str]) -> None:
    check = check_workloads.check_namespace_is_active

    assert told_of(check, live_namespaces=made.namespaces(*items)).words == words


ON_DELETE = {"spec__updateStrategy__type": "OnDelete"}
NONE_RUNS = {
    "spec__replicas": 0,
    "status__replicas": None,
    "status__updatedReplicas": None,
    "status__availableReplicas": None,
}


GONE = {"status__replicas": 0, "status__updatedReplicas": 0, "status__availableReplicas": 0}


def rolled_out(
    *items: Json,
    workload: dict[str, Any] | None = None,
    later: tuple[Json, ...] = (),
    **more: Any,
) -> Judged:
    runtime = {"workloads": [{"name": "agentrun-mgr"} | (workload or {})]}
    return told_of(
        check_workloads.check_workloads_are_rolled_out,
        runtime=runtime,
        live_workloads=(made.deployments(*items),),
        settled_deployments=(made.settled(*later),) if later else (),
        **more,
    )


@pytest.mark.parametrize(
    ("item", "workload", "words", "told"),
    [
        (deployment(), {}, ("upheld", ""), ""),
        (deployment(), {"replicas": 2}, ("upheld", ""), ""),
        (deployment(), {"replicas": 3}, ("violated", "runtime-not-ready"), "3 are declared"),
        (deployment("another"), {}, ("violated", "runtime-not-ready"), "is not there"),
        (deployment(status__conditions__1=exceeded(), status__availableReplicas=1), {},
         ("violated", "runtime-not-ready"), "ProgressDeadlineExceeded"),
        # kubectl calls a lane that is scaled to zero rolled out
        (deployment(**NONE_RUNS), {}, ("violated", "runtime-not-ready"), "scaled to 0"),
        (deployment(**NONE_RUNS), {"replicas": 0}, ("upheld", ""), ""),
        (deployment(status__observedGeneration=3), {}, ("inconclusive", ""),
         "condition Available True, but observedGeneration 3 < generation 4"),
        (deployment(status__updatedReplicas=1), {}, ("inconclusive", ""), "pending: "),
        (deployment(status__conditions__1=exceeded()), {}, ("inconclusive", ""),
         "of an earlier rollout"),
        # an object that nobody has looked at, as one of a repository
        (deployment(metadata__generation=None, spec__replicas=None, status=None), {},
         ("inconclusive", ""), "no controller has written its status"),
        (deployment(spec__replicas=None, **GONE), {}, ("inconclusive", ""), "0 of 1 pods serve"),
        (deployment(spec__paused=True, status__updatedReplicas=1), {}, ("inconclusive", ""),
         "it is paused"),
    ],
)  # fmt: skip
def test_workloads_have_to_be_rolled_out(
    item: Json, workload: dict[str, Any], words: tuple[str, str], told: str
) -> None:
    said = rolled_out(item, workload=workload)

    assert said.words == words, said.judgement
    assert told in said.judgement.saw + said.judgement.reason
    if words[0] == "violated":
        assert said.judgement.mend == NEXT["runtime"]


def test_a_readiness_that_does_not_last_is_momentary() -> None:
    lasting = rolled_out(deployment(), later=(deployment(),))
    flapping = rolled_out(deployment(), later=(deployment(status__availableReplicas=1),))
    broken = exceeded()
    failed = rolled_out(
        deployment(),
        later=(deployment(status__conditions__1=broken, status__availableReplicas=1),),
    )

    assert lasting.words == ("upheld", "")
    assert flapping.words == ("inconclusive", "")
    assert "5 s later it is not: 1 of 2 updated" in flapping.judgement.reason
    assert failed.words == ("violated", "runtime-not-ready")
    for later in (deployment("another"), deployment(metadata__uid="made-anew")):
        gone = rolled_out(deployment(), later=(later,))
        assert gone.words == ("inconclusive", "")
        assert "5 s later it is not" in gone.judgement.reason


def test_what_a_first_rollout_has_not_made_yet_is_pending() -> None:
    under_way = chain(links(argo=State.PENDING, runtime=State.PENDING))
    check = check_workloads.check_namespace_is_active

    missing = rolled_out(deployment("another"), chain=under_way)
    nowhere = told_of(check, live_namespaces=made.namespaces(space("another")), chain=under_way)

    for said in (missing, nowhere):
        assert said.words == ("inconclusive", "")
        assert said.judgement.reason.startswith("pending: ")


@pytest.mark.parametrize(
    ("kind", "seen", "words"),
    [
        ("StatefulSet", made.stateful_sets(stateful_set("a")), ("upheld", "")),
        ("StatefulSet", made.stateful_sets(stateful_set("a", status__readyReplicas=1)),
         ("inconclusive", "")),
        ("StatefulSet", made.stateful_sets(stateful_set("a", **ON_DELETE)), ("inconclusive", "")),
        ("DaemonSet", made.daemon_sets(daemon_set("a")), ("upheld", "")),
        ("DaemonSet", made.daemon_sets(daemon_set("b")), ("violated", "runtime-not-ready")),
        ("DaemonSet", made.daemon_sets(daemon_set("a", status=None)), ("inconclusive", "")),
        ("DaemonSet", made.daemon_sets(daemon_set("a", status__desiredNumberScheduled=0)),
         ("violated", "runtime-not-ready")),
    ],
)  # fmt: skip
def test_each_kind_of_workload_is_looked_for_among_its_own(
    kind: str, seen: Any, words: tuple[str, str]
) -> None:
    said = told_of(
        check_workloads.check_workloads_are_rolled_out,
        runtime={"workloads": [{"kind": kind, "name": "a"}]},
        live_workloads=(seen,),
        settled_deployments=(),
    )

    assert said.words == words, said.judgement


def ready(*pods: Json, sets: tuple[Json, ...] = (), item: Json | None = None) -> Judged:
    return told_of(
        check_workloads.check_pods_of_the_current_revision_are_ready,
        live_workloads=(made.deployments(item or deployment()),),
        live_replica_sets=made.replica_sets(*sets),
        live_pods=made.pods(*pods),
    )


def test_pods_of_the_current_revision_have_to_be_ready() -> None:
    other = pod("agentrun-mgr-7c9f-z9w8q")

    assert ready(pod(), other).words == ("upheld", "")
    stuck = ready(waiting("ImagePullBackOff"), other)
    assert stuck.words == ("violated", "runtime-not-ready")
    assert "mgr waits: ImagePullBackOff" in stuck.judgement.saw
    begun = ready(waiting("ContainerCreating"), other)
    assert begun.words == ("inconclusive", "")
    few = ready(pod())
    assert few.words == ("inconclusive", "")
    assert "1 of 2 pods of agentrun-mgr-7c9f" in few.judgement.reason


def test_pods_of_an_older_revision_are_told_and_not_judged() -> None:
    old = replica_set("agentrun-mgr-5d4c", "6")
    broken = waiting("CrashLoopBackOff", pod("agentrun-mgr-5d4c-b7x2m", "agentrun-mgr-5d4c"))
    said = ready(pod(), pod("agentrun-mgr-7c9f-z9w8q"), broken, sets=(replica_set(), old))

    assert said.words == ("upheld", "")
    assert "agentrun-mgr-5d4c-b7x2m" in said.remarks[0]


def test_pods_that_are_over_and_those_of_nobody_are_left_out() -> None:
    evicted = pod("agentrun-mgr-7c9f-gone", status__phase="Failed", status__reason="Evicted")
    stranger = pod("stranger", metadata__ownerReferences=owned("ReplicaSet", "elsewhere"))

    assert ready(pod(), pod("agentrun-mgr-7c9f-z9w8q"), evicted, stranger).words == ("upheld", "")


def test_a_replica_set_that_is_gone_while_it_is_looked_at_is_pending() -> None:
    said = ready(pod(), sets=(replica_set(revision="6"),))

    assert said.words == ("inconclusive", "")
    assert "no ReplicaSet of its revision yet, or it was deleted" in said.judgement.reason


def warned(*items: Json) -> Judged:
    return told_of(
        check_workloads.check_no_warning_lasts_of_what_runs,
        live_events=made.events(*items),
        live_pods=made.pods(),
    )


def test_a_warning_after_a_pod_was_ready_is_refused_and_one_before_is_remarked() -> None:
    name = "agentrun-mgr-7c9f-x2k4p"
    early = warned(event("FailedScheduling", name, lastTimestamp=at(0, 30)))
    late = warned(event("Unhealthy", name))

    assert warned().words == ("upheld", "")
    assert early.words == ("upheld", "")
    assert "FailedScheduling" in early.remarks[0]
    assert late.words == ("violated", "runtime-not-ready")
    assert warned(event("Unhealthy", "of-another-pod")).remarks == ()
    assert warned(event("Pulled", name, type="Normal")).remarks == ()


def test_a_job_must_not_have_failed_and_a_runners_is_remarked() -> None:
    failed = {
        "conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]
    }
    runner = {"runner": {"manager": "m", "selector": "app=agentrun-runner",
                         "sessions": {"absent": "none"},
                         "writable_home": {"absent": "none"}}}  # fmt: skip
    check = check_workloads.check_no_job_has_failed

    assert told_of(check, live_jobs=made.jobs(job())).words == ("upheld", "")
    broken = made.jobs(job(status=failed))
    assert told_of(check, live_jobs=broken).words == ("violated", "runtime-not-ready")
    said = told_of(check, live_jobs=broken, runtime=runner)
    assert said.words == ("upheld", "")
    assert "BackoffLimitExceeded" in said.remarks[0]


@pytest.mark.parametrize(
    ("label", "reason", "words"),
    [
        ("postgres-5a4b", "ImagePullBackOff", ("violated", "statefulset-deadlock")),
        ("postgres-5a4b", "CrashLoopBackOff", ("violated", "statefulset-deadlock")),
        ("postgres-5a4b", "ContainerCreating", ("upheld", "")),
        ("postgres-6f5b", "CrashLoopBackOff", ("upheld", "")),
    ],
)
def test_a_broken_pod_of_an_old_revision_is_a_deadlock(
    label: str, reason: str, words: tuple[str, str]
) -> None:
    own = pod(
        "postgres-0",
        metadata__ownerReferences=owned("StatefulSet", "postgres"),
        metadata__labels={"controller-revision-hash": label},
    )
    said = told_of(
        check_workloads.check_no_stateful_set_is_deadlocked,
        live_stateful_sets=made.stateful_sets(stateful_set()),
        live_pods=made.pods(waiting(reason, own)),
    )

    assert said.words == words, said.judgement
