"""Whether an address that a resolver gave belongs to the name."""

import shlex
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from checks.wire.connections import ConnectionRefusal, Peer, words_of
from checks.wire.handshakes import Handshake, HandshakeOutcome, is_accepted
from checks.wire.names import Address, Answer
from checks.wire.tls import import_late, shake_hands
from config.endpoints import at_port
from fixtures.sightings import EXPECTED, NotRecordedError, by_hand, prepared_by, reread
from fixtures.vantages import Datagrams, Source, Vantage, VantageError
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Named:
    """A name, with the networks where its addresses are known to lie, and the forbidden ones."""

    host: str
    port: int
    known: tuple[str, ...] = field(metadata=EXPECTED)
    """CIDR; empty where nothing is known."""
    forbidden: tuple[str, ...] = field(metadata=EXPECTED)

    def __str__(self) -> str:
        return at_port(self.host, self.port)


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
    showed: HandshakeOutcome | None
    """What answered there; None where nobody looked, as in a replay that forbids it."""
    at: datetime

    @property
    def headline(self) -> str:
        why = "forbidden" if self.forbidden else "outside the known ranges, and not the name's"
        showed = self.showed.headline if self.showed else "what answers there was not looked at"
        return f"{self.address} for {self.host} ({self.source}) is {why}: {showed}"


@observation
class StalePin:
    """An address that the hosts file gives, and that is not the name's any more."""

    kind: Literal["stale-pin"] = "stale-pin"
    host: str
    address: str
    showed: HandshakeOutcome
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address} pinned for {self.host} is stale: {self.showed.headline}"


@observation
class NoWay:
    """An address to which the vantage has no way, such as one of IPv6 where there is IPv4 alone.

    Its own routes say so: nothing was sent.
    """

    kind: Literal["no-way"] = "no-way"
    host: str
    address: str
    source: Source
    errno: str | None
    """ENETUNREACH, EADDRNOTAVAIL, …"""
    text: str
    at: datetime

    @property
    def headline(self) -> str:
        return (
            f"no way to {self.address} for {self.host} ({self.source}): {self.errno}: {self.text}"
        )


Identified = Address | Stranger | StalePin | NoWay


def _command(named: Named) -> str:
    url = f"https://{named}/"
    return f"getent ahosts {shlex.quote(named.host)}; curl -sSvo /dev/null {shlex.quote(url)}"


def _reread(named: Named, seen: tuple[Identified, ...]) -> tuple[Identified, ...]:
    """Tell anew which addresses belong to the name, from what was seen of them."""
    return tuple(_again(named, one) for one in seen)


@prepared_by(import_late)
@by_hand(_command)
@reread(_reread)
async def identify(
    named: Named, vantage: Vantage, answer: Answer, *, deadline: float
) -> tuple[Identified, ...]:
    """Tell which addresses of the answer belong to the name, in the answer's order.

    One to which the vantage has no way is a `NoWay`. An address of DNS in the known
    ranges, or where none are known, is taken as it is: what TLS shows there is the tls
    area's to judge. Any other address of DNS must complete a trusted handshake for the
    name. A pinned one is stale on proof alone: outside the known ranges it does not do
    so either, or it shows another name's certificate. Raises `VantageError`.
    """
    at, source = datetime.now(UTC), answer.source
    every = tuple(
        Address(host=named.host, address=one, source=source, known=_is_known(named, one), at=at)
        for one in answer.addresses
    )
    cut_off = await _without_way(named, vantage, every)
    doubtful = tuple(
        one for one in every if one.address not in cut_off and not _is_taken(named, one)
    )
    shown = await shake_hands(Peer(named.host, named.port), vantage, doubtful, deadline=deadline)
    told = cut_off | {
        one.address: _judge(named, one, what) for one, what in zip(doubtful, shown, strict=True)
    }
    return tuple(told.get(one.address, one) for one in every)


def _is_known(named: Named, address: str) -> bool | None:
    return lies_in(address, named.known) if named.known else None


async def _without_way(
    named: Named, vantage: Vantage, every: tuple[Address, ...]
) -> dict[str, Identified]:
    """Find the addresses to which there is no way; a forbidden one is a stranger all the same."""
    if not isinstance(vantage, Datagrams):
        return {}
    allowed = [one for one in every if not lies_in(one.address, named.forbidden)]
    looked = [await _look_for_way(one, named.port, vantage) for one in allowed]
    return {one.address: one for one in looked if one is not None}


async def _look_for_way(one: Address, port: int, vantage: Datagrams) -> NoWay | None:
    try:
        stream = await vantage.open_datagrams(one.address, port)
    except VantageError:
        return None  # whoever connects to it says so
    except OSError as error:
        reason, errno, text = words_of(error)
        if reason != "unreachable":
            return None
        return NoWay(
            host=one.host, address=one.address, source=one.source, errno=errno, text=text, at=one.at
        )
    await stream.close()
    return None


def _is_taken(named: Named, one: Address) -> bool:
    forbidden = lies_in(one.address, named.forbidden)
    return one.source == "dns" and one.known is not False and not forbidden


def _judge(named: Named, one: Address, showed: HandshakeOutcome) -> Address | Stranger | StalePin:
    if lies_in(one.address, named.forbidden):
        return _stranger(one, showed, forbidden=True)
    pinned = one.source == "hosts-file"
    if pinned and one.known is not False and not _is_anothers(showed):
        return one
    if is_accepted(showed):
        return one
    return _stale(one, showed) if pinned else _stranger(one, showed, forbidden=False)


def _stranger(one: Address, showed: HandshakeOutcome | None, *, forbidden: bool) -> Stranger:
    return Stranger(
        host=one.host,
        address=one.address,
        source=one.source,
        forbidden=forbidden,
        showed=showed,
        at=one.at,
    )


def _again(named: Named, one: Identified) -> Identified:
    """Judge one address anew; raises `NotRecordedError` where it was not looked at for that."""
    showed = one.showed if isinstance(one, Stranger | StalePin) else None
    source = "hosts-file" if isinstance(one, StalePin) else one.source
    known = _is_known(named, one.address)
    address = Address(host=one.host, address=one.address, source=source, known=known, at=one.at)
    if lies_in(one.address, named.forbidden):
        return _stranger(address, showed, forbidden=True)
    match one:
        case NoWay():
            return one
        case Address() if one.known is False or known is not False:
            return address
        case Stranger() | StalePin() if _is_taken(named, address):
            return address
    if showed is None or (isinstance(showed, ConnectionRefusal) and showed.reason == "unreachable"):
        raise NotRecordedError(f"what {one.address} shows for {one.host}")
    if isinstance(showed, Handshake) and showed.unjudged is not None:
        raise NotRecordedError(f"whether what {one.address} shows for {one.host} is trusted")
    return _judge(named, address, showed)


def _is_anothers(showed: HandshakeOutcome) -> bool:
    return isinstance(showed, Handshake) and showed.mismatch is not None


def _stale(one: Address, showed: HandshakeOutcome) -> StalePin:
    return StalePin(host=one.host, address=one.address, showed=showed, at=one.at)


def lies_in(address: str, networks: tuple[str, ...]) -> bool:
    """Tell whether an address lies in any of the networks (CIDR)."""
    numeric: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(numeric, IPv6Address) and numeric.ipv4_mapped:
        numeric = numeric.ipv4_mapped  # a connection to it goes to the IPv4 address
    return any(numeric in ip_network(one, strict=False) for one in networks)
