import asyncio
import errno
import os
import socket
import struct
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from checks.wire.connections import (
    Connection,
    ConnectionRefusal,
    Peer,
    RefusalReason,
    connect,
    refusal_of,
)
from checks.wire.names import Address
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.backlog import full_backlog
from tests.checks.wire.dns_sides import free_place
from tests.checks.wire.far_sides import far_side, stay_silent

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def at(*addresses: str) -> tuple[Address, ...]:
    return tuple(
        Address(host="a.test", address=one, source="dns", known=True, at=NOW) for one in addresses
    )


def look(
    port: int, *addresses: str, deadline: float = 10
) -> tuple[Connection | ConnectionRefusal, ...]:
    seen = asyncio.run(connect(Peer("a.test", port), Local(), at(*addresses), deadline=deadline))
    assert decode(encode(seen)) == seen
    return seen


def test_each_address_is_connected_to_in_its_order() -> None:
    with ExitStack() as serving:
        port = serving.enter_context(far_side(stay_silent, "127.1.0.1"))
        serving.enter_context(far_side(stay_silent, "::1", port))
        seen = look(port, "::1", "127.1.0.1", "127.1.0.2")

    six, four, nobody = seen
    assert isinstance(six, Connection)
    assert (six.address, six.family, six.local) == ("::1", "IPv6", "::1")
    assert isinstance(four, Connection)
    assert (four.address, four.family, four.port) == ("127.1.0.1", "IPv4", port)
    assert four.segment_size is not None
    assert four.phases == (("connect", 0.0, four.seconds),)
    assert four.headline.startswith(f"127.1.0.1 port {port}: connected from 127.")
    assert isinstance(nobody, ConnectionRefusal)
    assert (nobody.reason, nobody.errno) == ("refused", "ECONNREFUSED")
    assert nobody.headline == (f"127.1.0.2 port {port}: refused (ECONNREFUSED): Connection refused")


def test_silence_is_a_timeout_without_an_errno() -> None:
    with full_backlog() as port:
        (seen,) = look(port, "127.0.0.1", deadline=0.2)

    assert isinstance(seen, ConnectionRefusal)
    assert (seen.reason, seen.errno) == ("timeout", None)
    assert 0.2 <= seen.seconds < 5


def test_many_silent_addresses_take_no_longer_than_one() -> None:
    before = time.monotonic()
    with full_backlog() as port:
        seen = look(port, *["127.0.0.1"] * 60, deadline=0.5)

    assert {one.reason for one in seen if isinstance(one, ConnectionRefusal)} == {"timeout"}
    assert time.monotonic() - before < 10  # one by one it would be 30


def test_more_addresses_than_are_tried_at_once_are_all_tried() -> None:
    nobody = free_place("127.0.0.1")
    assert len(look(nobody.port, *["127.0.0.1"] * 500)) == 500


def test_an_address_that_is_none_is_an_inability() -> None:
    with pytest.raises(VantageError, match="'elsewhere' is no address"):
        look(443, "127.0.0.1", "elsewhere")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ECONNREFUSED, "refused"),
        (errno.ETIMEDOUT, "timeout"),
        (errno.ECONNRESET, "reset"),
        (errno.EPIPE, "reset"),
        (errno.ENETUNREACH, "unreachable"),
        (errno.EHOSTUNREACH, "unreachable"),
        (errno.EADDRNOTAVAIL, "unreachable"),
        (errno.EAFNOSUPPORT, "unreachable"),
        (errno.EACCES, "unreachable"),
        (errno.EPROTO, "other"),
    ],
)
def test_the_errno_is_named_and_sorted(number: int, reason: RefusalReason) -> None:
    error = OSError(number, "asyncio's words")
    seen = refusal_of(error, Peer("a.test"), "192.0.2.1", seconds=1.0, at=NOW)

    assert (seen.reason, seen.errno) == (reason, errno.errorcode[number])
    assert seen.text == os.strerror(number)


def test_an_error_without_an_errno_keeps_its_text() -> None:
    seen = refusal_of(socket.herror("odd"), Peer("a.test"), "192.0.2.1", seconds=1.0, at=NOW)

    assert (seen.reason, seen.errno, seen.text) == ("other", None, "odd")


def test_a_peer_names_its_port_where_it_is_another() -> None:
    assert (str(Peer("a.test")), str(Peer("a.test", 8443))) == ("a.test", "a.test:8443")


def test_the_command_by_hand_opens_the_same_connection() -> None:
    assert Sighting(connect, Peer("a.test"), "here").by_hand == (
        "curl -v --max-time 10 telnet://a.test:443 </dev/null"
    )


def test_a_connection_that_is_reset_once_it_is_accepted_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        resetting = threading.Thread(target=_accept_and_reset, args=(listening,))
        resetting.start()
        (seen,) = look(listening.getsockname()[1], "127.0.0.1")
        resetting.join()

    assert isinstance(seen, ConnectionRefusal)
    assert (seen.reason, seen.errno) == ("reset", "ECONNRESET")


def _accept_and_reset(listening: socket.socket) -> None:
    accepted, _ = listening.accept()
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    accepted.close()
