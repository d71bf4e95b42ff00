"""Whether an address that a resolver gave belongs to the name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.names import Address, Answer
from checks.wire.tls import HandshakeOutcome
from fixtures.vantages import Vantage
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Named:
    """A name, with the networks in which its addresses are known to lie, and those that are forbidden."""

    host: str
    port: int
    known: tuple[str, ...]
    """CIDR; empty where nothing is known."""
    forbidden: tuple[str, ...]

    def __str__(self) -> str:
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


@observation
class Stranger:
    """An address that is not the name's: forbidden, or outside the known ranges without the
    name's trusted TLS identity."""

    kind: Literal["stranger"] = "stranger"
    host: str
    address: str
    source: Literal["hosts-file", "dns"]
    forbidden: bool
    showed: HandshakeOutcome
    """What answered there."""
    at: datetime


@observation
class StalePin:
    """An address that the hosts file gives and where the name's trusted identity is not shown."""

    kind: Literal["stale-pin"] = "stale-pin"
    host: str
    address: str
    showed: HandshakeOutcome
    at: datetime


async def identify(
    named: Named, vantage: Vantage, answer: Answer, *, deadline: float
) -> tuple[Address | Stranger | StalePin, ...]:
    """Tell which addresses of the answer belong to the name.

    An address in the known ranges that DNS gave is taken as it is: what TLS shows there
    is the tls area's to judge. Any other one must complete a trusted handshake for the name.
    """
