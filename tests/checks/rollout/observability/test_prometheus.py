"""What a real Prometheus answers, and what cannot be one."""

import asyncio
import gzip
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

import pytest

from checks.rollout.observability.probe import ask_promql, ask_promql_of_commit, list_targets
from checks.rollout.observability.seen import Queried, Server, Targets
from checks.rollout.source.seen import Target
from fixtures.github.tokens import hold_tokens
from fixtures.prometheus import PromQLError
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.made import NOW
from tests.ports import free_port
from tests.prometheus import Scraping, scraping, serve

COMMIT = "0123456789012345678901234567890123456789"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scraping]:
    with scraping(tmp_path_factory.mktemp("prometheus")) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    hold_tokens(())
    yield
    hold_tokens(())


def ask(url: str, promql: str, secret: str | None = None) -> Queried:
    return asyncio.run(ask_promql(Server(url, secret), Local(), promql, deadline=20))


def test_every_series_comes_with_its_labels_and_its_value(prometheus: Scraping) -> None:
    seen = ask(prometheus.url, 'agentrun_ready{job="agentrun"}')

    told = {dict(one.labels)["namespace"]: one.value for one in seen.series}
    assert told == {"agentrun-v01": "1", "agentrun-v02": "0"}
    assert decode(encode(seen)) == seen


def test_a_scalar_is_one_series_without_labels(prometheus: Scraping) -> None:
    seen = ask(prometheus.url, "scalar(vector(7))")

    assert (seen.of, [(one.labels, one.value) for one in seen.series]) == ("scalar", [((), "7")])


def test_not_a_number_is_told_as_prometheus_writes_it(prometheus: Scraping) -> None:
    assert [one.value for one in ask(prometheus.url, "vector(0) / 0").series] == ["NaN"]
    assert [one.value for one in ask(prometheus.url, "vector(1) / 0").series] == ["+Inf"]


def test_no_series_is_an_answer(prometheus: Scraping) -> None:
    assert ask(prometheus.url, "no_such_metric").series == ()


@pytest.mark.parametrize(
    ("promql", "told"),
    [
        ("up{", "unexpected end of input"),
        ("up == on() group_left() up", "many-to-many matching"),
        ("up[5m]", "answers with a matrix"),
    ],
)
def test_a_wrong_query_is_told_with_its_text(prometheus: Scraping, promql: str, told: str) -> None:
    with pytest.raises(PromQLError) as raised:
        ask(prometheus.url, promql)

    assert promql in raised.value.reason
    assert told in raised.value.reason
    assert raised.value.mend == "correct `promql` of that query in the profile"


def test_the_commit_stands_in_the_query_that_is_kept(prometheus: Scraping) -> None:
    target = Target(
        commit=COMMIT,
        tip=COMMIT,
        repository="https://git.test/r.git",
        ref="refs/heads/v0.1",
        authority="worktree",
        asked=False,
        ancestry="same",
        why="",
        at=NOW,
    )
    asked = ask_promql_of_commit(
        Server(prometheus.url, None),
        Local(),
        'agentrun_build{job="agentrun",commit="{{commit}}"}',
        target,
        deadline=20,
    )

    seen = asyncio.run(asked)

    assert COMMIT in seen.promql
    assert [one.value for one in seen.series] == ["1"]


def test_targets_of_the_jobs_are_told_with_their_health(prometheus: Scraping) -> None:
    jobs = ("agentrun", "broken", "later", "none")
    asked = list_targets(Server(prometheus.url, None), Local(), jobs, deadline=20)

    seen = asyncio.run(asked)

    assert isinstance(seen, Targets)
    assert {one.job: one.health for one in seen.targets} == {
        "agentrun": "up",
        "broken": "down",
        "later": "unknown",
    }
    assert "connection refused" in next(one.error for one in seen.targets if one.job == "broken")
    assert decode(encode(seen)) == seen


def test_targets_of_other_jobs_are_counted_and_left_out(prometheus: Scraping) -> None:
    asked = list_targets(Server(prometheus.url, None), Local(), ("agentrun",), deadline=20)

    seen = asyncio.run(asked)

    assert ([one.job for one in seen.targets], seen.active) == (["agentrun"], 3)


def test_nobody_who_listens_is_no_verdict() -> None:
    with pytest.raises(VantageError, match="told nothing: it could not be asked from here"):
        ask(f"http://127.0.0.1:{free_port()}", "up")


def test_a_server_that_says_nothing_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        asked = ask_promql(Server(url, None), Local(), "up", deadline=0.3)
        with pytest.raises(VantageError, match=r"did not answer within 0\.3 s"):
            asyncio.run(asked)


class _Odd(BaseHTTPRequestHandler):
    """Answers by the first part of the path, as a server may that is no Prometheus."""

    answers: ClassVar[dict[str, tuple[int, str, bytes]]] = {
        "html": (200, "text/html", b"<html><title>Sign in</title></html>"),
        "other": (200, "application/json", b'{"ok": true}'),
        "shape": (
            200,
            "application/json",
            b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{}}]}}',
        ),
        "busy": (
            503,
            "application/json",
            b'{"status":"error","errorType":"timeout","error":"query timed out"}',
        ),
        "warned": (
            200,
            "application/json",
            b'{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["late"]}',
        ),
        "old": (
            200,
            "application/json",
            b'{"status":"success","data":{"resultType":"scalar","result":[1609746000.5,"1"]}}',
        ),
        "python": (
            200,
            "application/json",
            b'{"status":"success","data":{"resultType":"scalar","result":[1,"1_0"]}}',
        ),
        "timeless": (
            200,
            "application/json",
            b'{"status":"success","data":{"resultType":"scalar","result":[null,"1"]}}',
        ),
        "bomb": (200, "application/json", gzip.compress(gzip.compress(b" " * 50_000_000))),
        "large": (200, "application/json", gzip.compress(b" " * 50_000_000)),
        "onward": (302, "text/plain", b""),
        "deep": (200, "application/json", b"[" * 200_000),
    }

    def do_GET(self) -> None:
        name = self.path.split("/")[1]
        if name == "token":
            name = "warned" if self.headers["Authorization"] == "Bearer let-me-in" else "denied"
        if name == "echo":
            body = (self.headers["Authorization"] or "").encode()
            status, kind = 200, "application/json"
        else:
            status, kind, body = self.answers.get(name, (401, "text/plain", b""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if name in {"bomb", "large"}:
            self.send_header("Content-Encoding", "gzip, gzip" if name == "bomb" else "gzip")
        if name == "onward":
            self.send_header("Location", "http://127.0.0.1:9/login")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    with serve(_Odd) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("html", "no JSON, but text/html"),
        ("other", "answers 200, and not as Prometheus does"),
        ("shape", "a series has no value"),
        ("busy", "timeout: query timed out"),
        ("onward", "redirects, to http://127.0.0.1:9/login"),
        ("deep", "no JSON"),
        ("old", "as of 2021-01-04T07:40:00Z, and not as of now"),
        ("timeless", "a value has no time"),
        ("python", "a value is no number"),
        ("bomb", "packed as gzip, gzip, which nobody asked for"),
        ("large", "larger than 16777216 bytes"),
        ("denied", "answers 401: whoever has no token may not ask"),
    ],
)
def test_what_is_no_answer_of_prometheus_is_no_verdict(odd: str, path: str, why: str) -> None:
    with pytest.raises(VantageError) as raised:
        ask(f"{odd}/{path}", "up")

    assert why in raised.value.reason
    assert not isinstance(raised.value, PromQLError)


def test_warnings_are_kept(odd: str) -> None:
    assert ask(f"{odd}/warned", "up").warnings == ("late",)


def test_the_secret_is_the_bearer_token(odd: str) -> None:
    hold_tokens([("metrics", "let-me-in"), ("other", "wrong-one")])

    assert ask(f"{odd}/token", "up", "metrics").series == ()
    with pytest.raises(VantageError, match="401: the token other may not ask"):
        ask(f"{odd}/token", "up", "other")
    with pytest.raises(VantageError, match=r"the token none has no value here.*observability"):
        ask(f"{odd}/token", "up", "none")


def test_a_server_that_sends_the_token_back_is_not_read(odd: str) -> None:
    hold_tokens([("metrics", "let-me-in")])

    with pytest.raises(VantageError, match="contains the token metrics itself"):
        ask(f"{odd}/echo", "up", "metrics")
