"""One question to a resolver over TLS (RFC 7858) or HTTPS (RFC 8484), verified."""

import asyncio
import time
from dataclasses import asdict
from datetime import UTC, datetime

from dns.message import QueryMessage

from checks.wire.asking import ask_over, read_apart
from checks.wire.connections import ConnectionRefusal, words_of
from checks.wire.exchange import Request, target_of
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.journey import Arrival, Refusal, Take, travel
from checks.wire.messages import MalformedError, NotANameError, Told, question
from checks.wire.nameservers import NoReply, NoReplyReason, Question, Reply
from checks.wire.printable import printable
from checks.wire.responses import HttpRefusal
from checks.wire.tls_stream import SessionBrokenError, TlsStream, open_tls
from checks.wire.trusted import Trusted
from fixtures.vantages import Vantage, VantageError

_MESSAGE = "application/dns-message"
_LONGEST = 65535
_OK = 200


class _NoReplyError(Exception):
    """It did not reply: the reason, and the text for people."""

    def __init__(self, reason: NoReplyReason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


async def ask_by_tls(
    name: str, kind: Question, trusted: Trusted, vantage: Vantage, *, deadline: float
) -> Reply | NoReply:
    """Ask a trusted resolver one question; raises `VantageError`."""
    at, began = datetime.now(UTC), time.monotonic()
    asks = _over_https if trusted.way == "doh" else _over_tls
    reason: NoReplyReason
    try:
        query = question(name, kind)
        query.id = 0  # RFC 8484, 4.1; nobody else speaks on this connection
        async with asyncio.timeout(deadline):
            told = await asks(query, trusted, vantage, deadline)
    except NotANameError as error:
        raise VantageError(str(error), "name another host in the profile") from error
    except _NoReplyError as error:
        reason, text = error.reason, str(error)
    except MalformedError as error:
        reason, text = "malformed", str(error)
    except (EOFError, SessionBrokenError) as error:
        reason, text = "closed", str(error)
    except OSError as error:
        reason, _, text = words_of(error)
    else:
        return Reply(
            name=name,
            server=str(trusted),
            transport=trusted.way,
            question=kind,
            **asdict(told),
            seconds=time.monotonic() - began,
            at=at,
        )
    return NoReply(
        name=name,
        server=str(trusted),
        transport=trusted.way,
        question=kind,
        reason=reason,
        text=text,
        seconds=time.monotonic() - began,
        at=at,
    )


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
        raise _NoReplyError("http", printable(f"HTTP {arrived.exchange.status}, {kind}"))
    return await read_apart(query, bytes(body), deadline)


def _refused(refusal: Refusal) -> _NoReplyError:
    match refusal:
        case ConnectionRefusal():
            return _NoReplyError(refusal.reason, refusal.text)
        case Distrust():
            return _NoReplyError("distrust", refusal.headline)
        case HandshakeRefusal(reason="silent") | HttpRefusal(reason="stalled"):
            return _NoReplyError("timeout", refusal.headline)
        case HandshakeRefusal():
            return _NoReplyError("tls", refusal.headline)
        case _:
            return _NoReplyError("http", refusal.headline)
