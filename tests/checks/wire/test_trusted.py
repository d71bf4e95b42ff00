"""A name asked again: over TLS and HTTPS of a real resolver, and of what only looks like one."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from checks.wire.nameservers import NoReply, Reply
from checks.wire.resolvers import Server
from checks.wire.trusted import OtherAnswer, Trusted, ask_again, ask_trusted, trusted_by
from config.asking import TrustedResolver
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.dns_sides import dnsmasq, free_place
from tests.checks.wire.far_sides import far_side, over_tls, server_context, stay_silent
from tests.checks.wire.floods import BUFFERED, Flood, bounded
from tests.checks.wire.trusted_sides import NAME, speaking_tls

PLACE = "127.53.2.1"
HERE = "127.0.0.1"


def ask(
    name: str, vantage: Local, *trusted: Trusted, deadline: float = 10
) -> tuple[OtherAnswer, ...]:
    seen = asyncio.run(ask_trusted(name, vantage, trusted, deadline=deadline))
    assert decode(encode(seen)) == seen
    assert all(one.trusted and one.headline.isprintable() for one in seen)
    return seen


def dot(port: int) -> Trusted:
    return Trusted("one", HERE, "dot", NAME, port)


def doh(port: int) -> Trusted:
    return Trusted("one", HERE, "doh", NAME, port, "/dns-query")


def reasons(seen: tuple[OtherAnswer, ...]) -> set[str]:
    assert all(isinstance(one.showed, NoReply) for one in seen)
    return {one.showed.reason for one in seen if isinstance(one.showed, NoReply)}


def test_a_resolver_is_asked_over_tls_and_over_https(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    with speaking_tls(PLACE, tmp_path, authority.issue_cert(NAME)) as serving:
        seen = ask("served.test", here, serving.dot, serving.doh)

    replies = [one.showed for one in seen if isinstance(one.showed, Reply)]
    assert {(one.transport, one.question, one.addresses) for one in replies} == {
        ("dot", "A", ("127.7.7.7",)),
        ("dot", "AAAA", ("fd00::7",)),
        ("doh", "A", ("127.7.7.7",)),
        ("doh", "AAAA", ("fd00::7",)),
    }
    assert {one.server for one in replies} == {f"ours ({PLACE})"}


def test_a_negative_response_code_is_a_reply(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    with speaking_tls(PLACE, tmp_path, authority.issue_cert(NAME)) as serving:
        seen = ask("absent.test", here, serving.dot, serving.doh)

    shown = [one.showed for one in seen]
    assert all(isinstance(one, Reply) and one.rcode == "NXDOMAIN" for one in shown)
    assert len(shown) == 4


def test_nobody_is_asked_whose_certificate_is_not_trusted(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    with speaking_tls(PLACE, tmp_path, trustme.CA().issue_cert(NAME)) as serving:
        unknown = ask("served.test", here, serving.dot, serving.doh)
    with speaking_tls(PLACE, tmp_path, authority.issue_cert("other.test")) as serving:
        another = ask("served.test", here, serving.dot, serving.doh)

    assert reasons(unknown) == reasons(another) == {"distrust"}
    assert "not for the name" in another[0].headline


def test_what_is_no_tls_refuses_or_is_silent_is_no_reply(here: Local) -> None:
    def portal(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 302 Found\r\n\r\n")

    with far_side(portal) as port:
        assert reasons(ask("served.test", here, dot(port), doh(port))) == {"tls"}
    nobody = free_place(HERE).port
    assert reasons(ask("served.test", here, dot(nobody), doh(nobody))) == {"refused"}
    with far_side(stay_silent) as port:
        silent = ask("served.test", here, dot(port), doh(port), deadline=0.3)
        assert reasons(silent) == {"timeout"}


def close(session: ssl.SSLSocket) -> None:
    session.recv(100)
    session.unwrap()


def chatter(session: ssl.SSLSocket) -> None:
    session.recv(100)
    session.sendall(b"\0\5hello")
    session.unwrap()


def silence(session: ssl.SSLSocket) -> None:
    session.recv(100)
    stay_silent(session)


@pytest.mark.parametrize(
    ("serve", "reason"), [(close, "closed"), (chatter, "malformed"), (silence, "timeout")]
)
def test_a_session_without_a_reply_is_told(
    serve: Callable[[ssl.SSLSocket], None], reason: str, authority: trustme.CA, here: Local
) -> None:
    context = server_context(authority.issue_cert(NAME))

    with far_side(over_tls(context, serve)) as port:
        seen = ask("served.test", here, dot(port), deadline=2)

    assert reasons(seen) == {reason}


def test_a_web_server_is_no_resolver(authority: trustme.CA, here: Local) -> None:
    def serve(session: ssl.SSLSocket) -> None:
        session.recv(65536)
        session.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n")
        session.unwrap()

    with far_side(over_tls(server_context(authority.issue_cert(NAME)), serve)) as port:
        seen = ask("served.test", here, doh(port))

    assert reasons(seen) == {"http"}
    assert "HTTP 200, text/html" in seen[0].headline


@pytest.mark.parametrize("way", ["head", "body", "reply"])
def test_an_answer_without_an_end_is_not_read_for_ever(
    way: str, authority: trustme.CA, here: Local
) -> None:
    flood, head = Flood(), b"HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\n"
    begins, part = {
        "head": (head, b"X: y\r\n"),
        "body": (head + b"\r\n", b"\0" * 1000),
        "reply": (b"\xff\xff", b"\0" * 1000),
    }[way]

    def serve(session: ssl.SSLSocket) -> None:
        session.recv(65536)
        session.sendall(begins)
        flood.pour(session.sendall, part)

    context = server_context(authority.issue_cert(NAME))
    with bounded(20), far_side(over_tls(context, serve)) as port:
        seen = ask("served.test", here, dot(port) if way == "reply" else doh(port), deadline=10)

    assert reasons(seen) == {"malformed" if way == "reply" else "http"}
    assert flood.sent < BUFFERED


def test_a_name_that_cannot_be_asked_for_is_the_profiles(here: Local) -> None:
    with pytest.raises(VantageError, match="is no domain name"):
        ask("a..b", here, dot(1))


def test_configured_nameservers_are_asked_again_in_both_ways() -> None:
    with dnsmasq("127.53.2.2") as server:
        seen = asyncio.run(ask_again("served.test", Local(), (server,), deadline=10))

    assert decode(encode(seen)) == seen
    assert not any(one.trusted for one in seen)
    shown = [one.showed for one in seen if isinstance(one.showed, Reply)]
    assert {(one.transport, one.question) for one in shown} == {
        (transport, question) for transport in ("udp", "tcp") for question in ("A", "AAAA")
    }


def test_a_profiles_resolvers_are_asked_in_each_way_that_they_name() -> None:
    quad9 = TrustedResolver(
        name="quad9", address="9.9.9.9", dot="dns.quad9.net", url="https://dns.quad9.net/dns-query"
    )
    own = TrustedResolver(name="own", address="2620:FE::FE", dot="dns.example:8853")

    assert trusted_by((quad9, own)) == (
        Trusted("quad9", "9.9.9.9", "dot", "dns.quad9.net", 853),
        Trusted("quad9", "9.9.9.9", "doh", "dns.quad9.net", 443, "/dns-query"),
        Trusted("own", "2620:fe::fe", "dot", "dns.example", 8853),
    )


def test_it_can_be_repeated_by_hand() -> None:
    both = (dot(853), doh(443))
    trusted = Sighting(ask_trusted, "a.test", "here", (both,))
    again = Sighting(ask_again, "a.test", "here", ((Server("127.0.0.53"),),))

    assert trusted.by_hand == (
        "dig @127.0.0.1 -p 853 +tls +tls-ca +tls-hostname=resolver.test a.test A; "
        "dig @127.0.0.1 -p 443 +https=/dns-query +tls-ca +tls-hostname=resolver.test a.test A"
    )
    assert again.by_hand == "dig @127.0.0.53 -p 53 a.test A; dig @127.0.0.53 -p 53 a.test A +tcp"
    assert trusted.about == again.about == "a.test"
