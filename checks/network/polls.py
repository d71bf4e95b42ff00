"""Whether a request survives whose answer the server holds back."""

import shlex
from datetime import datetime
from typing import Literal

from checks.network.transfers import seconds_asked
from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Request, target_of
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.http import Ask
from checks.wire.journey import Arrival, Refusal, import_late, travel
from checks.wire.names import Address
from checks.wire.responses import HttpRefusal, Phase
from checks.wire.together import each
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

_SUCCESSES = range(200, 300)


@observation
class Poll:
    """A request, and what came of it after how long."""

    kind: Literal["poll"] = "poll"
    url: str
    address: str
    status: int | None
    broken: HttpRefusal | None
    """Where it broke."""
    seconds: float
    """From the request to the end: of the answer, or of the connection, or of our patience."""
    phases: tuple[Phase, ...]
    at: datetime

    @property
    def answered(self) -> bool:
        """Whether an answer of success came, whole."""
        return self.broken is None and self.status in _SUCCESSES

    @property
    def outcomes(self) -> tuple[HttpRefusal, ...]:
        """What it is made up of beside itself, for whoever names causes."""
        return (self.broken,) if self.broken else ()

    @property
    def headline(self) -> str:
        if self.broken:
            return f"{self.broken.headline}; {self.seconds:.1f} s after the request"
        return f"{self.address}: HTTP {self.status}, {self.seconds:.1f} s after the request"


PollOutcome = Poll | Distrust | HandshakeRefusal | ConnectionRefusal


def _command(ask: Ask) -> str:
    words = ["curl", "-sS", "-o", "/dev/null", "-A", ask.user_agent, "--max-time", "120"]
    told = "%{http_code} after %{time_total} s\\n"
    return shlex.join([*words, "-w", told, _request(ask).url])


@prepared_by(import_late)
@by_hand(_command)
async def poll(
    ask: Ask, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[PollOutcome, ...]:
    """Make the request to each of the addresses at once, and wait for the answer.

    What breaks below HTTP is the refusal of its own layer. Raises `VantageError`.
    """
    return await each([_poll(ask, one.address, vantage, deadline) for one in addresses])


async def _poll(ask: Ask, address: str, vantage: Vantage, deadline: float) -> PollOutcome:
    arrived = await travel(
        _request(ask), address, vantage, lambda: _forget, redirects=0, deadline=deadline
    )
    return _polled(arrived)


def _forget(part: bytes) -> None:
    """Take a part of the answer, which is not looked at."""


def _request(ask: Ask) -> Request:
    headers = (("User-Agent", ask.user_agent), ("Accept", "*/*"))
    return Request(ask.method, ask.host, ask.port, target_of(ask.path), headers)


def _polled(arrived: Arrival | Refusal) -> PollOutcome:
    match arrived:
        case Arrival():
            url, status, broken = arrived.request.url, arrived.exchange.status, None
        case HttpRefusal():
            url, status, broken = arrived.url, arrived.status, arrived
        case _:
            return arrived
    return Poll(
        url=url,
        address=arrived.address,
        status=status,
        broken=broken,
        seconds=seconds_asked(arrived.phases),
        phases=arrived.phases,
        at=arrived.at,
    )
