"""An HTTP exchange carried over an established session, told apart where it breaks."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

import anyio
import h2.exceptions
import hpack
import httpcore
from h2.events import ConnectionTerminated, StreamReset

from checks.wire.connections import words_of
from checks.wire.exchange import BODY_LIMIT, Exchange, ExchangeBrokenError, Reason, Request
from checks.wire.tls_stream import GONE, SessionBrokenError

_HEADERS_LIMIT = 256 * 1024
"""Bytes in which the headers are there, and all that may come before them (1xx, SETTINGS)."""
_AROUND = 8 * 1024 * 1024
"""Bytes that may come beside those of the body: chunk sizes, frames, trailers."""
_SAID = 1000
"""Characters of a library's words that are kept: it quotes what it did not understand."""
_AT_ONCE = 256
_STATUSES = range(100, 1000)
_DIGITS = 18
"""More than these no length has."""
_HEADER_TOO_LARGE = 431
_PROTOCOL_ERRORS = (
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    h2.exceptions.H2Error,
    hpack.HPACKError,
    ValueError,  # httpcore reads an HTTP/2 status with int()
)


class Session(Protocol):
    """Plain bytes both ways, over TLS or without; raises `OSError`, and `SessionBrokenError`."""

    @property
    def speaks_h2(self) -> bool: ...

    async def send(self, data: bytes, /) -> None: ...

    async def receive(self, limit: int = 65536, /) -> bytes: ...


def get_ready() -> None:
    """Import now what httpcore's first request would import: anyio's backend for asyncio.

    anyio parses its own modules as it imports them, and CPython cannot parse in two
    threads at once: either may end in a SystemError (python/cpython#106905).
    """
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_lock())
    finally:
        loop.close()


async def _lock() -> None:
    async with anyio.Lock():
        pass


async def run_exchange(
    session: Session,
    request: Request,
    exchange: Exchange,
    take: Callable[[bytes], None],
    *,
    limit: int = BODY_LIMIT,
    deadline: float,
) -> None:
    """Send the request; fill the exchange, and hand each part of the body to `take`.

    HTTP/2 or HTTP/1.1, as the handshake agreed; content codings are left as they are.
    Raises `ExchangeBrokenError`. The session is left open.
    """
    carrier = _Carrier(session, exchange, limit + _AROUND)
    try:
        async with asyncio.timeout(deadline):
            answer = await _ask(carrier, request, exchange)
            await _take_body(answer, exchange, take, limit)
    except SessionBrokenError as error:
        reason: Reason = "malformed" if error.reason == "protocol" else error.reason
        raise ExchangeBrokenError(reason, str(error)) from error
    except OSError as error:
        silent = isinstance(error, TimeoutError) or error.errno in GONE
        _, name, text = words_of(error)
        said = f"{name}: {text}" if name else text
        raise ExchangeBrokenError("stalled" if silent else "reset", said) from error
    except _PROTOCOL_ERRORS as error:
        said = str(error) or type(error).__name__
        raise ExchangeBrokenError(
            _reason(error, carrier), said if len(said) <= _SAID else said[: _SAID - 1] + "…"
        ) from error
    finally:
        if carrier.unsent and exchange.status is None:
            exchange.phase = "request"


async def _ask(carrier: "_Carrier", request: Request, exchange: Exchange) -> httpcore.Response:
    url = httpcore.URL(
        scheme=b"https",
        host=request.host.encode(),
        port=request.port,
        target=request.target.encode("ascii"),
    )
    speaks_h2 = carrier.session.speaks_h2
    kind = httpcore.AsyncHTTP2Connection if speaks_h2 else httpcore.AsyncHTTP11Connection
    exchange.phase = "headers"
    answer = await kind(url.origin, carrier).handle_async_request(
        httpcore.Request(
            request.method,
            url,
            headers=[("Host", request.authority), *request.headers],
            content=request.body,
        )
    )
    exchange.first_byte, exchange.heard_at = monotonic(), datetime.now(UTC)
    if answer.status not in _STATUSES:
        raise ExchangeBrokenError("malformed", "a status has three digits")
    exchange.phase = "body"
    exchange.status = answer.status
    exchange.version = answer.extensions["http_version"].decode("latin-1")
    exchange.headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers
    )
    declared = exchange.header("content-length") or ""
    if declared.isascii() and declared.isdigit() and len(declared) <= _DIGITS:
        exchange.declared = int(declared)
    return answer


async def _take_body(
    answer: httpcore.Response, exchange: Exchange, take: Callable[[bytes], None], limit: int
) -> None:
    async with aclosing(_parts(answer)) as parts:
        number = 0
        async for part in parts:
            number += 1
            if number % _AT_ONCE == 0:  # what has come in small parts must not keep the loop
                await asyncio.sleep(0)
            exchange.body_bytes += len(part)
            if exchange.body_bytes > limit:
                raise ExchangeBrokenError("too-large", f"more than {limit} bytes of body")
            take(part)


def _parts(answer: httpcore.Response) -> AsyncGenerator[bytes, None]:
    parts = aiter(answer.stream) if isinstance(answer.stream, AsyncIterable) else None
    if not isinstance(parts, AsyncGenerator):  # httpcore's streams of the async kind all are
        raise TypeError(type(answer.stream).__name__)
    return parts


class _Carrier(httpcore.AsyncNetworkStream):
    """The session as httpcore wants it, to a bound. Who opened the session closes it."""

    def __init__(self, session: Session, exchange: Exchange, limit: int) -> None:
        self.session = session
        self.exchange = exchange
        self.limit = limit
        self.taken = 0
        self.ended = False
        self.unsent = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109, ARG002 - httpcore's
        plain = await self.session.receive(max_bytes)
        self.ended = not plain
        self.taken += len(plain)
        limit = self.limit if self.exchange.status is not None else _HEADERS_LIMIT
        if self.taken > limit:
            raise ExchangeBrokenError("too-large", f"more than {limit} bytes")
        return plain

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109, ARG002 - httpcore's
        try:
            if buffer:
                await self.session.send(buffer)
        except OSError as error:
            self.unsent = True
            raise httpcore.WriteError(error) from error  # it goes on to read what was answered

    async def aclose(self) -> None:
        pass


def _reason(error: Exception, carrier: _Carrier) -> Reason:
    causes = tuple(_causes(error))
    if any(isinstance(one, h2.exceptions.DenialOfServiceError) for one in causes):
        return "too-large"
    if any(getattr(one, "error_status_hint", None) == _HEADER_TOO_LARGE for one in causes):
        return "too-large"
    if any(isinstance(one, h2.exceptions.InvalidBodyLengthError) for one in causes):
        return "truncated"
    if carrier.ended:
        return "truncated"
    if any(isinstance(one, StreamReset | ConnectionTerminated) for one in causes):
        return "cancelled"
    return "malformed"


def _causes(error: object) -> Iterator[object]:
    """Walk an error, what it was made from, and what it carries in the place of a text."""
    while isinstance(error, BaseException):
        yield error
        yield from error.args
        error = error.__cause__ or error.__context__
