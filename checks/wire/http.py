"""What an HTTPS endpoint answers."""

import shlex
import zlib
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Exchange, Request, target_of
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.journey import Arrival, Take, import_late, travel
from checks.wire.names import Address
from checks.wire.responses import Hop, HttpRefusal, Phase, Response
from checks.wire.together import each
from config.endpoints import at_port
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage

__all__ = ["Ask", "Hop", "HttpOutcome", "HttpRefusal", "Phase", "Response", "fetch"]

HttpOutcome = Response | HttpRefusal | Distrust | HandshakeRefusal | ConnectionRefusal
_EXCERPT = 2000
"""Characters of the body that are kept."""
_HEAD = 4 * _EXCERPT
"""Bytes of it that are looked at for them: UTF-8 takes four for a character."""
_AGE_DIGITS = 9
_FORM = "application/x-www-form-urlencoded"
"""What curl says of a body by itself; what it is told to say, it says after a redirect as well."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `user_agent` is the literal header value."""

    host: str
    port: int
    method: str
    path: str
    user_agent: str
    body: str | None
    redirects: int
    """How many are followed; with none, a redirect is the answer."""

    def __str__(self) -> str:
        at = at_port(self.host, self.port)
        path = "" if self.path == "/" else self.path
        return f"{at}{path}" if self.method == "GET" else f"{self.method}:{at}{path}"


def request_of(ask: Ask, *more: tuple[str, str]) -> Request:
    """Return what is sent for it, with more headers."""
    body = ask.body.encode() if ask.body is not None else None
    headers = [("User-Agent", ask.user_agent), ("Accept", "*/*")]
    if body is not None:
        headers.append(("Content-Type", _content_type(ask.body)))
    if body is not None or ask.method == "POST":
        headers.append(("Content-Length", str(len(body or b""))))
    headers += more
    return Request(ask.method, ask.host, ask.port, target_of(ask.path), tuple(headers), body)


def _content_type(body: str | None) -> str:
    json = (body or "").startswith(("{", "["))
    return "application/json" if json else _FORM


def _command(ask: Ask) -> str:
    words = ["curl", "-sS", "-D", "-", "-o", "/dev/null", "-A", ask.user_agent]
    if ask.method != "POST":  # which its body says: with -X, a redirect would not change it
        words += ["--head"] if ask.method == "HEAD" else ["-X", ask.method]
    if ask.body is None and ask.method == "POST":
        words += ["-H", "Content-Type:", "--data-raw", ""]
    elif ask.body is not None:
        kind = _content_type(ask.body)
        words += [] if kind == _FORM else ["-H", f"Content-Type: {kind}"]
        words += ["--data-raw", ask.body]
    if ask.redirects:
        words += ["-L", "--max-redirs", str(ask.redirects)]
    words += ["--connect-timeout", "10", "--max-time", "60", request_of(ask).url]
    return shlex.join(words)


@prepared_by(import_late)
@by_hand(_command)
async def fetch(
    ask: Ask, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[HttpOutcome, ...]:
    """Make the request to each of the addresses at once, on a connection of its own.

    Any status is a `Response`. Nothing is sent where the chain is not trusted or the
    name does not match: that is a `Distrust`. Raises `VantageError`.
    """
    return await each([fetch_at(ask, one.address, vantage, deadline=deadline) for one in addresses])


async def fetch_at(
    ask: Ask, address: str, vantage: Vantage, *more: tuple[str, str], deadline: float
) -> HttpOutcome:
    """Make the request to one address, as `fetch` does to each, with more headers."""
    head = bytearray()

    def take(part: bytes) -> None:
        head.extend(part[: _HEAD - len(head)])

    def begin() -> Take:
        head.clear()
        return take

    arrived = await travel(
        request_of(ask, *more), address, vantage, begin, redirects=ask.redirects, deadline=deadline
    )
    return response_of(arrived, bytes(head)) if isinstance(arrived, Arrival) else arrived


def response_of(arrived: Arrival, head: bytes) -> Response:
    """Return what is kept of an answer; `head` is the beginning of its body."""
    exchange = arrived.exchange
    return Response(
        url=arrived.request.url,
        address=arrived.address,
        status=exchange.status or 0,
        version=exchange.version,
        headers=exchange.headers,
        hops=arrived.hops,
        body_bytes=exchange.body_bytes,
        declared_bytes=exchange.declared,
        excerpt=_decoded(head, exchange.header("content-encoding")).decode("utf-8", "replace")[
            :_EXCERPT
        ],
        clock_offset=_clock_offset(exchange),
        phases=arrived.phases,
        seconds=arrived.seconds,
        at=arrived.at,
    )


def _decoded(head: bytes, coding: str | None) -> bytes:
    """Undo gzip and deflate, which nobody asked for, up to the bound and no further."""
    if coding is None or coding.lower() not in ("gzip", "x-gzip", "deflate"):
        return head
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(head, _HEAD)
    except zlib.error:
        return head


def _clock_offset(exchange: Exchange) -> float | None:
    """Compare Date, and the Age of what a cache kept, with our clock (RFC 9110, 6.6.1)."""
    date, age = exchange.header("date"), exchange.header("age") or ""
    if date is None or exchange.heard_at is None:
        return None
    kept = int(age) if age.isascii() and age.isdigit() and len(age) <= _AGE_DIGITS else 0
    try:
        theirs = parsedate_to_datetime(date)
        since = theirs.replace(tzinfo=theirs.tzinfo or UTC) - exchange.heard_at
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return since.total_seconds() + kept
