"""What is seen of the workloads that run. Times are UTC."""

from operator import attrgetter
from typing import Literal

from checks.rollout.runtime.objects import (
    DaemonSet,
    Deployment,
    Job,
    Pod,
    ReplicaSet,
    Space,
    StatefulSet,
)
from fixtures.clusters import Listing
from fixtures.indexing import those_of
from fixtures.sightings import NotRecordedError
from reports.asides import Aside
from reports.codec import observation

_NAMESPACE = attrgetter("meta.namespace")
_PLACE = attrgetter("meta.namespace", "meta.name")


def ensure_whole(one: Deployment) -> None:
    """Raise `NotRecordedError` for a Deployment of which less was kept than is judged."""
    if not one.whole:
        raise NotRecordedError(f"Deployment {one.meta}, which no lane named then")


@observation
class NamespacesSeen:
    """The namespaces of a cluster."""

    kind: Literal["lane-namespaces"] = "lane-namespaces"
    listing: Listing
    items: tuple[Space, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def named(self, name: str) -> Space | None:
        """Return the namespace of that name; None where there is none."""
        return next((one for one in self.items if one.name == name), None)


@observation
class DeploymentsSeen:
    """The Deployments of the lanes' namespaces."""

    kind: Literal["lane-deployments"] = "lane-deployments"
    listing: Listing
    items: tuple[Deployment, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Deployment, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)

    def called(self, namespace: str, name: str) -> Deployment | None:
        """Return what was seen of one, as much as was kept; None where there is none."""
        return next(iter(those_of(self.items, _PLACE, (namespace, name))), None)

    def named(self, namespace: str, name: str) -> Deployment | None:
        """Return one to judge; None where there is none.

        Raises `NotRecordedError` for one of which a run kept less, since no lane named it then.
        """
        found = self.called(namespace, name)
        if found is None:
            self.listing.ensure_whole(namespace, name)
        else:
            ensure_whole(found)
        return found


@observation
class SettledDeployments:
    """Deployments of a lane as they were seen once more, `after` so many seconds.

    `looked` are those that were looked at, by namespace and name: the others had not changed for
    long. None: all were.
    """

    kind: Literal["lane-deployments-settled"] = "lane-deployments-settled"
    listing: Listing
    items: tuple[Deployment, ...]
    after: float
    looked: tuple[tuple[str, str], ...] | None = None
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        if self.looked == ():
            return "no Deployment was rolled out lately: none is looked at again"
        return f"{self.listing.headline(len(self.items))}, {self.after:g} s later"

    def was_looked_at(self, namespace: str, name: str) -> bool:
        """Tell whether a Deployment was looked at once more."""
        return self.looked is None or (namespace, name) in self.looked

    def inside(self, namespace: str) -> tuple[Deployment, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class StatefulSetsSeen:
    """The StatefulSets of the lanes' namespaces."""

    kind: Literal["lane-stateful-sets"] = "lane-stateful-sets"
    listing: Listing
    items: tuple[StatefulSet, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[StatefulSet, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class DaemonSetsSeen:
    """The DaemonSets of the lanes' namespaces."""

    kind: Literal["lane-daemon-sets"] = "lane-daemon-sets"
    listing: Listing
    items: tuple[DaemonSet, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[DaemonSet, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class ReplicaSetsSeen:
    """The ReplicaSets of the lanes' namespaces."""

    kind: Literal["lane-replica-sets"] = "lane-replica-sets"
    listing: Listing
    items: tuple[ReplicaSet, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[ReplicaSet, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class PodsSeen:
    """The pods of the lanes' namespaces."""

    kind: Literal["lane-pods"] = "lane-pods"
    listing: Listing
    items: tuple[Pod, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Pod, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class JobsSeen:
    """The Jobs of the lanes' namespaces."""

    kind: Literal["lane-jobs"] = "lane-jobs"
    listing: Listing
    items: tuple[Job, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Job, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)
