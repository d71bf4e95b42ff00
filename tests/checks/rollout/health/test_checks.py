"""What the checks of health uphold, refuse, and leave open; what they judge, real servers said."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme

from checks.rollout import check_health
from checks.rollout.health import chain
from checks.rollout.health.seen import HealthSeen
from checks.rollout.health.sightings import health_of
from checks.rollout.links import State
from checks.rollout.source.seen import NoTarget, Target
from checks.wire.names import ask_system
from config.lanes import Lane
from config.lanes.health import Health
from config.schema import Profile
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.verdicts import is_diagnosed
from tests.checks.made import NOW
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain import made
from tests.checks.rollout.given_lanes import COMMIT, health, lane
from tests.checks.wire.http_sides import https, saying
from tests.ports import free_port
from tests.prometheus import serve

TIP = "f" * 40
PROFILE = Profile.model_validate(
    {"name": "x", "endpoints": {"absent": "none"}, "hosts": {"absent": "none"}}
)
TELLS = check_health.check_health_endpoint_tells_the_target
IDENTITY = {"build.commit": "{commit}", "service": "agentrun-mgr"}
WELL = {"service": "agentrun-mgr", "build": {"commit": COMMIT, "at": 1.5}, "ready": True}


def target(ancestry: Any = "same", tip: str = COMMIT) -> Target:
    return Target(
        commit=COMMIT,
        tip=tip,
        repository="https://git.test/r.git",
        ref="refs/heads/v0.1",
        authority="worktree",
        asked=False,
        ancestry=ancestry,
        why="",
        at=NOW,
    )


@contextmanager
def service(told: object, status: int = 200) -> Iterator[str]:
    """Serve a health endpoint in plain HTTP; yields its URL."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            pass

    with serve(Answering) as port:
        yield f"http://127.0.0.1:{port}/health"


def look(asked: Health, vantage: Local | None = None) -> HealthSeen:
    """Make the sighting that the profile plans; what was seen has survived the codec."""
    sighting, here = health_of(PROFILE, asked, "here"), vantage or Local()

    async def go() -> HealthSeen:
        (need,) = sighting.needs
        answer = await ask_system(need.target, here, deadline=5)
        seen = await sighting.probe(
            sighting.target, here, *sighting.arguments, answer, deadline=sighting.deadline
        )
        assert isinstance(seen, HealthSeen)
        return seen

    seen = asyncio.run(go())
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def is_well(asked: Health, seen: HealthSeen) -> Judged:
    return judged(
        check_health.check_health_endpoint_is_well, lane=lane(), health=asked, health_seen=seen
    )


def tells(asked: Health, seen: HealthSeen, of: Target | NoTarget) -> Judged:
    return judged(TELLS, lane=lane(), health=asked, health_seen=seen, health_target=of)


def test_a_service_that_is_well_and_tells_its_commit() -> None:
    with service(WELL) as url:
        asked = health(url=url, identity=IDENTITY)
        seen = look(asked)

    assert is_well(asked, seen).words == ("upheld", "")
    assert tells(asked, seen, target()).words == ("upheld", "")


def test_a_service_that_is_not_well_fails() -> None:
    with service(WELL, status=503) as url:
        asked = health(url=url, identity=IDENTITY)
        seen = look(asked)

    told = is_well(asked, seen)
    assert told.words == ("violated", "health-failed")
    assert "HTTP/1.0 503" in told.judgement.saw
    assert told.judgement.mend == "agentrun v01 control-plane status"


def test_a_service_that_nobody_reaches_fails_as_what_the_lane_calls_it() -> None:
    url = f"http://127.0.0.1:{free_port()}/health"
    inside, public = health(url=url), health(url=url, formal=url)

    assert is_well(inside, look(inside)).words == ("violated", "health-failed")
    told = is_well(public, look(public))
    assert told.words == ("violated", "public-probe-failed")
    assert "refused (ECONNREFUSED)" in told.judgement.saw
    assert tells(health(url=url, identity=IDENTITY), look(inside), target()).words == (
        "inconclusive",
        "",
    )


def test_a_name_without_an_address_fails_and_is_no_question_left_open() -> None:
    asked = health(url="http://nobody.invalid/health")

    told = is_well(asked, look(asked))

    assert told.words == ("violated", "health-failed")
    assert "nobody.invalid: EAI_" in told.judgement.saw


@pytest.mark.parametrize(
    ("body", "saw"),
    [
        ({**WELL, "build": {"commit": TIP}}, f"build.commit is '{TIP}', not '{COMMIT}'"),
        ({**WELL, "build": {}}, "there is no build.commit"),
        ({**WELL, "service": "nginx"}, "service is 'nginx', not 'agentrun-mgr'"),
        (b"<html>well</html>", "no JSON: '<html>well</html>'"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_service_that_is_another_one_fails(body: object, saw: str) -> None:
    with service(body) as url:
        asked = health(url=url, identity=IDENTITY)
        told = tells(asked, look(asked), target())

    assert told.words == ("violated", "health-failed")
    assert saw in told.judgement.saw


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"build": {"commit": TIP}}, "inconclusive"),
        ({"build": {"commit": TIP}, "service": "nginx"}, "violated"),
        ({"build": {}}, "violated"),
    ],
)
def test_the_commit_of_before_is_pending_while_the_lane_is_on_its_way(
    told: dict[str, Any], verdict: str
) -> None:
    with service(WELL | told) as url:
        asked = health(url=url, identity=IDENTITY)
        seen = look(asked)
    under_way = made.chain(made.links(runtime=State.PENDING, health=State.PENDING))

    said = judged(
        TELLS,
        lane=lane(),
        health=asked,
        health_seen=seen,
        health_target=target(),
        health_chain=under_way,
    )

    assert said.words[0] == verdict
    assert chain.link(lane(health=[asked]), (seen,), target()).late is (verdict == "inconclusive")


def test_what_was_asked_at_no_address_is_not_well() -> None:
    asked = health(url="http://127.0.0.1:1/health")
    nowhere = replace(look(asked), outcomes=())

    assert is_well(asked, nowhere).words == ("violated", "health-failed")


def test_a_later_commit_is_superseded_only_where_its_ancestry_is_proved() -> None:
    with service({**WELL, "build": {"commit": TIP}}) as url:
        asked = health(url=url, identity=IDENTITY)
        seen = look(asked)

    proved = tells(asked, seen, target("contained", TIP))
    assert proved.words == ("upheld", "")
    assert proved.remarks[0].startswith("superseded: ")
    assert tells(asked, seen, target("unknown", TIP)).words == ("violated", "health-failed")
    assert tells(asked, seen, target("not-contained", TIP)).words == ("violated", "health-failed")


def test_without_a_target_nothing_is_said_of_the_commit() -> None:
    with service(WELL) as url:
        asked, named = (
            health(url=url, identity=IDENTITY),
            health(url=url, identity={"ready": "true"}),
        )
        seen, other = look(asked), look(named)

    nobody = NoTarget(authority="worktree", ref="refs/heads/v0.1", why="no branch", at=NOW)
    assert tells(asked, seen, nobody).words == ("inconclusive", "")
    assert tells(named, other, nobody).words == ("upheld", "")


def test_the_first_twelve_digits_of_the_commit_may_be_what_it_tells() -> None:
    with service({"commit": COMMIT[:12]}) as url:
        asked = health(url=url, identity={"commit": "{short12}"})
        assert tells(asked, look(asked), target()).words == ("upheld", "")


def test_over_tls_the_answer_comes_by_the_shared_journey(
    authority: trustme.CA, here: Local
) -> None:
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body := json.dumps(WELL).encode())
    with https(authority, saying(raw + body)) as port:
        asked = health(url=f"https://localhost:{port}/health", identity=IDENTITY)
        seen = look(asked, here)
        strange = look(asked)

    assert tells(asked, seen, target()).words == ("upheld", "")
    assert "distrust" in {one.kind for one in strange.outcomes}
    assert is_well(asked, strange).words == ("violated", "health-failed")


def test_a_redirect_is_not_followed() -> None:
    with service(b"", status=302) as url:
        asked = health(url=url)
        assert is_well(asked, look(asked)).words == ("violated", "health-failed")


@pytest.mark.parametrize(
    ("url", "formal", "saw"),
    [
        ("https://hwlab.test/health", "https://hwlab.test", ""),
        ("https://192.0.2.1/health", "https://hwlab.test", "192.0.2.1 is an address"),
        ("https://hwlab.test:20666/health", "https://hwlab.test", "20666 is no public entry"),
        ("https://hwlab.test:31443/health", "https://hwlab.test", "31443 is a port of nodes"),
        ("http://hwlab.test/health", "https://hwlab.test", "https://hwlab.test is the formal URL"),
        ("https://other.test/health", "https://hwlab.test", "is the formal URL"),
        ("https://192.0.2.1/health", "https://192.0.2.1", "192.0.2.1 is an address"),
    ],
)
def test_only_the_formal_url_is_a_proof_from_outside(url: str, formal: str, saw: str) -> None:
    asked = health(url=url, formal=formal, inadmissible_ports=[20666, 20667])
    seen = HealthSeen(url=url, outcomes=(), told=(), source="dns", at=NOW)

    told = judged(
        check_health.check_public_health_is_asked_at_the_formal_url,
        lane=lane(),
        health=asked,
        health_seen=seen,
    )

    assert told.words == (("violated", "inadmissible-probe-url") if saw else ("upheld", ""))
    assert saw in told.judgement.saw


def test_an_endpoint_that_is_not_public_has_no_formal_url() -> None:
    told = judged(
        check_health.check_public_health_is_asked_at_the_formal_url,
        lane=lane(),
        health=health(),
        health_seen=HealthSeen(url="", outcomes=(), told=(), source=None, at=NOW),
    )

    assert told.words == ("not-applicable", "")


def test_a_failure_of_health_has_its_class_and_is_diagnosed_all_the_same() -> None:
    url = f"http://127.0.0.1:{free_port()}/health"
    asked = health(url=url)
    told = is_well(asked, look(asked))

    assert is_diagnosed(check_health.check_health_endpoint_is_well, told.judgement)
    formal = check_health.check_public_health_is_asked_at_the_formal_url
    assert not is_diagnosed(formal, told.judgement)


def chained(given: Lane, *seen: HealthSeen, of: Target | NoTarget | None) -> tuple[str, str, str]:
    link = chain.link(given, seen, of)
    return link.state.value, link.failure, link.observed


def test_the_link_of_health_is_the_worst_of_its_endpoints() -> None:
    with service(WELL) as url, service(WELL, status=503) as ill:
        well = health(url=url, identity=IDENTITY)
        broken = health(name="other", url=ill)
        one, other = look(well), look(broken)
    told = lane(health=[well.model_dump(), broken.model_dump()])
    alone = lane(health=[well.model_dump()])

    link = chain.link(told, (one, other), target())

    assert (link.state, link.failure, link.mend) == (
        State.BROKEN,
        "health-failed",
        "agentrun v01 control-plane status",
    )
    assert chained(alone, one, of=target())[:2] == ("agrees", "")
    assert chained(alone, one, of=None)[0] == "unknown"
    assert chained(alone, of=target())[0] == "unknown"
    assert chained(alone, one, of=replaced(target(), TIP))[:2] == ("broken", "health-failed")
    assert chained(lane(), of=target())[0] == "absent"
    assert f"build.commit={COMMIT}" in chained(alone, one, of=target())[2]


def test_a_link_with_a_later_commit_is_superseded() -> None:
    with service({**WELL, "build": {"commit": TIP}}) as url:
        asked = health(url=url, identity=IDENTITY)
        seen = look(asked)

    assert chained(lane(health=[asked.model_dump()]), seen, of=target("contained", TIP))[0] == (
        "superseded"
    )


def replaced(one: Target, commit: str) -> Target:
    return replace(one, commit=commit, tip=commit)
