"""What happens when a TCP connection is opened."""

import errno as codes
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.names import Address
from fixtures.vantages import Vantage
from reports.codec import observation

RefusalReason = Literal["refused", "timeout", "reset", "unreachable", "other"]


@dataclass(frozen=True, slots=True)
class Peer:
    """A host by name, and the port; what is expected of it is not part of it."""

    host: str
    port: int = 443

    def __str__(self) -> str:
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


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
    seconds: float
    at: datetime


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


_REASONS: dict[int, RefusalReason] = {
    codes.ECONNREFUSED: "refused",
    codes.ETIMEDOUT: "timeout",
    codes.ECONNRESET: "reset",
    codes.ECONNABORTED: "reset",
    codes.EPIPE: "reset",
    codes.ENETUNREACH: "unreachable",
    codes.EHOSTUNREACH: "unreachable",
    codes.ENETDOWN: "unreachable",
    codes.EHOSTDOWN: "unreachable",
    codes.EADDRNOTAVAIL: "unreachable",
    codes.EAFNOSUPPORT: "unreachable",
}


def refusal_of(
    error: OSError, peer: Peer, address: str, *, seconds: float, at: datetime
) -> ConnectionRefusal:
    """Put what the socket raised into words; a `TimeoutError` without an errno is our deadline."""
    number = error.errno
    ended = isinstance(error, TimeoutError)
    reason = (
        _REASONS.get(number, "other") if number is not None else "timeout" if ended else "other"
    )
    return ConnectionRefusal(
        host=peer.host,
        address=address,
        port=peer.port,
        reason=reason,
        errno=codes.errorcode.get(number) if number is not None else None,
        text=error.strerror
        or str(error)
        or ("nothing came until the deadline" if ended else "failed"),
        seconds=seconds,
        at=at,
    )


async def connect(
    peer: Peer, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[Connection | ConnectionRefusal, ...]:
    """Connect to each of the addresses."""
