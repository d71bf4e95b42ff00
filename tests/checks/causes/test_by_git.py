"""What git says of a proxy, by a real git: the words that the rules read."""

import asyncio
import socket
from datetime import UTC, datetime

import pytest

from checks.causes.rules import diagnose
from checks.causes.vocabulary import Cause
from checks.wire.git import RefsRefusal, Remote, list_refs
from checks.wire.names import Address
from fixtures.diagnosing import Facts
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import far_side


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("407 Proxy Authentication Required", Cause.PROXY_AUTH),
        ("403 Forbidden", Cause.PROXY_REFUSED),
        ("502 Bad Gateway", Cause.PROXY_REFUSED),
    ],
)
def test_what_a_proxy_answers_to_connect_is_named(
    status: str, cause: Cause, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()

    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    now = datetime.now(UTC)
    address = Address(host="localhost", address="127.0.0.1", source="dns", known=None, at=now)
    with far_side(behave) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        looking = list_refs(Remote("localhost", 1, "x.git"), Local(), (address,), deadline=20)
        seen = asyncio.run(looking)

    assert isinstance(seen, RefsRefusal)
    (found,) = diagnose(Facts(seen=(seen,)))
    assert found.cause == cause, seen
