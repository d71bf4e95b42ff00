"""Runner Jobs, as the manager made them, run images of the catalog, and install nothing."""

from checks.rollout.catalog.pinning import digests_of
from checks.rollout.catalog.seen import Catalog, EarlierCatalogs
from checks.rollout.failures import Failure
from checks.rollout.runtime.objects import Job
from checks.rollout.runtime.runners import runners_in
from checks.rollout.runtime.seen import JobsSeen
from checks.wire.globs import named_so
from config.lanes import Lane
from config.lanes.catalog import GitOps
from config.lanes.runtime import Runner, Runtime
from fixtures.registries.names import image_name
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_SHOWN = 20


@fails_as(Failure.UNTRUSTED_IMAGE_TAG)
def check_runners_run_images_of_the_catalog(
    *,
    live_jobs: JobsSeen,
    catalog: Catalog,
    catalog_earlier: EarlierCatalogs,
    gitops_expected: GitOps,
    runner: Runner,
    runtime: Runtime,
    lane: Lane,
    remark: Remark,
) -> None:
    now, before = digests_of(catalog), digests_of(*catalog_earlier.catalogs)
    loose: list[str] = []
    unknown: list[str] = []
    older = 0
    every = _runners(live_jobs, runner, runtime)
    for job in (one for at, one in enumerate(every) if one.active or not at):
        for one in job.template.containers:
            named = image_name(one.image)
            digest = named.digest if named else None
            if named_so(one.image, gitops_expected.unpinned) or digest in now:
                continue
            older += digest in before
            said = f"Job {job.meta.name}, container {one.name}: {one.image}"
            if digest is None:
                loose.append(said)
            elif digest not in before:
                unknown.append(said)
    untold = bool(unknown) and not catalog_earlier.is_all
    saw = loose if untold else [*loose, *unknown]
    mend = lane.next_for(Failure.UNTRUSTED_IMAGE_TAG, "runtime")
    what = "the newest runner, and those at work, to run images of the catalog by digest"
    assert not saw, expected(what, saw[:_SHOWN], mend=mend)
    if untold:
        why = "; ".join(unknown[:_SHOWN])
        raise Inconclusive(f"not in the catalogs that could be read: {why}", "raise `earlier`")
    if older:
        remark(f"{older} containers of runners have images of earlier catalogs")


@fails_as(Failure.RUNTIME_INSTALL)
def check_runners_install_nothing(
    live_jobs: JobsSeen, runner: Runner, runtime: Runtime, lane: Lane
) -> None:
    saw = [
        f"Job {job.meta.name}, container {one.name} runs {word}"
        for job in _runners(live_jobs, runner, runtime)
        for one in job.template.containers
        for word in one.installs
    ]
    mend = lane.next_for(Failure.RUNTIME_INSTALL, "runtime")
    what = "runners to run what their image has, and install nothing"
    assert not saw, expected(what, saw[:_SHOWN], mend=mend)


def _runners(live_jobs: JobsSeen, runner: Runner, runtime: Runtime) -> tuple[Job, ...]:
    found = runners_in(live_jobs.inside(runtime.namespace), runner.selector)
    if not found:
        raise Inconclusive(
            f"{runtime.namespace} has no Job with {runner.selector}",
            "let the manager make one: create, apply, send",
        )
    return found
