"""One question to one nameserver, over UDP or TCP, from a vantage."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from dns.message import QueryMessage

from checks.wire.connections import words_of
from checks.wire.messages import MalformedError, NotANameError, Told, question, read_reply
from checks.wire.nameservers import NoReply, NoReplyReason, Question, Reply, Transport
from checks.wire.resolvers import Server
from checks.wire.turns import turn
from fixtures.vantages import Datagrams, NoDatagramsError, Vantage, VantageError
from fixtures.vantages.threads import in_thread

_STRAYS = 16
"""How many datagrams that are no reply are passed over."""


class NoReplyError(Exception):
    """A server did not reply: the reason, and the text for people."""

    def __init__(self, reason: NoReplyReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class Bytes(Protocol):
    """What a question goes over: a stream, or a TLS session."""

    async def send(self, data: bytes, /) -> None: ...

    async def receive(self, limit: int = 65536, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one nameserver, in one way."""

    name: str
    server: Server
    question: Question
    transport: Transport


async def ask_in_turn(asked: Asked, vantage: Vantage, deadline: float) -> Reply | NoReply:
    """Ask in this way and no other; raises `NoDatagramsError` where no datagrams can be sent.

    Over TCP not with more connections at once than a nameserver takes (RFC 7766, 6.2.2).
    """
    if asked.transport == "udp":
        return await _ask(asked, vantage, deadline)
    async with turn((vantage.name, asked.server), deadline) as left:
        return await _ask(asked, vantage, left)


async def _ask(asked: Asked, vantage: Vantage, deadline: float) -> Reply | NoReply:
    exchange = _exchange(asked, vantage, deadline)
    return await said(
        exchange, asked.name, str(asked.server), transport=asked.transport, question=asked.question
    )


async def said(
    exchange: Coroutine[Any, Any, Told],
    name: str,
    server: str,
    *,
    transport: Transport,
    question: Question,
) -> Reply | NoReply:
    """Await an exchange with a server, and put what it told or why it told nothing into words."""
    at, began = datetime.now(UTC), time.monotonic()
    reason: NoReplyReason
    try:
        told = await exchange
    except NoReplyError as error:
        reason, text = error.reason, str(error)
    except MalformedError as error:
        reason, text = "malformed", str(error)
    except EOFError as error:
        reason, text = "closed", str(error)
    except OSError as error:
        reason, _, text = words_of(error)
    else:
        return Reply(
            name=name,
            server=server,
            transport=transport,
            question=question,
            **asdict(told),
            seconds=time.monotonic() - began,
            at=at,
        )
    return NoReply(
        name=name,
        server=server,
        transport=transport,
        question=question,
        reason=reason,
        text=text,
        seconds=time.monotonic() - began,
        at=at,
    )


def query_for(name: str, kind: Question) -> QueryMessage:
    """Make the question; raises `VantageError` for a name that cannot be asked for."""
    try:
        return question(name, kind)
    except NotANameError as error:
        raise VantageError(str(error), "name another host in the profile") from error


async def _exchange(asked: Asked, vantage: Vantage, deadline: float) -> Told:
    query = query_for(asked.name, asked.question)
    if asked.transport == "tcp":
        return await _over_tcp(query, asked.server, vantage, deadline)
    if not isinstance(vantage, Datagrams):
        raise NoDatagramsError(
            f"no datagram can be sent from {vantage.name}", "look from a vantage that sends them"
        )
    return await _over_udp(query, asked.server, vantage, deadline)


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
                    return await read_apart(query, await stream.receive(), deadline)
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
            return await ask_over(stream, query, deadline)
        finally:
            await stream.close()


async def ask_over(stream: Bytes, query: QueryMessage, deadline: float) -> Told:
    """Ask once over a byte stream (RFC 1035, 4.2.2); raises `EOFError` where it ends before."""
    wire = query.to_wire()
    await stream.send(len(wire).to_bytes(2) + wire)
    size = int.from_bytes(await _exactly(stream, 2))
    return await read_apart(query, await _exactly(stream, size), deadline)


async def read_apart(query: QueryMessage, wire: bytes, deadline: float) -> Told:
    """Read a reply as `read_reply` does, apart from the loop."""
    # A hostile message of some 10 kB takes seconds: not on the loop that all others wait for.
    return await in_thread(partial(read_reply, query, wire), deadline=deadline)


async def _exactly(stream: Bytes, size: int) -> bytes:
    received = b""
    while len(received) < size:
        more = await stream.receive(size - len(received))
        if not more:
            raise EOFError(f"closed after {len(received)} of {size} bytes")
        received += more
    return received
