import asyncio
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.names import Address
from checks.wire.tls import shake_hands
from checks.wire.tls_words import Alert
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.made import handshake_refusal
from tests.checks.wire.far_sides import (
    ALERT_40,
    answer_hello,
    close_at_hello,
    far_side,
    over_tls,
    read_hello,
    reset,
    reset_at_hello,
    server_context,
    stay_silent,
)


def address(text: str) -> Address:
    now = datetime.now(UTC)
    return Address(host="localhost", address=text, source="dns", known=True, at=now)


def look(port: int, *, at: str = "127.0.0.1", deadline: float = 10) -> HandshakeOutcome:
    peer = Peer("localhost", port)
    (seen,) = asyncio.run(shake_hands(peer, Local(), (address(at),), deadline=deadline))
    assert decode(encode(seen)) == seen
    return seen


def refused(seen: HandshakeOutcome) -> HandshakeRefusal:
    assert isinstance(seen, HandshakeRefusal), seen
    return seen


def unconnected(seen: HandshakeOutcome) -> ConnectionRefusal:
    assert isinstance(seen, ConnectionRefusal), seen
    return seen


def test_a_closed_port_is_a_refused_connection() -> None:
    with far_side(stay_silent) as port:
        pass

    seen = unconnected(look(port))

    assert (seen.reason, seen.errno) == ("refused", "ECONNREFUSED")


def test_an_rst_on_accept_is_a_reset_connection_and_not_a_tls_fault() -> None:
    with far_side(reset) as port:
        seen = unconnected(look(port))

    assert seen.reason == "reset"


def test_an_rst_that_meets_our_client_hello_on_its_way_is_a_reset_connection() -> None:
    turns = iter([reset_at_hello, reset])

    def take_turns(connection: socket.socket) -> None:
        next(turns)(connection)

    with far_side(take_turns) as port:
        seen = unconnected(look(port))

    assert seen.reason == "reset"


def test_an_rst_after_the_client_hello_is_a_reset_handshake() -> None:
    with far_side(reset_at_hello) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason, seen.alert) == ("client-hello", "reset", None)
    assert (seen.received, seen.sent) == (0, seen.hello_bytes)
    assert seen.errors == (
        "ECONNRESET: Connection reset by peer",
        "a second connection, on which nothing was sent, was not reset",
    )


def test_a_fin_after_the_client_hello_is_a_closed_handshake_without_an_alert() -> None:
    with far_side(close_at_hello) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason, seen.alert) == ("client-hello", "closed", None)
    assert (seen.received, seen.errors) == (0, ("FIN", "-1 Unexpected EOF"))


def test_silence_ends_at_the_deadline() -> None:
    with far_side(stay_silent) as port:
        seen = refused(look(port, deadline=0.3))

    assert (seen.phase, seen.reason, seen.received) == ("client-hello", "silent", 0)
    assert 0.3 <= seen.seconds < 2


def test_silence_in_the_middle_of_a_record_is_silence() -> None:
    with far_side(answer_hello(b"\x16\x03\x03\x40\x00\x02")) as port:
        seen = refused(look(port, deadline=0.3))

    assert (seen.reason, seen.received) == ("silent", 6)


def test_plain_http_is_not_tls() -> None:
    with far_side(answer_hello(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason, seen.alert) == ("client-hello", "not-tls", None)
    assert seen.first_bytes == b"HTTP/1.1 400 Bad Request\r\n\r\n"
    assert "not TLS: HTTP/1.1 400 Bad Request\\r\\n" in seen.headline


def test_what_hides_a_secret_in_the_first_bytes_is_shown_as_it_is_everywhere() -> None:
    mark = "\u2039secret:TOKEN#a1b2c3\u203a"

    seen = replace(handshake_refusal(), reason="not-tls", first_bytes=f"hello {mark}".encode())

    assert f"not TLS: hello {mark}" in seen.headline


@pytest.mark.parametrize("raw", [b"S", b"SSH-2.0-", b"\x16\x02", bytes(64), b"\xff" * 100])
def test_a_few_bytes_of_something_else_are_not_tls_even_when_silence_follows(raw: bytes) -> None:
    with far_side(answer_hello(raw)) as port:
        seen = refused(look(port, deadline=0.3))

    assert (seen.reason, seen.first_bytes[:64]) == ("not-tls", raw[:64])
    assert seen.first_bytes[64:] == (b"..." if len(raw) > 64 else b"")


def test_the_alert_of_the_peer_is_named() -> None:
    with far_side(answer_hello(ALERT_40)) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason) == ("client-hello", "alert")
    assert seen.alert == Alert(40, "handshake_failure", "peer")
    assert (seen.first_bytes, seen.received) == (ALERT_40, 7)


def test_an_alert_that_nobody_has_assigned_is_kept_by_its_number() -> None:
    with far_side(answer_hello(b"\x15\x03\x01\x00\x02\x02\xfe")) as port:
        seen = refused(look(port))

    assert seen.alert == Alert(254, "unassigned", "peer")


def test_a_warning_before_a_fin_does_not_make_it_the_refusal() -> None:
    def warn(connection: socket.socket) -> None:
        read_hello(connection)
        connection.sendall(b"\x15\x03\x01\x00\x02\x01\x70")

    with far_side(warn) as port:
        seen = refused(look(port))

    assert (seen.reason, seen.alert) == ("closed", Alert(112, "unrecognized_name", "peer"))


def test_an_alert_that_an_rst_follows_is_an_alert() -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(ALERT_40)
        reset_at_hello(connection)

    with far_side(behave) as port:
        seen = refused(look(port))

    assert (seen.reason, seen.alert) == ("alert", Alert(40, "handshake_failure", "peer"))


def test_a_server_that_speaks_only_an_old_protocol_is_met_by_our_own_alert() -> None:
    message = b"\x02\x00\x00\x26\x03\x01" + bytes(32) + b"\x00\x00\x2f\x00"  # TLS 1.0
    hello = b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message
    with far_side(answer_hello(hello)) as port:
        seen = refused(look(port))

    assert (seen.reason, seen.alert and seen.alert.sender) == ("protocol", "us")


def test_garbage_in_a_tls_record_is_a_protocol_fault() -> None:
    with far_side(answer_hello(b"\x16\x03\x03\x00\x10" + b"\xee" * 16)) as port:
        seen = refused(look(port))

    assert (seen.reason, seen.alert) == ("protocol", Alert(10, "unexpected_message", "us"))


@pytest.mark.parametrize(
    ("highest", "alert"),
    [
        (ssl.TLSVersion.TLSv1_3, Alert(116, "certificate_required", "peer")),
        (ssl.TLSVersion.TLSv1_2, Alert(40, "handshake_failure", "peer")),
    ],
)
def test_a_server_that_wants_our_certificate_refuses_by_an_alert(
    highest: ssl.TLSVersion, alert: Alert
) -> None:
    authority = trustme.CA()
    context = server_context(authority.issue_cert("localhost"))
    context.maximum_version = highest
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with far_side(over_tls(context)) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason, seen.alert) == ("finished", "alert", alert)


def test_a_server_that_would_like_our_certificate_completes() -> None:
    authority = trustme.CA()
    context = server_context(authority.issue_cert("localhost"))
    context.verify_mode = ssl.CERT_OPTIONAL
    authority.configure_trust(context)
    with far_side(over_tls(context)) as port:
        seen = look(port)

    assert isinstance(seen, Handshake)


@pytest.mark.parametrize(
    ("records", "phase"),
    [(1, "server-hello"), (2, "certificate"), (3, "key-exchange"), (4, "finished")],
)
def test_a_cut_names_the_last_step_that_was_made(records: int, phase: str) -> None:
    context = server_context(trustme.CA().issue_cert("localhost"))
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def behave(connection: socket.socket) -> None:
        received, answer = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(received, answer, server_side=True)
        received.write(read_hello(connection))
        with pytest.raises(ssl.SSLWantReadError):
            session.do_handshake()
        flight = answer.read()
        for _ in range(records):
            length = 5 + int.from_bytes(flight[3:5], "big")
            connection.sendall(flight[:length])
            flight = flight[length:]
        if not flight:
            read_hello(connection)
        reset(connection)

    with far_side(behave) as port:
        seen = refused(look(port))

    assert (seen.phase, seen.reason) == (phase, "reset")


def test_ipv6_is_looked_at_as_well() -> None:
    with far_side(reset_at_hello, "::1") as port:
        seen = refused(look(port, at="::1"))

    assert (seen.address, seen.reason) == ("::1", "reset")


def test_every_address_is_looked_at_and_all_at_once() -> None:
    peers = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
    with (
        far_side(stay_silent, "127.0.0.1") as port,
        far_side(stay_silent, "127.0.0.2", port),
        far_side(close_at_hello, "127.0.0.3", port),
    ):
        looking = shake_hands(
            Peer("localhost", port), Local(), tuple(map(address, peers)), deadline=0.5
        )
        seen = asyncio.run(looking)

    reasons = [one.reason for one in seen if not isinstance(one, Handshake)]
    assert reasons == ["silent", "silent", "closed", "refused"]
    assert [one.address for one in seen] == list(peers)


def test_authorities_that_cannot_be_read_are_the_fault_of_the_vantage(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    for path in (str(empty), str(tmp_path / "missing.pem")):
        looking = shake_hands(
            Peer("localhost"), Local(authorities=(path,)), (address("127.0.0.1"),), deadline=1
        )
        with pytest.raises(VantageError, match="authorities"):
            asyncio.run(looking)
