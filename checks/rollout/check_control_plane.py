"""The control plane is what its YAML renders to, and the old platform gets nothing new.

What a server-side dry run would tell is told by comparing: every rendered field has to be there,
and equal. Defaults, and what admission adds, are the live object's own.
"""

from datetime import UTC, datetime, time

from checks.rollout.control.seen import ControlPlaneCompared
from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Ingress, Named, Service, Workload
from checks.rollout.runtime.seen import (
    DaemonSetsSeen,
    DeploymentsSeen,
    NamespacesSeen,
    StatefulSetsSeen,
)
from checks.rollout.runtime.seen_beside import (
    AccountsSeen,
    ClaimsSeen,
    IngressesSeen,
    ServicesSeen,
)
from config.lanes import Lane
from config.lanes.closeout import Closeout
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.CONTROL_PLANE_DRIFT)
def check_control_plane_is_as_rendered(
    control_plane: ControlPlaneCompared, lane: Lane, remark: Remark
) -> None:
    saw = [f"{one.name} is not there" for one in control_plane.objects if one.absent]
    saw += [f"{one.name}: {told}" for one in control_plane.objects for told in one.differences]
    mend = lane.next_for(Failure.CONTROL_PLANE_DRIFT, "control-plane")
    what = f"the live objects to be as `{control_plane.command}` renders them"
    assert not saw, expected(what, saw=saw, mend=mend)
    if unread := [f"{one.name}: {one.unread}" for one in control_plane.objects if one.unread]:
        raise Inconclusive("; ".join(unread[:5]), "let whoever asks read these kinds")
    remark(f"{len(control_plane.objects)} objects were compared field by field, not by a dry run")


@fails_as(Failure.PLATFORM_NAMESPACE_DRIFT)
def check_old_platform_gets_nothing_new(
    *,
    platform: Closeout,
    live_namespaces: NamespacesSeen,
    live_deployments: DeploymentsSeen,
    live_stateful_sets: StatefulSetsSeen,
    live_daemon_sets: DaemonSetsSeen,
    live_services: ServicesSeen,
    live_ingresses: IngressesSeen,
    live_claims: ClaimsSeen,
    live_accounts: AccountsSeen,
    lane: Lane,
) -> None:
    old, since = platform.old_platform, platform.platform_since
    if old is None or since is None:
        raise Inconclusive("the lane names no old platform, or not since when it rests")
    begin = datetime.combine(since, time(), UTC)
    every: dict[str, tuple[Workload | Service | Ingress | Named, ...]] = {
        "Deployment": live_deployments.inside(old),
        "StatefulSet": live_stateful_sets.inside(old),
        "DaemonSet": live_daemon_sets.inside(old),
        "Service": live_services.inside(old),
        "Ingress": live_ingresses.inside(old),
        "PersistentVolumeClaim": live_claims.inside(old),
        "ServiceAccount": live_accounts.inside(old),
    }
    named = [(f"{kind} {one.meta.name}", one.meta.created) for kind in every for one in every[kind]]
    saw = [
        f"{name} was made at {made:%Y-%m-%dT%H:%M:%SZ}"
        for name, made in named
        if made is not None and made >= begin
    ]
    new = platform.new_platform
    if new is not None and live_namespaces.named(new) is None:
        saw.append(f"there is no namespace {new}")
    mend = lane.next_for(Failure.PLATFORM_NAMESPACE_DRIFT, "control-plane")
    where = f" but in {new}" if new else ""
    assert not saw, expected(f"nothing new in {old} since {since}{where}", saw=saw, mend=mend)
    if untold := [name for name, made in named if made is None]:
        raise Inconclusive(
            f"since when there is {', '.join(untold)} in {old} is not told: no creationTimestamp",
            "take the objects as the cluster has them: kubectl get -o yaml",
        )
