"""What holds of every ledger."""

from hypothesis import given
from hypothesis import strategies as st

from checks.gates.ledger import write_ledger
from checks.gates.promotion import failures_to_demote, progress
from config.gates import Gate, Promotion
from fixtures.github.values import Run, RunJob
from tests.checks.gates.made import history, job, run

CONCLUSIONS = st.sampled_from(
    ["success", "success", "success", "failure", "cancelled", "skipped", "neutral", None]
)
HISTORIES = st.lists(CONCLUSIONS, max_size=12)
RULES = st.builds(
    Promotion,
    greens=st.integers(1, 4),
    demote_after=st.integers(1, 3),
    demote_within=st.sampled_from([None, 3600.0, 4 * 3600.0]),
)
BUILD = Gate(context="build")
BAD = st.sampled_from(["failure", "timed_out", "cancelled", "skipped", "neutral", "stale"])


@given(HISTORIES, RULES, st.randoms(use_true_random=False))
def test_the_order_of_listing_does_not_matter(
    conclusions: list[str | None], rule: Promotion, chance: object
) -> None:
    runs, jobs = history(*conclusions)
    mixed, mixed_jobs = [*runs, *runs[:3]], [*jobs, *jobs[:3]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    chance.shuffle(mixed_jobs)  # type: ignore[attr-defined]

    straight, other = write_ledger(BUILD, runs, jobs), write_ledger(BUILD, mixed, mixed_jobs)

    assert [one.colour for one in straight.entries] == [one.colour for one in other.entries]
    assert progress(straight, rule).fraction == progress(other, rule).fraction
    assert failures_to_demote(straight, rule) == failures_to_demote(other, rule)


@given(HISTORIES, BAD, RULES, st.data())
def test_something_bad_among_the_last_runs_never_promotes(
    conclusions: list[str | None], bad: str, rule: Promotion, data: st.DataObject
) -> None:
    after = data.draw(st.integers(0, rule.greens - 1))
    end = [*conclusions, "success", bad, *["success"] * after]

    found = progress(write_ledger(BUILD, *history(*end)), rule)

    assert not found.reached
    assert len(found.greens) == after


@given(HISTORIES, RULES)
def test_what_is_pending_changes_nothing(conclusions: list[str | None], rule: Promotion) -> None:
    runs, jobs = history(*conclusions)
    over = [one for one in runs if one.conclusion]

    whole, without = write_ledger(BUILD, runs, jobs), write_ledger(BUILD, over, jobs)

    assert progress(whole, rule).reached == progress(without, rule).reached
    assert failures_to_demote(whole, rule) == failures_to_demote(without, rule)


@given(HISTORIES, RULES)
def test_the_greens_are_distinct_runs_and_the_last_ones(
    conclusions: list[str | None], rule: Promotion
) -> None:
    written = write_ledger(BUILD, *history(*conclusions))

    greens = progress(written, rule).greens

    assert len({one.run for one in greens}) == len(greens)
    assert greens == written.completed[len(written.completed) - len(greens) :]
    assert all(one.colour == "green" for one in greens)


@given(HISTORIES, RULES, st.integers(0, 11), BAD)
def test_a_later_attempt_stands_for_its_run(
    conclusions: list[str | None], rule: Promotion, at: int, bad: str
) -> None:
    runs, jobs = history(*conclusions, "success")
    at = at % len(runs)
    again = run(at, bad, attempt=2)

    written = write_ledger(BUILD, [*runs, again], [*jobs, job(again, conclusion=bad)])

    assert sum(one.run == again.id for one in written.entries) == 1
    assert again.id not in {one.run for one in progress(written, rule).greens}


@given(HISTORIES, RULES)
def test_enough_greens_at_the_end_demote_nobody(
    conclusions: list[str | None], rule: Promotion
) -> None:
    written = write_ledger(BUILD, *history(*conclusions, *["success"] * rule.greens))

    assert progress(written, rule).reached
    assert failures_to_demote(written, rule) == ()


@given(HISTORIES, RULES)
def test_as_many_failures_as_the_rule_wants_demote_at_once(
    conclusions: list[str | None], rule: Promotion
) -> None:
    rule = rule.model_copy(update={"demote_within": None})
    end = [*conclusions, *["failure"] * rule.demote_after]

    due = failures_to_demote(write_ledger(BUILD, *history(*end)), rule)

    assert len(due) == rule.demote_after
    assert all(one.colour == "red" for one in due)


def test_a_history_is_what_it_says() -> None:
    runs, jobs = history("success", None)

    assert isinstance(runs[0], Run)
    assert isinstance(jobs[0], RunJob)
    assert [one.status for one in jobs] == ["completed", "in_progress"]
