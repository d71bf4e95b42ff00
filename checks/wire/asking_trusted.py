"""One question to a resolver over TLS (RFC 7858) or HTTPS (RFC 8484), verified."""

import asyncio

from dns.message import QueryMessage

from checks.wire.asking import NoReplyError, ask_over, query_for, read_apart, said
from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Request, target_of
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.journey import Arrival, Refusal, Take, travel
from checks.wire.messages import Told
from checks.wire.nameservers import NoReply, Question, Reply
from checks.wire.printable import printable
from checks.wire.responses import HttpRefusal
from checks.wire.tls_opening import open_tls
from checks.wire.tls_stream import SessionBrokenError, TlsStream
from checks.wire.trusted import Trusted
from fixtures.vantages import Vantage

_MESSAGE = "application/dns-message"
_LONGEST = 65535
_OK = 200


async def ask_by_tls(
    name: str, kind: Question, trusted: Trusted, vantage: Vantage, *, deadline: float
) -> Reply | NoReply:
    """Ask a trusted resolver one question; raises `VantageError`."""
    query = query_for(name, kind)
    query.id = 0  # RFC 8484, 4.1; nobody else speaks on this connection
    asks = _over_https if trusted.way == "doh" else _over_tls

    async def exchange() -> Told:
        async with asyncio.timeout(deadline):
            return await asks(query, trusted, vantage, deadline)

    return await said(exchange(), name, str(trusted), transport=trusted.way, question=kind)


async def _over_tls(
    query: QueryMessage, trusted: Trusted, vantage: Vantage, deadline: float
) -> Told:
    session = await open_tls(
        trusted.peer, trusted.address, vantage, alpn=("dot",), deadline=deadline
    )
    if not isinstance(session, TlsStream):
        raise _refused(session)
    try:
        if session.distrust is not None:
            raise _refused(session.distrust)
        return await ask_over(session, query, deadline)
    except SessionBrokenError as error:
        raise NoReplyError("closed", str(error)) from error
    finally:
        await session.close()


async def _over_https(
    query: QueryMessage, trusted: Trusted, vantage: Vantage, deadline: float
) -> Told:
    body, wire = bytearray(), query.to_wire()
    headers = (
        ("Accept", _MESSAGE),
        ("Content-Type", _MESSAGE),
        ("Content-Length", str(len(wire))),
    )
    request = Request("POST", trusted.host, trusted.port, target_of(trusted.path), headers, wire)

    def begin() -> Take:
        return body.extend

    arrived = await travel(
        request, trusted.address, vantage, begin, redirects=0, limit=_LONGEST, deadline=deadline
    )
    if not isinstance(arrived, Arrival):
        raise _refused(arrived)
    kind = arrived.exchange.header("content-type") or "no type"
    if arrived.exchange.status != _OK or kind.partition(";")[0].strip().lower() != _MESSAGE:
        raise NoReplyError("http", printable(f"HTTP {arrived.exchange.status}, {kind}"))
    return await read_apart(query, bytes(body), deadline)


def _refused(refusal: Refusal) -> NoReplyError:
    match refusal:
        case ConnectionRefusal():
            return NoReplyError(refusal.reason, refusal.text)
        case Distrust():
            return NoReplyError("distrust", refusal.headline)
        case HandshakeRefusal(reason="silent") | HttpRefusal(reason="stalled"):
            return NoReplyError("timeout", refusal.headline)
        case HandshakeRefusal():
            return NoReplyError("tls", refusal.headline)
        case _:
            return NoReplyError("http", refusal.headline)
