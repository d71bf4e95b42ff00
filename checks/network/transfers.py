"""How fast bytes come from an endpoint, and get there."""

import os
import shlex
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Literal

from checks.wire.connections import ConnectionRefusal
from checks.wire.exchange import Request, target_of
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.http import Ask
from checks.wire.journey import Arrival, Take, import_late, travel
from checks.wire.names import Address
from checks.wire.responses import HttpRefusal, Phase
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

_PART = 16 * 1024
_STILL = 5.0
"""Seconds without a byte after which it has stopped, and is not slow; of a short time, half."""
_SUCCESSES = range(200, 300)


@observation
class Transfer:
    """A body that was moved, as far as it came."""

    kind: Literal["transfer"] = "transfer"
    direction: Literal["download", "upload"]
    url: str
    address: str
    status: int | None
    size: int
    """Bytes of the body that came, or that this host's network took."""
    wanted: int
    """Bytes that were to be moved."""
    whole: bool
    """Whether the page ended, all that was wanted came, or all that was sent was answered."""
    broken: HttpRefusal | None
    """Where it broke; None where it was whole, or too slow to end in its time."""
    seconds: float
    """From the request to the last byte; of an upload, to the answer."""
    phases: tuple[Phase, ...]
    at: datetime

    @property
    def bits_per_second(self) -> float:
        return 8 * self.size / self.seconds if self.seconds else 0.0

    @property
    def accepted(self) -> bool:
        """Whether the status, if there is one, is one of success."""
        return self.status is None or self.status in _SUCCESSES

    @property
    def outcomes(self) -> tuple[HttpRefusal, ...]:
        """What it is made up of beside itself, for whoever names causes."""
        return (self.broken,) if self.broken else ()

    @property
    def headline(self) -> str:
        verb = "received" if self.direction == "download" else "sent"
        rate = f"{self.bits_per_second / 1000:.0f} kbit/s"
        moved = f"{self.size} bytes {verb} in {self.seconds:.1f} s, {rate}"
        if self.broken:
            return f"{self.broken.headline}; {moved}"
        status = f" HTTP {self.status}," if self.status is not None else ""
        ended = "" if self.whole else f", of {self.wanted}, when its time was over"
        return f"{self.address}:{status} {moved}{ended}"


TransferOutcome = Transfer | HttpRefusal | Distrust | HandshakeRefusal | ConnectionRefusal


@dataclass(slots=True)
class _Moving:
    """What is moved, while it is moved."""

    wanted: int
    patience: float
    size: int = 0
    last: float = 0.0
    """When the last part was."""

    @property
    def is_slow(self) -> bool:
        """Whether parts still were moved when the time was over."""
        still = min(_STILL, self.patience / 2)
        return 0 < self.size < self.wanted and monotonic() - self.last < still

    def take(self, part: bytes) -> None:
        self.size += len(part)
        self.last = monotonic()

    async def give(self) -> AsyncIterator[bytes]:
        """Make what nobody on the way can make smaller."""
        while self.size < self.wanted:
            part = os.urandom(min(_PART, self.wanted - self.size))
            yield part  # and go on when it was taken
            self.take(part)


def _by_download(ask: Ask, wanted: int) -> str:
    request = _request(ask, ())
    return (
        f"curl -sSL -A {shlex.quote(ask.user_agent)} {shlex.quote(request.url)}"
        f" | head -c {wanted} | {{ time wc -c; }}"
    )


def _by_upload(ask: Ask, wanted: int) -> str:
    request = _request(ask, ())
    return (
        f"head -c {wanted} /dev/urandom | curl -sS -o /dev/null -X POST --data-binary @-"
        f" -A {shlex.quote(ask.user_agent)} -w '%{{http_code}} %{{speed_upload}} bytes/s\\n'"
        f" {shlex.quote(request.url)}"
    )


@prepared_by(import_late)
@by_hand(_by_download)
async def download(
    ask: Ask, vantage: Vantage, wanted: int, addresses: tuple[Address, ...], *, deadline: float
) -> TransferOutcome:
    """Load so many bytes of the page, or all that it has, from the first of the addresses.

    From one: it is the way whose capacity is measured, and nothing else must be moved at the
    same time. What breaks before the body is the refusal of its own layer. Raises
    `VantageError`.
    """
    moving = _Moving(wanted, deadline)

    def begin() -> Take:
        moving.size, moving.last = 0, 0.0
        return moving.take

    arrived = await travel(
        _request(ask, ()),
        addresses[0].address,
        vantage,
        begin,
        redirects=ask.redirects,
        limit=wanted,
        deadline=deadline,
    )
    if isinstance(arrived, HttpRefusal) and arrived.phase != "body":
        return arrived
    return _moved(arrived, "download", moving)


@prepared_by(import_late)
@by_hand(_by_upload)
async def upload(
    ask: Ask, vantage: Vantage, wanted: int, addresses: tuple[Address, ...], *, deadline: float
) -> TransferOutcome:
    """Send so many bytes to the first of the addresses, and wait until it answers.

    What this host's network took may still be on its way: only an answer says that it came.
    A redirect is an answer. Raises `VantageError`.
    """
    moving = _Moving(wanted, deadline)
    headers = (
        ("Content-Type", "application/octet-stream"),
        ("Content-Length", str(wanted)),
    )
    arrived = await travel(
        _request(ask, headers, moving.give()),
        addresses[0].address,
        vantage,
        lambda: _forget,
        redirects=0,
        deadline=deadline,
    )
    return _moved(arrived, "upload", moving)


def _forget(part: bytes) -> None:
    """Take a part of the answer, which says nothing of the way there."""


def _request(
    ask: Ask, headers: Sequence[tuple[str, str]], body: AsyncIterator[bytes] | None = None
) -> Request:
    every = (("User-Agent", ask.user_agent), ("Accept", "*/*"), *headers)
    return Request(ask.method, ask.host, ask.port, target_of(ask.path), every, body)


def _moved(
    arrived: Arrival | TransferOutcome,
    direction: Literal["download", "upload"],
    moving: _Moving,
) -> TransferOutcome:
    match arrived:
        case Arrival():
            url, status = arrived.request.url, arrived.exchange.status
            whole, broken = True, None
        case HttpRefusal():
            url, status = arrived.url, arrived.status
            whole = direction == "download" and arrived.reason == "too-large"
            if direction == "download":
                moving.size = arrived.body_bytes  # with the part that was too much
            slow = arrived.reason == "stalled" and moving.is_slow
            broken = None if whole or slow else arrived
        case _:
            return arrived
    return Transfer(
        direction=direction,
        url=url,
        address=arrived.address,
        status=status,
        size=moving.size,
        wanted=moving.wanted,
        whole=whole,
        broken=broken,
        seconds=seconds_asked(arrived.phases),
        phases=arrived.phases,
        at=arrived.at,
    )


def seconds_asked(phases: Sequence[Phase]) -> float:
    """Return how long the last of the requests took, from its beginning to the answer's end."""
    at = max((at for at, one in enumerate(phases) if one.name == "first-byte"), default=len(phases))
    return sum(one.seconds for one in phases[at:])
