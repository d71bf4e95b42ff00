"""The AppProject bounds the lane: its one namespace, and nobody else's application in it."""

from checks.rollout.argo.declared import by_both, may_go_there
from checks.rollout.argo.destinations import by_the_other, permits, too_wide
from checks.rollout.argo.installing import images_of, other_workloads, undefined, unlike
from checks.rollout.argo.objects import Application, Other
from checks.rollout.argo.picking import application_of
from checks.rollout.argo.seen import ApplicationsSeen, DefinitionSeen, ProjectsSeen
from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Workload
from checks.rollout.runtime.seen import DeploymentsSeen, StatefulSetsSeen
from config.lanes import Lane
from config.lanes.argo import Argo, Install
from reports.verdicts import Inconclusive, Remark, expected, fails_as


@fails_as(Failure.APPPROJECT_TOO_WIDE)
def check_project_permits_the_lanes_namespace_alone(
    argo_projects: ProjectsSeen, argo: Argo, lane: Lane, remark: Remark
) -> None:
    mend = lane.next_for(Failure.APPPROJECT_TOO_WIDE, "argo")
    name = f"{argo.namespace}/{argo.project}"
    project = argo_projects.named(argo.namespace, argo.project)
    what = f"an AppProject {name} whose one destination is the namespace {argo.destination}"
    assert project is not None, expected(what, "there is none of that name", mend=mend)
    retired = tuple(name.replace("_", mark) for name in lane.retired.names for mark in "_-")
    saw = too_wide(project, argo.destination, retired)
    assert not saw, expected(what, saw=saw, mend=mend)
    for account in project.accounts:
        remark(f"its syncs run as {account}")


@fails_as(Failure.DESTINATION_VIOLATION)
def check_project_permits_the_applications_destination(
    argo_projects: ProjectsSeen, applications: ApplicationsSeen, argo: Argo, lane: Lane
) -> None:
    app = application_of(applications, argo)
    project = argo_projects.named(argo.namespace, app.project)
    if project is None:
        raise Inconclusive(
            f"there is no AppProject {argo.namespace}/{app.project}",
            held_by=("check_project_permits_the_lanes_namespace_alone",),
        )
    mend = lane.next_for(Failure.DESTINATION_VIOLATION, "argo")
    told = [str(one) for one in project.destinations] or ["it has no destinations"]
    wanted = by_both(app.destination)
    may = permits(project.destinations, wanted)
    if not may and (others := by_the_other(project.destinations, wanted)):
        raise Inconclusive(
            f"whether {others[0]} is the cluster of {wanted}, no Application says",
            "let both name the cluster in one way: by URL, or by name",
        )
    assert may, expected(f"{project} to permit {app.destination}", saw=told, mend=mend)


@fails_as(Failure.NAMESPACE_SHARED)
def check_no_other_application_goes_to_the_namespace(
    applications: ApplicationsSeen, argo_alone: Argo, lane: Lane
) -> None:
    own = (argo_alone.namespace, argo_alone.application)
    every: tuple[Application | Other, ...] = (*applications.applications, *applications.others)
    others = [one for one in every if (one.namespace, one.name) != own]
    going = [(one, may_go_there(one.destination, argo_alone)) for one in others]
    saw = [f"Application {one} goes to {one.destination}" for one, goes in going if goes]
    open_ones = [f"Application {one} to {one.destination}" for one, goes in going if goes is None]
    mend = lane.next_for(Failure.NAMESPACE_SHARED, "argo")
    what = f"{argo_alone.destination} to be the destination of {argo_alone.application} alone"
    assert not saw, expected(what, saw=saw, mend=mend)
    if open_ones:
        why = f"whether that is the lane's cluster, its name does not tell: {'; '.join(open_ones)}"
        raise Inconclusive(why, "let both name the cluster in one way: by URL, or by name")
    applications.listing.ensure_whole()
    if applications.listing.namespaces is not None:
        inside = ", ".join(applications.listing.namespaces)
        raise Inconclusive(
            f"Applications were looked at in {inside} alone: whoever asks may not list the others",
            "let it list applications.argoproj.io in a ClusterRole that is bound for all",
        )


@fails_as(Failure.ARGO_INSTALL_DRIFT)
def check_argo_is_installed_as_declared(
    *,
    live_deployments: DeploymentsSeen,
    live_stateful_sets: StatefulSetsSeen,
    argo_definitions: tuple[DefinitionSeen, ...],
    argo_install: Install,
    argo: Argo,
    lane: Lane,
) -> None:
    here: tuple[Workload, ...] = (
        *live_deployments.inside(argo.namespace),
        *live_stateful_sets.inside(argo.namespace),
    )
    mend = lane.next_for(Failure.ARGO_INSTALL_DRIFT, "argo")
    what = f"Argo CD {argo_install.version} in {argo.namespace}"
    assert here, expected(what, saw=f"{argo.namespace} has no workload", mend=mend)
    saw = [
        *unlike(images_of(here), argo_install),
        *other_workloads(here, argo_install),
        *undefined(argo_definitions),
    ]
    assert not saw, expected(what, saw=saw, mend=mend)
