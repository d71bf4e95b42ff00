"""One side of a comparison: what a vantage saw of a target, and what it is, layer by layer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from checks.causes.layers import LAYERS, Layer, Sign, plain, signs_of
from checks.wire.connections import Connection
from checks.wire.identity import NoWay
from checks.wire.names import Address, Answer, NoAnswer
from checks.wire.nameservers import NoReply, Reply
from checks.wire.printable import listed
from checks.wire.resolvers import parse_resolvers
from fixtures.comparing import View
from fixtures.vantages.nsswitch import read_orders

_RESOLV_CONF, _NSSWITCH = "/etc/resolv.conf", "/etc/nsswitch.conf"
_SOURCES = {"dns": "DNS", "hosts-file": "hosts file"}


@dataclass(slots=True)
class Side:
    """What one vantage saw, sorted."""

    vantage: str
    answer: Answer | NoAnswer | None = None
    own: set[str] = field(default_factory=set)
    """Addresses of which it is known that they are the name's own."""
    signs: dict[Layer, dict[str, list[Sign]]] = field(default_factory=dict)
    """By layer and subject."""
    without_way: dict[str, str] = field(default_factory=dict)
    """Addresses to which there is no way, beside others to which there is one; and why."""
    segments: dict[str, int] = field(default_factory=dict)
    replies: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """How nameservers replied, by transport and question."""
    unseen: dict[Layer, str] = field(default_factory=dict)
    """Layers that could not be looked at, and why."""
    sightings: dict[Layer, dict[str, None]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def looked(self) -> bool:
        """Whether it saw anything."""
        return self.answer is not None or bool(self.signs or self.replies)

    @property
    def addresses(self) -> frozenset[str]:
        """What the name is, from here."""
        return frozenset(
            map(plain, self.answer.addresses) if isinstance(self.answer, Answer) else ()
        )

    @property
    def pinned(self) -> bool:
        """Whether the hosts file answers."""
        return isinstance(self.answer, Answer) and self.answer.source == "hosts-file"

    @property
    def source(self) -> str:
        """Where the addresses are from, for people; empty where there are none."""
        if not isinstance(self.answer, Answer):
            return ""
        return _SOURCES.get(self.answer.source, self.answer.source)

    @property
    def named(self) -> str:
        """What the name is, for people."""
        match self.answer:
            case Answer(addresses=addresses):
                return f"{listed(addresses)}, {self.source}"
            case NoAnswer(code=code, text=text):
                return f"{code}: {text}"
        return ""

    @property
    def issuers(self) -> tuple[str, ...]:
        """Who issued the certificates that were accepted."""
        every = (signs for signs in self.signs.get(Layer.TLS, {}).values())
        return tuple(dict.fromkeys(sign.issuer for signs in every for sign in signs if sign.issuer))

    @property
    def resolver(self) -> tuple[str, ...] | None:
        """How it resolves names, in words to compare; None where that is not known."""
        files = self.facts.get("files") or {}
        text = files.get(_RESOLV_CONF)
        if _RESOLV_CONF not in files or (text or "").startswith("("):
            return None
        return _resolver(text or "", files.get(_NSSWITCH) or "")

    def route(self, address: str) -> str:
        """Return the route to an address; empty where it is not known, as of IPv6."""
        return _route(address, tuple(self.facts.get("routes") or ()))

    def mtu(self, address: str) -> int | None:
        """Return the MTU of the interface that leads to an address, in bytes; None if unknown."""
        interfaces = self.facts.get("interfaces") or {}
        _, found, rest = self.route(address).partition(" dev ")
        device = rest.partition(" ")[0]
        if not found and ip_address(address).is_loopback:
            device = "lo"
        size = interfaces.get(device)
        return size if isinstance(size, int) else None

    def troubles(self, addresses: frozenset[str]) -> set[tuple[object, ...]]:
        """Return what was bad at any of the addresses, as it is compared with that of others."""
        return {(sign.layer, *(sign.coarse or sign.key)) for sign in self.bad(addresses)}

    def bad(self, addresses: frozenset[str]) -> list[Sign]:
        """Return the signs at any of the addresses that something is wrong there."""
        return [
            sign
            for subjects in self.signs.values()
            for signs in subjects.values()
            for sign in signs
            if not sign.good and sign.address in addresses
        ]


@lru_cache(maxsize=4096)
def _route(address: str, routes: tuple[str, ...]) -> str:
    found = ip_address(address)
    fitting: dict[int, str] = {}
    for route in routes:
        with suppress(ValueError, IndexError):
            network = ip_network(route.split()[0])
            if found in network:
                fitting.setdefault(network.prefixlen, route)
    return fitting[max(fitting)] if fitting else ""


@lru_cache
def _resolver(resolv_conf: str, nsswitch: str) -> tuple[str, ...]:
    read = parse_resolvers(_RESOLV_CONF, resolv_conf.encode(), datetime.now(UTC))
    orders = read_orders(nsswitch.encode())
    steps = [step.source for _, order in orders[:1] for step in order]
    return (
        f"asks {', '.join(map(str, read.servers))}",
        *([f"search {' '.join(read.search)}"] if read.search else []),
        *([f"options {' '.join(sorted(read.options))}"] if read.options else []),
        *([f"hosts: {' '.join(steps)}"] if steps else []),
    )


def side_of(view: View) -> Side:
    """Sort what a vantage saw of a target."""
    side = Side(view.vantage, facts=view.facts)
    ways = [one for looked in view.looked for one in looked.seen if isinstance(one, Address)]
    for looked in view.looked:
        layer = LAYERS.get(looked.probe)
        if layer is None:
            continue
        side.sightings.setdefault(layer, {})[looked.id] = None
        if looked.unseen:
            side.unseen.setdefault(layer, looked.unseen)
        for one in looked.seen:
            _note(side, one, beside=bool(ways))
        for sign in signs_of(looked, ways):
            if not (sign.layer is Layer.ROUTE and sign.address in side.without_way):
                side.signs.setdefault(sign.layer, {}).setdefault(sign.subject, []).append(sign)
    _conclude(side)
    return side


def _note(side: Side, one: Any, *, beside: bool) -> None:
    match one:
        case Answer() | NoAnswer():
            side.answer = one
        case Address(known=known) if known is not None:
            side.own.add(plain(one.address))
        case NoWay() if beside:
            side.without_way[plain(one.address)] = f"{one.errno}: {one.text}"
        case Connection(segment_size=int(size)):
            side.segments[plain(one.address)] = size
        case Reply():
            told = "with addresses" if one.addresses else "without an address"
            _reply(side, one, f"{one.rcode}, {told}")
        case NoReply():
            _reply(side, one, f"no reply ({one.reason})")


def _reply(side: Side, one: Reply | NoReply, told: str) -> None:
    side.replies.setdefault((one.transport, one.question), set()).add(told)


def _conclude(side: Side) -> None:
    """Say of each address where something answered that there is a way, and that it is its own."""
    for subject, signs in side.signs.get(Layer.TCP, {}).items():
        told = f"a way to {subject}"
        if route := side.route(subject):
            size = side.mtu(subject)
            told += f" by {route}" + (f", MTU {size}" if size else "")
        way = Sign(Layer.ROUTE, subject, ("a way",), told, address=subject)
        by = {sign.sighting: None for sign in signs}
        side.sightings.setdefault(Layer.ROUTE, {}).update(by)
        side.signs.setdefault(Layer.ROUTE, {}).setdefault(subject, []).append(way)
    for subject, signs in side.signs.get(Layer.TLS, {}).items():
        if any(sign.key == ("completed",) for sign in signs):
            side.own.add(subject)
    if side.answer is not None:
        side.unseen.pop(Layer.NAMES, None)


def differing(one: Side, other: Side, layer: Layer) -> list[str]:
    """Return the subjects of a layer at which two sides saw something else."""
    mine, theirs = one.signs.get(layer, {}), other.signs.get(layer, {})
    return [
        subject
        for subject in mine
        if subject in theirs and not _alike(mine[subject], theirs[subject])
    ]


def _alike(mine: Sequence[Sign], theirs: Sequence[Sign]) -> bool:
    doubt = any(sign.doubt for sign in (*mine, *theirs))

    def keys(signs: Sequence[Sign]) -> set[tuple[object, ...]]:
        return {sign.coarse or sign.key if doubt else sign.key for sign in signs}

    return keys(mine) == keys(theirs)
