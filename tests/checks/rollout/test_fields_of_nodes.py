"""What a lane may say of its metrics, health and Secrets, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from config.lanes.health import place_of
from tests.checks.rollout.given_lanes import health, observability, query, secrets


@pytest.mark.parametrize(
    ("make", "fields", "why"),
    [
        (query, {"count": None}, "a query expects something: count, value, or both"),
        (query, {"count": 1, "promql": "up{{{name}}}"}, "{{name}} stands for nothing; there are"),
        (query, {"count": 1, "promql": "up == {{ lane }}"}, "{{ lane }} stands for nothing"),
        (query, {"value": float("nan")}, "finite number"),
        (query, {"count": -1}, "greater than or equal to 0"),
        (observability, {"prometheus": "127.0.0.1:9090"}, "pattern"),
        (observability, {"jobs": []}, "at least 1 item"),
        (health, {"url": "a.test/health"}, "pattern"),
        (health, {"url": "https://run:pass@a.test/"}, "pattern"),
        (health, {"status": [300, 200]}, "the first and the last"),
        (health, {"identity": {"a..b": "x"}}, "pattern"),
        (health, {"url": "https://a.test:99999/health"}, "Port out of range"),
        (secrets, {"present": [{"name": "a", "same_as": "b"}]}, "belong together"),
        (secrets, {"private": [{"file": "~/x", "secrets": []}]}, "at least 1 item"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    make: Callable[..., Any], fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        make(**fields)

    assert why in str(refused.value)


def test_the_places_of_a_query_are_the_lanes_own_and_promqls_braces_stay() -> None:
    asked = query(count=1, promql='up{n="{{namespace}}",c=~"a{2}$"} offset {{lane}}')

    assert asked.resolved({"namespace": "a", "lane": "v01"}) == 'up{n="a",c=~"a{2}$"} offset v01'
    assert asked.resolved({}) == asked.promql
    assert (asked.asks_for("lane"), asked.asks_for("commit")) == (True, False)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://A.test/health", ("https", "a.test", 443)),
        ("http://mgr.agentrun-v01.svc:8080/health", ("http", "mgr.agentrun-v01.svc", 8080)),
        ("http://[::1]/", ("http", "::1", 80)),
    ],
)
def test_a_url_has_a_scheme_a_host_and_a_port(url: str, place: tuple[str, str, int]) -> None:
    assert place_of(url) == place
