"""In what an application is another than the lane declares: what it reads, and where it goes."""

from checks.rollout.argo.equality import own_sources, same_repository
from checks.rollout.argo.objects import Application, Destination
from config.lanes.argo import Argo
from config.lanes.catalog import GitOps

_IN_CLUSTER = ("in-cluster", "https://kubernetes.default.svc")
"""The cluster that Argo CD runs in, as it calls it by itself: its name, and its URL."""


def known_by(argo: Argo, gitops: GitOps) -> tuple[tuple[str, ...], str | None]:
    """Return by which URLs, or else by which branch, a lane's sources are known."""
    return ((argo.repo_url,), None) if argo.repo_url else ((gitops.repository,), gitops.branch)


def other_sources(app: Application, argo: Argo, gitops: GitOps) -> tuple[str, ...]:
    """Return the sources that read something else than the GitOps branch, in words."""
    places = own_sources(app, *known_by(argo, gitops))
    own = [app.sources[number] for number in places if not app.sources[number].ref]
    if not own:
        return tuple(f"a source is {one}" for one in app.sources) or ("it has no source",)
    return tuple(
        f"a source is {one}"
        for one in own
        if one.target_revision != gitops.branch
        or one.path.strip("/") != gitops.path.strip("/")
        or (argo.repo_url and not same_repository(one.repo_url, (argo.repo_url,)))
    )


def destination_of(argo: Argo) -> Destination:
    """Return where the lane's application has to go."""
    if argo.server.startswith("name:"):
        return Destination("", argo.server.removeprefix("name:").strip(), argo.destination)
    return Destination(argo.server, "", argo.destination)


def goes_there(seen: Destination, argo: Argo) -> bool:
    """Tell whether a destination is the lane's."""
    return seen.namespace == argo.destination and _cluster(seen) == _cluster(destination_of(argo))


def may_go_there(seen: Destination, argo: Argo) -> bool | None:
    """Tell whether another application goes to the lane's namespace.

    None where one of the two clusters is told by its name and the other by its URL: which cluster
    a name is, no Application says.
    """
    if seen.namespace != argo.destination:
        return False
    theirs, ours = _cluster(seen), _cluster(destination_of(argo))
    if theirs == ours:
        return True
    return None if theirs[0] != ours[0] and "" not in (theirs[1], ours[1]) else not theirs[1]


def by_both(one: Destination) -> Destination:
    """Return a destination with the name and the URL of its cluster, where that is Argo CD's own.

    Argo CD knows each of its clusters by both, and compares both with what a project permits.
    """
    name, url = _IN_CLUSTER
    if _cluster(one) == ("url", url):
        return Destination(one.server or url, name, one.namespace)
    return one


def _cluster(one: Destination) -> tuple[str, str]:
    """Return by what a cluster is known, and as what; Argo CD's own is known by both."""
    name, url = _IN_CLUSTER
    if one.server:
        return "url", one.server.rstrip("/")
    return ("url", url) if one.name == name else ("name", one.name)
