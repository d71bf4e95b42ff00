"""What the checks of metrics uphold, refuse, and leave open."""

import pytest

from checks.rollout import check_metrics
from checks.rollout.observability.seen import Queried, ScrapeTarget, Series, Targets
from checks.rollout.told.seen import Told
from tests.checks.made import NOW
from tests.checks.rollout.calling import judged
from tests.checks.rollout.given_lanes import lane, observability, query

COUNTED = check_metrics.check_promql_answers_with_so_many_series
VALUED = check_metrics.check_promql_answers_with_the_value
UP = check_metrics.check_scrape_targets_are_up
LANE = lane(next={"promql-count-mismatch": "agentrun v01 observability query"})


def answer(*values: str | None, warnings: tuple[str, ...] = ()) -> Queried:
    series = tuple(
        Series((("instance", str(number)),), value) for number, value in enumerate(values)
    )
    return Queried(
        url="http://127.0.0.1:9090",
        promql="up",
        of="vector",
        series=series,
        warnings=warnings,
        infos=(),
        seconds=0.01,
        at=NOW,
    )


def targets(**health: str) -> Targets:
    every = tuple(
        ScrapeTarget(job, "127.0.0.1:1", (("lane", "v01"),), told, "refused", "")
        for job, told in health.items()
    )
    return Targets(url="http://a", jobs=tuple(health), targets=every, active=9, at=NOW)


@pytest.mark.parametrize(
    ("expects", "values", "words"),
    [
        ({"count": 2}, ("1", "0"), ("upheld", "")),
        ({"count": 2}, ("1",), ("violated", "promql-count-mismatch")),
        ({"count": 0}, (), ("upheld", "")),
        ({"count": 0}, ("1",), ("violated", "promql-count-mismatch")),
        ({"count": 2}, (), ("violated", "promql-count-mismatch")),
        ({"count": 2, "on_empty": "inconclusive"}, (), ("inconclusive", "")),
        ({"count": 2, "on_empty": "pass"}, (), ("upheld", "")),
        ({"value": 1}, ("1",), ("not-applicable", "")),
    ],
)
def test_so_many_series(
    expects: dict[str, object], values: tuple[str, ...], words: tuple[str, str]
) -> None:
    told = judged(
        COUNTED,
        lane=LANE,
        observability_query=query(**expects),
        observability_answer=answer(*values),
    )

    assert told.words == words


@pytest.mark.parametrize(
    ("expects", "values", "words"),
    [
        ({"value": 1}, ("1", "1.0", "1e0"), ("upheld", "")),
        ({"value": 1}, ("1", "2"), ("violated", "promql-value-mismatch")),
        ({"value": 2, "tolerance": 0.1}, ("2.05",), ("upheld", "")),
        ({"value": 2, "tolerance": 0.01}, ("2.05",), ("violated", "promql-value-mismatch")),
        ({"value": 1}, (), ("violated", "promql-no-data")),
        ({"value": 1, "on_empty": "inconclusive"}, (), ("inconclusive", "")),
        ({"value": 1, "on_empty": "pass"}, (), ("upheld", "")),
        ({"value": 1, "count": 0}, (), ("upheld", "")),
        ({"value": 1}, ("NaN",), ("inconclusive", "")),
        ({"value": 1}, ("NaN", "2"), ("violated", "promql-value-mismatch")),
        ({"value": 1, "on_nan": "fail"}, ("NaN",), ("violated", "promql-no-data")),
        ({"value": 1, "on_nan": "pass"}, ("NaN", "1"), ("upheld", "")),
        ({"value": 1}, ("+Inf",), ("violated", "promql-value-mismatch")),
        ({"value": 1}, (None,), ("inconclusive", "")),
        ({"count": 1}, ("1",), ("not-applicable", "")),
    ],
)
def test_the_value(
    expects: dict[str, object], values: tuple[str | None, ...], words: tuple[str, str]
) -> None:
    told = judged(
        VALUED,
        lane=LANE,
        observability_query=query(**expects),
        observability_answer=answer(*values),
    )

    assert told.words == words


@pytest.mark.parametrize(
    ("expects", "values", "words"),
    [
        ({"count": 0}, (), ("inconclusive", "")),
        ({"count": 2, "on_empty": "fail"}, (), ("inconclusive", "")),
        ({"count": 2, "on_empty": "pass"}, (), ("inconclusive", "")),
        ({"count": 2}, ("1",), ("inconclusive", "")),
        ({"count": 2}, ("1", "1"), ("upheld", "")),
        ({"count": 2}, ("1", "1", "1"), ("violated", "promql-count-mismatch")),
    ],
)
def test_what_may_lack_series_is_no_ground_for_too_few(
    expects: dict[str, object], values: tuple[str, ...], words: tuple[str, str]
) -> None:
    asked, given = query(**expects), answer(*values, warnings=("a store is away",))
    told = judged(COUNTED, lane=LANE, observability_query=asked, observability_answer=given)

    assert told.words == words
    if not values:
        valued = query(value=1, **expects)
        told = judged(VALUED, lane=LANE, observability_query=valued, observability_answer=given)
        assert told.words == ("inconclusive", "")


def test_a_mismatch_tells_the_query_and_the_lanes_own_command() -> None:
    told = judged(
        COUNTED,
        lane=LANE,
        observability_query=query(count=3),
        observability_answer=answer("1"),
    )

    assert "asked: up" in told.judgement.saw
    assert "1 series, not 3" in told.judgement.saw
    assert told.judgement.mend == "agentrun v01 observability query"


def test_what_is_declared_to_be_well_and_what_prometheus_warns_of_is_remarked() -> None:
    told = judged(
        VALUED,
        lane=LANE,
        observability_query=query(value=1, on_nan="pass"),
        observability_answer=answer("NaN", "1", warnings=("one store is away",)),
    )

    assert told.remarks == (
        "warning: ready: Prometheus warns: one store is away",
        "ready: 1 NaN, which the lane declares to be well",
    )


@pytest.mark.parametrize(
    ("health", "words"),
    [
        ({"a": "up", "b": "up"}, ("upheld", "")),
        ({"a": "up", "b": "down"}, ("violated", "target-down")),
        ({"a": "up"}, ("violated", "target-down")),
        ({"a": "up", "b": "unknown"}, ("inconclusive", "")),
        ({"a": "down", "b": "unknown"}, ("violated", "target-down")),
    ],
)
def test_targets_are_up(health: dict[str, str], words: tuple[str, str]) -> None:
    told = judged(
        UP,
        lane=LANE,
        observability=observability(jobs=["a", "b"], labels={"lane": "v01"}),
        observability_targets=targets(**health),
    )

    assert told.words == words


def test_targets_of_another_lane_are_not_this_lanes() -> None:
    told = judged(
        UP,
        lane=LANE,
        observability=observability(jobs=["a"], labels={"lane": "v02"}),
        observability_targets=targets(a="up"),
    )

    assert told.words == ("violated", "target-down")
    assert "a: no active target" in told.judgement.saw


def tool(document: str, status: int = 0) -> Told:
    return Told(
        name="closeout",
        tells="observability",
        command="hwlab observability closeout",
        prefix=None,
        status=status,
        document=document,
        transcript=document,
        seconds=0.1,
        at=NOW,
    )


@pytest.mark.parametrize(
    ("told", "own", "words"),
    [
        (tool('{"ok": true}'), (answer("1"), targets(a="up")), ("upheld", "")),
        (
            tool('{"ok": false}'),
            (answer("1"), targets(a="up")),
            ("violated", "observability-closeout-failed"),
        ),
        (
            tool('{"ok": true}', status=2),
            (answer("1"), targets(a="up")),
            ("violated", "observability-closeout-failed"),
        ),
        (tool('{"done": true}'), (answer("1"), targets(a="up")), ("inconclusive", "")),
        (tool('{"ok": true}'), (answer("2"), targets(a="up")), ("inconclusive", "")),
        (tool('{"ok": true}'), (answer("1"), targets(a="down")), ("inconclusive", "")),
    ],
)
def test_the_tools_word_counts_only_beside_what_was_seen(
    told: Told, own: tuple[Queried | Targets, ...], words: tuple[str, str]
) -> None:
    queries = [{"name": "up", "promql": "up", "value": 1, "on_empty": "fail", "on_nan": "fail"}]

    given = judged(
        check_metrics.check_observability_tool_finds_the_lane_well,
        lane=LANE,
        observability=observability(jobs=["a"], queries=queries),
        told_observability=told,
        observability_own=own,
    )

    assert given.words == words
    if words[0] == "upheld":
        assert given.remarks == (
            "as `hwlab observability closeout` tells: ok; 2 looks of ours agree",
        )
