"""Whether a lane's objects keep to their lane: whom bindings serve, and what pods refer to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from checks.rollout.runtime.objects import Binding, Named, Pod, PodSpec, Subject, Workload
from fixtures.indexing import Same, remembered, those_of

_NAMESPACE = attrgetter("meta.namespace")
_OF_THE_CLUSTER = ("kube-system", "kube-public", "kube-node-lease")


@dataclass(frozen=True, slots=True)
class Scope:
    """A lane as the others have to leave it alone: its namespace, and how its names begin."""

    lane: str
    namespace: str
    prefix: str | None = None

    def names(self, name: str) -> bool:
        """Tell whether a name is one of the lane's."""
        return self.prefix is not None and (
            name == self.prefix or name.startswith(f"{self.prefix}-")
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What there is in a namespace to refer to; None where it could not be listed."""

    accounts: frozenset[str] | None = None
    claims: frozenset[str] | None = None
    config_maps: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class _Served:
    """Whom a binding serves: an account, or with an empty name all of a namespace.

    The namespace is `*` where it serves accounts of all namespaces, or whoever asks.
    """

    namespace: str
    name: str
    told: str

    def __str__(self) -> str:
        return self.told


@dataclass(frozen=True, slots=True)
class Crossing:
    """A reference from one lane's namespace to another lane, or from elsewhere into it."""

    lane: str
    other: str
    told: str


def crossed_by_bindings(
    scope: Scope, others: Sequence[Scope], bindings: Iterable[Binding], may: Sequence[str] = ()
) -> tuple[Crossing, ...]:
    """Return whom the bindings of a lane's namespace serve of other namespaces.

    `may` are namespaces whose subjects are let in, such as that of the lane's pipeline.
    """
    allowed = {scope.namespace, *may, *_OF_THE_CLUSTER}
    found = []
    for binding in bindings:
        if binding.meta.namespace != scope.namespace:
            continue
        for one in binding.subjects:
            served = _served(one)
            if served is not None and served.namespace not in allowed:
                told = f"RoleBinding {binding.meta.name} gives {binding.role_kind} {binding.role}"
                whose = _whose(served.namespace, served.name, others)
                found.append(Crossing(scope.lane, whose, f"{told} to {served}"))
    return tuple(found)


def reaching_everywhere(scope: Scope, bindings: Iterable[Binding]) -> tuple[str, ...]:
    """Return which ClusterRoleBindings let a lane's accounts into all namespaces, in words."""
    return tuple(
        f"ClusterRoleBinding {binding.meta.name} gives {binding.role} everywhere to {served}"
        for binding in bindings
        for one in binding.subjects
        if (served := _served(one)) is not None and served.namespace == scope.namespace
    )


def crossed_by_names(
    scope: Scope, others: Sequence[Scope], specs: Iterable[tuple[str, PodSpec]]
) -> tuple[Crossing, ...]:
    """Return what pods refer to that by its name is another lane's."""
    found = (
        Crossing(scope.lane, other.lane, f"{where} refers to {kind} {name}")
        for where, spec in specs
        for kind, names in _referred(spec).items()
        for name in names
        for other in others
        if other.names(name) and not scope.names(name)
    )
    return tuple(dict.fromkeys(found))


def dangling(specs: Iterable[tuple[str, PodSpec]], held: Held) -> tuple[str, ...]:
    """Return what pods refer to that is not there in their namespace, in words."""
    have: Mapping[str, frozenset[str] | None] = {
        "ServiceAccount": held.accounts,
        "PersistentVolumeClaim": held.claims,
        "ConfigMap": held.config_maps,
    }
    return tuple(
        dict.fromkeys(
            f"{where} refers to {kind} {name}, which is not there"
            for where, spec in specs
            for kind, names in _referred(spec).items()
            for name in names
            if (there := have[kind]) is not None and name not in there
        )
    )


def shared_volumes(claims: Iterable[Named], namespaces: Sequence[str]) -> tuple[str, ...]:
    """Return the volumes that claims of several of these namespaces are bound to, in words."""
    bound: dict[str, list[str]] = {}
    for one in claims:
        for volume in one.refers:
            if one.meta.namespace in namespaces:
                bound.setdefault(volume, []).append(str(one.meta))
    return tuple(
        f"the volume {volume} is bound to {' and '.join(sorted(those))}"
        for volume, those in sorted(bound.items())
        if len(those) > 1
    )


def specs_of(every: Iterable[Workload | Pod]) -> tuple[tuple[str, PodSpec], ...]:
    """Return the specs of workloads and pods, each with what it is of, in words."""
    return tuple(
        (
            f"{type(one).__name__} {one.meta.name}",
            one.spec if isinstance(one, Pod) else one.template,
        )
        for one in every
    )


def crossings_of(
    scopes: tuple[Scope, ...], bindings: tuple[Binding, ...], *objects: tuple[Workload | Pod, ...]
) -> tuple[Crossing, ...]:
    """Return what refers from one lane to another, of all lanes: looked for once."""
    return _crossings_of(scopes, Same(bindings), tuple(map(Same, objects)))


@remembered
def _crossings_of(
    scopes: tuple[Scope, ...],
    bindings: Same[Binding],
    objects: tuple[Same[Workload | Pod], ...],
) -> tuple[Crossing, ...]:
    found: list[Crossing] = []
    for one in scopes:
        inside = (
            item for same in objects for item in those_of(same.items, _NAMESPACE, one.namespace)
        )
        own = those_of(bindings.items, _NAMESPACE, one.namespace)
        found += crossed_by_bindings(one, scopes, own)
        found += crossed_by_names(one, scopes, specs_of(inside))
    return tuple(one for one in found if one.other not in ("", one.lane))


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every lane beside every other: how many crossings go from a row's lane to a column's."""

    lanes: tuple[str, ...]
    crossings: tuple[Crossing, ...] = field(default=())

    def cell(self, lane: str, other: str) -> int:
        """Return how many crossings there are from one lane to another."""
        return sum(one.lane == lane and one.other == other for one in self.crossings)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The matrix as text, a row each; a lane beside itself is a dot."""
        return tuple(map(self.row, self.lanes))

    def row(self, lane: str) -> tuple[str, ...]:
        """Return one lane's row."""
        own = ("." if lane == other else str(self.cell(lane, other)) for other in self.lanes)
        return (lane, *own)


def _referred(spec: PodSpec) -> Mapping[str, tuple[str, ...]]:
    return {
        "ServiceAccount": (spec.service_account,),
        "PersistentVolumeClaim": spec.claims,
        "ConfigMap": spec.config_maps,
    }


def _served(one: Subject) -> _Served | None:
    """Return which accounts a subject means; None for a user or a group of the cluster's own.

    https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
    """
    words = one.name.split(":")
    match one.kind, words:
        case "ServiceAccount", _:
            told = f"ServiceAccount {one.namespace}/{one.name}"
            return _Served(one.namespace, one.name, told)
        case "User", ["system", "serviceaccount", namespace, name]:
            return _Served(namespace, name, f"User {one.name}")
        case "Group", ["system", "serviceaccounts", namespace]:
            return _Served(namespace, "", f"Group {one.name}")
        case "Group", ["system", "serviceaccounts" | "authenticated" | "unauthenticated"]:
            return _Served("*", "", f"Group {one.name}")
    return None


def _whose(namespace: str, name: str, others: Sequence[Scope]) -> str:
    """Return the other lane that a subject is of; empty for one of no lane."""
    return next((one.lane for one in others if one.namespace == namespace or one.names(name)), "")
