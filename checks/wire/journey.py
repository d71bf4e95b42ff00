"""A request from its address to its answer, redirects followed by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from checks.wire.certificates import is_address
from checks.wire.connections import ConnectionRefusal, Peer
from checks.wire.exchange import BODY_LIMIT, Exchange, ExchangeBrokenError, Request
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.redirects import follow, redirection_of
from checks.wire.responses import Hop, HttpRefusal, Phase
from fixtures.vantages import NameNotResolvedError, Vantage

if TYPE_CHECKING:
    from checks.wire.tls_stream import TlsStream

Take = Callable[[bytes], None]
_ALPN = ("h2", "http/1.1")
Refusal = HttpRefusal | Distrust | HandshakeRefusal | ConnectionRefusal


def import_late() -> None:
    """Import what carries an exchange: who only lists the checks should not wait for it."""
    from checks.wire import carrying, tls_opening  # noqa: PLC0415, F401 - for what follows it

    carrying.get_ready()


@dataclass(frozen=True, slots=True)
class Arrival:
    """The answer at the end of a journey."""

    request: Request
    """The one that was answered; after redirects, not the one that was made first."""
    address: str
    exchange: Exchange
    hops: tuple[Hop, ...]
    phases: tuple[Phase, ...]
    seconds: float
    at: datetime


async def travel(
    request: Request,
    address: str,
    vantage: Vantage,
    begin: Callable[[], Take],
    *,
    redirects: int,
    limit: int = BODY_LIMIT,
    deadline: float,
) -> Arrival | Refusal:
    """Make the request to the address, and follow at most so many redirects (none: 0).

    `begin` is called for each answer and returns what takes its body. Where the chain is
    not trusted or the name does not match, nothing is sent and a `Distrust` is returned;
    behind a redirect a refusal of a lower layer is an `HttpRefusal`, since the endpoint
    itself held. The deadline (seconds) is for the whole journey. Raises `VantageError`.
    """
    return await _Journey(vantage, begin, redirects, limit, deadline).go(request, address)


class _Journey:
    def __init__(
        self,
        vantage: Vantage,
        begin: Callable[[], Take],
        redirects: int,
        limit: int,
        deadline: float,
    ) -> None:
        self.vantage, self.begin = vantage, begin
        self.redirects, self.limit, self.deadline = redirects, limit, deadline
        self.at = datetime.now(UTC)
        self.start = monotonic()
        self.hops: list[Hop] = []
        self.phases: list[Phase] = []
        self.seen: set[tuple[str, str]] = set()

    @property
    def elapsed(self) -> float:
        return monotonic() - self.start

    @property
    def rest(self) -> float:
        return max(0.0, self.deadline - self.elapsed)

    async def go(self, request: Request, address: str) -> Arrival | Refusal:
        home = (request.host, request.port, address)
        addresses: tuple[str, ...] = (address,)
        while True:
            self.seen.add((request.method, request.url))
            opened = await self._open(request, addresses)
            if isinstance(opened, Distrust | HandshakeRefusal | ConnectionRefusal):
                return self._beyond(request, opened) if self.hops else opened
            address, exchange = opened.handshake.address, Exchange()
            try:
                await self._exchange(opened, request, exchange)
                location = redirection_of(exchange)
                if location is None or exchange.status is None or not self.redirects:
                    return self._arrival(request, address, exchange)
                self.hops.append(Hop(exchange.status, location))
                exchange.phase = "redirect"
                request = self._onward(request, exchange.status, location)
                addresses = await self._addresses(request, home)
            except ExchangeBrokenError as broken:
                return self._refusal(request, address, exchange, broken)

    async def _open(
        self, request: Request, addresses: tuple[str, ...]
    ) -> "TlsStream | Distrust | HandshakeRefusal | ConnectionRefusal":
        """Open a session for the request, at the first address that takes the connection."""
        *others, last = addresses
        for address in others:
            opened = await self._open_at(request, address)
            if not isinstance(opened, ConnectionRefusal):
                return opened
        return await self._open_at(request, last)

    async def _open_at(
        self, request: Request, address: str
    ) -> "TlsStream | Distrust | HandshakeRefusal | ConnectionRefusal":
        from checks.wire.tls_opening import open_tls  # noqa: PLC0415 - see import_late

        offset, peer = self.elapsed, Peer(request.host, request.port)
        opened = await open_tls(peer, address, self.vantage, alpn=_ALPN, deadline=self.rest)
        if isinstance(opened, HandshakeRefusal | ConnectionRefusal):
            return opened
        connected, shaken = opened.handshake.connected_after, opened.handshake.seconds
        self.phases.append(Phase("connect", offset, connected))
        self.phases.append(Phase("tls", offset + connected, shaken - connected))
        if opened.distrust is None:
            return opened
        await opened.close()
        return opened.distrust

    async def _exchange(self, session: "TlsStream", request: Request, exchange: Exchange) -> None:
        from checks.wire.carrying import run_exchange  # noqa: PLC0415 - see import_late

        try:
            await run_exchange(
                session, request, exchange, self.begin(), limit=self.limit, deadline=self.rest
            )
        finally:
            end = monotonic()
            first = exchange.first_byte or end
            self.phases.append(
                Phase("first-byte", exchange.began - self.start, first - exchange.began)
            )
            if exchange.first_byte:
                self.phases.append(Phase("transfer", first - self.start, end - first))
            await session.close()

    def _onward(self, request: Request, status: int, location: str) -> Request:
        onward = follow(request, status, location)
        if (onward.method, onward.url) in self.seen:
            raise ExchangeBrokenError("loop", f"{onward.url} was asked before")
        if len(self.hops) > self.redirects:
            raise ExchangeBrokenError("too-many", f"more than {self.redirects} redirects")
        return onward

    async def _addresses(self, request: Request, home: tuple[str, int, str]) -> tuple[str, ...]:
        host, port, address = home
        if (request.host, request.port) == (host, port):
            return (address,)
        if is_address(request.host):
            return (request.host,)
        try:
            return (await self.vantage.resolve(request.host, deadline=self.rest)).addresses
        except NameNotResolvedError as error:
            raise ExchangeBrokenError("unresolved", f"{request.host}: {error}") from error
        except TimeoutError as error:
            said = f"{request.host}: the resolver said nothing until the deadline"
            raise ExchangeBrokenError("unresolved", said) from error

    def _arrival(self, request: Request, address: str, exchange: Exchange) -> Arrival:
        return Arrival(
            request=request,
            address=address,
            exchange=exchange,
            hops=tuple(self.hops),
            phases=tuple(self.phases),
            seconds=self.elapsed,
            at=self.at,
        )

    def _beyond(
        self, request: Request, refusal: Distrust | HandshakeRefusal | ConnectionRefusal
    ) -> HttpRefusal:
        exchange = Exchange(phase="redirect")
        said = f"{request.authority}: {refusal.headline}"
        broken = ExchangeBrokenError("unreachable", said)
        return self._refusal(request, refusal.address, exchange, broken)

    def _refusal(
        self, request: Request, address: str, exchange: Exchange, broken: ExchangeBrokenError
    ) -> HttpRefusal:
        return HttpRefusal(
            url=request.url,
            address=address,
            phase=exchange.phase,
            reason=broken.reason,
            status=exchange.status,
            hops=tuple(self.hops),
            body_bytes=exchange.body_bytes,
            declared_bytes=exchange.declared,
            errors=broken.errors,
            phases=tuple(self.phases),
            seconds=self.elapsed,
            at=self.at,
        )
