"""What happens when a TCP connection is opened."""

import asyncio
import contextlib
import errno as codes
import os
import shlex
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.names import Address
from checks.wire.together import each
from config.endpoints import at_port
from fixtures.sightings import by_hand
from fixtures.vantages import Stream, Vantage
from reports.codec import observation

RefusalReason = Literal["refused", "timeout", "reset", "unreachable", "other"]


@dataclass(frozen=True, slots=True)
class Peer:
    """A host by name, and the port; what is expected of it is not part of it."""

    host: str
    port: int = 443

    def __str__(self) -> str:
        return at_port(self.host, self.port)


@observation
class Connection:
    """A connection that was made; `address`, `local` are of the connected socket."""

    kind: Literal["connection"] = "connection"
    host: str
    address: str
    port: int
    family: Literal["IPv4", "IPv6"]
    local: str | None
    segment_size: int | None
    """TCP's maximum segment size in bytes."""
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        size = f", segments of {self.segment_size}" if self.segment_size else ""
        source = f" from {self.local}" if self.local else ""
        return f"{self.address} port {self.port}: connected{source}{size}"

    @property
    def phases(self) -> tuple[tuple[str, float, float], ...]:
        return (("connect", 0.0, self.seconds),)


@observation
class ConnectionRefusal:
    """A connection that was not made."""

    kind: Literal["connection-refusal"] = "connection-refusal"
    host: str
    address: str
    port: int
    reason: RefusalReason
    errno: str | None
    """ECONNREFUSED, ETIMEDOUT, …; None where there was none (our own deadline)."""
    text: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        code = f" ({self.errno})" if self.errno else ""
        return f"{self.address} port {self.port}: {self.reason}{code}: {self.text}"

    @property
    def phases(self) -> tuple[tuple[str, float, float], ...]:
        return (("connect", 0.0, self.seconds),)


_REASONS: dict[int | None, RefusalReason] = {
    codes.ECONNREFUSED: "refused",
    codes.ETIMEDOUT: "timeout",
    codes.ECONNRESET: "reset",
    codes.ECONNABORTED: "reset",
    codes.EPIPE: "reset",
    **dict.fromkeys(
        (
            *(codes.ENETUNREACH, codes.EHOSTUNREACH, codes.EHOSTDOWN, codes.ENONET),
            # Of IPv6 alone, where the vantage has none, or a router prohibits it.
            *(codes.EADDRNOTAVAIL, codes.EAFNOSUPPORT, codes.EACCES),
            codes.EINVAL,  # a link-local address without its link
        ),
        "unreachable",
    ),
}
_AT_ONCE = 64
"""Addresses to which connections are opened at a time."""
_HEARD = 0.2
"""Seconds, beside two round trips, in which a reset of a new connection would be heard."""


def words_of(error: OSError) -> tuple[RefusalReason, str | None, str]:
    """Return the reason of a refusal, the errno's name, and the text for people.

    A `TimeoutError` without an errno is our own deadline.
    """
    if error.errno is not None:
        reason = _REASONS.get(error.errno, "other")
        return reason, codes.errorcode.get(error.errno), os.strerror(error.errno)
    if isinstance(error, TimeoutError):
        return "timeout", None, "nothing came until the deadline"
    return "other", None, str(error) or type(error).__name__


def refusal_of(
    error: OSError, peer: Peer, address: str, *, seconds: float, at: datetime
) -> ConnectionRefusal:
    """Put what `Vantage.open` raised into an observation."""
    reason, errno, text = words_of(error)
    return ConnectionRefusal(
        host=peer.host,
        address=address,
        port=peer.port,
        reason=reason,
        errno=errno,
        text=text,
        seconds=seconds,
        at=at,
    )


@by_hand(
    lambda peer: f"curl -v --max-time 10 telnet://{shlex.quote(peer.host)}:{peer.port} </dev/null"
)
async def connect(
    peer: Peer, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[Connection | ConnectionRefusal, ...]:
    """Connect to each of the addresses, listen for a moment, and close.

    What resets (RST) as soon as it has accepted has not made a connection.
    A family to which the vantage has no way is a refusal with the reason `unreachable`.
    The deadline (seconds) is each connection's own. Raises `VantageError`.
    """
    gate = asyncio.Semaphore(_AT_ONCE)
    return await each(
        [_connect(peer, one.address, vantage, gate, deadline=deadline) for one in addresses]
    )


async def _connect(
    peer: Peer, address: str, vantage: Vantage, gate: asyncio.Semaphore, *, deadline: float
) -> Connection | ConnectionRefusal:
    async with gate:
        at, began = datetime.now(UTC), time.monotonic()
        try:
            stream = await vantage.open(address, peer.port, deadline=deadline)
        except OSError as error:
            return refusal_of(error, peer, address, seconds=time.monotonic() - began, at=at)
        seconds = time.monotonic() - began
        try:
            await _listen(stream, seconds)
        except OSError as error:
            return refusal_of(error, peer, address, seconds=time.monotonic() - began, at=at)
        finally:
            await stream.close()
    return Connection(
        host=peer.host,
        address=stream.remote[0],
        port=peer.port,
        family="IPv6" if ":" in address else "IPv4",
        local=stream.local[0] if stream.local else None,
        segment_size=stream.segment_size,
        seconds=seconds,
        at=at,
    )


async def _listen(stream: Stream, round_trip: float) -> None:
    """Give a reset the time to arrive; raises its `OSError`. Silence, bytes or an end are none."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_HEARD + 2 * round_trip):
            await stream.receive()
