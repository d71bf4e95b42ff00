"""A lane's metrics say what they have to say."""

from collections.abc import Sequence

from checks.rollout.observability import rules
from checks.rollout.observability.rules import Finding
from checks.rollout.observability.seen import Queried, Targets
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
    jobs = () if not isinstance(observability.jobs, tuple) else observability.jobs
    found = [
        one
        for job in jobs
        for one in rules.not_up(
            rules.of_job((observability_targets,), job, observability.labels), job
        )
    ]
    failure = next((one.failure for one in found if one.failure), None)
    saw = [one.what for one in found]
    assert failure is None, expected(
        f"every target of {', '.join(jobs)} to be up", saw, failure, mend=_next(lane, str(failure))
    )
    _leave_open(found)


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
