"""From Applications and AppProjects as Argo CD writes them to what is judged of them.

Fields: https://github.com/argoproj/argo-cd/blob/master/pkg/apis/application/v1alpha1/types.go
"""

from typing import Any

from checks.rollout.argo.objects import (
    Application,
    Definition,
    Destination,
    Hook,
    Hydration,
    Operation,
    Other,
    Project,
    Resource,
    Revisions,
    Source,
)
from checks.rollout.runtime.objects import Condition
from checks.rollout.runtime.reading import (
    Object,
    listed,
    mapping,
    moment,
    part,
    text,
    text_or_none,
    texts,
)
from checks.wire.clusters import Judged
from reports.likely import hidden

_PATHS = "argocd.argoproj.io/manifest-generate-paths"


def read_any(item: Object, judged: Judged) -> Application | Other:
    """Read an Application, or where it goes if it is not judged itself."""
    place = text(item, "metadata", "namespace"), text(item, "metadata", "name")
    if judged.has(*place):
        return read_application(item)
    return Other(*place, _destination(mapping(item, "spec", "destination")))


def read_application(item: Object) -> Application:
    """Read an Application of argoproj.io/v1alpha1."""
    spec, status = mapping(item, "spec"), mapping(item, "status")
    several = bool(listed(spec, "sources"))
    compared = mapping(status, "sync", "comparedTo")
    return Application(
        namespace=text(item, "metadata", "namespace"),
        name=text(item, "metadata", "name"),
        uid=text(item, "metadata", "uid"),
        project=text(spec, "project"),
        sources=_sources(spec),
        several=several,
        destination=_destination(mapping(spec, "destination")),
        generate_paths=text_or_none(item, "metadata", "annotations", _PATHS),
        asked=part(item, "operation") is not None,
        operation=_operation(mapping(status, "operationState"), several=several),
        reconciled=moment(status, "reconciledAt"),
        sync=text(status, "sync", "status"),
        compared=_revisions(mapping(status, "sync"), several=several),
        compared_sources=_sources(compared),
        compared_destination=_destination(mapping(compared, "destination")) if compared else None,
        health=text(status, "health", "status"),
        health_message=hidden(text(status, "health", "message")),
        conditions=tuple(_condition(one) for one in listed(status, "conditions")),
        resources=tuple(_resource(one) for one in listed(status, "resources")),
        health_elsewhere=text(status, "resourceHealthSource") == "appTree",
        history=_last(status, several=several),
        images=texts(status, "summary", "images"),
        hydration=_hydration(mapping(status, "sourceHydrator")),
        hydrated=bool(mapping(spec, "sourceHydrator")),
        healthy_since=moment(status, "health", "lastTransitionTime"),
        respecified=_parameters(spec) != _parameters(compared) if compared else False,
    )


def _parameters(spec: Object) -> Any:
    """Return sources whole, as Argo CD compares them, but for what is empty."""
    return _full(part(spec, "sources") or part(spec, "source"))


def _full(value: Any) -> Any:
    if isinstance(value, dict):
        every = ((key, _full(one)) for key, one in value.items())
        return {key: one for key, one in every if one not in (None, "", {}, [])}
    return [_full(one) for one in value] if isinstance(value, list) else value


def read_project(item: Object) -> Project:
    """Read an AppProject of argoproj.io/v1alpha1."""
    spec = mapping(item, "spec")
    return Project(
        namespace=text(item, "metadata", "namespace"),
        name=text(item, "metadata", "name"),
        destinations=tuple(_destination(one) for one in listed(spec, "destinations")),
        source_repos=texts(spec, "sourceRepos"),
        source_namespaces=texts(spec, "sourceNamespaces"),
        cluster_kinds=tuple(
            f"{text(one, 'group')}/{text(one, 'kind')}"
            for one in listed(spec, "clusterResourceWhitelist")
        ),
        accounts=tuple(
            f"{text(one, 'defaultServiceAccount')} in {_destination(one)}"
            for one in listed(spec, "destinationServiceAccounts")
        ),
    )


def read_definition(item: Object) -> Definition:
    """Read a CustomResourceDefinition of apiextensions.k8s.io/v1."""
    return Definition(
        name=text(item, "metadata", "name"),
        established=any(
            text(one, "type") == "Established" and text(one, "status") == "True"
            for one in listed(item, "status", "conditions")
        ),
        served=tuple(
            text(one, "name") for one in listed(item, "spec", "versions") if part(one, "served")
        ),
    )


def _sources(spec: Object) -> tuple[Source, ...]:
    """Return the sources, of which one alone stands elsewhere than several; or the hydrator's."""
    if several := listed(spec, "sources"):
        return tuple(_source(one) for one in several)
    if hydrator := mapping(spec, "sourceHydrator"):
        synced = mapping(hydrator, "syncSource")
        url = text(hydrator, "drySource", "repoURL")
        return (Source(url, text(synced, "targetBranch"), text(synced, "path")),)
    own = mapping(spec, "source")
    return (_source(own),) if own else ()


def _source(one: Object) -> Source:
    keys = ("repoURL", "targetRevision", "path", "chart", "ref")
    return Source(*(text(one, key) for key in keys))


def _destination(one: Object) -> Destination:
    return Destination(text(one, "server"), text(one, "name"), text(one, "namespace"))


def _revisions(of: Object, *, several: bool) -> Revisions:
    """Return `revisions` of several sources, and `revision` of one, which may be empty."""
    return Revisions(texts(of, "revisions") if several else (text(of, "revision"),))


def _operation(state: Object, *, several: bool) -> Operation | None:
    """Return the last operation: never `operation.sync.revision`, which Argo CD leaves stale."""
    if not state:
        return None
    result = mapping(state, "syncResult")
    return Operation(
        phase=text(state, "phase"),
        message=hidden(text(state, "message")),
        started=moment(state, "startedAt"),
        finished=moment(state, "finishedAt"),
        dry_run=part(state, "operation", "sync", "dryRun") is True,
        applied=_revisions(result, several=several) if result else None,
        hooks=tuple(_hook(one) for one in listed(result, "resources") if text(one, "hookType")),
    )


def _hook(one: Object) -> Hook:
    keys = ("kind", "name", "hookType", "hookPhase", "message")
    return Hook(*(text(one, key) for key in keys))


def _condition(one: Object) -> Condition:
    """Return a condition, which in Argo CD has neither status nor reason."""
    at = moment(one, "lastTransitionTime")
    return Condition(text(one, "type"), "", "", hidden(text(one, "message")), at)


def _resource(one: Object) -> Resource:
    return Resource(
        group=text(one, "group"),
        kind=text(one, "kind"),
        namespace=text(one, "namespace"),
        name=text(one, "name"),
        sync=text(one, "status"),
        health=text_or_none(one, "health", "status"),
        hook=part(one, "hook") is True,
    )


def _last(status: Object, *, several: bool) -> Revisions | None:
    history: Any = listed(status, "history")
    return _revisions(history[-1], several=several) if history else None


def _hydration(state: Object) -> Hydration | None:
    current = mapping(state, "currentOperation")
    last = mapping(state, "lastSuccessfulOperation")
    if not (current or last):
        return None
    return Hydration(
        phase=text(current, "phase"),
        message=hidden(text(current, "message")),
        current=text(current, "drySHA"),
        last=text(last, "drySHA"),
        hydrated=text(last, "hydratedSHA"),
    )
