"""What a health endpoint said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import NoAnswer
from checks.wire.responses import HttpRefusal, Response
from reports.codec import observation

Refusal = (
    HttpRefusal
    | Distrust
    | HandshakeRefusal
    | ConnectionRefusal
    | Stranger
    | StalePin
    | NoWay
    | NoAnswer
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the body of an answer says of the service, by the fields that the lane names.

    A field that is not there is None. `fault` says why the body is no JSON; empty if it is.
    """

    address: str
    fields: tuple[tuple[str, str | None], ...]
    fault: str


@observation
class HealthSeen:
    """What a health endpoint answered at each of its addresses, or what refused. Times are UTC."""

    kind: Literal["health-seen"] = "health-seen"
    url: str
    outcomes: tuple[Response | Refusal, ...]
    told: tuple[Told, ...]
    """One for each answer, in their order."""
    source: Literal["hosts-file", "dns"] | None
    """Where the addresses are from; None where there are none."""
    at: datetime

    @property
    def answers(self) -> tuple[Response, ...]:
        return tuple(one for one in self.outcomes if isinstance(one, Response))

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"{self.url}: " + "; ".join(one.headline for one in self.outcomes)
