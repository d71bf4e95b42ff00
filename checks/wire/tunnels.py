"""A request through a proxy's tunnel, and beside it once directly (RFC 9110, 9.3.6)."""

import asyncio
import re
import shlex
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Literal

from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.http import Ask, HttpOutcome, fetch_at, request_of
from checks.wire.journey import import_late
from checks.wire.printable import printable
from checks.wire.proxies import NoProxyError, Proxy, find_proxy
from checks.wire.tls import HandshakeOutcome, shake_hands_at
from checks.wire.tls import import_late as import_tls
from checks.wire.together import each
from config.endpoints import at_port
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Stream, Vantage
from fixtures.vantages.through import Through
from reports.codec import observation

_HEAD = 8192
"""Bytes in which an answer to CONNECT ends."""
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: ([^\r\n]*))?\r?\n")
_ASKS = re.compile(rb"\nproxy-authenticate:[ \t]*([A-Za-z0-9!#$%&'*+.^_`|~-]+)", re.IGNORECASE)
_TUNNELS = range(200, 300)


@dataclass(frozen=True, slots=True)
class ConnectAnswer:
    """What a proxy answered to CONNECT."""

    status: int
    reason: str
    schemes: tuple[str, ...]
    """How it asks who is there (Proxy-Authenticate): Basic, Negotiate, …"""

    @property
    def opens(self) -> bool:
        """Whether the tunnel is there."""
        return self.status in _TUNNELS

    def __str__(self) -> str:
        asks = f" ({', '.join(self.schemes)})" if self.schemes else ""
        return f"{self.status} {printable(self.reason)}".rstrip() + asks


@observation
class ByProxy:
    """The same request through the proxy, and directly."""

    kind: Literal["by-proxy"] = "by-proxy"
    host: str
    port: int
    proxy: str
    """HOST:PORT; never who asks."""
    named_by: str
    """The variable that names it, or the profile."""
    credentials: bool
    """Whether the variable says who asks; that was sent, and is written nowhere."""
    answer: ConnectAnswer | None
    """None where the proxy gave none: `through` says why."""
    through: HttpOutcome | HandshakeOutcome | None
    """What came through the tunnel, if it is there; the address is the proxy's."""
    directly: HttpOutcome | HandshakeOutcome
    at: datetime

    @property
    def headline(self) -> str:
        who = ", with credentials" if self.credentials else ""
        proxy = f"the proxy {printable(self.proxy)} ({self.named_by}{who})"
        if self.answer is not None and not self.answer.opens:
            said = f"{proxy} answers CONNECT with {self.answer}"
        else:
            said = f"through {proxy}: {self.through.headline if self.through else 'nothing'}"
        return f"{said}; directly: {self.directly.headline}"


@observation
class NoProxy:
    """There is no proxy to compare with."""

    kind: Literal["no-proxy"] = "no-proxy"
    host: str
    port: int
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{at_port(self.host, self.port)}: no proxy was tried: {printable(self.why)}"


Outcome = HttpOutcome | HandshakeOutcome
Attempt = Callable[[str, Vantage, float], Coroutine[Any, Any, Outcome]]
"""Looks at an address from a vantage, within a deadline."""


def _both_ways(url: str, named: str | None) -> str:
    curl = f"curl -sSv -o /dev/null --max-time 10 {shlex.quote(url)}"
    ours = f'https_proxy="${{https_proxy:-{named}}}" ' if named else ""
    return f"{ours}{curl}; {curl} --noproxy '*'"


@prepared_by(import_tls)
@by_hand(lambda peer, _, named: _both_ways(f"https://{peer}/", named))
async def shake_hands_by_proxy(
    peer: Peer, vantage: Vantage, address: str, named: str | None, *, deadline: float
) -> ByProxy | NoProxy:
    """Shake hands through the proxy that the vantage's environment names, and directly.

    `named` is the profile's, for where the environment names none. Raises `VantageError`.
    """

    async def attempt(address: str, through: Vantage, deadline: float) -> Outcome:
        return await shake_hands_at(peer, address, through, deadline=deadline)

    return await _compare(peer, vantage, address, named, attempt, deadline=deadline)


@prepared_by(import_late)
@by_hand(lambda ask, _, named: _both_ways(request_of(ask).url, named))
async def ask_by_proxy(
    ask: Ask, vantage: Vantage, address: str, named: str | None, *, deadline: float
) -> ByProxy | NoProxy:
    """Make the request through the proxy, and directly, as `shake_hands_by_proxy` does.

    A redirect is the answer. Raises `VantageError`.
    """
    once = replace(ask, redirects=0)

    async def attempt(address: str, through: Vantage, deadline: float) -> Outcome:
        return await fetch_at(once, address, through, deadline=deadline)

    peer = Peer(ask.host, ask.port)
    return await _compare(peer, vantage, address, named, attempt, deadline=deadline)


async def _compare(
    peer: Peer,
    vantage: Vantage,
    address: str,
    named: str | None,
    attempt: Attempt,
    *,
    deadline: float,
) -> ByProxy | NoProxy:
    at, began = datetime.now(UTC), monotonic()
    try:
        proxy = await find_proxy(peer.host, vantage, named, deadline=deadline / 2)
    except NoProxyError as error:
        return NoProxy(host=peer.host, port=peer.port, why=str(error), at=at)
    tunnels = _Tunnels(proxy, peer, vantage)
    left = max(0.0, deadline - (monotonic() - began))
    through, directly = await each(
        [
            attempt(proxy.address, Through(vantage, tunnels.open), left),
            attempt(address, vantage, left),
        ]
    )
    if isinstance(through, ConnectionRefusal):
        through = replace(through, port=proxy.port)
    refused = tunnels.answer is not None and not tunnels.answer.opens
    return ByProxy(
        host=peer.host,
        port=peer.port,
        proxy=str(proxy),
        named_by=proxy.named_by,
        credentials=proxy.authorization is not None,
        answer=tunnels.answer,
        through=None if refused else through,
        directly=directly,
        at=at,
    )


class _Tunnels:
    """Opens streams through a proxy, and keeps what it answered."""

    def __init__(self, proxy: Proxy, peer: Peer, vantage: Vantage) -> None:
        self.answer: ConnectAnswer | None = None
        self._proxy, self._peer, self._vantage = proxy, peer, vantage

    async def open(self, address: str, _: int, deadline: float) -> Stream:
        """Open one; an answer that opens no tunnel is an `OSError` without a number."""
        async with asyncio.timeout(deadline):
            stream = await self._vantage.open(address, self._proxy.port, deadline=deadline)
            try:
                await self._connect(stream)
            except BaseException:
                await stream.close()
                raise
            return stream

    async def _connect(self, stream: Stream) -> None:
        await stream.send(self._request())
        self.answer = await _answer(stream)
        if not self.answer.opens:
            raise OSError(f"the proxy answered CONNECT with {self.answer}")

    def _request(self) -> bytes:
        host = f"[{self._peer.host}]" if ":" in self._peer.host else self._peer.host
        to = f"{host}:{self._peer.port}"
        lines = [f"CONNECT {to} HTTP/1.1", f"Host: {to}", "User-Agent: touchstone"]
        if self._proxy.authorization is not None:
            lines.append(f"Proxy-Authorization: {self._proxy.authorization}")
        return "\r\n".join([*lines, "", ""]).encode()


async def _answer(stream: Stream) -> ConnectAnswer:
    """Read the head of an answer, and not a byte of what follows: that is the tunnel's."""
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        if not (one := await stream.receive(1)):
            raise OSError(f"the proxy closed the connection after {len(head)} bytes of an answer")
        head += one
        if len(head) > _HEAD:
            raise OSError(f"the proxy's answer does not end within {_HEAD} bytes")
    status = _STATUS.match(head)
    if status is None:
        raise OSError("what the proxy answered is not HTTP")
    schemes = dict.fromkeys(one.decode("ascii") for one in _ASKS.findall(head))
    reason = (status[2] or b"").decode("latin-1").strip()
    return ConnectAnswer(int(status[1]), reason, tuple(schemes))
