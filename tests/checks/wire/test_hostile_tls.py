import asyncio
import random
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from checks.wire.certificates import find_mismatch, read_certificate
from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, fetch
from checks.wire.tls import shake_hands
from checks.wire.tls_engine import Engine
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    Behaviour,
    context_of_chain,
    far_side,
    over_tls,
    read_hello,
    server_context,
)
from tests.checks.wire.floods import BUFFERED, MEGABYTE, Flood, bounded
from tests.checks.wire.http_sides import address

DEADLINE = 8.0
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
PEM = serialization.Encoding.PEM
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
    assert again[-1] > 10


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


Key = ec.EllipticCurvePrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def certificate(
    subject: str, issuer: str, key: Key, signer: Key, *names: str, authority: bool = False
) -> x509.Certificate:
    made = x509.CertificateBuilder(
        name(issuer), name(subject), key.public_key(), x509.random_serial_number()
    )
    made = made.not_valid_before(YESTERDAY).not_valid_after(TOMORROW)
    made = made.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        made = made.add_extension(alternative, critical=False)
    return made.sign(signer, hashes.SHA256())


def serving(folder: Path, key: Key, *chain: x509.Certificate) -> Behaviour:
    plain = serialization.NoEncryption()
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
    return over_tls(context_of_chain(folder, private, *[one.public_bytes(PEM) for one in chain]))


def test_a_chain_that_loops_is_not_trusted_and_kept(tmp_path: Path) -> None:
    leaf, a, b = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    circle = [
        certificate("A", "B", a, b, authority=True),
        certificate("B", "A", b, a, authority=True),
    ]
    end = certificate("leaf", "A", leaf, a, "localhost")
    with far_side(serving(tmp_path, leaf, end, *circle * 50)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert len(seen.chain) == 101
    assert {(one.subject, one.issuer) for one in seen.chain[1:]} == {
        ("CN=A", "CN=B"),
        ("CN=B", "CN=A"),
    }
    assert "unable to get local issuer certificate" in {error.text for error in seen.distrust}
    assert not seen.accepted


def test_ten_thousand_names_are_kept_and_a_few_shown(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = [f"{number:04x}" for number in range(0xA000, 0xA000 + 10_000)]
    end = certificate("many", "many", key, key, *names)
    with far_side(serving(tmp_path, key, end)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert seen.chain[0].names == tuple(names)
    assert seen.mismatch == "it is for a000, a001, a002, a003, a004 and 9995 more"
    assert "a01f" in seen.transcript
    assert "a020" not in seen.transcript


def test_names_that_are_long_and_hostile_are_kept_whole_and_shown_in_bounds(
    tmp_path: Path,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    hostile = "\x1b]8;;https://evil.test\x07\u202egnp.<script>\r\n\x00|`\u2028\x9b2J" * 300
    ascii_hostile = hostile.encode("ascii", "ignore").decode()
    end = certificate("same" + hostile[:40], "same" + hostile[:40], key, key, ascii_hostile * 5)
    with far_side(serving(tmp_path, key, end)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert "\u202e" in seen.chain[0].subject
    assert len(seen.chain[0].names[0]) == len(ascii_hostile * 5)
    assert all(line.isprintable() for line in seen.transcript.split("\n"))
    assert max(len(line) for line in seen.transcript.split("\n")) < 5000


def odd(of: x509.Certificate, was: bytes, becomes: bytes) -> bytes:
    der = of.public_bytes(serialization.Encoding.DER)
    assert der.count(was) == 1
    return der.replace(was, becomes)


def test_what_breaks_x509_s_own_rules_is_read_as_far_as_it_goes() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    end = certificate("odd", "odd", key, key, "localhost")
    version = odd(end, b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x37")
    twice = odd(end, b"\x06\x03\x55\x1d\x13", b"\x06\x03\x55\x1d\x11")  # two subjectAltNames
    unknown = odd(end, b"\x82\x09localhost", b"\xa3\x09localhost")  # an x400Address

    assert read_certificate(version).subject.startswith("unreadable: 55 is not a valid X509")
    assert (read_certificate(twice).subject, read_certificate(twice).names) == ("CN=odd", ())
    assert (read_certificate(unknown).subject, read_certificate(unknown).names) == ("CN=odd", ())
    for der in (version, twice, unknown):
        assert (find_mismatch(der, "localhost") or "").startswith("it cannot be compared")


def test_certificates_of_hostile_size_are_not_kept_when_they_were_read() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = [f"{number:04x}.test" for number in range(0xA000, 0xA000 + 5000)]
    der = certificate("many", "many", key, key, *names).public_bytes(serialization.Encoding.DER)
    at = der.index(b"a000.test")
    with bounded(seconds=20, room=24 * MEGABYTE):
        for number in range(150):
            each = der[:at] + b"%04x" % number + der[at + 4 :]
            assert read_certificate(each).names[0] == f"{number:04x}.test"
