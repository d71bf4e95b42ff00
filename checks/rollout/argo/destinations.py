"""What an AppProject lets applications reach: globs, and `!` that denies.

`isDestinationMatched`:
https://github.com/argoproj/argo-cd/blob/master/pkg/apis/application/v1alpha1/app_project_types.go
"""

from collections.abc import Iterable, Sequence

from checks.rollout.argo.globbing import fits, is_pattern
from checks.rollout.argo.objects import Destination, Project
from checks.rollout.argo.repositories import boundless

_DENY = "!"


def permits(destinations: Iterable[Destination], wanted: Destination) -> bool:
    """Tell whether a project's destinations let an application go there.

    One has to allow it, and none to deny it: `!` before a namespace, a server or a name.
    """
    allowed, denied = False, False
    for one in destinations:
        name = bool(wanted.name) and _fits(one.name, wanted.name)
        server = bool(wanted.server) and _fits(one.server, wanted.server)
        namespace = _fits(one.namespace, wanted.namespace)
        if (name or server) and namespace:
            allowed = True
        else:
            fields = ((one.name, name), (one.server, server), (one.namespace, namespace))
            denied |= any(not good and field.startswith(_DENY) for field, good in fields)
    return allowed and not denied


def by_the_other(destinations: Iterable[Destination], wanted: Destination) -> list[Destination]:
    """Return the destinations that tell by URL of which cluster they are, or by name.

    And by what the wanted one is not known: whether it is that cluster, Argo CD alone knows.
    """
    return [
        one
        for one in destinations
        if _fits(one.namespace, wanted.namespace)
        and ((one.server and not wanted.server) or (one.name and not wanted.name))
    ]


def _fits(pattern: str, value: str) -> bool:
    """Tell whether a value fits a pattern; one that denies fits all that it does not name."""
    if pattern.startswith(_DENY):
        return not fits(pattern[1:], value)
    return fits(pattern, value)


def too_wide(project: Project, namespace: str, retired: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what a project lets its applications reach besides one namespace, in words."""
    found = [wrong for one in project.destinations for wrong in _wrong_in(one, namespace, retired)]
    if not any(one.namespace == namespace for one in project.destinations):
        found.append(f"no destination is the namespace {namespace}")
    found += [f"sourceNamespaces has {one}" for one in project.source_namespaces if _is_glob(one)]
    found += [
        f"sourceRepos has {one}, which lets anybody's be read"
        for one in boundless(project.source_repos)
    ]
    found += [
        f"clusterResourceWhitelist has {one}" for one in project.cluster_kinds if _is_glob(one)
    ]
    return tuple(found)


def _wrong_in(one: Destination, namespace: str, retired: Sequence[str]) -> list[str]:
    fields = {"namespace": one.namespace, "server": one.server, "name": one.name}
    globs = [f"{name} {value!r} is a pattern" for name, value in fields.items() if _is_glob(value)]
    found = [f"destination {one}: {told}" for told in globs]
    if any(old in value for old in retired for value in fields.values()):
        found.append(f"destination {one}: a retired name")
    if not globs and one.namespace != namespace:
        found.append(f"destination {one}: another namespace")
    if not one.server and not one.name:
        found.append(f"destination {one}: it names no cluster")
    return found


def _is_glob(value: str) -> bool:
    return value.startswith(_DENY) or is_pattern(value)
