"""Whether Argo CD is still at work on an application, and whether it said all that it has to say.

`checkAppWaitConditions`: https://github.com/argoproj/argo-cd/blob/master/cmd/argocd/commands/app.go
"""

from datetime import datetime, timedelta

from checks.rollout.argo.objects import Application, Destination, Hook

ERRORS = ("ComparisonError", "InvalidSpecError", "SyncError", "UnknownError")
"""Types of conditions by which the rest of the status means little."""
WARNINGS = (
    "SharedResourceWarning",
    "RepeatedResourceWarning",
    "ExcludedResourceWarning",
    "OrphanedResourceWarning",
)
_PHASES_OF_FAILURE = ("Failed", "Error")


def in_progress(app: Application) -> str:
    """Say why an operation is in progress; empty for none. Argo CD's times have whole seconds."""
    if app.asked:
        return "an operation is asked for (.operation)"
    operation = app.operation
    if operation is not None and operation.finished is None:
        return f"its operation is {operation.phase or 'not finished'}"
    if operation is None or operation.finished is None or operation.dry_run:
        return ""
    if app.reconciled is None:
        return "it was not reconciled since its operation finished"
    if app.reconciled < operation.finished:
        return (
            f"it was reconciled at {_at(app.reconciled)}, before its operation finished at"
            f" {_at(operation.finished)}"
        )
    return ""


def running_for(app: Application, now: datetime) -> timedelta | None:
    """Return for how long an operation runs; None where none does, or its start is not told."""
    operation = app.operation
    if operation is None or operation.finished is not None or operation.started is None:
        return None
    return now - operation.started


def failed_operation(app: Application) -> str:
    """Say how the last operation failed; empty where it did not."""
    operation = app.operation
    if operation is None or operation.phase not in _PHASES_OF_FAILURE:
        return ""
    return f"operation {operation.phase}: {operation.message}"


def failed_hooks(app: Application) -> tuple[Hook, ...]:
    """Return the hooks of the last operation that failed."""
    hooks = app.operation.hooks if app.operation else ()
    return tuple(one for one in hooks if one.phase in _PHASES_OF_FAILURE)


def older_spec(app: Application) -> str:
    """Say in what the status is of an older spec than the one that stands there; empty for none."""
    if not app.compared_sources and app.compared_destination is None:
        return ""  # it was never compared, or by a server that does not tell
    if app.compared_sources != app.sources:
        then, now = (" and ".join(map(str, one)) for one in (app.compared_sources, app.sources))
        return f"it was compared to {then}, and its spec says {now}"
    if app.respecified:
        return "it was compared to other parameters of its source"
    if app.compared_destination and not _is_same(app.compared_destination, app.destination):
        return f"it was compared to {app.compared_destination}, and its spec says {app.destination}"
    return ""


def unsaid(app: Application) -> str:
    """Say why the status says nothing of the spec that stands there; empty where it does."""
    if app.reconciled is None and not app.sync and not errors_of(app):
        return "Argo CD has not looked at it yet: it has no status"
    older = older_spec(app)
    return f"the status is of an older spec: {older}" if older else ""


def unhydrated(app: Application) -> str:
    """Say what the source hydrator has not done yet; empty where it is done, or not there."""
    told = app.hydration
    if not app.hydrated:
        return ""
    if told is None:
        return "the source hydrator has done nothing yet"
    if not told.last or told.current != told.last or told.phase not in ("Hydrated", ""):
        phase = f"{told.phase}{f': {told.message}' if told.message else ''}"
        return f"the source hydrator is at {told.current}: {phase}; it did {told.last or 'none'}"
    return ""


def errors_of(app: Application) -> tuple[str, ...]:
    """Return the conditions by which the status means little, in words."""
    found = [f"{one.type}: {one.message}" for one in app.conditions if one.type in ERRORS]
    if app.hydration is not None and app.hydration.phase == "Failed":
        found.append(f"the source hydrator Failed: {app.hydration.message}")
    return tuple(found)


def warnings_of(app: Application) -> tuple[str, ...]:
    """Return the conditions that warn, in words."""
    return tuple(f"{one.type}: {one.message}" for one in app.conditions if one.type in WARNINGS)


def _at(moment: datetime) -> str:
    return f"{moment:%H:%M:%SZ}"


def _is_same(one: Destination, other: Destination) -> bool:
    """Tell whether two destinations are one; Argo CD may know its cluster by URL, and by name."""
    by_url = one.server == other.server or not (one.server and other.server)
    by_name = one.name == other.name or not (one.name and other.name)
    return one.namespace == other.namespace and by_url and by_name
