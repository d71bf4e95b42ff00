"""Contrasts: one thing is changed, and the far side shows whether that was it."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from checks.wire.connections import Connection, ConnectionRefusal, Peer
from checks.wire.contrasts import (
    OtherHandshake,
    OtherRequest,
    ask_otherwise,
    connect_elsewhere,
    shake_hands_otherwise,
)
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.http import Ask, HttpRefusal, Response
from checks.wire.plainly import NoPlainAnswer, PlainAnswer, ask_plainly
from config.endpoints import BROWSER
from fixtures.vantages.local import Local
from fixtures.vantages.streams import SocketStream
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    ALERT_40,
    Behaviour,
    far_side,
    read_hello,
    reset,
    reset_at_hello,
    server_context,
    stay_silent,
)

OtherRequests = dict[str, OtherRequest]
HERE = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
NO = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Moved(Local):
    """This host, where another port stands for 80."""

    to: int = 0

    async def open(self, address: str, port: int, *, deadline: float) -> SocketStream:
        return await super().open(address, self.to if port == 80 else port, deadline=deadline)


def shake(port: int) -> dict[str, OtherHandshake]:
    looking = shake_hands_otherwise(Peer("localhost", port), Local(), HERE, deadline=10)
    seen = asyncio.run(looking)
    assert decode(encode(seen)) == seen
    return {one.change: one for one in seen}


def ask(port: int, vantage: Local, method: str = "GET", agent: str = "touchstone") -> OtherRequests:
    asked = Ask("localhost", port, method, "/a", agent, "{}" if method == "POST" else None, 0)
    seen = asyncio.run(ask_otherwise(asked, vantage, HERE, deadline=10))
    assert decode(encode(seen)) == seen
    assert {one.url for one in seen} == {f"https://localhost:{port}/a"}
    return {one.change: one for one in seen}


def statuses(seen: OtherRequests) -> dict[str, int | str]:
    return {
        change: one.showed.status if isinstance(one.showed, Response) else one.showed.kind
        for change, one in seen.items()
    }


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert("localhost"))


def test_another_name_passes_where_the_name_is_reset(context: ssl.SSLContext) -> None:
    def behave(connection: socket.socket) -> None:
        hello = connection.recv(65536, socket.MSG_PEEK)
        if b"localhost" in hello:
            read_hello(connection)
            reset(connection)
            return
        with context.wrap_socket(connection, server_side=True) as session:
            stay_silent(session)

    with far_side(behave) as port:
        seen = shake(port)

    passed = {change for change, one in seen.items() if isinstance(one.showed, Handshake)}
    assert passed == {"other-name"}
    again = seen["again"].showed
    assert isinstance(again, HandshakeRefusal)
    assert again.reason == "reset"


def test_a_small_client_hello_and_tls_1_2_are_what_they_say(context: ssl.SSLContext) -> None:
    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as session:
            stay_silent(session)

    with far_side(behave) as port:
        seen = shake(port)

    shown = {change: one.showed for change, one in seen.items()}
    sizes = {name: one.hello_bytes for name, one in shown.items() if isinstance(one, Handshake)}
    assert set(sizes) == {"again", "other-name", "small-hello", "tls-1.2"}
    assert sizes["small-hello"] < 600
    assert sizes["again"] > 1200
    older = shown["tls-1.2"]
    assert isinstance(older, Handshake)
    assert older.protocol == "TLSv1.2"


def test_a_far_side_that_resets_everybody_shows_no_contrast() -> None:
    with far_side(reset_at_hello) as port:
        seen = shake(port)

    refused = [one.showed for one in seen.values()]
    assert [one.reason for one in refused if isinstance(one, HandshakeRefusal)] == ["reset"] * 4


def test_another_user_agent_is_answered(context: ssl.SSLContext, here: Local) -> None:
    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as session:
            session.sendall(NO if b"Mozilla" in session.recv(65536) else OK)

    with far_side(behave) as port:
        browser = ask(port, here, agent=BROWSER)
        plain = ask(port, here)

    assert statuses(browser)["again"] == 403
    assert statuses(browser)["other-user-agent"] == 200
    assert statuses(plain)["again"] == 200
    assert statuses(plain)["other-user-agent"] == 403


def test_get_is_answered_where_post_is_reset(context: ssl.SSLContext, here: Local) -> None:
    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as session:
            if session.recv(65536).startswith(b"POST"):
                reset(session)
            else:
                session.sendall(OK)

    with far_side(behave) as port:
        seen = ask(port, here, "POST")

    assert {one.method for one in seen.values()} == {"POST"}
    assert statuses(seen)["get"] == 200
    again = seen["again"].showed
    assert isinstance(again, HttpRefusal)
    assert again.reason == "reset"


def test_another_port_is_open_or_is_not() -> None:
    def elsewhere(to: int) -> Connection | ConnectionRefusal:
        looking = connect_elsewhere(Peer("localhost"), Moved(to=to), HERE, deadline=10)
        (seen,) = asyncio.run(looking)
        assert decode(encode(seen)) == seen
        assert seen.port == 80
        return seen.showed

    with far_side(stay_silent) as port:
        open_there = elsewhere(port)
    closed_there = elsewhere(port)

    assert isinstance(open_there, Connection)
    assert isinstance(closed_there, ConnectionRefusal)
    assert closed_there.reason == "refused"


def ask_at(port: int) -> PlainAnswer | NoPlainAnswer:
    seen = asyncio.run(ask_plainly(Peer("localhost", port), Local(), HERE, deadline=10))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def saying(answer: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return behave


def test_who_answers_plainly_tells_the_time_and_where_to_go() -> None:
    ahead = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    answer = f"HTTP/1.1 302 Found\r\nDate: {ahead}\r\nLocation: http://portal.test/\r\n\r\n"

    with far_side(saying(answer.encode())) as port:
        seen = ask_at(port)

    assert isinstance(seen, PlainAnswer)
    assert seen.status == "HTTP/1.1 302 Found"
    assert seen.location == "http://portal.test/"
    assert seen.clock_offset == pytest.approx(3600, abs=60)


def test_an_answer_may_tell_neither() -> None:
    with far_side(saying(b"HTTP/1.1 200 \x1b[2J\r\nDate: \xff\r\n\r\n")) as port:
        seen = ask_at(port)

    assert isinstance(seen, PlainAnswer)
    assert (seen.location, seen.clock_offset) == (None, None)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", ALERT_40])
def test_what_is_no_http_is_no_answer(answer: bytes) -> None:
    with far_side(saying(answer)) as port:
        assert isinstance(ask_at(port), NoPlainAnswer)
    assert isinstance(ask_at(port), NoPlainAnswer)  # and nobody listens any more
