"""Contrasts: the same address looked at with one thing changed, once something was violated."""

import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from checks.wire.connections import Connection, ConnectionRefusal, Peer, connect
from checks.wire.exchange import target_of
from checks.wire.http import Ask, HttpOutcome, fetch_at
from checks.wire.journey import import_late
from checks.wire.names import Address
from checks.wire.tls import HandshakeOutcome, shake_hands_at
from checks.wire.tls_words import Hello
from checks.wire.together import each
from config.endpoints import BROWSER, at_port
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

NEUTRAL = "neutral.example"
"""A name that nobody filters, and nobody serves (RFC 2606)."""
_OTHER_PORT = {443: 80}
_PLAIN = "touchstone"
"""The User-Agent beside a browser's."""
_SMALL = (("Range", "bytes=0-99"),)
"""Asks for a small body, where a large one may not pass (RFC 9110, 14.2)."""

Change = Literal["again", "other-name", "small-hello", "tls-1.2"]
HttpChange = Literal["again", "other-user-agent", "get", "head", "range"]
_WORDS: dict[Change | HttpChange, str] = {
    "again": "nothing changed",
    "other-name": f"another name ({NEUTRAL}) in the ClientHello",
    "small-hello": "a ClientHello that fits into one segment",
    "tls-1.2": "nothing newer than TLS 1.2 offered",
    "other-user-agent": "another User-Agent",
    "get": "GET in place of POST",
    "head": "HEAD, and no body",
    "range": "the first 100 bytes alone",
}


@observation
class OtherPort:
    """Another port of the same address."""

    kind: Literal["other-port"] = "other-port"
    host: str
    address: str
    port: int
    showed: Connection | ConnectionRefusal
    at: datetime

    @property
    def headline(self) -> str:
        return f"another port: {self.showed.headline}"


@observation
class OtherHandshake:
    """A handshake with the same address, with one thing changed."""

    kind: Literal["other-handshake"] = "other-handshake"
    host: str
    address: str
    port: int
    change: Change
    showed: HandshakeOutcome
    at: datetime

    @property
    def headline(self) -> str:
        return f"with {_WORDS[self.change]}: {self.showed.headline}"


@observation
class OtherRequest:
    """A request to the same address, with one thing changed."""

    kind: Literal["other-request"] = "other-request"
    url: str
    """The one that was asked for first."""
    address: str
    method: str
    """Of the request that was made first."""
    change: HttpChange
    showed: HttpOutcome
    at: datetime

    @property
    def headline(self) -> str:
        return f"with {_WORDS[self.change]}: {self.showed.headline}"


def other_port(port: int) -> int:
    """Return the port to try beside this one."""
    return _OTHER_PORT.get(port, 443)


@by_hand(
    lambda peer, address: (
        f"curl -sv --max-time 5 telnet://{shlex.quote(address)}:{other_port(peer.port)} </dev/null"
    )
)
async def connect_elsewhere(
    peer: Peer, vantage: Vantage, address: str, *, deadline: float
) -> tuple[OtherPort, ...]:
    """Connect to another port of the address. Raises `VantageError`."""
    at = datetime.now(UTC)
    beside = Peer(peer.host, other_port(peer.port))
    shown = await connect(beside, vantage, (_at(peer.host, address),), deadline=deadline)
    return tuple(
        OtherPort(host=peer.host, address=address, port=beside.port, showed=one, at=at)
        for one in shown
    )


def _command(peer: Peer, address: str) -> str:
    at = f"[{address}]:{peer.port}" if ":" in address else f"{address}:{peer.port}"
    own = f"-servername {shlex.quote(peer.host)}"
    ways = (own, f"-servername {NEUTRAL}", f"{own} -groups P-256", f"{own} -tls1_2")
    return "; ".join(f"openssl s_client -connect {at} {way} </dev/null" for way in ways)


@prepared_by(import_late)
@by_hand(_command)
async def shake_hands_otherwise(
    peer: Peer, vantage: Vantage, address: str, *, deadline: float
) -> tuple[OtherHandshake, ...]:
    """Shake hands again, for another name, with a small ClientHello, by TLS 1.2: all at once.

    One thing is changed each time, and nothing the first. Raises `VantageError`.
    """
    at = datetime.now(UTC)
    neutral = Peer(NEUTRAL, peer.port)
    ways: tuple[tuple[Change, Peer, Hello], ...] = (
        ("again", peer, "usual"),
        ("other-name", neutral, "usual"),
        ("small-hello", peer, "small"),
        ("tls-1.2", peer, "TLSv1.2"),
    )
    shown = await each(
        [
            shake_hands_at(whom, address, vantage, hello=hello, deadline=deadline)
            for _, whom, hello in ways
        ]
    )
    return tuple(
        OtherHandshake(
            host=peer.host, address=address, port=peer.port, change=change, showed=one, at=at
        )
        for (change, *_), one in zip(ways, shown, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Way:
    change: HttpChange
    ask: Ask
    headers: tuple[tuple[str, str], ...] = ()


def _ways(ask: Ask) -> tuple[_Way, ...]:
    agent = _PLAIN if ask.user_agent == BROWSER else BROWSER
    ways = [_Way("again", ask), _Way("other-user-agent", replace(ask, user_agent=agent))]
    if ask.method == "POST":
        ways.append(_Way("get", replace(ask, method="GET", body=None)))
    elif ask.method == "GET":
        ways.append(_Way("head", replace(ask, method="HEAD")))
        ways.append(_Way("range", ask, _SMALL))
    return tuple(ways)


def _http_command(ask: Ask, address: str) -> str:
    resolve = f"{ask.host}:{ask.port}:{f'[{address}]' if ':' in address else address}"
    commands = []
    for way in _ways(ask):
        words = ["curl", "-sSv", "-o", "/dev/null", "--resolve", resolve]
        words += ["-A", way.ask.user_agent]
        words += ["--head"] if way.ask.method == "HEAD" else []
        words += ["--data-raw", way.ask.body or ""] if way.ask.method == "POST" else []
        words += [word for name, value in way.headers for word in ("-H", f"{name}: {value}")]
        commands.append(shlex.join([*words, "--max-time", "10", _url(ask)]))
    return "; ".join(commands)


def _url(ask: Ask) -> str:
    return f"https://{at_port(ask.host, ask.port)}{target_of(ask.path)}"


@prepared_by(import_late)
@by_hand(_http_command)
async def ask_otherwise(
    ask: Ask, vantage: Vantage, address: str, *, deadline: float
) -> tuple[OtherRequest, ...]:
    """Make the request again, and with one thing changed: User-Agent, method, size of the body.

    Raises `VantageError`.
    """
    at = datetime.now(UTC)
    ways = _ways(ask)
    shown = await each(
        [fetch_at(way.ask, address, vantage, *way.headers, deadline=deadline) for way in ways]
    )
    return tuple(
        OtherRequest(
            url=_url(ask), address=address, method=ask.method, change=way.change, showed=one, at=at
        )
        for way, one in zip(ways, shown, strict=True)
    )


def _at(host: str, address: str) -> Address:
    return Address(host=host, address=address, source="dns", known=None, at=datetime.now(UTC))
