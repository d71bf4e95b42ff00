"""What a lane has several of is judged one by one; what it has none of says why."""

from typing import Any

import pytest

from checks.rollout.cases import cases
from checks.rollout.health import cases as health_cases
from checks.rollout.observability import cases as metrics_cases
from checks.rollout.secrets import cases as secret_cases
from config.clusters import ClusterSpec
from config.model import Absent
from fixtures.sightings import Case, Sighting
from tests.checks.rollout.given_lanes import lane
from tests.checks.rollout.lanes import NONE, profile

RUNTIME = {
    "namespace": "agentrun-v01",
    "workloads": [{"name": "agentrun-mgr"}],
    "runner": {
        "manager": "agentrun-mgr",
        "selector": "app=runner",
        "sessions": NONE,
        "writable_home": NONE,
    },
}
HEALTH = [
    {"name": "mgr", "url": "http://mgr.agentrun-v01.svc:8080/health", "vantages": ["here"]},
    {"name": "public", "url": "https://a.test/health", "formal": "https://a.test"},
]
QUERY = {"name": "up", "promql": 'up{n="{{namespace}}"}', "count": 1}
METRICS = {
    "prometheus": "http://127.0.0.1:9090/",
    "queries": [
        {**QUERY, "on_empty": "fail", "on_nan": "fail"},
        {
            **QUERY,
            "name": "of",
            "promql": 'b{c="{{commit}}"}',
            "on_empty": "fail",
            "on_nan": "fail",
        },
    ],
    "jobs": ["b", "a"],
}
SECRETS = {
    "present": [{"name": "db", "same_as": "dsn", "key": "DATABASE_URL"}],
    "obsolete": [{"name": "old", "namespace": "elsewhere"}],
    "providers": [{"name": "codex"}],
    "before_sync": [{"name": "db"}],
    "dsn": [{"secret": "dsn", "database": "agentrun_v01"}],
    "private": [{"file": "~/.codex/config.toml", "secrets": ["config"]}],
    "published": ["evidence"],
}
ARGO = {"application": "a", "project": "p", "destination": "agentrun-v01"}


def made(**parts: Any) -> dict[str, Case]:
    """Return the cases of a profile with one lane, by their names."""
    told = {"cluster": "g14", "runtime": RUNTIME, "argo": ARGO} | parts
    given = profile(lane(**told), clusters=(ClusterSpec(name="g14", snapshot="/nowhere"),))
    own = [case for case in cases(given) if case.target != "agentrun-v01"]
    (whole,) = (case for case in cases(given) if case.target == "agentrun-v01")
    found = {"": whole}
    for case in own:
        found[f"{case.target} {','.join(sorted(case.arguments))}"] = case
    return found


def test_an_endpoint_a_query_and_a_secret_each_have_a_case_of_their_own() -> None:
    found = made(health=HEALTH, observability=METRICS, secrets=SECRETS)

    names = sorted({case.target for case in found.values()})
    assert names == [
        "agentrun-v01",
        *(
            f"agentrun-v01:{one}"
            for one in sorted(("codex", "config", "db", "dsn", "mgr", "of", "old", "public", "up"))
        ),
    ]
    assert all(case["lane"].name == "agentrun-v01" for case in found.values())
    assert [name for name, case in found.items() if "chain" in case.arguments] == [""]
    whole = found[""]
    assert [one.target.host for one in whole["healths"]] == ["mgr.agentrun-v01.svc", "a.test"]
    assert whole["observability_targets"].arguments == (("a", "b"),)
    assert whole["runner_of"].providers == ("codex",)
    assert whole["published_searched"].target == ("evidence",)


def test_a_secret_is_asked_for_once_however_many_sentences_there_are_of_it() -> None:
    found = made(secrets=SECRETS)

    of_db = [case for case in found.values() if case.target == "agentrun-v01:db"]
    seen = {case.arguments["secret_seen"] for case in of_db if "secret_seen" in case.arguments}
    assert len(of_db) == 3
    assert [one.arguments for one in seen] == [("agentrun-v01", "db")]


def test_each_command_that_tells_of_observability_is_judged() -> None:
    told = [
        {"name": one, "tells": "observability", "argv": ["hwlab", "observability", one]}
        for one in ("boundary", "closeout")
    ]

    found = made(observability=METRICS, told=told)

    asked = {
        case.target: case["told_observability"].target.name
        for case in found.values()
        if "told_observability" in case.arguments
    }
    assert asked == {"agentrun-v01": "boundary", "agentrun-v01:closeout": "closeout"}
    (further,) = (
        one
        for one in found.values()
        if one.target == "agentrun-v01:closeout" and "observability_own" in one.arguments
    )
    assert further.offers(("lane", "observability", "told_observability", "observability_own"))


def test_a_bootstrap_secret_is_compared_with_its_source_too() -> None:
    source = {"name": "db", "same_as": "dsn", "key": "DATABASE_URL"}

    found = made(secrets={"present": [source], "before_sync": [source, {**source, "name": "boot"}]})

    compared = [one for one in found.values() if "secret_compared" in one.arguments]
    assert [one.target for one in compared] == ["agentrun-v01:db", "agentrun-v01:boot"]


def test_the_commit_is_waited_for_only_by_a_query_that_names_it() -> None:
    found = made(observability=METRICS)

    answers = {
        case.target: case["observability_answer"]
        for case in found.values()
        if "observability_answer" in case.arguments
    }
    assert isinstance(answers["agentrun-v01:up"], Sighting)
    assert answers["agentrun-v01:up"].arguments == ('up{n="agentrun-v01"}',)
    assert answers["agentrun-v01:up"].needs == ()
    assert [one.probe.__name__ for one in answers["agentrun-v01:of"].needs] == ["find_target"]


@pytest.mark.parametrize(
    ("parts", "asked"),
    [
        ({}, ("health", "health_seen", "health_target", "health_chain")),
        ({}, ("observability", "observability_targets")),
        ({}, ("observability_query", "observability_answer")),
        ({}, ("secret_present", "secret_seen")),
        ({}, ("secret_compared",)),
        ({}, ("dsn", "dsn_seen")),
        ({}, ("published_searched",)),
        ({"secrets": {}}, ("secret_obsolete", "secret_seen")),
        ({"secrets": {}}, ("runner_of", "runner_jobs")),
        ({"secrets": {}}, ("config_compared",)),
        ({"secrets": {"dsn": NONE}}, ("dsn", "dsn_seen")),
        ({"secrets": SECRETS, "runtime": NONE}, ("runner_of", "runner_jobs")),
        ({"secrets": {"present": [{"name": "db"}]}}, ("secret_compared",)),
        ({}, ("told_printed",)),
        ({"observability": {**METRICS, "queries": NONE}}, ("observability_answer",)),
    ],
)
def test_what_a_lane_has_none_of_says_why(parts: dict[str, Any], asked: tuple[str, ...]) -> None:
    offering = [case for case in made(**parts).values() if case.offers(("lane", *asked))]

    assert [case.target for case in offering] == ["agentrun-v01"]
    assert any(isinstance(offering[0][name], Absent) for name in asked)


def test_lanes_of_one_server_share_its_targets() -> None:
    other = {**METRICS, "jobs": ["c"]}
    one = lane(observability=METRICS)
    two = lane(name="agentrun-v02", observability=other)
    given = profile(one, two)

    first = metrics_cases.offer(given, one, "here")["observability_targets"]
    second = metrics_cases.offer(given, two, "here")["observability_targets"]

    assert first == second
    assert first.arguments == (("a", "b", "c"),)


def test_all_three_nodes_offer_something_of_every_lane() -> None:
    given = profile(bare := lane())

    for node in (health_cases, metrics_cases, secret_cases):
        assert node.offer(given, bare, "here")
        assert list(node.cases(given, bare)) == []
