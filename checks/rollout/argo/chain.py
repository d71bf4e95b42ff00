"""The link that Argo CD is: it has the head of the GitOps branch, Synced and Healthy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checks.rollout.argo.declared import goes_there, other_sources
from checks.rollout.argo.equality import GOOD
from checks.rollout.argo.objects import Application
from checks.rollout.argo.operations import (
    errors_of,
    failed_hooks,
    failed_operation,
    in_progress,
    running_for,
    unhydrated,
    unsaid,
)
from checks.rollout.argo.seen import (
    ApplicationsSeen,
    NoApplication,
    RevisionsCompared,
    SettledApplication,
)
from checks.rollout.failures import Failure
from checks.rollout.links import Link, State
from config.lanes import Lane
from config.lanes.argo import Argo
from config.model import Absent

NODE = "argo"
ASKS = ("applications", "argo_revisions", "settled_applications")
"""By which names a lane's case offers what `link` takes, in order."""


@dataclass(frozen=True, slots=True)
class _Stands:
    state: State
    why: str = ""
    failure: Failure | None = None


def link(
    lane: Lane,
    applications: ApplicationsSeen | None,
    revisions: RevisionsCompared | NoApplication | None,
    settled: Sequence[SettledApplication] = (),
) -> Link:
    """Return how the lane's application stands to the GitOps branch; None where not looked at."""
    argo = lane.argo
    if isinstance(argo, Absent):
        return Link(NODE, State.ABSENT, "", "", argo.absent)
    head = revisions.head if isinstance(revisions, RevisionsCompared) else "the GitOps branch"
    expected = f"Synced and Healthy at {head}"
    if applications is None:
        return Link(NODE, State.UNKNOWN, expected, "", "its Applications were not looked at")
    app = applications.named(argo.namespace, argo.application)
    where = f"Application {argo.namespace}/{argo.application} .status.sync"
    stands = _Stands(State.BROKEN, "there is no such Application", Failure.APP_MISSING)
    observed = "none"
    if app is not None:
        now: datetime = applications.listing.at
        stands = _unlike_declared(app, lane, argo) or _stands(app, revisions, argo, now)
        if stands.state is State.AGREES:
            stands = _a_moment_later(app, settled, revisions, argo) or stands
        observed = f"{app.sync or 'no sync'}, {app.health or 'no health'} at {app.compared}"
    failure = stands.failure
    return Link(
        NODE,
        stands.state,
        expected,
        observed,
        stands.why,
        failure=str(failure or ""),
        evidence=where,
        mend=lane.next_for(str(failure), NODE) if failure else "",
        at=applications.listing.at,
    )


def _unlike_declared(app: Application, lane: Lane, argo: Argo) -> _Stands | None:
    """Judge its spec: what another one says is of another branch, or of another place."""
    if app.project != argo.project:
        why = f"its project is {app.project or 'not told'}"
        return _Stands(State.BROKEN, why, Failure.APP_MISSING)
    if not isinstance(lane.gitops, Absent) and (other := other_sources(app, argo, lane.gitops)):
        return _Stands(State.BROKEN, other[0], Failure.APP_SOURCE_DRIFT)
    if not goes_there(app.destination, argo):
        why = f"its destination is {app.destination}"
        return _Stands(State.BROKEN, why, Failure.DESTINATION_VIOLATION)
    return None


def _stands(
    app: Application,
    revisions: RevisionsCompared | NoApplication | None,
    argo: Argo,
    now: datetime,
) -> _Stands:
    """Judge an application in the order in which its fields mean anything."""
    if found := _failed(app, argo, now):
        return found
    if why := unsaid(app) or in_progress(app) or unhydrated(app):
        return _Stands(State.PENDING, why)
    if isinstance(revisions, RevisionsCompared) and (found := _behind(revisions, argo)):
        return found
    if found := _sync_and_health(app):
        return found
    if not isinstance(revisions, RevisionsCompared) or not revisions.of("compared"):
        return _Stands(State.UNKNOWN, "its revision was not compared with the branch")
    unlike = [one for one in revisions.of("compared") if one.standing != "same"]
    return _Stands(State.AGREES, str(unlike[0]) if unlike else "")


def _a_moment_later(
    app: Application,
    settled: Sequence[SettledApplication],
    revisions: RevisionsCompared | NoApplication | None,
    argo: Argo,
) -> _Stands | None:
    """Judge an application that agreed as it was seen once more; None where it agrees then too."""
    for again in settled:
        if not again.looked:
            continue
        later = next((one for one in again.items if one.uid == app.uid), None)
        if later is None:
            return _Stands(State.PENDING, f"{again.after:g} s later it is not there")
        stands = _stands(later, revisions, argo, again.listing.at)
        if stands.state is not State.AGREES:
            return replace(stands, why=f"{again.after:g} s later: {stands.why}")
    return None


def _failed(app: Application, argo: Argo, now: datetime) -> _Stands | None:
    """Judge what does not go away by waiting."""
    if errors := errors_of(app):
        return _Stands(State.BROKEN, errors[0], Failure.ARGO_OUTOFSYNC)
    if hooks := failed_hooks(app):
        return _Stands(State.BROKEN, str(hooks[0]), Failure.HOOK_FAILED)
    running = running_for(app, now)
    if running is not None and running.total_seconds() > argo.stuck_after:
        why = f"its operation runs for {running.total_seconds():.0f} s"
        return _Stands(State.BROKEN, why, Failure.ARGO_OPERATION_STUCK)
    return None


def _sync_and_health(app: Application) -> _Stands | None:
    """Judge what Argo CD says itself; None where it is Synced and Healthy."""
    told = f"health is {app.health or 'not told'} {app.health_message}".strip()
    if app.sync != "Synced":
        why = "; ".join(filter(None, (f"sync is {app.sync or 'not told'}", failed_operation(app))))
        return _Stands(State.BROKEN, why, Failure.ARGO_OUTOFSYNC)
    match app.health:
        case "Healthy":
            return None
        case "Progressing":
            return _Stands(State.PENDING, told)
        case "" | "Unknown":
            return _Stands(State.UNKNOWN, told)
    return _Stands(State.BROKEN, told, Failure.ARGO_DEGRADED)


def _behind(revisions: RevisionsCompared, argo: Argo) -> _Stands | None:
    """Judge the revisions; None where nothing differs below the path."""
    bad = next((one for one in revisions.of("compared") if one.standing not in GOOD), None)
    if bad is None:
        return None
    if bad.standing == "unknown":
        return _Stands(State.UNKNOWN, str(bad))
    late = revisions.changed is None or (
        revisions.at - revisions.changed > timedelta(seconds=argo.polls)
    )
    if bad.standing == "ahead" or (bad.standing == "lags" and not late):
        return _Stands(State.PENDING, str(bad))
    return _Stands(State.BROKEN, str(bad), Failure.ARGO_REVISION_LAG)
