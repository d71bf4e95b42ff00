"""What a cleanup and an apply leave as it is, and by which way objects were applied."""

from checks.rollout.failures import Failure
from checks.rollout.pipeline.judging import listed
from checks.rollout.pipeline.listed import AppliedSeen, Identities, PipelineRuns, Volumes
from checks.rollout.pipeline.moments import (
    change,
    cleaned_too_soon,
    missing_since,
    rolled_out_since,
)
from checks.rollout.pipeline.rivals import runs_in
from config.lanes import Lane
from config.lanes.pipeline import Pipeline
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_ANOTHER = "name another run with --baseline"
_EMPTY = "the baseline saw nothing of these in {}"


@fails_as(Failure.CLEANUP_OVERREACH)
def check_cleanup_takes_only_runs_that_are_over(
    *,
    lane: Lane,
    cleaned: Pipeline,
    pipeline_runs_before: PipelineRuns,
    pipeline_runs: PipelineRuns,
    remark: Remark,
) -> None:
    then, now = (runs_in(one, cleaned) for one in (pipeline_runs_before, pipeline_runs))
    seen = change(then, now)
    wrong = cleaned_too_soon(seen.gone)
    assert not wrong, expected(
        f"runs of {cleaned.namespace} to be taken away once they are over",
        saw=wrong,
        mend=lane.next_for(Failure.CLEANUP_OVERREACH, "pipeline"),
    )
    if not then:
        raise Inconclusive(f"the baseline saw no run in {cleaned.namespace}", _ANOTHER)
    remark(f"{len(seen.gone)} of {len(then)} runs were taken away, {len(seen.added)} came")


@fails_as(Failure.CLEANUP_OVERREACH)
def check_cleanup_leaves_jobs_and_pods_alone(
    *,
    lane: Lane,
    cleaned: Pipeline,
    cleanup_jobs_before: Identities,
    cleanup_jobs: Identities,
    cleanup_pods_before: Identities,
    cleanup_pods: Identities,
) -> None:
    wrong = missing_since(cleanup_jobs_before, cleanup_jobs)
    wrong += missing_since(cleanup_pods_before, cleanup_pods)
    assert not wrong, expected(
        f"the runtime's Jobs and Pods to outlive a cleanup of {cleaned.namespace}",
        saw=wrong,
        mend=lane.next_for(Failure.CLEANUP_OVERREACH, "pipeline"),
    )
    if not (cleanup_jobs_before.items or cleanup_pods_before.items):
        raise Inconclusive(_EMPTY.format(listed(cleanup_jobs.listing.namespaces or ())), _ANOTHER)


@fails_as(Failure.CLEANUP_OVERREACH)
def check_cleanup_leaves_secrets_alone(
    lane: Lane, cleaned: Pipeline, cleanup_secrets_before: Identities, cleanup_secrets: Identities
) -> None:
    wrong = missing_since(cleanup_secrets_before, cleanup_secrets)
    assert not wrong, expected(
        f"the runtime's Secrets to outlive a cleanup of {cleaned.namespace}",
        saw=wrong,
        mend=lane.next_for(Failure.CLEANUP_OVERREACH, "pipeline"),
    )
    if not cleanup_secrets_before.items:
        where = listed(cleanup_secrets.listing.namespaces or ())
        raise Inconclusive(_EMPTY.format(where), _ANOTHER)


@fails_as(Failure.PV_LEAK)
def check_no_released_volume_is_left(
    lane: Lane, pipeline: Pipeline, pipeline_volumes: Volumes, remark: Remark
) -> None:
    own = [one for one in pipeline_volumes.volumes if one.claim_namespace == pipeline.namespace]
    left = [one for one in own if one.phase == "Released"]
    assert not left, expected(
        f"no released volume of {pipeline.namespace}",
        saw=[f"{one.name} was of {one.claim}, reclaim policy {one.policy}" for one in left],
        mend=lane.next_for(Failure.PV_LEAK, "pipeline"),
    )
    if not pipeline_volumes.volumes:
        raise Inconclusive(
            f"nothing is there to judge: {pipeline_volumes.headline}",
            "look at it with kubectl get persistentvolumes; a snapshot may leave them out",
        )
    remark(f"{len(own)} volumes are claimed in {pipeline.namespace}, and none is released")


@fails_as(Failure.BOOTSTRAP_SIDE_EFFECT)
def check_apply_begins_no_run(
    lane: Lane,
    applied_since: Pipeline,
    pipeline_runs_before: PipelineRuns,
    pipeline_runs: PipelineRuns,
) -> None:
    then, now = (runs_in(one, applied_since) for one in (pipeline_runs_before, pipeline_runs))
    seen = change(then, now)
    wrong = [f"{one.name} came" for one in seen.added]
    wrong += [f"{one.name} is gone" for one in seen.gone]
    assert not wrong, expected(
        f"the {len(then)} runs of {applied_since.namespace} that there were before the apply",
        saw=wrong,
        mend=lane.next_for(Failure.BOOTSTRAP_SIDE_EFFECT, "pipeline"),
    )
    if not then:
        raise Inconclusive(f"the baseline saw no run in {applied_since.namespace}", _ANOTHER)


@fails_as(Failure.BOOTSTRAP_SIDE_EFFECT)
def check_apply_rolls_nothing_out(
    *,
    lane: Lane,
    applied_since: Pipeline,
    apply_deployments_before: Identities,
    apply_deployments: Identities,
    apply_stateful_sets_before: Identities,
    apply_stateful_sets: Identities,
) -> None:
    allowed = applied_since.may_change
    wrong = [
        *rolled_out_since(apply_deployments_before, apply_deployments, allowed),
        *rolled_out_since(apply_stateful_sets_before, apply_stateful_sets, allowed),
    ]
    assert not wrong, expected(
        "every workload at the generation that it had before the apply",
        saw=wrong,
        mend=lane.next_for(Failure.BOOTSTRAP_SIDE_EFFECT, "pipeline"),
    )
    if not (apply_deployments_before.items or apply_stateful_sets_before.items):
        raise Inconclusive(
            _EMPTY.format(listed(apply_deployments.listing.namespaces or ())),
            _ANOTHER,
        )


@fails_as(Failure.CLIENT_SIDE_APPLY)
def check_objects_are_applied_by_the_server(
    lane: Lane, pipeline: Pipeline, pipeline_applied: tuple[AppliedSeen, ...], remark: Remark
) -> None:
    wanted = (f"Pipeline/{pipeline.name}", *pipeline.objects)
    found = {
        f"{one.of}/{one.name}": one
        for seen in pipeline_applied
        for one in seen.objects
        if one.namespace == pipeline.namespace
    }
    missing = [one for one in wanted if one not in found]
    own = [found[one] for one in wanted if one in found]
    wrong = [
        f"{one.of} {one.name}: {listed(f'{who} {how}' for who, how in one.managers)}"
        for one in own
        if one.managers and not one.is_server_side
    ]
    assert not wrong, expected(
        "managedFields with the operation Apply",
        saw=wrong,
        mend=lane.next_for(Failure.CLIENT_SIDE_APPLY, "pipeline"),
    )
    untold = [f"{one.of}/{one.name}" for one in own if not one.managers]
    if missing or untold:
        raise Inconclusive(
            f"{pipeline.namespace} has no {listed(missing)}"
            if missing
            else f"{listed(untold)} does not tell who applied it: no managedFields",
            "look at it with kubectl get --show-managed-fields; a snapshot may leave them out",
        )
    for one in own:
        if one.last_applied:
            remark(f"{one.of} {one.name} still has the annotation of a client-side apply")
