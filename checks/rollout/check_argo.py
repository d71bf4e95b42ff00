"""Argo CD carries the lane's GitOps commit: its application, its revision, sync and health."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from checks.rollout.argo.declared import destination_of, goes_there, other_sources
from checks.rollout.argo.equality import GOOD, Compared
from checks.rollout.argo.objects import Application
from checks.rollout.argo.operations import (
    errors_of,
    failed_hooks,
    failed_operation,
    in_progress,
    running_for,
    unhydrated,
    unsaid,
    warnings_of,
)
from checks.rollout.argo.picking import application_of, looks_of
from checks.rollout.argo.seen import (
    ApplicationsSeen,
    NoApplication,
    RevisionsCompared,
    SettledApplication,
)
from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Job
from checks.rollout.runtime.seen import JobsSeen
from config.lanes import Lane
from config.lanes.argo import Argo
from config.lanes.catalog import GitOps
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@holds(NoApplication)
@fails_as(Failure.APP_MISSING)
def check_application_is_there_in_its_project(
    applications: ApplicationsSeen, argo: Argo, lane: Lane
) -> None:
    found = applications.named(argo.namespace, argo.application)
    mend = lane.next_for(Failure.APP_MISSING, "argo")
    what = f"the Application {argo.namespace}/{argo.application} in the project {argo.project}"
    assert found is not None, expected(what, saw="there is none of that name", mend=mend)
    saw = f"its project is {found.project or 'not told'}"
    assert found.project == argo.project, expected(what, saw=saw, mend=mend)


@fails_as(Failure.APP_SOURCE_DRIFT)
def check_application_reads_the_gitops_branch(
    applications: ApplicationsSeen, argo: Argo, argo_gitops: GitOps, lane: Lane
) -> None:
    app = application_of(applications, argo)
    saw = other_sources(app, argo, argo_gitops)
    mend = lane.next_for(Failure.APP_SOURCE_DRIFT, "argo")
    what = f"{argo_gitops.path} at {argo_gitops.branch}"
    what += f" of {argo.repo_url}" if argo.repo_url else ""
    assert not saw, expected(what, saw=saw, mend=mend)


@fails_as(Failure.DESTINATION_VIOLATION)
def check_application_goes_to_the_lanes_namespace(
    applications: ApplicationsSeen, argo: Argo, lane: Lane
) -> None:
    seen = application_of(applications, argo).destination
    mend = lane.next_for(Failure.DESTINATION_VIOLATION, "argo")
    what = f"the destination {destination_of(argo)}"
    assert goes_there(seen, argo), expected(what, saw=str(seen), mend=mend)


@fails_as(Failure.ARGO_REVISION_LAG)
def check_argo_compared_to_the_head_of_the_gitops_branch(
    argo_revisions: RevisionsCompared,
    applications: ApplicationsSeen,
    argo: Argo,
    lane: Lane,
    remark: Remark,
) -> None:
    app = application_of(applications, argo)
    if not errors_of(app):
        _ensure_of_this_spec(app)
    mend = lane.next_for(Failure.ARGO_REVISION_LAG, "argo")
    compared, head = argo_revisions.of("compared"), argo_revisions.head
    what = f"the revision {head}, or one from which nothing differs below {argo_revisions.path}"
    if not compared:
        raise Inconclusive(f"no source of {app} reads the GitOps branch", held_by=_SOURCES)
    bad = [one for one in compared if one.standing in ("lags", "diverged", "none")]
    late = _are_late(bad, argo_revisions, argo)
    told = [*map(str, bad), *errors_of(app)]
    assert not (bad and late), expected(what, saw=told, mend=mend)
    if bad:
        raise Inconclusive(f"pending: {'; '.join(told)}; Argo CD asks by itself soon", mend)
    open_ones = [one for one in compared if one.standing not in GOOD]
    if open_ones:
        raise Inconclusive("; ".join(map(str, open_ones)), "run it again, or let git have it")
    for one in compared:
        if one.standing != "same":
            remark(f"the head is {head}; {one}")


_SOURCES = ("check_application_reads_the_gitops_branch",)


def _are_late(bad: Sequence[Compared], seen: RevisionsCompared, argo: Argo) -> bool:
    """Tell whether Argo CD would have asked by itself since the branch changed below the path."""
    if any(one.standing != "lags" for one in bad) or seen.changed is None:
        return True
    return seen.at - seen.changed > timedelta(seconds=argo.polls)


@fails_as(Failure.ARGO_REVISION_LAG)
def check_argo_applied_the_head_of_the_gitops_branch(
    argo_revisions: RevisionsCompared,
    applications: ApplicationsSeen,
    argo: Argo,
    lane: Lane,
    remark: Remark,
) -> None:
    app = application_of(applications, argo)
    applied = argo_revisions.of("applied")
    if not applied:
        raise Inconclusive(f"{app} does not tell of a sync", "sync it, and look again")
    if going := in_progress(app):
        raise Inconclusive(f"pending: {going}", lane.next_for("argo"))
    bad = [one for one in applied if one.standing not in {*GOOD, "unknown", "ahead"}]
    mend = lane.next_for(Failure.ARGO_REVISION_LAG, "argo")
    current = app.sync == "Synced" and all(
        one.standing in GOOD for one in argo_revisions.of("compared")
    )
    what = f"a sync of {argo_revisions.head}, or of one from which no manifest differs"
    if bad and not current and not _are_late(bad, argo_revisions, argo):
        told = "; ".join(map(str, bad))
        raise Inconclusive(f"pending: {told}; Argo CD asks by itself soon", mend)
    assert current or not bad, expected(what, saw=list(map(str, bad)), mend=mend)
    if open_ones := [one for one in applied if one.standing in ("unknown", "ahead")]:
        raise Inconclusive("; ".join(map(str, open_ones)), "run it again, or let git have it")
    for one in bad:
        remark(f"warning: {one}; what it compared later is Synced: no object differs")


def _ensure_of_this_spec(app: Application) -> None:
    if why := unsaid(app):
        raise Inconclusive(f"pending: {why}", "look again")


@fails_as(Failure.ARGO_OUTOFSYNC)
def check_application_is_synced(
    *,
    applications: ApplicationsSeen,
    settled_applications: tuple[SettledApplication, ...],
    argo: Argo,
    lane: Lane,
    remark: Remark,
) -> None:
    app = application_of(applications, argo)
    for one, after in looks_of(app, settled_applications):
        _ensure_synced(one, after, lane)
    for warning in warnings_of(app):
        remark(f"warning: {warning}")
    if failed := failed_operation(app):
        remark(f"warning: its last {failed}; it was Synced since")


def _ensure_synced(app: Application, after: str, lane: Lane) -> None:
    mend = lane.next_for(Failure.ARGO_OUTOFSYNC, "argo")
    errors = [f"{after}{one}" for one in errors_of(app)]
    assert not errors, expected("manifests that can be compared", saw=errors, mend=mend)
    _ensure_of_this_spec(app)
    if going := in_progress(app) or unhydrated(app):
        raise Inconclusive(f"pending: {after}{going}", mend)
    saw = [f"{after}sync is {app.sync or 'not told'}", failed_operation(app)]
    saw += [f"{one} is {one.sync}" for one in app.resources if one.sync not in ("Synced", "")]
    assert app.sync == "Synced", expected("sync Synced", saw=[*filter(None, saw)], mend=mend)


@fails_as(Failure.ARGO_DEGRADED)
def check_application_is_healthy(
    *,
    applications: ApplicationsSeen,
    settled_applications: tuple[SettledApplication, ...],
    argo: Argo,
    lane: Lane,
    remark: Remark,
) -> None:
    app = application_of(applications, argo)
    for one, after in looks_of(app, settled_applications):
        _ensure_healthy(one, after, lane)
    for ill in _ill_of(app):
        remark(f"warning: {ill}, and the application Healthy")
    if app.health_elsewhere:
        remark("its resources' health stands in no status: see what is said of the workloads")


def _ensure_healthy(app: Application, after: str, lane: Lane) -> None:
    mend = lane.next_for(Failure.ARGO_DEGRADED, "argo")
    _ensure_of_this_spec(app)
    if going := in_progress(app):
        raise Inconclusive(f"pending: {after}{going}", mend)
    told = f"{after}health is {app.health or 'not told'}"
    told += f": {app.health_message}" if app.health_message else ""
    if app.health == "Progressing":
        raise Inconclusive(f"pending: {told}", lane.next_for("argo-progressing", "argo"))
    if app.health in ("Unknown", ""):
        raise Inconclusive(told, "look at the application in Argo CD")
    saw = [told, *_ill_of(app)]
    assert app.health == "Healthy", expected("health Healthy", saw=saw, mend=mend)


def _ill_of(app: Application) -> list[str]:
    return [f"{one} is {one.health}" for one in app.resources if one.health in _ILL]


_ILL = ("Degraded", "Missing", "Unknown")


@fails_as(Failure.ARGO_OPERATION_STUCK)
def check_no_operation_is_stuck(applications: ApplicationsSeen, argo: Argo, lane: Lane) -> None:
    app = application_of(applications, argo)
    now: datetime = applications.listing.at
    running = running_for(app, now)
    mend = lane.next_for(Failure.ARGO_OPERATION_STUCK, "argo")
    hooks = [f"hook {one.kind} {one.name} ({one.type}) {one.phase}: {one.message}" for one in
             failed_hooks(app)]  # fmt: skip
    assert not hooks, expected(
        "no hook to fail",
        hooks,
        Failure.HOOK_FAILED,
        mend=lane.next_for(Failure.HOOK_FAILED, "argo"),
    )
    if running is None:
        if going := in_progress(app):
            raise Inconclusive(f"pending: {going}, and since when is not told", mend)
        return
    phase = app.operation.phase if app.operation else ""
    told = f"it is {phase} for {running.total_seconds():.0f} s"
    stuck = running.total_seconds() > argo.stuck_after
    what = f"no operation to run for more than {argo.stuck_after:g} s"
    assert not stuck, expected(what, saw=told, mend=mend)
    raise Inconclusive(f"pending: {told}", mend)


@fails_as(Failure.HOOK_FAILED)
def check_no_job_of_a_hook_has_failed(live_jobs: JobsSeen, argo: Argo, lane: Lane) -> None:
    hooks: list[Job] = [one for one in live_jobs.inside(argo.destination) if one.hook]
    saw = [
        f"Job {one.meta.name} ({one.hook}) {broken.reason}: {broken.message}"
        for one in hooks
        if (broken := one.broken)
    ]
    mend = lane.next_for(Failure.HOOK_FAILED, "argo")
    assert not saw, expected("no Job of a hook to fail", saw=saw, mend=mend)
