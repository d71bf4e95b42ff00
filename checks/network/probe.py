"""Trying an endpoint again and again, with every attempt kept."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from checks.wire.connections import Peer
from checks.wire.handshakes import is_accepted
from checks.wire.names import Address
from checks.wire.tls import Handshake, HandshakeOutcome, import_late, shake_hands
from checks.wire.together import each
from fixtures.sightings import EXPECTED, by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often to try, the seconds between the beginnings, and each try's deadline in seconds."""

    count: int
    interval: float
    deadline: float = field(metadata=EXPECTED)


@observation
class Attempt:
    """One of several tries of the same endpoint: what every address showed."""

    kind: Literal["attempt"] = "attempt"
    number: int
    of: int
    outcomes: tuple[HandshakeOutcome, ...]
    at: datetime

    @property
    def succeeded(self) -> bool:
        """Whether every address completed a handshake that a verifying client accepts."""
        return all(isinstance(one, Handshake) and one.accepted for one in self.outcomes)

    @property
    def headline(self) -> str:
        seen = "; ".join(one.headline for one in self.outcomes)
        return f"attempt {self.number} of {self.of} at {self.at:%H:%M:%S.%f}Z: {seen}"


@prepared_by(import_late)
@by_hand(
    lambda peer, sampling: (
        f"for i in $(seq {sampling.count}); do openssl s_client -connect {peer.host}:{peer.port}"
        f" -servername {peer.host} </dev/null; sleep {sampling.interval:g}; done"
    )
)
async def sample(
    peer: Peer,
    vantage: Vantage,
    sampling: Sampling,
    addresses: tuple[Address, ...],
    *,
    deadline: float,
) -> tuple[Attempt, ...]:
    """Shake hands with every address, `count` times; a failed attempt is kept and not repeated.

    Attempts begin at their interval, whether the one before has ended or not. Raises
    `VantageError`, also where nobody can tell which chains are trusted.
    """

    async def attempt(number: int) -> Attempt:
        await asyncio.sleep((number - 1) * sampling.interval)
        at = datetime.now(UTC)
        outcomes = await shake_hands(peer, vantage, addresses, deadline=sampling.deadline)
        for one in outcomes:
            is_accepted(one)  # it raises where nobody can tell
        return Attempt(number=number, of=sampling.count, outcomes=outcomes, at=at)

    async with asyncio.timeout(deadline):
        return await each([attempt(number) for number in range(1, sampling.count + 1)])
