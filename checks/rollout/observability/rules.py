"""What an answer of Prometheus' means, by what the lane expects of it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checks.rollout.failures import Failure
from checks.rollout.observability.seen import Queried, ScrapeTarget, Series, Targets
from config.lanes.observability import Observability, Outcome, Query
from config.model import Absent


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an answer, of which class, or what leaves it open."""

    what: str
    failure: Failure | None
    """None where nothing is proved."""


def counted(query: Query, seen: Queried) -> tuple[Finding, ...]:
    """Compare how many series came; no series are the count 0, or what `on_empty` says."""
    if query.count is None:
        return ()
    if len(seen.series) <= query.count and (lacking := _may_lack(query, seen)):
        return lacking
    if len(seen.series) == query.count:
        return ()
    if not seen.series:
        return _meaning(query.on_empty, f"{query.name}: no series", Failure.PROMQL_COUNT_MISMATCH)
    came = f"{query.name}: {len(seen.series)} series, not {query.count}: {seen.promql}"
    return (Finding(came, Failure.PROMQL_COUNT_MISMATCH),)


def valued(query: Query, seen: Queried) -> tuple[Finding, ...]:
    """Compare each value; numbers, not texts, and within the tolerance."""
    if query.value is None:
        return ()
    if not seen.series:
        if lacking := _may_lack(query, seen):
            return lacking
        if query.count == 0:
            return ()
        return _meaning(query.on_empty, f"{query.name}: no series", Failure.PROMQL_NO_DATA)
    found: list[Finding] = []
    for one in seen.series:
        found += _compared(query, query.value, one)
    return tuple(found)


def remarks_on(query: Query, seen: Queried) -> tuple[str, ...]:
    """Return what is to be said of an answer that holds."""
    said = [f"warning: {query.name}: Prometheus warns: {one}" for one in seen.warnings]
    if not seen.series and query.count != 0:
        said.append(f"{query.name}: no series, which the lane declares to be well")
    nan = [one for one in seen.series if one.value is not None and math.isnan(float(one.value))]
    if nan and query.value is not None:
        said.append(f"{query.name}: {len(nan)} NaN, which the lane declares to be well")
    return tuple(said)


def _may_lack(query: Query, seen: Queried) -> tuple[Finding, ...]:
    """Say what is left open where series may be missing: none, or too few, and a warning."""
    if not seen.warnings or (seen.series and len(seen.series) == query.count):
        return ()
    few = f"{len(seen.series)} series" if seen.series else "no series"
    why = f"{query.name}: {few}, and Prometheus warns: {'; '.join(seen.warnings)}"
    return (Finding(why, None),)


def _compared(query: Query, value: float, one: Series) -> tuple[Finding, ...]:
    where = f"{query.name}: {one}"
    if one.value is None:
        return (Finding(f"{where} is a histogram, and has no value to compare", None),)
    number = float(one.value)
    if math.isnan(number):
        return _meaning(query.on_nan, f"{where} is NaN", Failure.PROMQL_NO_DATA)
    if number == value or abs(number - value) <= query.tolerance:
        return ()
    wanted = f"{value:g}" + (f" ± {query.tolerance:g}" if query.tolerance else "")
    return (Finding(f"{where} is {one.value}, not {wanted}", Failure.PROMQL_VALUE_MISMATCH),)


def _meaning(outcome: Outcome, what: str, failure: Failure) -> tuple[Finding, ...]:
    match outcome:
        case "pass":
            return ()
        case "fail":
            return (Finding(what, failure),)
        case "inconclusive":
            return (Finding(what, None),)


def of_job(
    seen: Iterable[Targets], job: str, labels: Mapping[str, str]
) -> tuple[ScrapeTarget, ...]:
    """Return the targets of a job that have the lane's labels."""
    return tuple(
        one
        for targets in seen
        for one in targets.targets
        if one.job == job and labels.items() <= dict(one.labels).items()
    )


def jobs_of(observability: Observability) -> tuple[str, ...]:
    """Return the scrape jobs of a lane; none where it has none."""
    return () if isinstance(observability.jobs, Absent) else observability.jobs


def of_targets(observability: Observability, seen: Targets) -> tuple[Finding, ...]:
    """Tell of each job of a lane which of its targets are not up."""
    return tuple(
        one
        for job in jobs_of(observability)
        for one in not_up(of_job((seen,), job, observability.labels), job)
    )


def against(observability: Observability, own: Sequence[Queried | Targets]) -> list[str]:
    """Return what of the queries, in their order, and of the targets is not as it should be."""
    queries = () if isinstance(observability.queries, Absent) else observability.queries
    answers = [one for one in own if isinstance(one, Queried)]
    found: list[Finding] = []
    for query, answer in zip(queries, answers, strict=False):
        found += [*counted(query, answer), *valued(query, answer)]
    for one in own:
        if isinstance(one, Targets):
            found += of_targets(observability, one)
    return [one.what for one in found]


def not_up(targets: Sequence[ScrapeTarget], job: str) -> tuple[Finding, ...]:
    """Tell which targets of a job are not up; one that was never scraped is still pending."""
    if not targets:
        return (Finding(f"{job}: no active target", Failure.TARGET_DOWN),)
    found: list[Finding] = []
    for one in targets:
        if one.health == "up":
            continue
        why = f": {one.error}" if one.error else ""
        pending = one.health == "unknown"
        failure = None if pending else Failure.TARGET_DOWN
        words = f"pending: {one} was not scraped yet" if pending else f"{one} is {one.health}{why}"
        found.append(Finding(words, failure))
    return tuple(found)
