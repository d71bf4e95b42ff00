"""Causes that need a contrast, through the whole program: far sides that do exactly one thing."""

import json
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.checks.wire.far_sides import (
    Behaviour,
    far_side,
    over_tls,
    pem_of,
    read_hello,
    reset,
    server_context,
    stay_silent,
)
from tests.program import Ended, run_checks

HERE = "127.0.0.1"
BROWSER = {"path": "/", "user_agent": "browser"}
POST = {"path": "/", "method": "POST", "body": "{}"}
GET = {"path": "/"}
SEGMENT = 1000


def answer(status: str, *headers: str, body: bytes = b"ok", declared: int = 2) -> bytes:
    date = f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}"
    about = (f"Content-Length: {declared}", "Connection: close", date)
    lines = [f"HTTP/1.1 {status}", *about, *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def serving(say: Any, context: ssl.SSLContext) -> Behaviour:
    """Answer each request with what `say` makes of its head, or do what else it does."""

    def serve(session: ssl.SSLSocket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := session.recv(65536)):
                return
            head += part
        if (told := say(head, session)) is not None:
            session.sendall(told)
            session.unwrap()

    return over_tls(context, serve)


def to_whom(head: bytes, _: ssl.SSLSocket) -> bytes:
    return answer("403 Forbidden") if b"Mozilla" in head else answer("200 OK")


def only_get(head: bytes, session: ssl.SSLSocket) -> bytes | None:
    if head.startswith(b"POST"):
        reset(session)
        return None
    return answer("200 OK")


def nothing_more(_: bytes, session: ssl.SSLSocket) -> None:
    session.sendall(answer("200 OK", declared=100))
    stay_silent(session)


def always(status: str, *headers: str) -> Any:
    return lambda _head, _session: answer(status, *headers)


def small_alone(context: ssl.SSLContext) -> Behaviour:
    """Let through what fits into a segment, and lose the rest, as a path with a smaller MTU."""

    def behave(connection: socket.socket) -> None:
        size = int.from_bytes(connection.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)[3:5])
        if size > SEGMENT:
            read_hello(connection)
            stay_silent(connection)
            return
        serving(always("200 OK"), context)(connection)

    return behave


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def judging(
    folder: Path,
    authority: trustme.CA,
    *sides: tuple[Behaviour, dict[str, Any]],
    vantages: Sequence[str] = ("here",),
) -> Iterator[list[str]]:
    """Serve, and give the arguments that judge what is served; the profile is JSON, so YAML."""
    with ExitStack() as stack:
        endpoints = [
            {
                "host": HERE,
                "port": stack.enter_context(far_side(behave)),
                "http": [request],
                "tls": {"renewal_window": "1h"},
            }
            for behave, request in sides
        ]
        limits = dict.fromkeys(("connect", "tls", "http"), "2s")
        profile = {
            "name": "loopback",
            "vantages": [{"name": name, "kind": "local"} for name in vantages],
            "authorities": [pem_of(authority, folder)],
            "nameservers": {"absent": "no name is asked for"},
            "deadlines": limits,
            "endpoints": endpoints,
            "hosts": {"absent": "not looked at"},
        }
        path = folder / "loopback.yaml"
        path.write_text(json.dumps(profile))
        yield [f"--profile={path}", "-m", "network or tls"]


def causes(ended: Ended) -> dict[str, list[str]]:
    return {
        line["check"].partition("::")[2].partition("[")[0]: [
            one["cause"] for one in line.get("diagnoses", ())
        ]
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    }


STATUS, WHOLE = "check_response_has_the_expected_status", "check_response_is_whole"


SHOWN: dict[str, tuple[Any, dict[str, Any], str]] = {
    "user-agent-blocked": (to_whom, BROWSER, STATUS),
    "method-blocked": (only_get, POST, WHOLE),
    "stalled": (nothing_more, GET, WHOLE),
    "authentication-required": (always("401 Unauthorized"), GET, STATUS),
    "proxy-auth": (always("407 Proxy Authentication Required"), GET, STATUS),
    "rate-limited": (always("429 Too Many Requests", "Retry-After: 60"), GET, STATUS),
    "unknown": (always("404 Not Found"), GET, STATUS),
}


@pytest.mark.parametrize("cause", SHOWN)
def test_what_an_answer_shows_is_named(cause: str, authority: trustme.CA, tmp_path: Path) -> None:
    say, request, check = SHOWN[cause]
    context = server_context(authority.issue_cert(HERE))

    with judging(tmp_path, authority, (serving(say, context), request)) as arguments:
        ended = run_checks(tmp_path, *arguments)

    assert causes(ended) == {check: [cause]}, ended.out


def test_what_is_too_large_for_the_path_is_named(authority: trustme.CA, tmp_path: Path) -> None:
    context = server_context(authority.issue_cert(HERE))

    with judging(tmp_path, authority, (small_alone(context), GET)) as arguments:
        ended = run_checks(tmp_path, *arguments)

    assert causes(ended) == {"check_handshake_completes": ["mtu-black-hole"]}, ended.out
    assert "with a ClientHello that fits into one segment: 127.0.0.1: TLSv1.3" in ended.out


def test_a_chain_without_its_intermediate_is_named(authority: trustme.CA, tmp_path: Path) -> None:
    leaf = authority.create_child_ca().issue_cert(HERE)
    whole = server_context(leaf)
    alone = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (tmp_path / "alone.pem").write_bytes(
        leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes()
    )
    alone.load_cert_chain(tmp_path / "alone.pem")
    sides = [(serving(always("200 OK"), context), GET) for context in (whole, alone)]

    with judging(tmp_path, authority, *sides) as arguments:
        ended = run_checks(tmp_path, *arguments)

    assert causes(ended) == {"check_certificate_is_trusted": ["chain-incomplete"]}, ended.out


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "shared"])
def test_what_is_down_from_everywhere_is_named(
    workers: list[str], authority: trustme.CA, tmp_path: Path
) -> None:
    context = server_context(authority.issue_cert(HERE))
    side = (serving(always("503 Service Unavailable"), context), GET)

    with judging(tmp_path, authority, side, vantages=("here", "there")) as arguments:
        ended = run_checks(tmp_path, *arguments, *workers)

    assert ended.status == 1
    assert "  cause: service-down" in ended.out
    assert "  cause: unknown" not in ended.out


def test_what_serves_well_has_no_cause(authority: trustme.CA, tmp_path: Path) -> None:
    context = server_context(authority.issue_cert(HERE))
    side = (serving(always("200 OK"), context), GET)

    with judging(tmp_path, authority, side) as arguments:
        ended = run_checks(tmp_path, *arguments)

    assert ended.status == 0, ended.out
    assert causes(ended) == {}
