"""The runners that are registered: every set of labels finds one, and it is online."""

from checks.labels.tombstones import buried
from checks.labels.versions import outdated
from checks.wire.github.runners import RunnersSeen
from checks.wire.github.runs import RunsSeen, ensure_all_that_wait_are_seen
from checks.wire.globs import fits, named_so
from checks.wire.placing import (
    Asked,
    Kind,
    asked_by,
    covering,
    kind_of,
    known_of,
    lower,
    nearest_runner,
)
from checks.wire.workflows.readable import ensure_readable
from checks.wire.workflows.seen import WorkflowsSeen
from config.labels import Intended, Labels, Release, Retired
from fixtures.github.values import Run, RunJob
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as

_DECLARE = "say in labels.expressions of the profile what it comes to"


@fails_as(FailureClass.CONFIG)
def check_every_label_set_has_a_runner(
    workflows: WorkflowsSeen, runners: RunnersSeen, labels: Labels
) -> None:
    every = _self_hosted(workflows, labels)
    lost = [one for one in every if not covering(one, runners.runners)]
    if lost and runners.unasked:
        raise Inconclusive(
            f"no runner of the repository has {lost[0].shown}, and {'; '.join(runners.unasked)}",
            "give the token the organization's permission: self-hosted runners, read",
        )
    saw = [f"{one}: {nearest_runner(one, runners.runners) or 'there is none'}" for one in lost]
    assert not saw, expected("a runner with all the labels that a job asks for", saw=saw)
    _refuse_unknown(workflows, labels)


@fails_as(FailureClass.INFRA)
def check_runners_that_jobs_need_are_online(
    workflows: WorkflowsSeen, runners: RunnersSeen, labels: Labels, remark: Remark
) -> None:
    saw = []
    for one in _self_hosted(workflows, labels):
        fitting = covering(one, runners.runners)
        online = [runner for runner in fitting if runner.status == "online"]
        if fitting and not online:
            states = ", ".join(f"{runner.name} is {runner.status}" for runner in fitting)
            saw.append(f"{one}: {states}")
        elif online and all(runner.busy for runner in online):
            names = ", ".join(runner.name for runner in online)
            remark(f"{one.shown}: every runner that has them is busy: {names}")
    assert not saw, expected("a runner that is online for each set of labels", saw=saw)
    _refuse_unknown(workflows, labels)


@fails_as(FailureClass.CAPACITY)
def check_busy_runners_leave_no_long_queue(
    workflows: WorkflowsSeen,
    runners: RunnersSeen,
    queued: RunsSeen,
    labels: Labels,
    queue_limit: float,
) -> None:
    saw = []
    crowded = False
    for one in _self_hosted(workflows, labels):
        online = [each for each in covering(one, runners.runners) if each.status == "online"]
        if not online or not all(each.busy for each in online):
            continue
        crowded = True
        wanted = lower(one.labels)
        saw += [
            f"{job.name} of run {job.run_id} has waited {waited:.0f} s for {one.shown}:"
            f" {len(online)} online, all busy"
            for job, waited in queued.waiting
            if waited > queue_limit and wanted <= lower(job.labels)
        ]
    what = f"no job to wait longer than {queue_limit:g} s for runners that are busy"
    assert not saw, expected(what, saw=list(dict.fromkeys(saw)))
    if crowded:
        ensure_all_that_wait_are_seen(queued)
    _refuse_unknown(workflows, labels)


@fails_as(FailureClass.POLICY)
def check_no_runner_carries_a_retired_label_set(
    runners: RunnersSeen, retired: tuple[Retired, ...]
) -> None:
    saw = [
        f"{one.name} ({one.scope}, {one.status}) has [{', '.join(one.labels)}]; {tombstone}"
        for one in runners.runners
        for tombstone in buried(one.labels, retired)
    ]
    assert not saw, expected("no runner to be registered with retired labels", saw=saw)
    if runners.unasked:
        raise Inconclusive(
            "; ".join(runners.unasked),
            "give the token the organization's permission: self-hosted runners, read",
        )


@fails_as(FailureClass.INFRA)
def check_registered_runners_are_recent_enough_for_jobs(
    runners: RunnersSeen, known_releases: tuple[Release, ...], labels: Labels, remark: Remark
) -> None:
    telling = [(one.name, one.version) for one in runners.runners if one.version]
    told = [
        (f"{name} runs {version}", outdated(version, known_releases, labels.behind, runners.at))
        for name, version in telling
    ]
    saw = [f"{name}: {why}" for name, why in told if why]
    what = f"at most {labels.behind / 86400:g} days behind: GitHub gives no jobs to older ones"
    assert not saw, expected(what, saw=saw)
    if silent := [one.name for one in runners.runners if not one.version]:
        raise Inconclusive(
            f"GitHub does not tell the versions of the runners: {', '.join(silent[:5])}",
            "name their hosts in labels.hosts of the profile: their logs tell",
        )
    if runners.unasked:
        raise Inconclusive(
            "; ".join(runners.unasked),
            "give the token the organization's permission: self-hosted runners, read",
        )
    if not runners.runners:
        remark("no runner is registered")


@fails_as(FailureClass.EVIDENCE)
def check_jobs_ran_on_the_runner_that_was_meant(
    runs: RunsSeen, intended: tuple[Intended, ...]
) -> None:
    saw: list[str] = []
    seen: set[Intended] = set()
    for run in runs.runs:
        for job in runs.jobs_of(run):
            meant = [one for one in intended if _concerns(one, run, job)]
            if job.runner is None:
                continue
            seen.update(meant)
            saw += [
                f"run {run.id}, {job.name} ran on {job.runner} [{', '.join(job.labels)}]"
                for one in meant
                if not named_so(job.runner.casefold(), [one.runner.casefold()])
            ]
    names = ", ".join(dict.fromkeys(one.runner for one in intended))
    assert not saw, expected(f"jobs on the runners that are meant: {names}", saw=saw)
    if unseen := [f"{one.workflow} {one.job}" for one in intended if one not in seen]:
        raise Inconclusive(
            f"no job of the last {len(runs.runs)} runs is one of those that are meant:"
            f" {', '.join(unseen)}",
            "let it run, or correct labels.intended in the profile",
        )


def _concerns(intended: Intended, run: Run, job: RunJob) -> bool:
    path = run.path.partition("@")[0]
    file = path.rpartition("/")[2]
    patterns = [intended.workflow]
    return (fits(path, patterns) or fits(file, patterns)) and named_so(job.name, [intended.job])


def _self_hosted(workflows: WorkflowsSeen, labels: Labels) -> list[Asked]:
    known = known_of(labels)
    every = asked_by(workflows.files, labels.expressions)
    return [one for one in every if kind_of(one, known) is Kind.SELF_HOSTED]


def _refuse_unknown(workflows: WorkflowsSeen, labels: Labels) -> None:
    ensure_readable(workflows.files)
    every = asked_by(workflows.files, labels.expressions)
    told = [str(one) for one in every if one.unknown]
    if told:
        raise Inconclusive(f"known only at run time: {'; '.join(told[:5])}", _DECLARE)
