"""A request in plain HTTP, to far sides that do exactly one thing."""

import asyncio
import socket
from collections.abc import Callable

import pytest

from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Request
from checks.wire.journey import Arrival
from checks.wire.plain_http import travel_plainly
from checks.wire.responses import HttpRefusal
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import far_side, reset, stay_silent
from tests.ports import free_port

OK = b"HTTP/1.1 200 OK\r\n"


def ask(port: int, body: bytearray, deadline: float = 10) -> Arrival | HttpRefusal | object:
    request = Request("GET", "localhost", port, "/health", (), scheme="http")
    going = travel_plainly(
        request, "127.0.0.1", Local(), lambda: body.extend, limit=1000, deadline=deadline
    )
    return asyncio.run(going)


def saying(
    raw: bytes, end: Callable[[socket.socket], None] | None = None
) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(raw)
        if end is not None:
            end(connection)

    return answer


def test_a_whole_answer_in_plain_http() -> None:
    body = bytearray()
    with far_side(saying(OK + b"Content-Length: 4\r\n\r\nwell")) as port:
        seen = ask(port, body)

    assert isinstance(seen, Arrival)
    assert (seen.exchange.status, bytes(body)) == (200, b"well")
    assert seen.request.url == f"http://localhost:{port}/health"
    assert [one.name for one in seen.phases] == ["connect", "first-byte", "transfer"]


def test_who_does_not_listen_refuses() -> None:
    seen = ask(free_port(), bytearray())

    assert isinstance(seen, ConnectionRefusal)
    assert seen.reason == "refused"


@pytest.mark.parametrize(
    ("raw", "end", "phase", "reason"),
    [
        (OK + b"Content-Length: 9\r\n\r\nwell", None, "body", "truncated"),
        (OK + b"Content-Length: 9\r\n\r\nwell", reset, "body", "reset"),
        (b"\x15\x03\x01\x00\x02\x02\x28", None, "headers", "malformed"),
        (OK + b"Content-Length: 2000\r\n\r\n" + b"x" * 2000, None, "body", "too-large"),
    ],
)
def test_a_broken_answer_is_told_by_where_it_broke(
    raw: bytes, end: Callable[[socket.socket], None] | None, phase: str, reason: str
) -> None:
    with far_side(saying(raw, end)) as port:
        seen = ask(port, bytearray())

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == (phase, reason)


def test_silence_ends_at_the_deadline() -> None:
    with far_side(stay_silent) as port:
        seen = ask(port, bytearray(), deadline=0.3)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("headers", "stalled")


def test_the_port_of_its_scheme_goes_without_saying() -> None:
    assert Request("GET", "a.test", 80, "/", (), scheme="http").url == "http://a.test/"
    assert Request("GET", "a.test", 443, "/", (), scheme="http").url == "http://a.test:443/"
    assert Request("GET", "a.test", 80, "/", ()).url == "https://a.test:80/"
