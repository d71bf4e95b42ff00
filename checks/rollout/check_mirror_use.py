"""How a lane's run uses its mirror: it reads and writes there, after the mirror had the commit."""

from checks.rollout.failures import Failure
from checks.rollout.mirror.claims import Claims
from checks.rollout.mirror.fields import commits_of, field_of, key_of
from checks.rollout.mirror.runs import direct_in, drift_in, read_time, uses
from checks.rollout.pipeline.attribution import attribute
from checks.rollout.pipeline.logs import FailedLogs
from checks.rollout.pipeline.seen import Run, WholeRun
from checks.rollout.told.fields import shown
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.mirror import Cache, Mirror
from config.lanes.pipeline import Pipeline
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_NODE = "mirror"


@fails_as(Failure.DIRECT_GITHUB_ACCESS)
def check_run_reads_its_source_from_the_mirror(
    whole_run: WholeRun, mirror: Mirror, lane: Lane
) -> None:
    said = tuple(whole_run.said)
    mend = lane.next_for(Failure.DIRECT_GITHUB_ACCESS, _NODE)
    saw = [f"{one}" for one in direct_in(said, mirror)]
    assert not saw, expected(f"{mirror.read_url}, and no way past it", saw, mend=mend)
    _ensure_resolved(whole_run)
    saw = [f"no parameter and no step of {whole_run.run.name} names it"]
    assert uses(said, mirror.read_url), expected(mirror.read_url, saw, mend=mend)


@fails_as(Failure.DIRECT_GITHUB_ACCESS)
def check_promotion_pushes_to_the_mirror_alone(
    whole_run: WholeRun, mirror: Mirror, pipeline: Pipeline, lane: Lane
) -> None:
    task = pipeline.promote_task
    said = (*whole_run.said_by(task), *(one.text for one in whole_run.run.params))
    mend = lane.next_for(Failure.DIRECT_GITHUB_ACCESS, _NODE)
    saw = direct_in(said, mirror)
    assert not saw, expected(f"{task} to push to {mirror.write_url} alone", saw, mend=mend)
    if not whole_run.of(task):
        raise Inconclusive(f"pending: {whole_run.run.name} has no TaskRun of {task} yet", mend)
    _ensure_resolved(whole_run)
    saw = [f"neither {task} nor a parameter names it"]
    assert uses(said, mirror.write_url), expected(mirror.write_url, saw, mend=mend)


@fails_as(Failure.MIRROR_CACHE_MISSING)
def check_mirror_has_its_cache(mirror_claims: Claims, mirror_cache: Cache, lane: Lane) -> None:
    mirror_claims.listing.ensure_whole(mirror_cache.namespace, mirror_cache.claim)
    named = f"{mirror_cache.namespace}/{mirror_cache.claim}"
    found = [
        one
        for one in mirror_claims.items
        if (one.namespace, one.name) == (mirror_cache.namespace, mirror_cache.claim)
    ]
    mend = lane.next_for(Failure.MIRROR_CACHE_MISSING, _NODE)
    saw = found[0].phase or "no phase" if found else f"none of {len(mirror_claims.items)} claims"
    what = f"the PersistentVolumeClaim {named} bound, which holds {mirror_cache.path}"
    assert found, expected(what, saw, mend=mend)
    assert found[0].phase == "Bound", expected(what, saw, mend=mend)


@fails_as(Failure.PRESYNC_MISSING)
def check_mirror_had_the_commit_before_the_run_began(
    told_synced: Told, mirror: Mirror, pipeline_run: Run, lane: Lane, remark: Remark
) -> None:
    field = field_of(told_synced, mirror.synced_at or "")
    local = commits_of(told_synced, lane)[f"local{key_of(lane)}"]
    synced = read_time(field.value) if isinstance(field.value, str) else None
    said = f"{told_synced.worded}, {field.path} is {shown(field.value)}"
    if synced is None:
        raise Inconclusive(f"{said}, and no time with an offset", "look at what the tool writes")
    if local.commit != pipeline_run.commit:
        raise Inconclusive(
            f"{said}, of {local.path} {shown(local.value)}; {pipeline_run.name} is of"
            f" {pipeline_run.commit}: the mirror was synchronized since",
            "look at a run before the mirror goes on",
        )
    mend = lane.next_for(Failure.PRESYNC_MISSING, _NODE)
    began = f"{pipeline_run.created:%Y-%m-%dT%H:%M:%SZ}"
    what = f"the mirror to have the commit before {pipeline_run.name} was made at {began}"
    second = synced.replace(microsecond=0)  # creationTimestamp has no parts of seconds
    assert second <= pipeline_run.created, expected(what, said, mend=mend)
    remark(said)


@fails_as(Failure.MIRROR_CONTROL_PLANE_DRIFT)
def check_promotion_met_no_drift_of_the_mirror(
    *,
    whole_run: WholeRun,
    failed_logs: FailedLogs,
    mirror: Mirror,
    pipeline: Pipeline,
    lane: Lane,
    remark: Remark,
) -> None:
    tasks = whole_run.of(pipeline.promote_task)
    mend = lane.next_for(Failure.MIRROR_CONTROL_PLANE_DRIFT, _NODE)
    mend = mend or "apply the mirror's control plane, synchronize, clean up the run, try again"
    saw = drift_in(tasks, failed_logs, mirror.drift)
    what = f"no drift of the mirror in {pipeline.promote_task} of {whole_run.run.name}"
    assert not saw, expected(what, saw, mend=mend)
    ended = [one for one in tasks if one.condition and one.condition.status != "Unknown"]
    if not ended:
        raise Inconclusive(f"pending: {pipeline.promote_task} has not ended", mend)
    for task in ended:
        for unread in failed_logs.unread_of(task):
            if attribute(task, None).failure is None:  # and what it left does not say why
                raise Inconclusive(f"{task.name} failed, and {unread}", mend)
            remark(f"judged by what it left, for {unread}")


def _ensure_resolved(whole: WholeRun) -> None:
    if whole.unresolved:
        tasks = ", ".join(whole.unresolved)
        raise Inconclusive(f"pending: it is not known yet what {tasks} run", "look again")
