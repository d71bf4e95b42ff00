"""The namespace is the lane's alone: nothing reaches in, nothing refers out, nothing is a stray."""

from collections.abc import Sequence

from checks.rollout.failures import Failure
from checks.rollout.runtime.exposure import answering, ports_of_hosts, ways_in
from checks.rollout.runtime.isolation import (
    Crossing,
    Held,
    Matrix,
    Scope,
    crossed_by_bindings,
    crossed_by_names,
    crossings_of,
    dangling,
    reaching_everywhere,
    shared_volumes,
    specs_of,
)
from checks.rollout.runtime.picking import WorkloadsSeen
from checks.rollout.runtime.seen import (
    DaemonSetsSeen,
    DeploymentsSeen,
    PodsSeen,
    StatefulSetsSeen,
)
from checks.rollout.runtime.seen_beside import (
    AccountsSeen,
    ClaimsSeen,
    ClusterRoleBindingsSeen,
    ConfigMapsSeen,
    IngressesSeen,
    RoleBindingsSeen,
    ServicesSeen,
)
from checks.rollout.runtime.tracking import strays
from config.lanes import Lane
from config.lanes.argo import Argo
from config.lanes.runtime import Runtime
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected, fails_as

_MOST_ROWS = 12
"""Lanes of which each tells the whole matrix; of more lanes each tells its own row."""


@fails_as(Failure.UNDECLARED_EXPOSURE)
def check_nothing_is_reached_from_outside_by_services(
    live_services: ServicesSeen, runtime: Runtime, lane: Lane
) -> None:
    _ensure_unexposed(runtime)
    saw = ways_in(live_services.inside(runtime.namespace))
    mend = lane.next_for(Failure.UNDECLARED_EXPOSURE, "runtime")
    assert not saw, expected("Services that only the cluster reaches", saw=saw, mend=mend)


@fails_as(Failure.UNDECLARED_EXPOSURE)
def check_nothing_is_reached_by_ports_of_nodes(
    live_workloads: tuple[WorkloadsSeen, ...], live_pods: PodsSeen, runtime: Runtime, lane: Lane
) -> None:
    _ensure_unexposed(runtime)
    here = runtime.namespace
    every = [one for seen in (*live_workloads, live_pods) for one in seen.inside(here)]
    saw = ports_of_hosts(every)
    mend = lane.next_for(Failure.UNDECLARED_EXPOSURE, "runtime")
    assert not saw, expected("containers that take no port of their node", saw=saw, mend=mend)


@fails_as(Failure.UNDECLARED_EXPOSURE)
def check_nothing_is_reached_by_an_ingress(
    live_ingresses: IngressesSeen, runtime: Runtime, lane: Lane
) -> None:
    _ensure_unexposed(runtime)
    saw = answering(live_ingresses.inside(runtime.namespace))
    mend = lane.next_for(Failure.UNDECLARED_EXPOSURE, "runtime")
    assert not saw, expected("no Ingress", saw=saw, mend=mend)


def _ensure_unexposed(runtime: Runtime) -> None:
    if runtime.exposure == "declared":
        raise NotApplicable("the profile declares that its services are reached from outside")


@fails_as(Failure.ISOLATION_VIOLATION)
def check_bindings_serve_the_lane_alone(
    *,
    live_role_bindings: RoleBindingsSeen,
    scope: Scope,
    scopes: tuple[Scope, ...],
    runtime: Runtime,
    lane: Lane,
) -> None:
    bindings = live_role_bindings.inside(scope.namespace)
    crossings = crossed_by_bindings(scope, scopes, bindings, runtime.lets_in)
    mend = lane.next_for(Failure.ISOLATION_VIOLATION, "runtime")
    what = f"RoleBindings of {scope.namespace} that serve accounts of the lane alone"
    assert not crossings, expected(what, saw=_told(crossings), mend=mend)


@fails_as(Failure.ISOLATION_VIOLATION)
def check_accounts_are_bound_in_their_namespace_alone(
    live_cluster_role_bindings: ClusterRoleBindingsSeen, scope: Scope, lane: Lane
) -> None:
    saw = reaching_everywhere(scope, live_cluster_role_bindings.items)
    mend = lane.next_for(Failure.ISOLATION_VIOLATION, "runtime")
    assert not saw, expected("no account of the lane to reach everywhere", saw=saw, mend=mend)


@fails_as(Failure.ISOLATION_VIOLATION)
def check_pods_refer_to_what_is_the_lanes(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    live_pods: PodsSeen,
    scope: Scope,
    scopes: tuple[Scope, ...],
    lane: Lane,
) -> None:
    every = [one for seen in (*live_workloads, live_pods) for one in seen.inside(scope.namespace)]
    crossings = crossed_by_names(scope, scopes, specs_of(every))
    mend = lane.next_for(Failure.ISOLATION_VIOLATION, "runtime")
    what = "accounts, claims and ConfigMaps of no other lane"
    assert not crossings, expected(what, saw=_told(crossings), mend=mend)


@fails_as(Failure.ISOLATION_VIOLATION)
def check_what_pods_refer_to_is_there(
    *,
    live_workloads: tuple[WorkloadsSeen, ...],
    live_accounts: AccountsSeen,
    live_claims: ClaimsSeen,
    live_config_maps: ConfigMapsSeen,
    scope: Scope,
    lane: Lane,
) -> None:
    here = scope.namespace
    held = Held(
        accounts=frozenset(one.meta.name for one in live_accounts.inside(here)),
        claims=frozenset(one.meta.name for one in live_claims.inside(here)),
        config_maps=frozenset(one.meta.name for one in live_config_maps.inside(here)),
    )
    every = [one for seen in live_workloads for one in seen.inside(here)]
    saw = dangling(specs_of(every), held)
    mend = lane.next_for(Failure.ISOLATION_VIOLATION, "runtime")
    what = f"what workloads of {here} refer to, in {here}"
    assert not saw, expected(what, saw=saw, mend=mend)


@fails_as(Failure.ISOLATION_VIOLATION)
def check_lanes_do_not_cross(
    *,
    live_role_bindings: RoleBindingsSeen,
    live_deployments: DeploymentsSeen,
    live_pods: PodsSeen,
    live_claims: ClaimsSeen,
    scope: Scope,
    scopes: tuple[Scope, ...],
    lane: Lane,
    remark: Remark,
) -> None:
    if len(scopes) == 1:
        raise NotApplicable("the profile has no other lane of this cluster")
    for seen in (live_role_bindings, live_deployments, live_pods, live_claims):
        for one in scopes:
            seen.listing.ensure_whole(one.namespace)
    matrix = Matrix(
        tuple(one.lane for one in scopes),
        crossings_of(scopes, live_role_bindings.items, live_deployments.items, live_pods.items),
    )
    many = len(scopes) > _MOST_ROWS
    for row in (matrix.row(scope.lane),) if many else matrix.rows:
        remark(" ".join(row))
    own = [one for one in matrix.crossings if scope.lane in (one.lane, one.other)]
    saw = _told(own)
    saw += shared_volumes(live_claims.items, tuple(one.namespace for one in scopes))
    mend = lane.next_for(Failure.ISOLATION_VIOLATION, "runtime")
    assert not saw, expected("no reference between this lane and another", saw=saw, mend=mend)


_NAMESPACE = ("check_namespace_is_active",)


def _told(crossings: Sequence[Crossing]) -> list[str]:
    return [f"{one.told}{f', of the lane {one.other}' if one.other else ''}" for one in crossings]


@fails_as(Failure.ORPHAN_RESOURCE)
def check_every_object_is_the_applications(
    *,
    live_deployments: DeploymentsSeen,
    live_stateful_sets: StatefulSetsSeen,
    live_daemon_sets: DaemonSetsSeen,
    live_pods: PodsSeen,
    live_services: ServicesSeen,
    live_ingresses: IngressesSeen,
    live_role_bindings: RoleBindingsSeen,
    live_accounts: AccountsSeen,
    live_claims: ClaimsSeen,
    live_config_maps: ConfigMapsSeen,
    argo_alone: Argo,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    seen = (
        live_deployments,
        live_stateful_sets,
        live_daemon_sets,
        live_pods,
        live_services,
        live_ingresses,
        live_role_bindings,
        live_accounts,
        live_claims,
        live_config_maps,
    )
    every = [(one, type(listed).__name__) for listed in seen for one in
             listed.inside(runtime.namespace)]  # fmt: skip
    if not every:
        raise Inconclusive(f"no object of {runtime.namespace} was seen", held_by=_NAMESPACE)
    shared, untracked = strays([(one.meta, kind) for one, kind in every], argo_alone.application)
    mend = lane.next_for(Failure.NAMESPACE_SHARED, "argo")
    what = f"every object of {runtime.namespace} to be tracked by {argo_alone.application}"
    assert not shared, expected(what, shared, Failure.NAMESPACE_SHARED, mend=mend)
    mend = lane.next_for(Failure.ORPHAN_RESOURCE, "argo")
    assert not untracked, expected(what, saw=untracked, mend=mend)
    remark(f"{len(every)} objects were looked at; Secrets show no annotations")
