"""A required job runs on every pull request, and may not fail unseen."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.gates import check_job
from checks.wire.workflows.seen import Comment, Unknown, WorkflowsSeen
from config.gates import Gate, Leniency
from reports.verdicts import Inconclusive, NotApplicable
from tests.checks.gates.seen import AT, Said, job, place, step, trigger, unknown, workflows
from tests.checks.wire.workflows.written import seen

BUILD = Gate(context="build")
FAR, PAST = "2099-01-01", "2020-01-01"


def runs(*triggers: Any, queue: bool = False) -> Said:
    said = Said()
    seen = workflows(job("build"), triggers=triggers)
    check_job.check_gate_runs_on_every_pull_request(BUILD, "main", queue, seen, said.remark)
    return said


def test_a_job_on_pull_requests_holds_and_tells_of_the_queue() -> None:
    said = runs(trigger("pull_request"))

    assert said.remarks == ["it does not run on merge_group: a merge queue would wait for it"]
    assert runs(trigger("pull_request"), trigger("merge_group"), queue=True).remarks == []


def test_a_job_that_is_filtered_by_path_is_violated() -> None:
    with pytest.raises(AssertionError, match="where it is filtered out, the context stays pending"):
        runs(trigger("pull_request", paths=("src/**",)))


PULLS = "[push, pull_request]"
QUEUED = "[pull_request, merge_group]"


def runs_if(on: str, condition: str, *, queue: bool = False) -> list[str]:
    said = Said()
    file = seen(f"on: {on}\njobs: {{build: {{runs-on: u, if: {condition}}}}}\n")
    every = WorkflowsSeen(repository="r", commit=None, files=(file,), at=AT)
    check_job.check_gate_runs_on_every_pull_request(BUILD, "main", queue, every, said.remark)
    return said.remarks


@pytest.mark.parametrize(
    ("on", "condition", "event"),
    [
        (PULLS, "github.event_name == 'push'", "pull_request"),
        (PULLS, "github.event_name != 'pull_request'", "pull_request"),
        ("pull_request", "false", "pull_request"),
        (QUEUED, "github.event_name == 'pull_request'", "merge_group"),
    ],
)
def test_a_job_that_is_skipped_where_it_has_to_run_is_violated(
    on: str, condition: str, event: str
) -> None:
    with pytest.raises(AssertionError, match=f"skipped on {event} by .*{condition[:9]}"):
        runs_if(on, condition, queue=True)


def test_a_condition_that_holds_on_pull_requests_is_none_against_them() -> None:
    counts = "where it is skipped, it counts as a success: `if: github.event"

    (sure, _) = runs_if(PULLS, "github.event_name == 'pull_request'")
    (unsure, _) = runs_if("pull_request", "github.event.pull_request.draft == false")

    assert sure.startswith(counts)
    assert sure.endswith("it holds on pull_request, and not on push")
    assert unsure.startswith(counts)
    assert len(runs_if(PULLS, "always()")) == 1


def test_a_job_that_nobody_is_known_to_emit_is_no_matter_here() -> None:
    said = Said()

    with pytest.raises(Inconclusive, match="nobody is known to emit 'gone'"):
        check_job.check_gate_runs_on_every_pull_request(
            Gate(context="gone"),
            "main",
            queue=False,
            workflows=workflows(job("build")),
            remark=said.remark,
        )


def may_fail(gate: Gate, *, says: str = "", line: int = 9, **given: Any) -> Said:
    said = Said()
    comments = [Comment(text=says, place=place(line))] if says else []
    seen = workflows(job("build", **given), comments=comments)
    check_job.check_gate_may_not_fail_unseen(gate, seen, said.remark)
    return said


def test_a_job_that_counts_holds() -> None:
    assert may_fail(BUILD).remarks == []


def test_a_job_that_may_fail_is_violated() -> None:
    with pytest.raises(AssertionError, match="nothing says until when"):
        may_fail(BUILD, continue_on_error=True)


def test_a_comment_with_a_day_says_until_when() -> None:
    said = may_fail(BUILD, says=f" rollback window ends {FAR}", continue_on_error=True)

    assert f"'build' may fail until {FAR}" in said.remarks[0]
    with pytest.raises(AssertionError, match=f"it was to end by {PAST}"):
        may_fail(BUILD, says=f" 回滚窗口 {PAST}", continue_on_error=True)
    with pytest.raises(AssertionError, match="nothing says until when"):
        may_fail(BUILD, says=f" rollback window ends {FAR}", line=90, continue_on_error=True)


def test_the_profile_says_until_when() -> None:
    def until(text: str) -> Gate:
        told = Leniency(until=date.fromisoformat(text), rollback="plan 266 §4", cited="docs/p.md")
        return Gate(context="build", optional=told)

    said = may_fail(until(FAR), continue_on_error=True)

    assert "plan 266 §4 (docs/p.md)" in said.remarks[0]
    with pytest.raises(AssertionError, match=f"it was to end: until {PAST}"):
        may_fail(until(PAST), continue_on_error=True)


def test_a_needed_step_that_may_fail_is_violated() -> None:
    gate = Gate(context="build", steps=("Test",))

    may_fail(gate, steps=(step("Lint", may_fail=True), step("Test")))
    with pytest.raises(AssertionError, match="the step 'Test' may fail"):
        may_fail(gate, steps=(step("Test", may_fail=True),))


def test_an_expression_leaves_it_open_and_a_candidate_may_fail() -> None:
    with pytest.raises(Inconclusive, match="continue-on-error is"):
        may_fail(BUILD, continue_on_error=unknown("${{ matrix.lenient }}"))
    with pytest.raises(NotApplicable):
        may_fail(Gate(context="build", required=False), continue_on_error=True)


def test_a_needed_step_whose_expression_is_open_leaves_it_open() -> None:
    gate = Gate(context="build", steps=("Test",))
    lenient = replace(step("Test"), continue_on_error=unknown("${{ vars.LENIENT }}"))

    with pytest.raises(Inconclusive, match="continue-on-error is"):
        may_fail(gate, steps=(lenient,))
    may_fail(gate, steps=(replace(lenient, name="Lint"), step("Test")))


def test_a_job_that_is_always_skipped_proves_nothing() -> None:
    def seen(*, condition: bool | Unknown) -> WorkflowsSeen:
        every = job("build", condition="a == 'b'")
        leg = replace(every.legs[0], condition=condition)
        return workflows(replace(every, legs=(leg,)))

    check = check_job.check_gate_runs_on_every_pull_request
    with pytest.raises(AssertionError, match="GitHub counts it as a success"):
        check(BUILD, "main", queue=False, workflows=seen(condition=False), remark=Said().remark)
    said = Said()
    check(BUILD, "main", queue=False, workflows=seen(condition=unknown("x")), remark=said.remark)
    assert "skipped, it counts as a success: `if: x`" in said.remarks[0]
