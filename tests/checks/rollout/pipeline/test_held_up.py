"""Why a run does not go on: what its pods wait for, and what the cluster says of that."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_run as checks
from checks.rollout.pipeline import gathering
from checks.rollout.pipeline.beside import project_pod, project_warning
from checks.rollout.pipeline.listed import RunPods, RunWarnings
from checks.rollout.pipeline.seen import HeldUp
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

TASK = f"{tekton.NAME}-plan"


def pod(**status: Any) -> dict[str, Any]:
    return {
        "metadata": {
            "name": f"{TASK}-pod",
            "namespace": tekton.NAMESPACE,
            "uid": "pod",
            "labels": {"tekton.dev/taskRun": TASK},
        },
        "spec": tekton.HOST,
        "status": {"phase": "Pending"} | status,
    }


def event(kind: str, uid: str, reason: str, message: str, **changes: Any) -> dict[str, Any]:
    about = {"kind": kind, "name": "x", "namespace": tekton.NAMESPACE, "uid": uid}
    told = {"involvedObject": about, "type": "Warning", "reason": reason, "message": message}
    return told | {"count": 7, "lastTimestamp": tekton.at(60)} | changes


def held_up(pods: list[Any], *events: dict[str, Any], run: Any = None) -> HeldUp:
    whole = made.whole(run or tekton.going_on(), [waiting_task()])
    listed = RunPods(
        listing=made.listing("pods"), pods=tuple(one for one in map(project_pod, pods) if one)
    )
    warnings = RunWarnings(
        listing=made.listing("events"),
        events=tuple(one for one in map(project_warning, events) if one),
    )
    return gathering.held_up(whole, gathering.pods_of(whole, listed), warnings)


def waiting_task() -> dict[str, Any]:
    begun = tekton.task_run("plan", status={"conditions": [tekton.condition("Unknown", "Pending")]})
    del begun["status"]["completionTime"]
    return begun


def test_a_claim_that_is_not_there_is_told_by_events() -> None:
    message = 'persistentvolumeclaim "work" not found'
    scheduled = {"type": "PodScheduled", "status": "False", "message": message}

    found = held_up([pod(conditions=[scheduled])], event("Pod", "pod", "FailedScheduling", message))

    assert found.reasons == (
        f"pod {TASK}-pod is on no node: {message}",
        f"pod {TASK}-pod: FailedScheduling {message} (7 times)",
    )


def test_a_config_map_that_is_not_there_is_told() -> None:
    message = 'MountVolume.SetUp failed for volume "c": configmap "ci" not found'
    creating = [{"name": "step-plan", "state": {"waiting": {"reason": "PodInitializing"}}}]

    found = held_up(
        [pod(containerStatuses=creating)], event("Pod", "pod", "FailedMount", message, count=1)
    )

    assert found.reasons == (f"pod {TASK}-pod: FailedMount {message}",)


@pytest.mark.parametrize("where", ["containerStatuses", "initContainerStatuses"])
def test_an_image_that_cannot_be_pulled_is_told(where: str) -> None:
    waits = {"reason": "ImagePullBackOff", "message": "Back-off pulling image x"}

    found = held_up([pod(**{where: [{"name": "step-plan", "state": {"waiting": waits}}]})])

    assert found.reasons == (
        f"pod {TASK}-pod waits, step-plan: ImagePullBackOff Back-off pulling image x",
    )


def test_a_task_without_a_pod_is_told_by_its_own_events() -> None:
    quota = event("TaskRun", f"uid-of-{TASK}", "ExceededResourceQuota", "quota is used up")
    foreign = event("TaskRun", "another", "Failed", "of another run")
    normal = quota | {"type": "Normal"}

    found = held_up([], quota, foreign, normal)

    assert found.reasons == ("TaskRun x: ExceededResourceQuota quota is used up (7 times)",)


def test_pods_that_ended_hold_nothing_up() -> None:
    done = pod(phase="Succeeded")

    assert held_up([done], event("Pod", "pod", "Unhealthy", "before it ended")).reasons == ()


def test_what_holds_a_run_up_is_pending_and_no_failure() -> None:
    held = HeldUp(run=tekton.NAME, reasons=("pod x is on no node: no claim",), at=made.NOW)

    found = judged(
        checks.check_nothing_holds_the_run_up,
        lane=made.lane(),
        pipeline_run=made.run(tekton.going_on()),
        held_up=held,
    )

    assert found.words == ("inconclusive", "")
    assert found.judgement.reason == "pending: pod x is on no node: no claim"


def test_nothing_holds_up_a_run_that_is_over() -> None:
    found = judged(
        checks.check_nothing_holds_the_run_up,
        lane=made.lane(),
        pipeline_run=made.run(),
        held_up=HeldUp(run=tekton.NAME, reasons=(), at=made.NOW),
    )

    assert found.words == ("upheld", "")
