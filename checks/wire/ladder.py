"""A ladder of segment sizes: how large what passes may be, on the way to an address."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.http import Ask, request_of
from checks.wire.journey import Arrival, Refusal, Take, import_late, travel
from checks.wire.printable import printable
from checks.wire.responses import HttpRefusal
from checks.wire.tls import import_late as import_tls
from checks.wire.tls import shake_hands_at
from checks.wire.together import each
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Segmented, Stream, Vantage, VantageError
from fixtures.vantages.through import Through
from reports.codec import observation

UNBOUND = 32767
"""The largest that Linux lets a socket ask for: the interface bounds it."""
RUNGS = (536, 1000, 1200, 1240, 1320, 1360, 1380, 1400, 1420, 1440, 1460, UNBOUND)
"""Bytes of TCP: what every host takes (RFC 9293, 3.7.1), and what common MTUs leave, of IPv4:
1280, 1400, 1420 (WireGuard), 1440, 1460, 1480, 1500, and whatever the interface has."""
_BODY = 256 * 1024
"""Bytes of a body after which it is certain that it passes."""
_HEADERS = {4: 40, 6: 60}
"""Bytes of the headers of IP and TCP, without options."""

End = Literal["passed", "stalled", "other"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One attempt, by segments of at most `size` bytes."""

    size: int
    used: int | None
    """What a segment then carried at most, in bytes: less than the size by TCP's options."""
    end: End
    said: str


class Limit(NamedTuple):
    """Sizes of segments in bytes: the largest that passed, and the smallest that did not."""

    passing: int
    stalling: int


@observation
class Ladder:
    """The same attempt by segments of several sizes, all at once."""

    kind: Literal["ladder"] = "ladder"
    host: str
    address: str
    port: int
    what: Literal["handshake", "body"]
    rungs: tuple[Rung, ...]
    """By size."""
    at: datetime

    @property
    def limit(self) -> Limit | None:
        """What separates the sizes that pass from those that stall; None where nothing does."""
        ends = [one.end for one in self.rungs]
        passing = ends.count("passed")
        if ends != ["passed"] * passing + ["stalled"] * (len(ends) - passing):
            return None
        if passing in {0, len(ends)}:
            return None
        return Limit(self.rungs[passing - 1].size, self.rungs[passing].size)

    @property
    def headline(self) -> str:
        at = f"{self.address} port {self.port}: a {self.what}"
        if limit := self.limit:
            more = _HEADERS[6 if ":" in self.address else 4]
            stalling = f"{limit.stalling} and more" if limit.stalling != UNBOUND else "more"
            return (
                f"{at} passes by segments of {limit.passing} bytes"
                f" (packets of {limit.passing + more}), and stalls by those of {stalling}"
            )
        told = ", ".join(f"{_named(one.size)} {one.end}" for one in self.rungs)
        if len({one.end for one in self.rungs}) == 1:
            return f"{at}, by segments of every size: {self.rungs[0].end}"
        return f"{at}, by segments of several sizes: {told}"

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"{_named(one.size)} ({one.used or 'not known'} used): {one.end}: {one.said}"
            for one in self.rungs
        )


@observation
class NoLadder:
    """The vantage bounds no segments: it makes no sockets of its own."""

    kind: Literal["no-ladder"] = "no-ladder"
    host: str
    address: str
    port: int
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address} port {self.port}: no ladder of segment sizes: {self.why}"


def _by_socat(peer: Peer, address: str) -> str:
    at = f"[{address}]" if ":" in address else address
    sizes = " ".join(str(size) for size in RUNGS)
    to = f"OPENSSL:{at}:{peer.port},snihost={peer.host},verify=0,mss=$mss"
    return f'for mss in {sizes}; do timeout 5 socat -u /dev/null "{to}"; echo $mss: $?; done'


@prepared_by(import_tls)
@by_hand(_by_socat)
async def climb_by_handshakes(
    peer: Peer, vantage: Vantage, address: str, *, deadline: float
) -> Ladder | NoLadder:
    """Shake hands by segments of each size, all at once; silence is a stall.

    The deadline (seconds) is each attempt's own. Raises `VantageError`.
    """

    async def attempt(through: Vantage) -> tuple[End, str]:
        showed = await shake_hands_at(peer, address, through, deadline=deadline)
        return _end_of(showed), showed.headline

    return await _climb(peer, vantage, address, "handshake", attempt)


@prepared_by(import_late)
@by_hand(lambda ask, address: _by_socat(Peer(ask.host, ask.port), address))
async def climb_by_bodies(
    ask: Ask, vantage: Vantage, address: str, *, deadline: float
) -> Ladder | NoLadder:
    """Make the request by segments of each size, all at once, and read of its body what is enough.

    The deadline (seconds) is each attempt's own. Raises `VantageError`.
    """

    def begin() -> Take:
        return lambda _: None

    async def attempt(through: Vantage) -> tuple[End, str]:
        showed = await travel(
            request_of(ask), address, through, begin, redirects=0, limit=_BODY, deadline=deadline
        )
        if isinstance(showed, Arrival):
            return "passed", f"{showed.exchange.status}, {showed.exchange.body_bytes} bytes"
        return _end_of(showed), showed.headline

    return await _climb(Peer(ask.host, ask.port), vantage, address, "body", attempt)


async def _climb(
    peer: Peer,
    vantage: Vantage,
    address: str,
    what: Literal["handshake", "body"],
    attempt: Callable[[Vantage], Awaitable[tuple[End, str]]],
) -> Ladder | NoLadder:
    at = datetime.now(UTC)

    def none(why: str) -> NoLadder:
        return NoLadder(host=peer.host, address=address, port=peer.port, why=why, at=at)

    if not isinstance(vantage, Segmented):
        return none(f"{vantage.name} ({vantage.kind}) makes no sockets of its own")
    bounded = vantage

    async def climb(size: int) -> Rung:
        used: list[int | None] = [None]

        async def opened(address: str, port: int, deadline: float) -> Stream:
            stream = await bounded.open_segmented(address, port, size, deadline=deadline)
            used[0] = stream.segment_size
            return stream

        end, said = await attempt(Through(vantage, opened))
        return Rung(size, used[0], end, printable(said))

    try:
        rungs = await each([climb(size) for size in RUNGS])
    except VantageError as error:
        return none(printable(error.reason))
    return Ladder(host=peer.host, address=address, port=peer.port, what=what, rungs=rungs, at=at)


def _end_of(showed: HandshakeOutcome | Refusal) -> End:
    match showed:
        case Handshake() | HttpRefusal(reason="too-large"):
            return "passed"
        case HandshakeRefusal(reason="silent") | HttpRefusal(reason="stalled"):
            return "stalled"
        case _:
            return "other"


def _named(size: int) -> str:
    return "the interface's own" if size == UNBOUND else str(size)
