"""What jobs ask for: no retired set, no label that nobody knows, GitHub's runners where planned."""

from collections.abc import Iterable

from checks.labels.registering import RegistrationsSeen
from checks.labels.tombstones import buried
from checks.wire.globs import fits
from checks.wire.placing import (
    SELF_HOSTED,
    Asked,
    Kind,
    asked_by,
    kind_of,
    known_of,
    lower,
    unlisted,
)
from checks.wire.workflows.readable import ensure_readable
from checks.wire.workflows.seen import WorkflowsSeen
from config.labels import HostedOnly, Labels, Retired
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as

_DECLARE = "say in labels.expressions of the profile what it comes to"


@fails_as(FailureClass.POLICY)
def check_no_job_asks_for_a_retired_label_set(
    workflows: WorkflowsSeen, retired: tuple[Retired, ...], labels: Labels
) -> None:
    every = [
        one
        for one in asked_by(workflows.files, labels.expressions)
        if not fits(one.place.path, labels.archives)
    ]
    saw = [f"{one}; {tombstone}" for one in every for tombstone in buried(one.labels, retired)]
    assert not saw, expected("no job to ask for labels that were retired", saw=saw)
    ensure_readable(one for one in workflows.files if not fits(one.path, labels.archives))
    _refuse_unknown(one for one in every if one.unknown)


@fails_as(FailureClass.POLICY)
def check_nothing_registers_a_runner_with_a_retired_label_set(
    registrations: RegistrationsSeen,
    retired: tuple[Retired, ...],
    labels: Labels,
    remark: Remark,
) -> None:
    saw = [
        f"{one}; {tombstone}"
        for one in registrations.found
        if not fits(one.place.path, labels.archives)
        for tombstone in buried(one.registered, retired)
    ]
    assert not saw, expected("no runner to be registered with retired labels", saw=saw)
    if registrations.unread:
        raise Inconclusive(f"not searched: {'; '.join(registrations.unread[:5])}", "look at them")
    if not registrations.read:
        remark("no file fits labels.registering: nothing registers a runner here")


@fails_as(FailureClass.POLICY)
def check_workflows_run_where_the_plan_says(
    workflows: WorkflowsSeen, hosted_only: HostedOnly, labels: Labels
) -> None:
    known = known_of(labels)
    chosen = [one for one in workflows.files if fits(one.path, _below(hosted_only.workflows))]
    if not chosen:
        raise Inconclusive(
            f"no workflow fits {', '.join(hosted_only.workflows)}",
            "correct labels.hosted_only in the profile",
        )
    every = asked_by(chosen, labels.expressions)
    since = f" since {hosted_only.since}" if hosted_only.since else ""
    since += f" ({hosted_only.plan})" if hosted_only.plan else ""
    elsewhere = (Kind.SELF_HOSTED, Kind.SCALE_SET)
    saw = [
        str(one)
        for one in every
        if kind_of(one, known) in elsewhere or SELF_HOSTED in lower(one.labels)
    ]
    assert not saw, expected(f"these workflows on GitHub's own runners alone{since}", saw=saw)
    ensure_readable(chosen)
    _refuse_unknown(one for one in every if one.unknown)


@fails_as(FailureClass.CONFIG)
def check_every_hosted_label_is_known(
    workflows: WorkflowsSeen, labels: Labels, remark: Remark
) -> None:
    known = known_of(labels)
    every = asked_by(workflows.files, labels.expressions)
    saw = [
        f"{one}: {word}"
        for one in every
        if kind_of(one, known) is Kind.UNLISTED
        for word in unlisted(one, known)
    ]
    what = f"labels of GitHub's own runners (as known on {known.dated}), or declared ones"
    assert not saw, expected(what, saw=saw)
    ensure_readable(workflows.files)
    if unknown := [one.shown for one in every if one.unknown]:
        remark(f"known only at run time, and not judged: {'; '.join(dict.fromkeys(unknown))}")


def _below(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(one if "/" in one else f".github/workflows/{one}" for one in names)


def _refuse_unknown(unknown: Iterable[Asked]) -> None:
    told = [str(one) for one in unknown]
    if told:
        raise Inconclusive(f"known only at run time: {'; '.join(told[:5])}", _DECLARE)
