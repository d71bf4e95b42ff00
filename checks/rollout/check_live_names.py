"""Live objects bear no retired name: neither Argo CD's nor what runs."""

from collections.abc import Iterable

from checks.rollout.argo.picking import application_of
from checks.rollout.argo.seen import ApplicationsSeen, ProjectsSeen
from checks.rollout.failures import Failure
from checks.rollout.retired import named_in
from checks.rollout.runtime.picking import WorkloadsSeen, those_there
from config.lanes import Lane, Retired
from config.lanes.argo import Argo
from config.lanes.runtime import Runtime
from reports.verdicts import Remark, expected, fails_as

_WHAT = "no retired name in live objects"


@fails_as(Failure.FORBIDDEN_LEGACY_NAME)
def check_argo_bears_no_retired_name(
    *,
    applications: ApplicationsSeen,
    argo_projects: ProjectsSeen,
    argo: Argo,
    retired: Retired,
    lane: Lane,
    remark: Remark,
) -> None:
    app = application_of(applications, argo)
    texts = [(f"Application {app}", str(one)) for one in (*app.sources, app.destination)]
    project = argo_projects.named(argo.namespace, app.project)
    if project is not None:
        told = (*project.destinations, *project.source_repos, *project.accounts)
        texts += [(f"AppProject {project}", str(one)) for one in told]
    saw, variants = _retired(texts, retired.names)
    mend = lane.next_for(Failure.FORBIDDEN_LEGACY_NAME, "argo")
    assert not saw, expected(_WHAT, saw=saw, mend=mend)
    for one in variants:
        remark(f"warning: {one}")


@fails_as(Failure.FORBIDDEN_LEGACY_NAME)
def check_workloads_bear_no_retired_name(
    live_workloads: tuple[WorkloadsSeen, ...],
    runtime: Runtime,
    retired: Retired,
    lane: Lane,
    remark: Remark,
) -> None:
    texts = [
        (str(pair), text)
        for pair in those_there(runtime, live_workloads)
        for container in pair.live.template.containers
        for text in (
            container.image,
            *(f"{name}={value}" for name, value in container.env),
            *pair.live.template.claims,
            *pair.live.template.config_maps,
            pair.live.template.service_account,
        )
    ]
    saw, variants = _retired(texts, retired.names)
    mend = lane.next_for(Failure.FORBIDDEN_LEGACY_NAME, "runtime")
    assert not saw, expected(_WHAT, saw=saw, mend=mend)
    for one in variants:
        remark(f"warning: {one}")


def _retired(
    texts: Iterable[tuple[str, str]], names: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Return where retired names stand, and where the same with dashes, in words."""
    saw: dict[str, None] = {}
    variants: dict[str, None] = {}
    for where, text in texts:
        for name, is_variant in named_in(text, names):
            (variants if is_variant else saw)[f"{where}: {name} in {text}"] = None
    return list(saw), list(variants)
