"""What a hosts file's managed block pins: whether it still serves, and what answers without it."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.hosts.blocks import Pin, find_blocks
from checks.hosts.file import HostsFileSeen
from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, is_accepted
from checks.wire.identity import StalePin
from checks.wire.nameservers import NoReply, Reply
from checks.wire.tls import import_late, shake_hands_at
from checks.wire.together import each
from fixtures.sightings import by_hand, of_the_vantage, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Pinned:
    """The pins of a hosts file's managed block, and the port at which they must serve."""

    path: str
    marker: str
    port: int = 443

    def __str__(self) -> str:
        return self.path


@observation
class PinServes:
    """A pinned address that shows the name's trusted identity."""

    kind: Literal["pin-serves"] = "pin-serves"
    host: str
    address: str
    line: int
    showed: Handshake
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.host} is pinned to {self.address} (line {self.line}), which serves it"


@observation
class NothingPinned:
    """A hosts file without a managed block, or with one that pins nothing."""

    kind: Literal["nothing-pinned"] = "nothing-pinned"
    path: str
    marker: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.path} has no block '# {self.marker}' that pins anything"


@observation
class Bypass:
    """What the nameservers reply for a pinned name, and which of it serves the name."""

    kind: Literal["bypass"] = "bypass"
    host: str
    addresses: tuple[str, ...]
    serving: tuple[str, ...]
    """Those of the addresses that show the name's trusted identity."""
    showed: tuple[str, ...]
    """What each of the addresses showed, in one line."""
    at: datetime

    @property
    def headline(self) -> str:
        if self.serving:
            return f"{self.host} is served without the override at {', '.join(self.serving)}"
        if self.addresses:
            return f"{self.host}: DNS gives {', '.join(self.addresses)}, and none serves it"
        return f"{self.host}: no nameserver gives an address"


def _command(pinned: Pinned) -> str:
    mark = shlex.quote(f"# {pinned.marker.partition('{stamp}')[0]}")
    connect = _connect('"$at"', pinned.port, '"$name"')
    return (
        f"awk -v mark={mark} 'index($0, mark) == 1 {{on = 1; next}} /^[ \t]*(#|$)/ {{on = 0}} on'"
        f" {shlex.quote(pinned.path)} | while read -r at names; do for name in $names; do"
        f" {connect}; done; done"
    )


@prepared_by(import_late)
@by_hand(_command)
@of_the_vantage
async def examine_pins(
    pinned: Pinned, vantage: Vantage, hosts_file: HostsFileSeen, *, deadline: float
) -> tuple[PinServes | StalePin | NothingPinned, ...]:
    """Shake hands with each pinned address, for each name that is pinned to it."""
    pins = _pins(pinned, hosts_file)
    if not pins:
        return (_nothing(pinned),)
    showed = await each(
        [
            shake_hands_at(Peer(pin.name, pinned.port), pin.address, vantage, deadline=deadline)
            for pin in pins
        ]
    )
    return tuple(_judged(pin, one) for pin, one in zip(pins, showed, strict=True))


def _command_past(peer: Peer, *_: object) -> str:
    name = shlex.quote(peer.host)
    connect = _connect('"$at"', peer.port, name)
    return f"for at in $(dig +short {name} A {name} AAAA); do {connect}; done"


@prepared_by(import_late)
@by_hand(_command_past)
async def look_past_pin(
    peer: Peer, vantage: Vantage, replies: tuple[Reply | NoReply, ...], *, deadline: float
) -> Bypass:
    """See which of the addresses that nameservers reply shows the name's trusted identity.

    Nameservers that are silent give no address: then nothing serves without the override.
    """
    given = [reply.addresses for reply in replies if isinstance(reply, Reply)]
    addresses = tuple(dict.fromkeys(address for every in given for address in every))
    looks = [shake_hands_at(peer, address, vantage, deadline=deadline) for address in addresses]
    showed = await each(looks)
    serving = [address for address, one in zip(addresses, showed, strict=True) if is_accepted(one)]
    return Bypass(
        host=peer.host,
        addresses=addresses,
        serving=tuple(serving),
        showed=tuple(one.headline for one in showed),
        at=datetime.now(UTC),
    )


def _pins(pinned: Pinned, hosts_file: HostsFileSeen) -> tuple[Pin, ...]:
    blocks = find_blocks(hosts_file.lines, pinned.marker)
    return tuple(pin for block in blocks for pin in block.pins)


def _nothing(pinned: Pinned) -> NothingPinned:
    return NothingPinned(path=pinned.path, marker=pinned.marker, at=datetime.now(UTC))


def _judged(pin: Pin, showed: HandshakeOutcome) -> PinServes | StalePin:
    if isinstance(showed, Handshake) and is_accepted(showed):
        return PinServes(
            host=pin.name, address=pin.address, line=pin.number, showed=showed, at=showed.at
        )
    return StalePin(host=pin.name, address=pin.address, showed=showed, at=showed.at)


def _connect(address: str, port: int, name: str) -> str:
    return (
        f"openssl s_client -connect {address}:{port} -servername {name} -verify_hostname {name}"
        " -brief </dev/null"
    )
