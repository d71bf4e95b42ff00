"""A lane's metrics say what they have to say."""

from collections.abc import Sequence

from checks.rollout.failures import Failure
from checks.rollout.observability import rules
from checks.rollout.observability.rules import Finding
from checks.rollout.observability.seen import Queried, Targets
from checks.rollout.told.fields import Truth, truth_at
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.observability import Observability, Query
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected

_NODE = "observability"


def check_promql_answers_with_so_many_series(
    lane: Lane, observability_query: Query, observability_answer: Queried, remark: Remark
) -> None:
    if observability_query.count is None:
        raise NotApplicable(f"the query {observability_query.name} expects no count of series")
    found = rules.counted(observability_query, observability_answer)
    failure = next((one.failure for one in found if one.failure), None)
    what = f"{observability_query.count} series"
    assert failure is None, expected(
        what, _lines(found, observability_answer), failure, mend=_next(lane, str(failure))
    )
    _leave_open(found)
    for line in rules.remarks_on(observability_query, observability_answer):
        remark(line)


def check_promql_answers_with_the_value(
    lane: Lane, observability_query: Query, observability_answer: Queried, remark: Remark
) -> None:
    if observability_query.value is None:
        raise NotApplicable(f"the query {observability_query.name} expects no value")
    found = rules.valued(observability_query, observability_answer)
    failure = next((one.failure for one in found if one.failure), None)
    what = f"{observability_query.value:g} of every series"
    assert failure is None, expected(
        what, _lines(found, observability_answer), failure, mend=_next(lane, str(failure))
    )
    _leave_open(found)
    for line in rules.remarks_on(observability_query, observability_answer):
        remark(line)


def check_scrape_targets_are_up(
    lane: Lane, observability: Observability, observability_targets: Targets
) -> None:
    jobs = rules.jobs_of(observability)
    found = rules.of_targets(observability, observability_targets)
    failure = next((one.failure for one in found if one.failure), None)
    saw = [one.what for one in found]
    assert failure is None, expected(
        f"every target of {', '.join(jobs)} to be up", saw, failure, mend=_next(lane, str(failure))
    )
    _leave_open(found)


def check_observability_tool_finds_the_lane_well(
    lane: Lane,
    observability: Observability,
    told_observability: Told,
    observability_own: tuple[Queried | Targets, ...],
    remark: Remark,
) -> None:
    failure = Failure.OBSERVABILITY_CLOSEOUT_FAILED
    ok = truth_at(told_observability, "ok")
    failed = told_observability.status != 0 or (isinstance(ok, Truth) and ok.holds is False)
    saw = f"{told_observability.headline}"
    what = f"`{told_observability.command}` to end well, and to tell that all is"
    assert not failed, expected(what, saw, failure, mend=_next(lane, str(failure)))
    if not isinstance(ok, Truth) or ok.holds is None:
        raise Inconclusive(f"{told_observability.worded}: no `ok`", "look at what the tool writes")
    if against := rules.against(observability, observability_own):
        raise Inconclusive(
            f"{told_observability.worded} all is well, and what was seen is not so:"
            f" {'; '.join(against)}",
            "see the checks of the lane's metrics",
        )
    remark(f"{told_observability.worded}: ok; {len(observability_own)} looks of ours agree")


def _lines(found: Sequence[Finding], seen: Queried) -> list[str]:
    return [*(one.what for one in found), f"asked: {seen.promql}", *seen.warnings]


def _next(lane: Lane, failure: str) -> str:
    return lane.next_for(failure, _NODE)


def _leave_open(found: Sequence[Finding]) -> None:
    """Raise `Inconclusive` for what leaves the sentence open."""
    if left := [one.what for one in found if one.failure is None]:
        raise Inconclusive(
            "; ".join(left),
            "look whether what it asks for is scraped, and at `on_empty` and `on_nan` of the query",
        )
