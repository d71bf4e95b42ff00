"""Whether an address that a resolver gave belongs to the name."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome
from checks.wire.names import Address, Answer
from checks.wire.tls import shake_hands
from fixtures.sightings import by_hand
from fixtures.vantages import Source, Vantage
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Named:
    """A name, with the networks where its addresses are known to lie, and the forbidden ones."""

    host: str
    port: int
    known: tuple[str, ...]
    """CIDR; empty where nothing is known."""
    forbidden: tuple[str, ...]

    def __str__(self) -> str:
        return self.host if self.port == 443 else f"{self.host}:{self.port}"  # noqa: PLR2004


@observation
class Stranger:
    """An address that is not the name's.

    It is forbidden, or lies outside the known ranges and did not show the name's trusted
    TLS identity.
    """

    kind: Literal["stranger"] = "stranger"
    host: str
    address: str
    source: Source
    forbidden: bool
    showed: HandshakeOutcome
    """What answered there."""
    at: datetime

    @property
    def headline(self) -> str:
        why = "forbidden" if self.forbidden else "outside the known ranges, and not the name's"
        return f"{self.address} for {self.host} ({self.source}) is {why}: {self.showed.headline}"


@observation
class StalePin:
    """An address that the hosts file gives and where the name's trusted identity is not shown."""

    kind: Literal["stale-pin"] = "stale-pin"
    host: str
    address: str
    showed: HandshakeOutcome
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address} pinned for {self.host} is stale: {self.showed.headline}"


def _command(named: Named) -> str:
    url = f"https://{named}/"
    return f"getent ahosts {shlex.quote(named.host)}; curl -sSvo /dev/null {shlex.quote(url)}"


@by_hand(_command)
async def identify(
    named: Named, vantage: Vantage, answer: Answer, *, deadline: float
) -> tuple[Address | Stranger | StalePin, ...]:
    """Tell which addresses of the answer belong to the name, in the answer's order.

    An address in the known ranges that DNS gave is taken as it is: what TLS shows there
    is the tls area's to judge. Any other one must complete a trusted handshake for the
    name. Raises `VantageError`.
    """
    at = datetime.now(UTC)
    every = tuple(_address(named, one, answer.source, at) for one in answer.addresses)
    doubtful = tuple(one for one in every if not _is_taken(named, one))
    shown = await shake_hands(Peer(named.host, named.port), vantage, doubtful, deadline=deadline)
    showed = {one.address: what for one, what in zip(doubtful, shown, strict=True)}
    return tuple(
        _judge(named, one, showed[one.address]) if one.address in showed else one for one in every
    )


def _address(named: Named, address: str, source: Source, at: datetime) -> Address:
    known = not named.known or _lies_in(address, named.known)
    return Address(host=named.host, address=address, source=source, known=known, at=at)


def _is_taken(named: Named, one: Address) -> bool:
    return one.source == "dns" and one.known and not _lies_in(one.address, named.forbidden)


def _judge(named: Named, one: Address, showed: HandshakeOutcome) -> Address | Stranger | StalePin:
    forbidden = _lies_in(one.address, named.forbidden)
    if not forbidden and _is_trusted(showed):
        return one
    if one.source == "hosts-file" and not forbidden:
        return StalePin(host=one.host, address=one.address, showed=showed, at=one.at)
    return Stranger(
        host=one.host,
        address=one.address,
        source=one.source,
        forbidden=forbidden,
        showed=showed,
        at=one.at,
    )


def _is_trusted(showed: HandshakeOutcome) -> bool:
    return isinstance(showed, Handshake) and not showed.distrust and showed.mismatch is None


def _lies_in(address: str, networks: tuple[str, ...]) -> bool:
    numeric: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(numeric, IPv6Address) and numeric.ipv4_mapped:
        numeric = numeric.ipv4_mapped  # a connection to it goes to the IPv4 address
    return any(numeric in ip_network(one, strict=False) for one in networks)
