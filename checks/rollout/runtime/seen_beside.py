"""What is seen beside the workloads of a namespace: ways in, events, and what it holds."""

from operator import attrgetter
from typing import Literal

from checks.rollout.runtime.objects import (
    Binding,
    Event,
    Ingress,
    Named,
    Service,
)
from fixtures.clusters import Listing
from fixtures.indexing import those_of
from reports.asides import Aside
from reports.codec import observation

_NAMESPACE = attrgetter("meta.namespace")
_OF_EVENTS = attrgetter("namespace")


@observation
class ServicesSeen:
    """The Services of the lanes' namespaces."""

    kind: Literal["lane-services"] = "lane-services"
    listing: Listing
    items: tuple[Service, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Service, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class IngressesSeen:
    """The Ingresses of the lanes' namespaces."""

    kind: Literal["lane-ingresses"] = "lane-ingresses"
    listing: Listing
    items: tuple[Ingress, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Ingress, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class EventsSeen:
    """The events of the lanes' namespaces; a server keeps them for an hour by default."""

    kind: Literal["lane-events"] = "lane-events"
    listing: Listing
    items: tuple[Event, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Event, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _OF_EVENTS, namespace)


@observation
class RoleBindingsSeen:
    """The RoleBindings of the lanes' namespaces."""

    kind: Literal["lane-role-bindings"] = "lane-role-bindings"
    listing: Listing
    items: tuple[Binding, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Binding, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class ClusterRoleBindingsSeen:
    """The ClusterRoleBindings of a cluster."""

    kind: Literal["lane-cluster-role-bindings"] = "lane-cluster-role-bindings"
    listing: Listing
    items: tuple[Binding, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@observation
class AccountsSeen:
    """The ServiceAccounts of the lanes' namespaces."""

    kind: Literal["lane-accounts"] = "lane-accounts"
    listing: Listing
    items: tuple[Named, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Named, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class ClaimsSeen:
    """The PersistentVolumeClaims of the lanes' namespaces."""

    kind: Literal["lane-claims"] = "lane-claims"
    listing: Listing
    items: tuple[Named, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Named, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)


@observation
class ConfigMapsSeen:
    """The ConfigMaps of the lanes' namespaces, without what they hold."""

    kind: Literal["lane-config-maps"] = "lane-config-maps"
    listing: Listing
    items: tuple[Named, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def inside(self, namespace: str) -> tuple[Named, ...]:
        """Return those of one namespace."""
        self.listing.ensure_whole(namespace)
        return those_of(self.items, _NAMESPACE, namespace)
