"""What a cleanup and an apply leave as it is, and by which way objects were applied."""

from typing import Any

import pytest

from checks.rollout import check_pipeline_moments as checks
from checks.rollout.pipeline.beside import project_applied, project_volume
from checks.rollout.pipeline.listed import AppliedSeen, Volumes
from tests.checks.rollout.calling import judged
from tests.checks.rollout.pipeline import made, tekton

UPHELD, INCONCLUSIVE = ("upheld", ""), ("inconclusive", "")
OLD = tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", tekton.OTHER)


def cleaned(before: Any, after: Any) -> Any:
    lane = made.lane(since_baseline="cleanup-runs")
    return judged(
        checks.check_cleanup_takes_only_runs_that_are_over,
        lane=lane,
        cleaned=lane.pipeline,
        pipeline_runs_before=before,
        pipeline_runs=after,
    )


def test_a_cleanup_takes_runs_that_are_over() -> None:
    both, rest = made.runs(OLD, tekton.pipeline_run()), made.runs(tekton.pipeline_run())

    assert cleaned(both, rest).remarks == ("1 of 2 runs were taken away, 0 came",)


def test_a_cleanup_that_takes_a_run_that_goes_on_goes_too_far() -> None:
    found = cleaned(made.runs(tekton.going_on()), made.runs())

    assert found.words == ("violated", "cleanup-overreach")
    assert "is gone, and was it runs" in found.judgement.saw


def test_a_baseline_without_runs_proves_nothing() -> None:
    assert cleaned(made.runs(), made.runs()).words == INCONCLUSIVE


def runtime(**now: Any) -> Any:
    lane = made.lane(since_baseline="cleanup-runs")
    before = {
        "cleanup_jobs": made.identities("Job", "runner-1"),
        "cleanup_pods": made.identities("Pod", "mgr-0", generation=None),
    }
    told = {f"{name}_before": one for name, one in before.items()}
    return judged(
        checks.check_cleanup_leaves_jobs_and_pods_alone,
        lane=lane,
        cleaned=lane.pipeline,
        **told,
        **(before | now),
    )


def secrets(before: Any, now: Any) -> Any:
    lane = made.lane(since_baseline="cleanup-runs")
    return judged(
        checks.check_cleanup_leaves_secrets_alone,
        lane=lane,
        cleaned=lane.pipeline,
        cleanup_secrets_before=before,
        cleanup_secrets=now,
    )


def test_a_cleanup_leaves_secrets_alone() -> None:
    before, none = made.identities("Secret", "codex"), made.identities("Secret")

    assert secrets(before, before).words == UPHELD
    assert secrets(none, none).words == INCONCLUSIVE
    found = secrets(before, none)
    assert found.words == ("violated", "cleanup-overreach")
    assert found.judgement.saw == "Secret agentrun-v01/codex is gone"


def test_a_cleanup_leaves_the_runtime_alone() -> None:
    assert runtime().words == UPHELD


@pytest.mark.parametrize(
    ("argument", "now", "saw"),
    [
        ("cleanup_jobs", made.identities("Job"), "Job agentrun-v01/runner-1 is gone"),
        ("cleanup_pods", made.identities("Pod", "mgr-0", again="2"), "Pod agentrun-v01/mgr-0"),
    ],
)
def test_what_a_cleanup_took_of_the_runtime_is_told(argument: str, now: Any, saw: str) -> None:
    found = runtime(**{argument: now})

    assert found.words == ("violated", "cleanup-overreach")
    assert found.judgement.saw.startswith(saw)


def volumes(*phases: str, namespace: str = tekton.NAMESPACE) -> Any:
    objects = [
        {
            "metadata": {"name": f"pv-{at}"},
            "spec": {
                "claimRef": {"namespace": namespace, "name": f"work-{at}"},
                "persistentVolumeReclaimPolicy": "Retain",
            },
            "status": {"phase": phase},
        }
        for at, phase in enumerate(phases)
    ]
    listed = tuple(map(project_volume, objects))
    return judged(
        checks.check_no_released_volume_is_left,
        **made.given(made.lane()),
        pipeline_volumes=Volumes(listing=made.listing("persistentvolumes"), volumes=listed),
    )


def test_volumes_are_bound_or_gone() -> None:
    assert volumes("Bound").words == UPHELD
    assert volumes("Released", namespace="other").words == UPHELD


def test_where_no_volume_is_listed_nothing_is_proved() -> None:
    assert volumes().words == INCONCLUSIVE


def test_a_released_volume_leaks() -> None:
    found = volumes("Bound", "Released")

    assert found.words == ("violated", "pv-leak")
    assert found.judgement.saw == "pv-1 was of work-1, reclaim policy Retain"


def applied_since(before: Any, after: Any) -> Any:
    lane = made.lane(since_baseline="control-plane-apply")
    return judged(
        checks.check_apply_begins_no_run,
        lane=lane,
        applied_since=lane.pipeline,
        pipeline_runs_before=before,
        pipeline_runs=after,
    )


def test_an_apply_begins_no_run() -> None:
    one = made.runs(OLD)

    assert applied_since(one, one).words == UPHELD
    assert applied_since(made.runs(), made.runs()).words == INCONCLUSIVE
    found = applied_since(one, made.runs(OLD, tekton.pipeline_run()))
    assert found.words == ("violated", "bootstrap-side-effect")
    assert found.judgement.saw == f"{tekton.NAME} came"


def rolled_out(now: Any, **pipeline: Any) -> Any:
    lane = made.lane(since_baseline="control-plane-apply", **pipeline)
    none = made.identities("StatefulSet")
    return judged(
        checks.check_apply_rolls_nothing_out,
        lane=lane,
        applied_since=lane.pipeline,
        apply_deployments_before=made.identities("Deployment", "mgr", generation=3),
        apply_deployments=now,
        apply_stateful_sets_before=none,
        apply_stateful_sets=none,
    )


def test_an_apply_rolls_nothing_out() -> None:
    assert rolled_out(made.identities("Deployment", "mgr", generation=3)).words == UPHELD


@pytest.mark.parametrize(
    ("now", "saw"),
    [
        (made.identities("Deployment", "mgr", generation=4), "from generation 3 to 4"),
        (made.identities("Deployment", "mgr", generation=3, again="2"), "was made anew"),
        (made.identities("Deployment"), "went"),
        (made.identities("Deployment", "mgr", "caddy", generation=3), "caddy came"),
    ],
)
def test_a_workload_that_an_apply_changed_is_a_side_effect(now: Any, saw: str) -> None:
    found = rolled_out(now)

    assert found.words == ("violated", "bootstrap-side-effect")
    assert saw in found.judgement.saw


def test_what_may_change_is_left_out() -> None:
    now = made.identities("Deployment", "mgr", generation=4)

    assert rolled_out(now, may_change=("agentrun-v01/mgr",)).words == UPHELD


def applied(*managers: tuple[str, str], name: str = "agentrun-v01-ci-image-publish") -> Any:
    managed = [{"manager": who, "operation": how} for who, how in managers]
    managed.append({"manager": "c", "operation": "Update", "subresource": "status"})
    metadata = {"name": name, "namespace": tekton.NAMESPACE}
    item = {"metadata": metadata | ({"managedFields": managed} if managers else {})}
    own = project_applied(item, "Pipeline")
    seen = AppliedSeen(listing=made.listing("pipelines"), objects=(own,))
    return judged(
        checks.check_objects_are_applied_by_the_server,
        **made.given(made.lane()),
        pipeline_applied=(seen,),
    )


def test_objects_are_applied_by_the_server() -> None:
    assert applied(("kubectl", "Apply"), ("controller", "Update")).words == UPHELD


@pytest.mark.parametrize(
    "managers",
    [
        [("kubectl-client-side-apply", "Update")],
        [("kubectl-create", "Update")],
        [("kubectl", "Apply"), ("kubectl-client-side-apply", "Update")],
    ],
)
def test_an_apply_of_a_client_is_told(managers: Any) -> None:
    assert applied(*managers).words == ("violated", "client-side-apply")


def test_objects_that_tell_nothing_or_are_not_there_are_not_judged() -> None:
    assert applied().words == INCONCLUSIVE
    assert applied(("kubectl", "Apply"), name="other").words == INCONCLUSIVE
