"""What happens when a TCP connection is opened."""

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


async def connect(
    peer: Peer, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[Connection | ConnectionRefusal, ...]:
    """Connect to each of the addresses."""
