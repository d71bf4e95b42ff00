import asyncio
import socket
import struct
import time
from dataclasses import dataclass
from typing import Literal

import dns.message
import pytest

from checks.wire.messages import OTHERS
from checks.wire.names import ADDRESSES, Answer, NoAnswer, ask_system
from checks.wire.nameservers import NoReply, Reply, ask_servers
from checks.wire.resolvers import Server
from fixtures.vantages import Resolution
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.dns_sides import Replies, datagram_side
from tests.checks.wire.far_sides import Behaviour, far_side
from tests.checks.wire.floods import BUFFERED, Flood, bounded

DEADLINE = 5.0
SOON = 0.8
"""Where all of it is waited for."""
HERE = Local()
HOSTILE = b"\x1b[2J\x07\r\n\x9b<script>|`\xe2\x80\xae"


def ask(
    server: Server, transport: Literal["udp", "tcp"], deadline: float = DEADLINE
) -> tuple[Reply | NoReply, ...]:
    """Ask for A and AAAA; only what came over the transport."""
    with bounded(deadline + 2):
        every = asyncio.run(ask_servers("served.test", HERE, (server,), deadline=deadline))
    assert decode(encode(every)) == every
    assert all(one.headline.isprintable() and len(one.headline) < 500 for one in every)
    seen = tuple(one for one in every if one.transport == transport)
    assert len(seen) == 2
    return seen


def reply(query: bytes, count: int, records: bytes, flags: int = 0x8180) -> bytes:
    """Put records, packed by hand, behind the question."""
    question = dns.message.from_wire(query).question[0]
    name = question.name.to_wire()
    assert name is not None
    asked = name + struct.pack("!HH", question.rdtype, question.rdclass)
    return query[:2] + struct.pack("!HHHHH", flags, 1, count, 0, 0) + asked + records


def record(kind: int, content: bytes, owner: bytes = b"\xc0\x0c") -> bytes:
    return owner + struct.pack("!HHIH", kind, 1, 60, len(content)) + content


def label(text: bytes) -> bytes:
    return bytes([len(text)]) + text


A, CNAME, TXT = 1, 5, 16
END = b"\xc0\x0c"
LOOP = record(A, bytes(4), owner=b"\xc0\x1d")  # points at itself: the question ends there
FORWARD = record(A, bytes(4), owner=b"\xc0\xff")
MANY = {
    count: b"".join(record(A, struct.pack("!I", 0x7F000000 + one)) for one in range(count))
    for count in (1000, 3000)
}
CIRCLE = record(CNAME, label(b"a") + END) + record(CNAME, END, owner=label(b"a") + END)
NAMED = record(CNAME, label(HOSTILE) + END)


def malformed(seen: tuple[Reply | NoReply, ...]) -> set[str]:
    assert {one.reason for one in seen if isinstance(one, NoReply)} == {"malformed"}, seen
    return {one.text for one in seen if isinstance(one, NoReply)}


@pytest.mark.parametrize(
    ("count", "records", "text"),
    [
        (1, LOOP, "BadPointer"),
        (1, FORWARD, "BadPointer"),
        (3000, MANY[3000], "a message of 3001 records"),
        (2, CIRCLE, "ChainTooLong"),
        (OTHERS + 1, record(TXT, label(HOSTILE)) * (OTHERS + 1), "that are no addresses"),
        (5, b"", "FormError"),
        (1, record(A, bytes(3)), "FormError"),
        (1, record(A, bytes(4))[:-6] + b"\xff\xff" + bytes(4), "FormError"),
    ],
)
def test_a_hostile_message_is_malformed_over_tcp(count: int, records: bytes, text: str) -> None:
    def behave(connection: socket.socket) -> None:
        wire = reply(connection.recv(65536)[2:], count, records)
        connection.sendall(len(wire).to_bytes(2) + wire)

    with far_side(behave) as port:
        said = malformed(ask(Server("127.0.0.1", port), "tcp"))

    assert all(text in one for one in said)


def test_a_thousand_addresses_are_a_reply_of_which_a_few_are_shown() -> None:
    def behave(connection: socket.socket) -> None:
        wire = reply(connection.recv(65536)[2:], 1000, MANY[1000])
        connection.sendall(len(wire).to_bytes(2) + wire)

    with far_side(behave) as port:
        first, _ = ask(Server("127.0.0.1", port), "tcp")

    assert isinstance(first, Reply)
    assert len(first.addresses) == 1000
    assert first.headline.endswith("127.0.0.7 and 992 more")


@pytest.mark.parametrize(
    "answers",
    [
        lambda wire: [b""],
        lambda wire: [b"", b"\0", wire[:11], wire[:12]],
        lambda wire: [bytes([wire[0] ^ 1]) + reply(wire, 0, b"")[1:]],
        lambda wire: [reply(wire.replace(b"served", b"sorved"), 0, b"")],
        lambda wire: [reply(wire, 1, LOOP)] * 100,
        lambda wire: [reply(wire, 3000, MANY[3000][:60000])],
    ],
    ids=["empty", "cut", "another-id", "another-question", "loops", "many"],
)
def test_datagrams_that_are_no_reply_are_no_reply(answers: Replies) -> None:
    with datagram_side(answers) as server:
        assert malformed(ask(server, "udp", SOON))


def test_names_that_write_to_a_terminal_are_kept_escaped() -> None:
    with datagram_side(lambda wire: [reply(wire, 1, NAMED)]) as server:
        first, _ = ask(server, "udp")

    assert isinstance(first, Reply)
    (alias,) = first.aliases
    assert alias.isprintable()
    assert alias.startswith(r"\027[2J\007\013\010\155<script>|`")


def pouring(flood: Flood, part: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        flood.pour(connection.sendall, part)

    return behave


@pytest.mark.parametrize(
    "part",
    [
        b"\xff\xff" + bytes(65535),
        b"\x00\x00",
        b"\x00\x0c" + bytes(12),
        b"HTTP/1.1 200 OK\r\n\r\n\x1b[2J",
    ],
)
def test_a_stream_without_end_is_left_after_one_message(part: bytes) -> None:
    flood = Flood()
    with far_side(pouring(flood, part)) as port:
        assert malformed(ask(Server("127.0.0.1", port), "tcp"))

    assert flood.sent < 2 * BUFFERED


def test_a_message_of_a_byte_at_a_time_ends_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"\xff\xff")
        while True:
            connection.sendall(b"\0")
            time.sleep(0.01)

    with far_side(drip) as port:
        seen = ask(Server("127.0.0.1", port), "tcp", SOON)

    assert {one.reason for one in seen if isinstance(one, NoReply)} == {"timeout"}


@dataclass(frozen=True)
class Crowded(Local):
    """This host, whose resolver has so many addresses for every name."""

    count: int = 0

    async def resolve(self, name: str, *, deadline: float) -> Resolution:
        return Resolution(tuple(f"10.{n >> 8}.{n & 255}.1" for n in range(self.count)), "dns")


def test_a_crowd_of_addresses_is_no_answer() -> None:
    few = asyncio.run(ask_system("a.test", Crowded(count=ADDRESSES), deadline=1))
    many = asyncio.run(ask_system("a.test", Crowded(count=ADDRESSES + 1), deadline=1))

    assert isinstance(few, Answer)
    assert few.headline.endswith("10.0.7.1 and 92 more (dns)")
    assert isinstance(many, NoAnswer)
    assert many.headline.startswith("a.test: too-many: 101 addresses: 10.0.0.1, ")
    assert len(many.headline) < 200
