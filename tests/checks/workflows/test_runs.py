"""Dispatches and runs: what holds, and what must be rejected, with its class."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from checks.wire.placing import asked_by, known_of
from checks.wire.waiting import CannotTell, Cause, why_queued, why_waiting
from checks.workflows import check_dispatch, check_runs
from checks.workflows.dispatching import DispatchRan, DispatchRefused, DispatchUnanswered
from config.labels import Labels
from config.workflows import Dispatch, ExpectedLeg, FastPath, RequiredSteps
from fixtures.github.values import Runner
from tests.checks.repositories import (
    CI,
    HOUR,
    NOW,
    held,
    job,
    ran,
    refused,
    run,
    runner,
    runners,
    runs,
    states,
    unsure,
    workflows,
)

INPUTS = "{workflow_dispatch: {inputs: {to: {type: choice, options: [a, b], required: true}}}}"
DEPLOY = Dispatch(workflow="ci.yml", inputs={"to": "a"})
ACTIVE = states(("ci.yml", "active"))
SHOP = ("self-hosted", "linux", "shop")


def test_a_dispatch_is_declared_with_its_inputs() -> None:
    check = check_dispatch.check_dispatch_is_declared_at_the_ref
    there = workflows(job(on=INPUTS))

    held(check, there, (DEPLOY,))
    for dispatch, told in (
        (Dispatch(workflow="ci.yml"), "the input to is required"),
        (Dispatch(workflow="ci.yml", inputs={"to": "c"}), "is one of a, b, and not c"),
        (Dispatch(workflow="ci.yml", inputs={"to": "a", "x": "1"}), "has no input x"),
        (Dispatch(workflow="e2e.yml"), ".github/workflows/e2e.yml is not there"),
    ):
        assert told in refused(check, there, (dispatch,))
    assert "no workflow_dispatch; it is started by push" in refused(
        check, workflows(job()), (DEPLOY,)
    )


def test_a_dispatch_is_declared_on_the_default_branch_too() -> None:
    check = check_dispatch.check_dispatch_is_declared_on_the_default_branch

    held(check, workflows(job(on=INPUTS)), (DEPLOY,))
    held(check, workflows(job(on="workflow_dispatch")), (DEPLOY,))
    assert "no workflow_dispatch" in refused(check, workflows(job()), (DEPLOY,))


def test_workflows_are_active() -> None:
    check = check_dispatch.check_workflows_are_active

    held(check, ACTIVE, ("ci.yml",))
    off = states(("ci.yml", "disabled_inactivity"))
    assert "ci.yml is disabled_inactivity" in refused(check, off, ("ci.yml",))
    assert "knows no such workflow" in refused(check, ACTIVE, ("e2e.yml",))


def test_a_dispatch_creates_a_run_of_its_commit() -> None:
    there = workflows(job(on="workflow_dispatch"))
    given = (Dispatch(workflow="ci.yml"), there, there, ACTIVE)
    check = check_dispatch.check_a_dispatch_creates_a_run
    ended: dict[str, Any] = {"workflow": "ci.yml", "ref": "main", "at": NOW}
    ran_so = DispatchRan(status=200, run=run(), sha="a" * 40, seconds=1.0, **ended)
    other = DispatchRan(status=204, run=run(), sha="b" * 40, seconds=1.0, **ended)
    refusal = DispatchRefused(status=422, said="No ref found for: x", **ended)
    silent = DispatchUnanswered(status=204, seconds=60.0, **ended)

    held(check, ran_so, *given)
    assert refused(check, other, *given).startswith("EVIDENCE: ")
    assert refused(check, refusal, *given).startswith("CONFIG: ")
    assert refused(check, silent, *given).startswith("PLATFORM: ")
    disabled = (*given[:3], states(("ci.yml", "disabled_manually")))
    saw = refused(check, silent, *disabled)
    assert saw.startswith("CONFIG: ")
    assert "ci.yml is disabled_manually" in saw


def test_expected_legs_are_in_the_workflow() -> None:
    check = check_runs.check_expected_legs_are_in_the_workflow
    there = workflows(job(more="    strategy: {matrix: {go: [1, 2]}}\n"))
    leg = ExpectedLeg(workflow="ci.yml", name="build (2)", labels=("Ubuntu-latest",))

    held(check, there, (leg,))
    gone = leg.model_copy(update={"name": "build (3)"})
    assert "has no build (3); it has build (1), build (2)" in refused(check, there, (gone,))
    other = leg.model_copy(update={"labels": ("windows-latest",)})
    assert "build (2) asks for [ubuntu-latest]" in refused(check, there, (other,))
    dynamic = workflows(job(more="    strategy: {matrix: {go: '${{ fromJSON(vars.G) }}'}}\n"))
    assert "build (2)" in unsure(check, dynamic, (leg,))


def test_expected_legs_are_in_the_run() -> None:
    check = check_runs.check_expected_legs_are_in_the_run
    leg = ExpectedLeg(workflow="ci.yml", name="build", labels=("ubuntu-latest",))

    held(check, (runs(ran()),), (leg,))
    assert "run 7 of ci.yml has no build; it has web" in refused(check, (runs(ran("web")),), (leg,))
    other = runs(ran(labels=("ubuntu-22.04",)))
    assert "build asked for [ubuntu-22.04]" in refused(check, (other,), (leg,))
    waiting = runs(of=[run(status="queued", conclusion=None)])
    assert "no run of ci.yml is over" in unsure(check, (waiting,), (leg,))


def test_a_green_job_without_its_steps_is_hollow() -> None:
    check = check_runs.check_required_steps_really_ran
    required = (RequiredSteps(workflow="ci.yml", job="build*", steps=("Test",)),)

    held(check, (runs(ran(steps=[("Test", "success")])),), required)
    for steps, told in (([("Test", "skipped")], "was skipped"), ([], "was not there")):
        saw = refused(check, (runs(ran(steps=steps)),), required)
        assert f"run 7, build is green, and its step 'Test' {told}" in saw
    skipped = runs(ran(conclusion="skipped"))
    assert "no job build* of it has succeeded" in refused(check, (skipped,), required)
    red = runs(ran(), of=[run(conclusion="failure")])
    assert "failure" in unsure(check, (red,), required)


def test_a_dispatched_run_takes_no_way_for_documents() -> None:
    check = check_runs.check_a_dispatch_takes_no_fast_path
    paths = (FastPath(workflow="ci.yml", jobs=("docs*",)),)

    held(check, (runs(ran(), ran("docs only", conclusion="skipped")),), paths)
    taken = runs(ran(), ran("docs only"))
    assert "docs only ended with success" in refused(check, (taken,), paths)
    hollow = runs(ran(conclusion="skipped"), ran("docs only", conclusion="skipped"))
    assert "every other job was skipped" in refused(check, (hollow,), paths)
    alone = runs(ran("docs only", conclusion="skipped"))
    assert "it has no other job" in refused(check, (alone,), paths)
    assert "it has no other job" in refused(check, (runs(),), paths)


@pytest.mark.parametrize(
    ("labels", "registered", "failure", "name"),
    [
        (SHOP, [runner("a")], "CONFIG", "no-matching-runner"),
        (SHOP, [], "CONFIG", "no-matching-runner"),
        (SHOP, [runner("a", *SHOP, status="offline")], "INFRA", "runner-offline"),
        (
            SHOP,
            [runner("a", *SHOP, busy=True), runner("b", *SHOP, status="offline")],
            "CAPACITY",
            "runners-busy",
        ),
        (SHOP, [runner("a", *SHOP)], "PLATFORM", "not-given-by-platform"),
        (("ubuntu-latest",), [], "PLATFORM", "not-given-by-platform"),
        (("ubuntu-lastest",), [], "CONFIG", "unknown-label"),
    ],
)
def test_a_job_that_waits_too_long_has_one_cause(
    labels: tuple[str, ...], registered: list[Runner], failure: str, name: str
) -> None:
    check = check_runs.check_no_job_waits_too_long
    waiting = ran(status="queued", labels=labels, created=NOW - HOUR, runner=None)

    saw = refused(check, runs(waiting), runners(*registered), Labels(), 900.0)

    assert saw.startswith(f"{failure}: ")
    assert f"build of run 7 has waited 3600 s: {name} ({failure}): " in saw


def test_a_job_that_waits_a_while_holds() -> None:
    recent = ran(status="queued", created=NOW - timedelta(minutes=5))

    check = check_runs.check_no_job_waits_too_long
    given = (runners(), Labels(), 900.0)
    held(check, runs(recent, ran()), *given)
    more = replace(runs(recent), whole=False)
    assert "only the newest 1 runs that wait were looked at" in unsure(check, more, *given)


def test_a_job_waits_since_its_run_began_where_nothing_else_is_told() -> None:
    untold = ran(status="queued", created=None)
    seen = runs(untold, of=[run(status="in_progress", conclusion=None, created=NOW - HOUR)])

    assert seen.waiting == ((untold, 3600.0),)


def test_without_runners_asked_for_the_cause_is_not_known() -> None:
    known = known_of(Labels())
    (own,) = asked_by(workflows(job(runs_on="[self-hosted]")).files, {})
    (vague,) = asked_by(workflows(job(runs_on="${{ vars.X }}")).files, {})
    (hosted,) = asked_by(workflows(job()).files, {})
    (typo,) = asked_by(workflows(job(runs_on="ubuntu-lastest")).files, {})

    assert isinstance(why_waiting(own, None, known), CannotTell)
    assert isinstance(why_queued(vague, (), known), CannotTell)
    assert why_waiting(hosted, None, known) is None
    found = why_waiting(typo, None, known)
    assert isinstance(found, Cause)
    assert found.name == "unknown-label"
    assert CI in found.next
