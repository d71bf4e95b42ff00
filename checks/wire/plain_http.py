"""A request in plain HTTP, to its answer: what a service shows inside a cluster."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic

from checks.wire.connections import ConnectionRefusal, Peer, refusal_of
from checks.wire.exchange import BODY_LIMIT, Exchange, ExchangeBrokenError, Request
from checks.wire.journey import Arrival, Take
from checks.wire.responses import HttpRefusal, Phase
from fixtures.vantages import Stream, Vantage


class _Plain:
    """A vantage's stream as a session: nothing protects it, and nobody agreed on HTTP/2."""

    speaks_h2 = False

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def send(self, data: bytes) -> None:
        await self._stream.send(data)

    async def receive(self, limit: int = 65536) -> bytes:
        return await self._stream.receive(limit)


async def travel_plainly(
    request: Request,
    address: str,
    vantage: Vantage,
    begin: Callable[[], Take],
    *,
    limit: int = BODY_LIMIT,
    deadline: float,
) -> Arrival | HttpRefusal | ConnectionRefusal:
    """Make the request to the address, without TLS; a redirect is the answer.

    `begin` returns what takes the body. The deadline (seconds) is for all of it. Raises
    `VantageError`.
    """
    from checks.wire.carrying import run_exchange  # noqa: PLC0415 - see journey.import_late

    at, start = datetime.now(UTC), monotonic()
    try:
        stream = await vantage.open(address, request.port, deadline=deadline)
    except OSError as error:
        peer, seconds = Peer(request.host, request.port), monotonic() - start
        return refusal_of(error, peer, address, seconds=seconds, at=at)
    connected, exchange = monotonic() - start, Exchange()
    broken: ExchangeBrokenError | None = None
    try:
        rest = max(0.0, deadline - connected)
        await run_exchange(_Plain(stream), request, exchange, begin(), limit=limit, deadline=rest)
    except ExchangeBrokenError as error:
        broken = error
    finally:
        await stream.close()
    seconds = monotonic() - start
    phases = (Phase("connect", 0.0, connected), *_phases(exchange, start, seconds))
    if broken is not None:
        return _refusal(request, address, exchange, broken, phases=phases, at=at)
    return Arrival(request, address, exchange, (), phases, seconds, at)


def _phases(exchange: Exchange, start: float, seconds: float) -> tuple[Phase, ...]:
    began = exchange.began - start
    if exchange.first_byte is None:
        return (Phase("first-byte", began, seconds - began),)
    first = exchange.first_byte - start
    return (
        Phase("first-byte", began, first - began),
        Phase("transfer", first, seconds - first),
    )


def _refusal(
    request: Request,
    address: str,
    exchange: Exchange,
    broken: ExchangeBrokenError,
    *,
    phases: tuple[Phase, ...],
    at: datetime,
) -> HttpRefusal:
    return HttpRefusal(
        url=request.url,
        address=address,
        phase=exchange.phase,
        reason=broken.reason,
        status=exchange.status,
        hops=(),
        body_bytes=exchange.body_bytes,
        declared_bytes=exchange.declared,
        errors=broken.errors,
        phases=phases,
        seconds=sum(phase.seconds for phase in phases),
        at=at,
    )
