"""Lists of a cluster's objects, one probe for each kind, for all lanes of the cluster at once."""

from functools import partial

from checks.rollout.runtime import reading_objects as read
from checks.rollout.runtime.seen import (
    DaemonSetsSeen,
    DeploymentsSeen,
    JobsSeen,
    NamespacesSeen,
    ReplicaSetsSeen,
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
from checks.wire.clusters import EVERY, Judged, listed, lists
from config.clusters import ClusterSpec
from fixtures.clusters import kinds
from fixtures.vantages import Vantage

Namespaces = tuple[str, ...] | None


@lists(kinds.NAMESPACE)
async def list_namespaces(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> NamespacesSeen:
    """List the Namespaces of a cluster."""
    found = await listed(
        cluster, vantage, kinds.NAMESPACE, namespaces, read.read_space, deadline=deadline
    )
    return NamespacesSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.DEPLOYMENT)
async def list_deployments(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: Namespaces,
    judged: Judged = EVERY,
    *,
    deadline: float,
) -> DeploymentsSeen:
    """List the Deployments of some namespaces, and keep all of those that lanes name."""
    project = partial(read.read_deployment, judged=judged)
    found = await listed(
        cluster, vantage, kinds.DEPLOYMENT, namespaces, project, holed=True, deadline=deadline
    )
    return DeploymentsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.STATEFUL_SET)
async def list_stateful_sets(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> StatefulSetsSeen:
    """List the StatefulSets of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.STATEFUL_SET,
        namespaces,
        read.read_stateful_set,
        holed=True,
        deadline=deadline,
    )
    return StatefulSetsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.DAEMON_SET)
async def list_daemon_sets(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> DaemonSetsSeen:
    """List the DaemonSets of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.DAEMON_SET,
        namespaces,
        read.read_daemon_set,
        holed=True,
        deadline=deadline,
    )
    return DaemonSetsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.REPLICA_SET)
async def list_replica_sets(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> ReplicaSetsSeen:
    """List the ReplicaSets of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.REPLICA_SET,
        namespaces,
        read.read_replica_set,
        holed=True,
        deadline=deadline,
    )
    return ReplicaSetsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.JOB)
async def list_jobs(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> JobsSeen:
    """List the Jobs of some namespaces."""
    found = await listed(
        cluster, vantage, kinds.JOB, namespaces, read.read_job, holed=True, deadline=deadline
    )
    return JobsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.SERVICE)
async def list_services(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> ServicesSeen:
    """List the Services of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.SERVICE,
        namespaces,
        read.read_service,
        holed=True,
        deadline=deadline,
    )
    return ServicesSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.INGRESS)
async def list_ingresses(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> IngressesSeen:
    """List the Ingresses of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.INGRESS,
        namespaces,
        read.read_ingress,
        holed=True,
        deadline=deadline,
    )
    return IngressesSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.ROLE_BINDING)
async def list_role_bindings(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> RoleBindingsSeen:
    """List the RoleBindings of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.ROLE_BINDING,
        namespaces,
        read.read_binding,
        holed=True,
        deadline=deadline,
    )
    return RoleBindingsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.CLUSTER_ROLE_BINDING)
async def list_cluster_role_bindings(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> ClusterRoleBindingsSeen:
    """List the ClusterRoleBindings of a cluster."""
    found = await listed(
        cluster,
        vantage,
        kinds.CLUSTER_ROLE_BINDING,
        namespaces,
        read.read_binding,
        deadline=deadline,
    )
    return ClusterRoleBindingsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.SERVICE_ACCOUNT)
async def list_accounts(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> AccountsSeen:
    """List the Accounts of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.SERVICE_ACCOUNT,
        namespaces,
        read.read_named,
        holed=True,
        deadline=deadline,
    )
    return AccountsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.PERSISTENT_VOLUME_CLAIM)
async def list_claims(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> ClaimsSeen:
    """List the Claims of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.PERSISTENT_VOLUME_CLAIM,
        namespaces,
        read.read_named,
        holed=True,
        deadline=deadline,
    )
    return ClaimsSeen(listing=found.listing, items=found.items, asides=found.asides)


@lists(kinds.CONFIG_MAP)
async def list_config_maps(
    cluster: ClusterSpec, vantage: Vantage, namespaces: Namespaces, *, deadline: float
) -> ConfigMapsSeen:
    """List the ConfigMaps of some namespaces."""
    found = await listed(
        cluster,
        vantage,
        kinds.CONFIG_MAP,
        namespaces,
        read.read_named,
        holed=True,
        deadline=deadline,
    )
    return ConfigMapsSeen(listing=found.listing, items=found.items, asides=found.asides)
