import asyncio
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import dns.flags
import dns.message
import dns.rrset
import pytest

from checks.wire.nameservers import NoReply, Reply, ask_configured, ask_servers
from checks.wire.resolvers import Resolvers, Server, read_resolvers
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.dns_sides import datagram_side, dnsmasq, free_place, unbound
from tests.checks.wire.far_sides import Behaviour, far_side, reset, stay_silent

HERE = Local()
Outcomes = tuple[Reply | NoReply, ...]


def ask(name: str, *servers: Server, deadline: float = 10) -> Outcomes:
    seen = asyncio.run(ask_servers(name, HERE, servers, deadline=deadline))
    assert decode(encode(seen)) == seen
    assert all(one.headline for one in seen)
    return seen


def over(transport: str, seen: Outcomes) -> Outcomes:
    return tuple(one for one in seen if one.transport == transport)


def refused(seen: Outcomes) -> set[tuple[str, str]]:
    return {(one.reason, one.text) for one in seen if isinstance(one, NoReply)}


def reply_to(wire: bytes, *records: str) -> dns.message.Message:
    reply = dns.message.make_response(dns.message.from_wire(wire))
    for record in records:
        owner, ttl, kind, value = record.split()
        reply.answer.append(dns.rrset.from_text(owner, int(ttl), "IN", kind, value))
    return reply


def over_tcp(reply: Callable[[bytes], bytes]) -> Behaviour:
    """Answer the first question with these bytes, whatever they are."""

    def behave(connection: socket.socket) -> None:
        received = b""
        while len(received) < 2 or len(received) < 2 + int.from_bytes(received[:2]):
            received += connection.recv(65536)
        connection.sendall(reply(received[2:]))

    return behave


def framed(wire: bytes) -> bytes:
    return len(wire).to_bytes(2) + wire


@pytest.mark.parametrize("kind", ["dnsmasq", "unbound"])
def test_each_server_is_asked_both_questions_over_both_transports(
    kind: str, tmp_path: Path
) -> None:
    with ExitStack() as serving:
        address = "127.53.0.1"
        server = serving.enter_context(
            dnsmasq(address) if kind == "dnsmasq" else unbound(address, tmp_path)
        )
        nobody = free_place("127.53.0.2")
        seen = ask("served.test", server, nobody)

    replies = [one for one in seen if isinstance(one, Reply)]
    assert {(one.transport, one.question, one.addresses) for one in replies} == {
        ("udp", "A", ("127.7.7.7",)),
        ("tcp", "A", ("127.7.7.7",)),
        ("udp", "AAAA", ("fd00::7",)),
        ("tcp", "AAAA", ("fd00::7",)),
    }
    for one in replies:
        assert (one.server, one.rcode, one.ttl, one.aliases) == (str(server), "NOERROR", 77, ())
        assert {"QR", "RD", "RA"} <= set(one.flags)
        assert one.edns_size is not None
        assert one.edns_size >= 512
        assert not one.truncated
    assert {(one.transport, one.server) for one in seen[4:]} == {
        ("udp", str(nobody)),
        ("tcp", str(nobody)),
    }
    assert refused(seen) == {("refused", "Connection refused")}


def test_an_alias_is_followed_to_its_addresses() -> None:
    with dnsmasq("127.53.0.1") as server:
        first, *_ = ask("alias.test", server)

    assert isinstance(first, Reply)
    assert (first.aliases, first.addresses, first.ttl) == (("served.test",), ("127.7.7.7",), 55)


@pytest.mark.parametrize(
    ("name", "rcode"), [("absent.test", "NXDOMAIN"), ("elsewhere.example", "REFUSED")]
)
def test_a_negative_response_code_is_a_reply(name: str, rcode: str) -> None:
    with dnsmasq("127.53.0.1") as server:
        seen = ask(name, server)

    assert {(one.rcode, one.addresses) for one in seen if isinstance(one, Reply)} == {(rcode, ())}
    assert len(over("tcp", seen)) == 2


def test_silence_is_a_timeout_over_each_transport() -> None:
    with datagram_side(lambda _: []) as server, far_side(stay_silent, port=server.port):
        seen = ask("served.test", server, deadline=0.2)

    assert refused(seen) == {("timeout", "nothing came until the deadline")}


@pytest.mark.parametrize(
    ("behave", "reason", "text"),
    [
        (reset, "reset", "Connection reset by peer"),
        (over_tcp(lambda _: b""), "closed", "closed after 0 of 2 bytes"),
        (over_tcp(lambda wire: framed(wire)[:-4]), "closed", "closed after"),
        (over_tcp(lambda _: b"\xff\xffHTTP"), "closed", "closed after 4 of 65535 bytes"),
        (over_tcp(lambda _: framed(b"")), "malformed", "error: "),
        (over_tcp(framed), "malformed", "a question in place of a reply"),
    ],
)
def test_a_stream_that_brings_no_reply_says_why(behave: Behaviour, reason: str, text: str) -> None:
    with far_side(behave) as port:
        seen = over("tcp", ask("served.test", Server("127.0.0.1", port)))

    assert len(seen) == 2
    for said, what in refused(seen):
        assert said == reason
        assert what.startswith(text)


def test_datagrams_that_are_no_reply_are_passed_over() -> None:
    def strays_first(wire: bytes) -> list[bytes]:
        good = reply_to(wire, "served.test. 60 A 127.7.7.7").to_wire()
        return [b"", b"garbage", bytes([wire[0] ^ 1]) + good[1:], wire, good]

    with datagram_side(strays_first) as server:
        first, _ = over("udp", ask("served.test", server))

    assert isinstance(first, Reply)
    assert first.addresses == ("127.7.7.7",)


def test_strays_alone_are_malformed_at_the_deadline_and_not_silence() -> None:
    with datagram_side(lambda _: [b"garbage"]) as server:
        seen = over("udp", ask("served.test", server, deadline=0.3))

    assert {one.reason for one in seen if isinstance(one, NoReply)} == {"malformed"}


def test_a_flood_of_strays_ends_the_question() -> None:
    with datagram_side(lambda _: [b"garbage"] * 100) as server:
        seen = over("udp", ask("served.test", server, deadline=600))

    assert {one.reason for one in seen if isinstance(one, NoReply)} == {"malformed"}


def test_a_truncated_reply_says_so() -> None:
    def truncated(wire: bytes) -> list[bytes]:
        reply = reply_to(wire)
        reply.flags |= dns.flags.TC
        return [reply.to_wire()]

    with datagram_side(truncated) as server:
        first, _ = over("udp", ask("served.test", server))

    assert isinstance(first, Reply)
    assert first.truncated
    assert "TC" in first.flags
    assert (first.addresses, first.ttl) == ((), None)


def test_a_name_that_no_question_can_carry_is_an_inability() -> None:
    with pytest.raises(VantageError, match=r"'two\.\.dots' is no domain name"):
        ask("two..dots", Server("127.0.0.1", 9))


def test_the_configured_servers_are_those_of_the_file(tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    conf.write_text("nameserver 127.53.0.7\n")

    async def look() -> tuple[Resolvers, Outcomes]:
        resolvers = await read_resolvers(str(conf), HERE, deadline=10)
        return resolvers, await ask_configured("served.test", HERE, resolvers, deadline=10)

    resolvers, seen = asyncio.run(look())

    assert resolvers.servers == (Server("127.53.0.7"),)
    assert {one.server for one in seen} == {"127.53.0.7"}
    assert {one.reason for one in seen if isinstance(one, NoReply)} == {"refused"}


def test_the_commands_by_hand_ask_the_same() -> None:
    servers = (Server("::1"), Server("127.0.0.1", 5353))
    given = Sighting(ask_servers, "a.test", "here", (servers,))
    configured = Sighting(ask_configured, "a.test", "here")

    assert given.by_hand == (
        "dig @::1 a.test A; dig @::1 a.test A +tcp;"
        " dig @127.0.0.1 -p 5353 a.test A; dig @127.0.0.1 -p 5353 a.test A +tcp"
    )
    assert configured.by_hand == "dig a.test A; dig a.test A +tcp"
