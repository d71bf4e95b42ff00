"""Objects of clusters: how areas look at them, each kind once, and how that is repeated by hand.

An area writes what it keeps of an object, the observation, and of each kind one probe:

    @observation
    class Deployments:
        kind: Literal["deployments"] = "deployments"
        listing: Listing
        items: tuple[Deployment, ...]
        asides: tuple[Aside, ...] = ()

    @lists(DEPLOYMENT)
    async def list_deployments(cluster, vantage, namespaces, *, deadline):
        found = await listed(cluster, vantage, DEPLOYMENT, namespaces, deployment_of, deadline)
        return Deployments(listing=found.listing, items=found.items, asides=found.asides)

and asks for `list_of(list_deployments, cluster, vantage, namespaces)`. Lanes that give the same
namespaces, in the same order, share that sighting.
"""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from config.clusters import ClusterSpec
from fixtures.clusters import Listed, Project
from fixtures.clusters.asking import import_client
from fixtures.clusters.kinds import SECRET, Kind
from fixtures.clusters.opening import cluster_at
from fixtures.sightings import EXPECTED, L, Look, Sighting, by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage

T = TypeVar("T")
LISTING = 60.0
"""Seconds that a list may take."""
_BEYOND = 30.0
"""Of which so many are beyond what any sighting may."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The objects of a list that are judged themselves, by namespace and name; None: all.

    Of the others less is kept. What is kept is what is looked at by the profile of now: a replay
    with a profile that names others does not find them.
    """

    places: frozenset[tuple[str, str]] | None = field(default=None, metadata=EXPECTED)

    def has(self, namespace: str, name: str) -> bool:
        """Tell whether an object is one of them."""
        return self.places is None or (namespace, name) in self.places


EVERY = Judged()


def list_of(
    look: Look,
    cluster: ClusterSpec,
    vantage: str,
    namespaces: Iterable[str] | None,
    kept: object = None,
) -> Sighting:
    """Return the sighting of a kind's objects in namespaces, whoever names them; None: in all.

    `kept` tells the probe of what all is kept, as `Judged` does: it must be `EXPECTED`.
    """
    wanted = None if namespaces is None else tuple(sorted(set(namespaces)))
    told = (wanted,) if kept is None else (wanted, kept)
    return Sighting(look, cluster, vantage, told, deadline=LISTING, takes=_BEYOND)


def one_of(
    look: Look, cluster: ClusterSpec, vantage: str, namespace: str | None, name: str
) -> Sighting:
    """Return the sighting of one object."""
    return Sighting(look, cluster, vantage, (namespace, name), deadline=LISTING)


def lists(kind: Kind) -> Callable[[L], L]:
    """Mark a probe that takes a cluster and namespaces, and lists a kind."""

    def mark(look: L) -> L:
        def word(cluster: ClusterSpec, wanted: tuple[str, ...] | None, *_: Any) -> str:
            return _list_by_hand(cluster, kind, wanted)

        by_hand(word, here=True)(look)
        return _prepared(look)

    return mark


def gets(kind: Kind) -> Callable[[L], L]:
    """Mark a probe that takes a cluster, a namespace and a name, and gets one object of a kind."""

    def mark(look: L) -> L:
        by_hand(lambda cluster, inside, name: _get_by_hand(cluster, kind, inside, name), here=True)(
            look
        )
        return _prepared(look)

    return mark


async def listed(
    cluster: ClusterSpec,
    vantage: Vantage,
    kind: Kind,
    namespaces: tuple[str, ...] | None,
    project: Project[T],
    *,
    holed: bool = False,
    deadline: float,
) -> Listed[T]:
    """List a kind, by one list however many namespaces are wanted; see `Cluster.list_objects`.

    Who takes a list that is `holed` looks at its holes before it judges what is missing in it, by
    `Listing.ensure_whole`; for everybody else such a list is none. Raises `VantageError`.
    """
    opened = cluster_at(cluster, vantage)
    found = await opened.list_objects(kind, namespaces, project, deadline=deadline)
    if not holed:
        for hole in found.listing.holes:
            raise SourceError(hole.reason, hole.mend)
    return found


async def got(
    cluster: ClusterSpec,
    vantage: Vantage,
    kind: Kind,
    named: tuple[str | None, str],
    project: Project[T],
    *,
    deadline: float,
) -> Listed[T]:
    """Get the object of a namespace and a name, if there is one; see `Cluster.get_object`."""
    opened = cluster_at(cluster, vantage)
    return await opened.get_object(kind, *named, project, deadline=deadline)


def kubectl(cluster: ClusterSpec, *arguments: str) -> str:
    """Write the kubectl command that asks a cluster."""
    beside = [
        word
        for option, value in (("--kubeconfig", cluster.kubeconfig), ("--context", cluster.context))
        if value
        for word in (option, value)
    ]
    return shlex.join(("kubectl", *beside, *arguments))


def _prepared(look: L) -> L:
    return prepared_by(import_client, unless=lambda cluster: cluster.snapshot is not None)(look)


def _list_by_hand(cluster: ClusterSpec, kind: Kind, wanted: tuple[str, ...] | None) -> str:
    if cluster.snapshot is not None:
        return _grep(cluster.snapshot, kind)
    many = ("--all-namespaces",) if kind.namespaced else ()
    inside = ("-n", wanted[0]) if kind.namespaced and wanted and len(wanted) == 1 else many
    return kubectl(cluster, "get", kind.resource, *inside, *_form(kind))


def _get_by_hand(cluster: ClusterSpec, kind: Kind, inside: str | None, name: str) -> str:
    if cluster.snapshot is not None:
        return _grep(cluster.snapshot, kind)
    where = ("-n", inside) if inside and kind.namespaced else ()
    return kubectl(cluster, "get", kind.resource, name, *where, *_form(kind))


def _form(kind: Kind) -> tuple[str, ...]:
    """Return the options for all there is; of Secrets for the table, in which no values come."""
    return () if kind == SECRET else ("-o", "json")


def _grep(folder: str, kind: Kind) -> str:
    return shlex.join(("grep", "-rlE", rf'kind"?: *"?{kind.name}(List)?"?,?$', folder))
