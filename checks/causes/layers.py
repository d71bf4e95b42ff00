"""What an observation tells of each layer below and at its own, in a form that can be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from checks.wire.connections import Connection, ConnectionRefusal
from checks.wire.git import Advertisement, AdvertisementRefusal, RefsListed, RefsRefusal
from checks.wire.handshakes import Distrust, Handshake, HandshakeRefusal
from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import Address
from checks.wire.printable import printable
from checks.wire.responses import HttpRefusal, Response
from fixtures.comparing import Looked


class Layer(StrEnum):
    """The layers in the order in which they are compared."""

    RESOLVER = "resolver configuration"
    NAMES = "names"
    ROUTE = "route and MTU"
    TCP = "TCP"
    TLS = "TLS"
    HTTP = "HTTP"
    GIT = "git"


LAYERS = {
    "ask_system": Layer.NAMES,
    "identify": Layer.NAMES,
    "ask_configured": Layer.NAMES,
    "ask_servers": Layer.NAMES,
    "connect": Layer.TCP,
    "shake_hands": Layer.TLS,
    "sample": Layer.TLS,
    "fetch": Layer.HTTP,
    "read_advertisement": Layer.GIT,
    "list_refs": Layer.GIT,
}
"""What probes look at, by their names: those whose sightings are compared."""
_ENDS = frozenset({"reset", "closed", "silent", "truncated", "stalled"})
"""What a stream that is not sure of the far side cannot tell apart."""
_GOOD = 400
"""From this status on, HTTP says that something is wrong."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What one observation tells of one layer at one subject: an address, or a request to it."""

    layer: Layer
    subject: str
    key: tuple[object, ...]
    """What is compared. No times, ports, sizes, nor which of several servers answered."""
    words: str
    good: bool = True
    address: str = ""
    """The address that it is about; empty where the probe chose one itself."""
    coarse: tuple[object, ...] = ()
    """What is compared in its place where either side is in doubt."""
    doubt: bool = False
    """Whether the stream could not tell how the far side ended."""
    issuer: str = ""
    """Who issued the certificate that was accepted, where it was looked at."""
    sighting: str = ""


def signs_of(looked: Looked, addresses: Sequence[Address]) -> Iterator[Sign]:
    """Walk what came of a sighting; `addresses` are those that it went on from, in order.

    After a redirect an answer bears another host's address: the order tells whose it is.
    """
    whose: Sequence[str | None] = [None] * len(looked.seen)
    if len(addresses) == len(looked.seen) and looked.probe in {"fetch", "read_advertisement"}:
        whose = [one.address for one in addresses]
    for seen, own in zip(looked.seen, whose, strict=True):
        for one in (seen, *getattr(seen, "outcomes", ())):
            address = plain(str(own or getattr(one, "address", "")))
            for sign in _signs(one, looked, address):
                yield replace(sign, address=address, sighting=looked.id)


def _signs(one: Any, looked: Looked, address: str) -> Iterator[Sign]:
    match one:
        case Address() if one.known is False:  # which is taken only after it has proved itself
            yield Sign(Layer.TLS, address, ("completed",), "showed the name's identity")
        case Stranger() | StalePin():
            yield Sign(Layer.NAMES, address, ("not the name's",), one.headline, good=False)
            yield from _signs(one.showed, looked, address)
        case NoWay() | ConnectionRefusal() | Connection():
            yield _of_tcp(one, address)
        case Handshake() | HandshakeRefusal() | Distrust():
            yield _connected(address)
            yield from _of_tls(one, address)
        case Response() | HttpRefusal():
            yield from _accepted(address)
            yield _of_http(one, f"{looked.target} at {address}")
        case Advertisement() | AdvertisementRefusal():
            yield from _accepted(address)
            yield _of_advertisement(one, f"{looked.target} at {address}")
        case RefsListed() | RefsRefusal():
            yield _of_refs(one, f"git ls-remote {looked.target}")


def _of_tcp(one: NoWay | ConnectionRefusal | Connection, address: str) -> Sign:
    if isinstance(one, Connection):
        return _connected(address)
    if isinstance(one, NoWay) or one.reason == "unreachable":
        said = f"no way to {address} ({one.errno}: {one.text})"
        return Sign(Layer.ROUTE, address, ("no way",), said, good=False)
    said = f"{one.reason} ({one.errno or one.text})"
    return Sign(Layer.TCP, address, (one.reason,), said, good=False)


def _connected(address: str) -> Sign:
    return Sign(Layer.TCP, address, ("connected",), "connected")


def _accepted(address: str) -> Iterator[Sign]:
    yield _connected(address)
    yield Sign(Layer.TLS, address, ("completed",), "completed the handshake")


def _of_tls(one: Handshake | HandshakeRefusal | Distrust, address: str) -> Iterator[Sign]:
    if isinstance(one, HandshakeRefusal):
        yield _of_refusal(one, address)
        return
    errors = one.errors if isinstance(one, Distrust) else one.distrust
    if errors or one.mismatch is not None:
        codes = tuple(sorted({error.code for error in errors}))
        key = ("not accepted", codes, one.mismatch is None)
        said = "; ".join([_after_address(one), *_issuer(one)])
        yield Sign(Layer.TLS, address, key, said, good=False)
    elif isinstance(one, Handshake):
        issuer = one.chain[0].issuer if one.chain else ""
        said = f"completed {one.protocol}, certificate issued by {printable(issuer)}"
        yield Sign(Layer.TLS, address, ("completed",), said, issuer=printable(issuer))
        # What an exchange that went on does not tell is compared where both show it.
        yield Sign(Layer.TLS, f"{address} in detail", (one.protocol, issuer), said)


def _issuer(one: Handshake | Distrust) -> list[str]:
    """Say who issued a certificate that is not accepted, if one was shown."""
    return [f"certificate issued by {printable(one.chain[0].issuer)}"] if one.chain else []


def _of_refusal(one: HandshakeRefusal, address: str) -> Sign:
    number = one.alert.number if one.alert else None
    ended = one.reason in _ENDS
    unsure = any(error.startswith("FIN (") for error in one.errors)
    return Sign(
        Layer.TLS,
        address,
        ("refused", one.phase, one.reason, number),
        f"{_after_address(one)}, {one.sent} bytes sent",
        good=False,
        coarse=("refused", one.phase) if ended else (),
        doubt=ended and (unsure or (one.reason == "silent" and len(one.errors) > 1)),
    )


def _of_http(one: Response | HttpRefusal, asked: str) -> Sign:
    said = _after_address(one)
    if isinstance(one, Response):
        key = (one.status, urlsplit(one.url).hostname)
        return Sign(Layer.HTTP, asked, key, said, good=one.status < _GOOD)
    return Sign(
        Layer.HTTP,
        asked,
        (one.phase, one.status, one.reason),
        said,
        good=False,
        coarse=(one.phase, one.status) if one.reason in _ENDS else (),
        doubt=any("FIN without close_notify (" in error for error in one.errors),
    )


def _of_advertisement(one: Advertisement | AdvertisementRefusal, asked: str) -> Sign:
    if isinstance(one, Advertisement):
        return Sign(Layer.GIT, asked, ("advertised",), _after_address(one))
    key = ("not advertised", one.status)
    return Sign(Layer.GIT, asked, key, _after_address(one), good=False)


def _of_refs(one: RefsListed | RefsRefusal, asked: str) -> Sign:
    if isinstance(one, RefsListed):
        return Sign(Layer.GIT, asked, ("listed", one.refs > 0), one.headline)
    return Sign(Layer.GIT, asked, ("not listed", one.layer), one.headline, good=False)


def _after_address(one: Any) -> str:
    """Return a headline without the address that it begins with."""
    text: str = one.headline
    return text.removeprefix(f"{one.address}:").strip()


@lru_cache(maxsize=4096)
def plain(address: str) -> str:
    """Write an address as all do: of IPv6 there are many ways."""
    try:
        return str(ip_address(address))
    except ValueError:
        return address
