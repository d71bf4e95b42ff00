"""What a name resolves to, by each nameserver that is asked directly."""

import asyncio
import shlex
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import product
from typing import Literal

from dns.message import QueryMessage

from checks.wire.connections import RefusalReason, words_of
from checks.wire.messages import (
    MalformedError,
    NotANameError,
    Question,
    Told,
    question,
    read_reply,
)
from checks.wire.printable import listed, printable
from checks.wire.resolvers import Resolvers, Server
from checks.wire.together import each
from checks.wire.turns import turn
from fixtures.sightings import by_hand
from fixtures.vantages import Datagrams, Stream, Vantage, VantageError
from fixtures.vantages.threads import in_thread
from reports.codec import observation

Transport = Literal["udp", "tcp"]
_STRAYS = 16
"""How many datagrams that are no reply are passed over."""


@observation
class Reply:
    """What one nameserver replied to one question; a negative response code is a reply."""

    kind: Literal["reply"] = "reply"
    name: str
    server: str
    transport: Transport
    question: Question
    rcode: str
    flags: tuple[str, ...]
    aliases: tuple[str, ...]
    """The CNAME chain, in order, without the name itself."""
    addresses: tuple[str, ...]
    ttl: int | None
    """Seconds; the smallest of the answer's records."""
    edns_size: int | None
    """The size of UDP message that the server takes; None without EDNS."""
    truncated: bool
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        said = listed(self.addresses) or "no address"
        cut = ", truncated" if self.truncated else ""
        return (
            f"{self.server}/{self.transport} {self.name} {self.question}: {self.rcode}, {said}{cut}"
        )


@observation
class NoReply:
    """One nameserver did not reply to one question, or not with a reply to it."""

    kind: Literal["no-reply"] = "no-reply"
    name: str
    server: str
    transport: Transport
    question: Question
    reason: RefusalReason | Literal["malformed", "closed"]
    text: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        asked = f"{self.server}/{self.transport} {self.name} {self.question}"
        return f"{asked}: {self.reason}: {printable(self.text)}"


def _dig(name: str, servers: tuple[Server, ...]) -> str:
    asked = [
        f"@{server.address}" + (f" -p {server.port}" if server.port != 53 else "")  # noqa: PLR2004
        for server in servers
    ]
    quoted = shlex.quote(name)
    return "; ".join(f"dig {at} {quoted} A; dig {at} {quoted} A +tcp" for at in asked)


@by_hand(lambda name: f"dig {shlex.quote(name)} A; dig {shlex.quote(name)} A +tcp")
async def ask_configured(
    name: str, vantage: Vantage, resolvers: Resolvers, *, deadline: float
) -> tuple[Reply | NoReply, ...]:
    """Ask the configured nameservers, as `ask_servers` does."""
    return await ask_servers(name, vantage, resolvers.servers, deadline=deadline)


@by_hand(_dig)
async def ask_servers(
    name: str, vantage: Vantage, servers: tuple[Server, ...], *, deadline: float
) -> tuple[Reply | NoReply, ...]:
    """Ask each nameserver for A and AAAA, over UDP and over TCP, all at once.

    Over TCP alone where the vantage sends no datagrams. A question is sent once, so that
    loss is seen. Raises `VantageError`, also for a name that cannot be asked for.
    """
    transports: tuple[Transport, ...] = ("udp", "tcp")
    if not isinstance(vantage, Datagrams):
        transports = ("tcp",)
    questions: tuple[Question, ...] = ("A", "AAAA")
    return await each(
        [
            _ask_in_turn(_Asked(name, *parts), vantage, deadline)
            for parts in product(servers, questions, transports)
        ]
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    server: Server
    question: Question
    transport: Transport


async def _ask_in_turn(asked: _Asked, vantage: Vantage, deadline: float) -> Reply | NoReply:
    """Ask; over TCP not with more connections at once than a nameserver takes (RFC 7766, 6.2.2)."""
    if asked.transport == "udp":
        return await _ask(asked, vantage, deadline)
    async with turn((vantage.name, asked.server), deadline) as left:
        return await _ask(asked, vantage, left)


async def _ask(asked: _Asked, vantage: Vantage, deadline: float) -> Reply | NoReply:
    at, began = datetime.now(UTC), time.monotonic()
    reason: RefusalReason | Literal["malformed", "closed"]
    try:
        told = await _exchange(asked, vantage, deadline)
    except MalformedError as error:
        reason, text = "malformed", str(error)
    except EOFError as error:
        reason, text = "closed", str(error)
    except OSError as error:
        reason, _, text = words_of(error)
    else:
        return Reply(
            name=asked.name,
            server=str(asked.server),
            transport=asked.transport,
            question=asked.question,
            **asdict(told),
            seconds=time.monotonic() - began,
            at=at,
        )
    return NoReply(
        name=asked.name,
        server=str(asked.server),
        transport=asked.transport,
        question=asked.question,
        reason=reason,
        text=text,
        seconds=time.monotonic() - began,
        at=at,
    )


async def _exchange(asked: _Asked, vantage: Vantage, deadline: float) -> Told:
    try:
        query = question(asked.name, asked.question)
    except NotANameError as error:
        raise VantageError(str(error), "name another host in the profile") from error
    if asked.transport == "udp" and isinstance(vantage, Datagrams):
        return await _over_udp(query, asked.server, vantage, deadline)
    return await _over_tcp(query, asked.server, vantage, deadline)


async def _over_udp(
    query: QueryMessage, server: Server, vantage: Datagrams, deadline: float
) -> Told:
    """Ask once, and pass over what is no reply: anybody may send a datagram."""
    stream = await vantage.open_datagrams(server.address, server.port)
    stray: Exception = TimeoutError()
    try:
        async with asyncio.timeout(deadline):
            await stream.send(query.to_wire())
            for _ in range(_STRAYS):
                try:
                    return await _read(query, await stream.receive(), deadline)
                except MalformedError as error:
                    stray = error
    except TimeoutError as error:
        if error.errno is not None:
            raise
    finally:
        await stream.close()
    raise stray


async def _over_tcp(query: QueryMessage, server: Server, vantage: Vantage, deadline: float) -> Told:
    async with asyncio.timeout(deadline):
        stream = await vantage.open(server.address, server.port, deadline=deadline)
        try:
            wire = query.to_wire()
            await stream.send(len(wire).to_bytes(2) + wire)
            size = int.from_bytes(await _exactly(stream, 2))
            return await _read(query, await _exactly(stream, size), deadline)
        finally:
            await stream.close()


async def _read(query: QueryMessage, wire: bytes, deadline: float) -> Told:
    # A hostile message of some 10 kB takes seconds: not on the loop that all others wait for.
    return await in_thread(partial(read_reply, query, wire), deadline=deadline)


async def _exactly(stream: Stream, size: int) -> bytes:
    received = b""
    while len(received) < size:
        more = await stream.receive(size - len(received))
        if not more:
            raise EOFError(f"closed after {len(received)} of {size} bytes")
        received += more
    return received
