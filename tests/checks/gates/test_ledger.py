"""The green ledger, run by run."""

from dataclasses import replace
from datetime import timedelta

import pytest

from checks.gates.ledger import Ledger, shown, write_ledger
from checks.gates.promotion import failures_to_demote, progress, promoted_by, told_demotion
from config.gates import Gate, Promotion
from fixtures.github.values import RunStep
from tests.checks.gates.made import BEGAN, HOUR, colours, history, job, ledger, run, steps

BUILD = Gate(context="build")
THREE = Promotion()


def test_three_greens_in_a_row_are_enough() -> None:
    found = progress(ledger("failure", "success", "success", "success"), THREE)

    assert found.reached
    assert found.fraction == "3/3"
    assert [one.run for one in found.greens] == [1001, 1002, 1003]


@pytest.mark.parametrize("between", ["failure", "timed_out", "cancelled", "skipped", "neutral"])
def test_what_is_no_green_between_breaks_the_row(between: str) -> None:
    found = progress(ledger("success", "success", between, "success"), THREE)

    assert not found.reached
    assert found.fraction == "1/3"
    assert found.broken_by is not None
    assert found.broken_by.run == 1002
    assert f"run 1002 {found.broken_by.colour} ({between})" in str(found)


def test_pending_is_neither_green_nor_bad() -> None:
    found = progress(ledger("success", "success", None), THREE)

    assert (found.fraction, found.pending) == ("2/3", 1)
    assert progress(ledger("success", None, "success", "success"), THREE).reached


def test_a_run_counts_once_with_its_latest_attempt() -> None:
    runs, jobs = history("success", "success")
    again = run(1, "failure", attempt=2)

    found = write_ledger(BUILD, [again, *runs], [*jobs, job(again, conclusion="failure")])

    assert colours(found.entries) == ["green", "red"]
    assert found.entries[1].attempt == 2
    assert "attempt 2" in str(found.entries[1])


def test_a_listing_that_names_a_run_twice_makes_no_second_green() -> None:
    runs, jobs = history("success", "success")

    found = write_ledger(BUILD, runs * 3, jobs * 3)

    assert progress(found, THREE).fraction == "2/3"


def test_a_job_that_is_carried_over_counts_once_the_run_is_over() -> None:
    first = run(0)
    under_way, over = (replace(first, attempt=2, status="in_progress"), replace(first, attempt=2))

    assert colours(write_ledger(BUILD, [under_way], [job(first)]).entries) == ["pending"]
    assert colours(write_ledger(BUILD, [over], [job(first)]).entries) == ["green"]


def test_runs_on_other_labels_are_of_another_ledger() -> None:
    runs, jobs = history("success", "success", "success")
    jobs[1] = replace(jobs[1], labels=("self-hosted", "WSL"))
    gate = Gate(context="build", labels=("wsl", "self-hosted"))

    found = write_ledger(gate, runs, jobs)

    assert [one.run for one in found.entries] == [1001]
    assert found.others == 2
    assert len(write_ledger(BUILD, runs, jobs).entries) == 3


def test_a_skipped_job_without_labels_is_of_every_ledger() -> None:
    runs, jobs = history("success", "skipped")
    jobs[1] = replace(jobs[1], labels=())

    found = write_ledger(Gate(context="build", labels=("ubuntu-24.04",)), runs, jobs)

    assert colours(found.entries) == ["green", "skipped"]


def test_a_run_that_lists_no_such_job_is_no_green() -> None:
    runs, jobs = history("success", "success", "success", "success")

    found = write_ledger(BUILD, runs, [jobs[1], jobs[3]])

    assert colours(found.entries) == ["green", "absent", "green"]
    assert found.entries[1].why == "the run lists no such job"


def test_a_run_that_never_began_is_red() -> None:
    runs, jobs = history("success", "startup_failure")

    assert colours(write_ledger(BUILD, runs, jobs[:1]).entries) == ["green", "red"]


def test_two_jobs_of_one_name_are_worth_the_worse() -> None:
    only = run(0)
    both = [job(only), job(only, conclusion="failure", id=9)]

    assert colours(write_ledger(BUILD, [only], both).entries) == ["red"]


def hollowed(gate: Gate, *own: RunStep, beside: str | None = None) -> str:
    only = run(0)
    jobs = [job(only, gate.context, steps=own)]
    jobs += [job(only, "integration", beside)] if beside else []
    (entry,) = write_ledger(gate, [only], jobs).entries
    assert entry.colour in ("green", "hollow")
    return entry.why


def test_a_green_of_which_a_needed_step_was_skipped_is_hollow() -> None:
    gate = Gate(context="build", steps=("Run *tests",))

    assert hollowed(gate, *steps(**{"Run all tests": "success"})) == ""
    told = "the step 'Run *tests' did not run"
    assert hollowed(gate, *steps(**{"Run all tests": "skipped", "Lint": "success"})) == told
    assert hollowed(gate, *steps(Lint="success")) == told


def test_a_green_without_a_step_of_its_own_is_hollow() -> None:
    assert hollowed(BUILD, *steps(Test="skipped")) == "none of its steps ran"


def test_a_docs_only_fast_path_is_hollow() -> None:
    fast = steps(**{"Docs-only fast path": "success", "Test": "skipped"})
    whole = steps(**{"Docs-only fast path": "skipped", "Test": "success"})

    assert "left out 'Test'" in hollowed(BUILD, *fast)
    assert hollowed(BUILD, *whole) == ""


def test_a_green_whose_other_jobs_were_skipped_is_hollow() -> None:
    gate = Gate(context="all", with_jobs=("integ*",))

    assert hollowed(gate, *steps(Test="success"), beside="success") == ""
    told = "the job 'integ*' beside it is skipped"
    assert hollowed(gate, *steps(Test="success"), beside="skipped") == told
    assert "not in the run" in hollowed(gate, *steps(Test="success"))


def test_hollow_greens_promote_nobody() -> None:
    runs, jobs = history("success", "success", "success", "success")
    jobs[2] = replace(jobs[2], steps=steps(Test="skipped"))

    found = progress(write_ledger(BUILD, runs, jobs), THREE)

    assert found.fraction == "1/3"
    assert "hollow (success, none of its steps ran)" in str(found)


def test_greens_before_the_promotion_are_those_that_count() -> None:
    written = ledger("success", "success", "failure", "success", "success", "success")
    gate = Gate(context="build", since=BEGAN + 2 * HOUR)

    assert progress(promoted_by(written, gate), THREE).fraction == "2/3"
    assert progress(promoted_by(written, BUILD), THREE).reached


def test_a_short_history_is_not_known_to_be_short() -> None:
    assert not progress(ledger("success", whole=False), THREE).is_known
    assert progress(ledger("success"), THREE).is_known
    assert progress(ledger("failure", "success", whole=False), THREE).is_known


def demoted(rule: Promotion, *conclusions: str | None) -> list[int]:
    return [one.run for one in failures_to_demote(ledger(*conclusions), rule)]


def test_one_failure_demotes_where_the_rule_says_so() -> None:
    assert demoted(Promotion(), "success", "failure", "success") == [1001]
    assert demoted(Promotion(), "success", "cancelled", None) == []


def test_a_promotion_that_was_earned_anew_stands() -> None:
    assert demoted(Promotion(), "failure", "success", "success", "success") == []
    assert demoted(Promotion(), "failure", "success", "success", "success", "failure") == [1004]


def test_two_failures_in_a_row_are_not_two_failures_apart() -> None:
    rule = Promotion(demote_after=2)

    assert demoted(rule, "failure", "failure") == [1000, 1001]
    assert demoted(rule, "failure", "cancelled", "failure") == [1000, 1002]
    assert demoted(rule, "failure", "success", "failure") == []


def test_failures_count_within_their_window() -> None:
    rule = Promotion(demote_after=2, demote_within=24 * 3600)
    far = ["failure", "success", *["cancelled"] * 24, "failure"]

    assert demoted(rule, "failure", "success", "failure") == [1000, 1002]
    assert demoted(rule, *far) == []
    assert told_demotion(rule) == "after 2 failures within 24 h"


def test_what_is_shown_begins_with_the_newest() -> None:
    lines = list(shown(ledger("success", "failure").entries))

    assert lines[0].startswith("run 1001 red (failure) 2025-11-20T09:09:00Z")
    assert lines[1].startswith("run 1000 green")


def test_a_time_splits_a_ledger() -> None:
    written = ledger("success", "failure", None)
    at = BEGAN + HOUR + timedelta(minutes=9)

    assert colours(written.before(at).entries) == ["green"]
    assert colours(written.after(at).entries) == ["red", "pending"]
    assert isinstance(written, Ledger)
