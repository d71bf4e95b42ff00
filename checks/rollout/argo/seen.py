"""What is seen of Argo CD. Times are UTC."""

from datetime import datetime
from operator import attrgetter
from typing import Literal

from checks.rollout.argo.equality import Compared
from checks.rollout.argo.objects import Application, Definition, Other, Project
from fixtures.clusters import Listing
from fixtures.indexing import those_of
from fixtures.sightings import NotRecordedError
from reports.asides import Aside
from reports.codec import observation

_PLACE = attrgetter("namespace", "name")


@observation
class ApplicationsSeen:
    """The Applications of a cluster; where not all may be listed, of its lanes' namespaces."""

    kind: Literal["argo-applications"] = "argo-applications"
    listing: Listing
    applications: tuple[Application, ...]
    """Those that lanes name."""
    others: tuple[Other, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.applications) + len(self.others))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    @property
    def at(self) -> datetime:
        return self.listing.at

    def named(self, namespace: str, name: str) -> Application | None:
        """Return the Application of that name; None where there is none.

        Raises `NotRecordedError` for one of which a run kept less, since no lane named it then.
        """
        place = (namespace, name)
        if others := those_of(self.others, _PLACE, place):
            raise NotRecordedError(f"Application {others[0]}, which no lane named then")
        found = next(iter(those_of(self.applications, _PLACE, place)), None)
        if found is None:
            self.listing.ensure_whole(namespace, name)
        return found


@observation
class SettledApplication:
    """A lane's Application as it was seen once more, `after` so many seconds.

    `looked` says whether it was: one that has been at rest for long is not looked at again.
    """

    kind: Literal["argo-application-settled"] = "argo-application-settled"
    listing: Listing
    application: str
    looked: bool
    items: tuple[Application, ...]
    after: float
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        if not self.looked:
            return f"{self.application} did not change lately: it is not looked at again"
        told = (f"{one.sync or 'no sync'}, {one.health or 'no health'}" for one in self.items)
        return f"{self.application}, {self.after:g} s later: {next(told, 'not there')}"


@observation
class ProjectsSeen:
    """The AppProjects of a cluster, in the namespaces of its lanes' Argo CD."""

    kind: Literal["argo-projects"] = "argo-projects"
    listing: Listing
    projects: tuple[Project, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.projects))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock

    def named(self, namespace: str, name: str) -> Project | None:
        """Return the AppProject of that name; None where there is none."""
        self.listing.ensure_whole(namespace, name)
        return next(iter(those_of(self.projects, _PLACE, (namespace, name))), None)


@observation
class DefinitionSeen:
    """A CustomResourceDefinition of Argo CD; none where there is none of that name."""

    kind: Literal["argo-definition"] = "argo-definition"
    listing: Listing
    name: str
    items: tuple[Definition, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        if not self.items:
            return f"there is no CustomResourceDefinition {self.name}"
        (one,) = self.items
        stands = "established" if one.established else "not established"
        return f"CustomResourceDefinition {one.name} is {stands}, {', '.join(one.served) or 'none'}"


@observation
class RevisionsCompared:
    """How the revisions of an application stand to the head of its GitOps branch.

    `changed` is when the head's last commit below the path was committed, where that was asked.
    """

    kind: Literal["argo-revisions"] = "argo-revisions"
    application: str
    head: str
    path: str
    each: tuple[Compared, ...]
    changed: datetime | None
    at: datetime

    @property
    def headline(self) -> str:
        told = "; ".join(f"{one.of} {one.revision[:12]} {one.standing}" for one in self.each)
        return f"{self.application} beside {self.head[:12]}, below {self.path}: {told or 'nothing'}"

    def of(self, what: str) -> tuple[Compared, ...]:
        """Return the revisions that were compared, or applied."""
        return tuple(one for one in self.each if one.of == what)


@observation
class NoApplication:
    """There is no such Application, of which revisions could be compared."""

    kind: Literal["no-application"] = "no-application"
    application: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"there is no Application {self.application}"
