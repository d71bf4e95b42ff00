"""Observations made by hand, for checks that are called without a network."""

from datetime import UTC, datetime, timedelta
from typing import Any

from checks.network.probe import Attempt
from checks.wire.certificates import Certificate, ChainError, Staple
from checks.wire.connections import Connection, ConnectionRefusal
from checks.wire.git import Advertisement, AdvertisementRefusal, RefsListed, RefsRefusal
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.http import Response
from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import Address, Answer, NoAnswer
from checks.wire.nameservers import NoReply, Reply
from checks.wire.responses import HttpRefusal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(*addresses: str, source: Any = "dns") -> Answer:
    return Answer(name="a.test", addresses=addresses, source=source, seconds=0.01, at=NOW)


def no_answer() -> NoAnswer:
    return NoAnswer(name="a.test", code="EAI_NONAME", text="no such name", seconds=0.01, at=NOW)


def address(text: str = "192.0.2.1", *, known: bool | None = True, source: Any = "dns") -> Address:
    return Address(host="a.test", address=text, source=source, known=known, at=NOW)


def stranger() -> Stranger:
    return Stranger(
        host="a.test",
        address="11.2.0.12",
        source="dns",
        forbidden=True,
        showed=connection_refusal(),
        at=NOW,
    )


def stale_pin() -> StalePin:
    return StalePin(host="a.test", address="192.0.2.9", showed=connection_refusal(), at=NOW)


def no_way(text: str = "2001:db8::1", *, source: Any = "dns") -> NoWay:
    return NoWay(
        host="a.test",
        address=text,
        source=source,
        errno="ENETUNREACH",
        text="Network is unreachable",
        at=NOW,
    )


def reply(*addresses: str, rcode: str = "NOERROR", server: str = "192.0.2.53") -> Reply:
    return Reply(
        name="a.test",
        server=server,
        transport="udp",
        question="A",
        rcode=rcode,
        flags=("QR", "RD", "RA"),
        aliases=(),
        addresses=addresses,
        ttl=60,
        edns_size=1232,
        truncated=False,
        seconds=0.01,
        at=NOW,
    )


def no_reply() -> NoReply:
    return NoReply(
        name="a.test",
        server="192.0.2.53",
        transport="udp",
        question="A",
        reason="timeout",
        text="nothing came",
        seconds=1.0,
        at=NOW,
    )


def connection() -> Connection:
    return Connection(
        host="a.test",
        address="192.0.2.1",
        port=443,
        family="IPv4",
        local="192.0.2.2",
        segment_size=1448,
        seconds=0.01,
        at=NOW,
    )


def connection_refusal() -> ConnectionRefusal:
    return ConnectionRefusal(
        host="a.test",
        address="192.0.2.1",
        port=443,
        reason="refused",
        errno="ECONNREFUSED",
        text="Connection refused",
        seconds=0.01,
        at=NOW,
    )


def certificate(not_after: datetime = NOW + 90 * DAY) -> Certificate:
    return Certificate(
        subject="CN=a.test",
        issuer="CN=An authority",
        serial="1",
        names=("a.test",),
        not_before=NOW - DAY,
        not_after=not_after,
        key="EC P-256",
        signature="ecdsa-with-SHA256",
        sha256="0" * 64,
        spki_sha256="1" * 64,
    )


def handshake(**changes: Any) -> Handshake:
    fields: dict[str, Any] = {
        "host": "a.test",
        "address": "192.0.2.1",
        "port": 443,
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "group": "x25519",
        "alpn": "h2",
        "chain": (certificate(),),
        "distrust": (),
        "mismatch": None,
        "staple": None,
        "hello_bytes": 1549,
        "sent": 1600,
        "received": 4000,
        "connected_after": 0.01,
        "seconds": 0.05,
        "at": NOW,
    }
    return Handshake(**(fields | changes))


def untrusted() -> Handshake:
    return handshake(distrust=(ChainError("self-signed certificate", depth=0, code=18),))


def stapled(status: str, next_update: datetime | None = NOW + DAY) -> Handshake:
    return handshake(staple=Staple(status=status, this_update=NOW - DAY, next_update=next_update))


def handshake_refusal() -> HandshakeRefusal:
    return HandshakeRefusal(
        host="a.test",
        address="192.0.2.1",
        port=443,
        phase="client-hello",
        reason="reset",
        alert=None,
        first_bytes=b"",
        errors=("ConnectionResetError",),
        hello_bytes=1549,
        sent=1549,
        received=0,
        connected_after=0.01,
        seconds=0.02,
        at=NOW,
    )


def attempt(number: int, *outcomes: Any) -> Attempt:
    return Attempt(number=number, of=3, outcomes=outcomes or (handshake(),), at=NOW)


def response(status: int = 200, **changes: Any) -> Response:
    fields: dict[str, Any] = {
        "url": "https://a.test/",
        "address": "192.0.2.1",
        "status": status,
        "version": "HTTP/2",
        "headers": (("Server", "a"),),
        "hops": (),
        "body_bytes": 10,
        "declared_bytes": 10,
        "excerpt": "0123456789",
        "clock_offset": 0.2,
        "phases": (),
        "seconds": 0.1,
        "at": NOW,
    }
    return Response(**(fields | changes))


def http_refusal() -> HttpRefusal:
    return HttpRefusal(
        url="https://a.test/",
        address="192.0.2.1",
        phase="body",
        reason="truncated",
        status=200,
        hops=(),
        body_bytes=5,
        declared_bytes=10,
        errors=("EOF",),
        phases=(),
        seconds=0.1,
        at=NOW,
    )


def advertisement() -> Advertisement:
    return Advertisement(
        url="https://a.test/r.git",
        address="192.0.2.1",
        refs=2,
        head="0" * 40,
        capabilities=("multi_ack",),
        seconds=0.1,
        at=NOW,
    )


def advertisement_refusal() -> AdvertisementRefusal:
    return AdvertisementRefusal(
        url="https://a.test/r.git",
        address="192.0.2.1",
        status=200,
        content_type="text/html",
        reason="not an advertisement",
        seconds=0.1,
        at=NOW,
    )


def refs(count: int = 2) -> RefsListed:
    return RefsListed(
        url="https://a.test/r.git",
        refs=count,
        head="0" * 40,
        transcript="",
        seconds=0.1,
        at=NOW,
    )


def refs_refusal() -> RefsRefusal:
    return RefsRefusal(
        url="https://a.test/r.git",
        status=128,
        layer="tls",
        reason="gnutls_handshake() failed",
        transcript="",
        seconds=0.1,
        at=NOW,
    )
