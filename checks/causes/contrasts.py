"""Which contrasts to make where a check is violated: few, of what it judged, and for seconds."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from checks.causes.addresses import choose_elsewhere
from checks.causes.certificates import DATES, is_strange
from checks.causes.hosts import left_by_the_name
from checks.hosts.pins import Bypass, look_past_pin
from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.contrasts import ask_otherwise, connect_elsewhere, shake_hands_otherwise
from checks.wire.endpoints import USER_AGENT
from checks.wire.git import RefsRefusal, Remote
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.http import Ask, HttpRefusal, Response
from checks.wire.identity import Stranger
from checks.wire.interfaces import INTERFACES, read_interfaces
from checks.wire.ladder import climb_by_bodies, climb_by_handshakes
from checks.wire.names import Address, Answer, NoAnswer
from checks.wire.nameservers import NoReply, Reply
from checks.wire.plainly import HTTP, ask_plainly
from checks.wire.trusted import ask_again, ask_trusted
from checks.wire.tunnels import ask_by_proxy, shake_hands_by_proxy
from config.endpoints import HTTPS
from fixtures.diagnosing import Facts, contrasts, of_type
from fixtures.sightings import Sighting

_ADDRESSES = 2
"""Of so many addresses of a name the contrasts are made."""
_NAMES = 2
"""So many names are asked for again."""
_VANTAGES = 2
"""Of so many other vantages the interfaces are compared."""
_HOSTS = 3
"""So many hosts are asked what time it is."""
_DEADLINE = 5.0
_NEAR = 2.0
"""Seconds in which a port that is open has answered."""


@contrasts
def choose(facts: Facts, own: Sequence[Sighting]) -> Iterator[Sighting]:
    """Choose what to look at beside what a violated check judged; `own` are its sightings."""
    vantage = own[0].vantage
    limit = min([_DEADLINE, *(one.deadline for one in own)])
    for connection in facts.judged(ConnectionRefusal)[:_ADDRESSES]:
        peer = Peer(connection.host, connection.port)
        yield Sighting(
            connect_elsewhere, peer, vantage, (connection.address,), deadline=min(limit, _NEAR)
        )
    for refused in facts.judged(HandshakeRefusal)[:_ADDRESSES]:
        peer, at = Peer(refused.host, refused.port), (refused.address,)
        if refused.reason == "not-tls":
            yield Sighting(ask_plainly, peer, vantage, at, deadline=min(limit, _NEAR))
        else:
            yield Sighting(shake_hands_otherwise, peer, vantage, at, deadline=limit)
    yield from choose_elsewhere(facts, vantage, limit)
    yield from _names(facts, vantage, limit)
    yield from _requests(facts, own, vantage, limit)
    yield from _segments(facts, own, vantage, limit)
    yield from _by_proxy(facts, own, vantage, limit)
    yield from _past_pins(facts, own, vantage, limit)
    yield from _dates(facts, vantage, limit)
    yield from _portals(facts, vantage, limit)


def _names(facts: Facts, vantage: str, limit: float) -> Iterator[Sighting]:
    """Ask again for a name that was found wrong: the nameservers, and those that are trusted."""
    named: tuple[Answer | NoAnswer | Reply | NoReply, ...]
    named = (*facts.judged(Answer), *facts.judged(NoAnswer))
    named = (*named, *facts.judged(Reply), *facts.judged(NoReply))
    names = [one.name for one in named] + [one.host for one in facts.judged(Stranger)]
    servers, trusted = facts.given.get("servers"), facts.given.get("trusted", ())
    for name in list(dict.fromkeys(names))[:_NAMES]:
        asked = [one for one in facts.found(NoReply) if one.name == name]
        replied = any(one.name == name for one in facts.found(Reply))
        if servers is not None and (replied or not asked):  # silence is not waited for twice
            yield Sighting(ask_again, name, vantage, (servers,), deadline=min(limit, _NEAR))
        if trusted:
            yield Sighting(ask_trusted, name, vantage, (trusted,), deadline=limit)


def _requests(
    facts: Facts, own: Sequence[Sighting], vantage: str, limit: float
) -> Iterator[Sighting]:
    """Ask otherwise where an answer broke, or has a status that is not expected."""
    asked = [one.target for one in own if isinstance(one.target, Ask)]
    for ask in asked[:1]:
        for address in _failed(facts)[:_ADDRESSES]:
            yield Sighting(ask_otherwise, ask, vantage, (address,), deadline=limit)


def _failed(facts: Facts) -> list[str]:
    """Return the addresses at which an exchange broke, or had a status that is not expected."""
    statuses = getattr(facts.given.get("http"), "status", ())
    broken = [one.address for one in facts.judged(HttpRefusal) if not one.hops]
    broken += [
        one.address
        for one in facts.judged(Response)
        if statuses and one.status not in statuses and not one.hops
    ]
    return list(dict.fromkeys(broken))


def _segments(
    facts: Facts, own: Sequence[Sighting], vantage: str, limit: float
) -> Iterator[Sighting]:
    """Find the size of segment that passes, where nothing more came, and compare the MTUs."""
    silent = [one for one in facts.judged(HandshakeRefusal) if one.reason == "silent"]
    for refused in silent[:_ADDRESSES]:
        peer, at = Peer(refused.host, refused.port), (refused.address,)
        yield Sighting(climb_by_handshakes, peer, vantage, at, deadline=limit)
    stalled = [one for one in facts.judged(HttpRefusal) if one.reason == "stalled" and not one.hops]
    for broken in stalled[:_ADDRESSES]:
        asked = [one.target for one in own if isinstance(one.target, Ask)]
        ask = asked[0] if asked else _ask_of(broken)
        yield Sighting(climb_by_bodies, ask, vantage, (broken.address,), deadline=limit)
    if silent or stalled:
        for name in (vantage, *facts.vantages[:_VANTAGES]):
            yield Sighting(read_interfaces, INTERFACES, name, deadline=limit)


def _ask_of(broken: HttpRefusal) -> Ask:
    """Return the request again of which nothing but the URL is known, such as git's own."""
    parts = urlsplit(broken.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    host, port = parts.hostname or "", parts.port or HTTPS
    return Ask(host, port, "GET", path, USER_AGENT, None, 0)


def _by_proxy(
    facts: Facts, own: Sequence[Sighting], vantage: str, limit: float
) -> Iterator[Sighting]:
    """Make a request that failed through the proxy, if there is one, and once more directly."""
    named = facts.given.get("https_proxy")
    below: tuple[ConnectionRefusal | HandshakeRefusal, ...]
    below = (*facts.judged(ConnectionRefusal), *facts.judged(HandshakeRefusal))
    failed = [(Peer(one.host, one.port), one.address) for one in below]
    if facts.judged(RefsRefusal):  # git goes by the proxy: its addresses are others' to tell
        remotes = [one.target for one in own if isinstance(one.target, Remote)]
        failed += [
            (Peer(remote.host, remote.port), one.address)
            for remote in remotes
            for one in facts.found(Address)
        ]
    for peer, address in failed[:1]:
        yield Sighting(shake_hands_by_proxy, peer, vantage, (address, named), deadline=limit)
    asked = [one.target for one in own if isinstance(one.target, Ask)]
    broken = _failed(facts)
    for ask in asked[: len(broken[:1])]:
        yield Sighting(ask_by_proxy, ask, vantage, (broken[0], named), deadline=limit)


def _past_pins(
    facts: Facts, own: Sequence[Sighting], vantage: str, limit: float
) -> Iterator[Sighting]:
    """Look for an address that serves the name, where nobody has yet."""
    looked = {one.host for one in facts.found(Bypass)}
    port = next((one.target.port for one in own if hasattr(one.target, "port")), 443)
    for host in list(dict.fromkeys(one.host for one in left_by_the_name(facts)))[:_ADDRESSES]:
        replies = tuple(one for one in facts.found(Reply) if one.name == host and one.addresses)
        if replies and host not in looked:
            yield Sighting(
                look_past_pin, Peer(host, port), vantage, (replies[:_ADDRESSES],), deadline=limit
            )


def _dates(facts: Facts, vantage: str, limit: float) -> Iterator[Sighting]:
    """Ask several hosts what time it is, where a certificate does not hold by this clock."""
    doubted = [
        one for one in facts.judged(Handshake) if any(error.code in DATES for error in one.distrust)
    ]
    if not doubted:
        return
    every: Iterable[Handshake | Address] = (*doubted, *of_type(facts.beside, Address))
    for host, address in list({one.host: one.address for one in every}.items())[:_HOSTS]:
        near = min(limit, _NEAR)
        yield Sighting(ask_plainly, Peer(host, HTTP), vantage, (address,), deadline=near)


def _portals(facts: Facts, vantage: str, limit: float) -> Iterator[Sighting]:
    """Ask in plain HTTP where somebody else's certificate is shown: a portal says who it is."""
    others = [one for one in facts.judged(Handshake) if is_strange(one)]
    for one in others[:_ADDRESSES]:
        near = min(limit, _NEAR)
        yield Sighting(ask_plainly, Peer(one.host, HTTP), vantage, (one.address,), deadline=near)
