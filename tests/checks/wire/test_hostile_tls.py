import asyncio
import random
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, fetch
from checks.wire.tls import shake_hands
from checks.wire.tls_engine import Engine
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    Behaviour,
    far_side,
    over_tls,
    read_hello,
    server_context,
)
from tests.checks.wire.floods import BUFFERED, Flood, bounded
from tests.checks.wire.http_sides import address

DEADLINE = 8.0
COMPRESS_CERTIFICATE = 27
"""The number of the extension (RFC 8879)."""


def look(port: int, vantage: Local, deadline: float = DEADLINE) -> HandshakeOutcome:
    peer = Peer("localhost", port)
    with bounded(deadline + 2):
        (seen,) = asyncio.run(shake_hands(peer, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    assert len(seen.headline) < 500
    return seen


def get(port: int, vantage: Local, deadline: float = DEADLINE) -> HttpOutcome:
    ask = Ask("localhost", port, "GET", "/", "test", None, 5)
    with bounded(deadline + 2):
        (seen,) = asyncio.run(fetch(ask, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2) + content


CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT = 20, 21, 22, 23, 24


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (record(ALERT, b"\x01\x5a"), "protocol"),  # warnings that a user cancelled
        (record(HANDSHAKE, b""), "protocol"),
        (record(HANDSHAKE, bytes(4)), "protocol"),  # HelloRequests, which clients pass over
        (record(HANDSHAKE, bytes(4) * 4000), "protocol"),
        (record(HANDSHAKE, b"\x02\xff\xff\xff" + bytes(16000)), "protocol"),  # 16 MB, it says
        (record(HANDSHAKE, b"\x0b\x00\xff\xff" + bytes(16000)), "protocol"),
        (record(HANDSHAKE, b"\x02\x00\x00\x26" + bytes(38)), "protocol"),
        (b"\x16\x03\x03\xff\xff" + bytes(70000), "protocol"),  # longer than a record may be
        (b"\x16\x03\x03\x00\x01\x02\x16\x03\x03\x40\x00", "protocol"),  # in pieces that lie
        (record(CHANGE_CIPHER_SPEC, b"\x01"), "not-tls"),
        (record(APPLICATION, bytes(16000)), "not-tls"),
        (record(HEARTBEAT, b"\x01\xff\xff"), "not-tls"),
        (bytes(16384), "not-tls"),
        (b"220 mail.example ESMTP \x1b]0;owned\x07\x1b[2J\r\n", "not-tls"),
    ],
)
def test_records_without_end_end_with_a_refusal(part: bytes, reason: str) -> None:
    flood = Flood()

    def behave(connection: socket.socket) -> None:
        read_hello(connection)
        flood.pour(connection.sendall, part)

    with far_side(behave) as port:
        seen = look(port, Local())

    assert isinstance(seen, HandshakeRefusal), seen
    assert seen.reason == reason
    assert seen.seconds < DEADLINE
    assert flood.sent < BUFFERED


def flight_of_a_server(connection: socket.socket) -> bytes:
    """Read a ClientHello, and return what a real server answers."""
    context = server_context(trustme.CA().issue_cert("localhost"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    received, answer = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(received, answer, server_side=True)
    received.write(read_hello(connection))
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    return answer.read()


def drip(connection: socket.socket) -> None:
    for byte in flight_of_a_server(connection):
        connection.sendall(bytes([byte]))
        time.sleep(0.01)


def test_a_handshake_of_a_byte_at_a_time_ends_at_the_deadline() -> None:
    with far_side(drip) as port:
        seen = look(port, Local(), deadline=0.5)

    assert isinstance(seen, HandshakeRefusal), seen
    assert (seen.reason, seen.errors) == ("silent", ("it did not end until the deadline",))
    assert 5 < seen.received < 500


def garbage_after_server_hello(connection: socket.socket) -> None:
    flight = flight_of_a_server(connection)
    connection.sendall(flight[: 5 + int.from_bytes(flight[3:5])])
    Flood().pour(connection.sendall, random.Random(7).randbytes(20000))


def test_garbage_after_the_server_hello_is_a_protocol_fault() -> None:
    with far_side(garbage_after_server_hello) as port:
        seen = look(port, Local())

    assert isinstance(seen, HandshakeRefusal), seen
    assert seen.phase in ("client-hello", "server-hello")
    assert seen.reason == "protocol"


def test_tickets_without_end_end_with_a_refusal(authority: trustme.CA, here: Local) -> None:
    context = server_context(authority.issue_cert("localhost"))
    context.num_tickets = 20_000  # five megabytes of them
    with far_side(over_tls(context)) as port:
        shaken, seen = look(port, here), get(port, here)

    assert isinstance(shaken, Handshake), shaken
    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("headers", "malformed")
    assert "nothing in them" in seen.errors[0]
    assert seen.seconds < DEADLINE


def again_and_again(authority: trustme.CA, again: list[int]) -> Behaviour:
    """Negotiate anew, with all that belongs to it, instead of an answer."""
    leaf = authority.issue_cert("localhost")
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    context.use_privatekey(key)
    context.use_certificate(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()))

    def behave(connection: socket.socket) -> None:
        session = SSL.Connection(context, None)
        session.set_accept_state()

        def until(done: Callable[[], bool], act: Callable[[], object]) -> None:
            while not done():
                with suppress(SSL.WantReadError):
                    act()
                with suppress(SSL.WantReadError):
                    connection.sendall(session.bio_read(65536))
                if done():
                    return
                if not (part := connection.recv(65536)):
                    raise ConnectionResetError
                session.bio_write(part)

        with suppress(SSL.Error):
            until(lambda: session.get_cipher_name() is not None, session.do_handshake)
            while True:
                again.append(session.total_renegotiations())
                session.renegotiate()
                session.do_handshake()
                until(lambda: not session.renegotiate_pending(), lambda: session.recv(65536))

    return behave


def test_renegotiation_without_end_is_ended(authority: trustme.CA, here: Local) -> None:
    again: list[int] = []
    with far_side(again_and_again(authority, again)) as port:
        seen = get(port, here, deadline=1)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) in (("headers", "stalled"), ("headers", "malformed"))
    assert again  # it was met; how often it asked before it was left is the kernel's to say


def test_no_compressed_certificates_are_asked_for() -> None:
    engine = Engine("localhost", ("h2", "http/1.1"), ())
    assert not engine.shake()
    hello = engine.outgoing()

    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at : at + 2])
    at += 1 + hello[at] + 2
    offered = []
    while at < len(hello):
        offered.append(int.from_bytes(hello[at : at + 2]))
        at += 4 + int.from_bytes(hello[at + 2 : at + 4])
    assert at == len(hello)
    assert 43 in offered  # supported_versions: they were read right
    assert COMPRESS_CERTIFICATE not in offered
