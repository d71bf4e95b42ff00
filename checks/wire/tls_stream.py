"""An established TLS session over a vantage's stream: plain bytes both ways."""

import asyncio
import errno as codes
from contextlib import suppress
from typing import Literal

from OpenSSL import SSL

from checks.wire.handshakes import Distrust, Handshake
from checks.wire.tls_engine import Engine, say
from fixtures.vantages import Stream

GONE = {codes.ETIMEDOUT, codes.EHOSTUNREACH, codes.ENETUNREACH}
"""What the kernel says of a far side that has stopped to acknowledge."""
LONGEST = 1024 * 1024
"""Bytes in which a handshake ends, and in which some of what it protects has come: OpenSSL takes
100 kB of certificates, but passes over what means nothing (HelloRequests, tickets) for ever."""
PATIENCE = 0.25
"""Seconds in which a far side on the same network acts unasked, and in which it hears our end."""


class SessionBrokenError(Exception):
    """An established session ended by a FIN without close_notify, or by a TLS error.

    `reason` is `truncated` (the FIN), `alert` (the peer's) or `protocol`. An RST is the
    stream's own `ConnectionResetError`.
    """

    def __init__(self, reason: Literal["truncated", "alert", "protocol"], text: str) -> None:
        super().__init__(text)
        self.reason = reason


class TlsStream:
    """An established session: plain bytes both ways, and the facts of its handshake."""

    def __init__(self, stream: Stream, engine: Engine, handshake: Handshake) -> None:
        self._stream = stream
        self._engine = engine
        self._unsent: OSError | None = None
        self.handshake = handshake

    @property
    def speaks_h2(self) -> bool:
        """Whether the handshake agreed on HTTP/2."""
        return self.handshake.alpn == "h2"

    @property
    def distrust(self) -> Distrust | None:
        """Why a client that verifies does not go on from here; None when it does."""
        shown = self.handshake
        if shown.accepted:
            return None
        return Distrust(
            host=shown.host,
            address=shown.address,
            port=shown.port,
            chain=shown.chain,
            errors=shown.distrust,
            mismatch=shown.mismatch,
            unjudged=shown.unjudged,
            at=shown.at,
        )

    async def send(self, plain: bytes) -> None:
        """Send all of the bytes; raises the stream's `OSError`, or `SessionBrokenError`."""
        try:
            self._engine.encrypt(plain)
        except SSL.Error as error:
            raise self._broken(error) from error
        await self._flush()

    async def receive(self, limit: int = 65536) -> bytes:
        """Return at least one byte, or none after the far side's close_notify.

        Raises the stream's `OSError`, or `SessionBrokenError`.
        """
        taken = 0
        while taken <= LONGEST:
            try:
                plain = self._engine.decrypt(limit)
            except SSL.Error as error:
                raise self._broken(error) from error
            if plain is not None:
                return plain
            await self._flush()
            received = await self._stream.receive()
            if not received:
                if self._unsent:
                    raise self._unsent
                unsure = self._stream.unsure
                doubt = f" ({unsure})" if unsure else ""
                raise SessionBrokenError("truncated", f"FIN without close_notify{doubt}")
            taken += len(received)
            self._engine.incoming(received)
        raise SessionBrokenError("protocol", f"{taken} bytes of TLS, and nothing in them")

    async def close(self) -> None:
        """Say close_notify where that is still to be said and possible, and close."""
        if last := self._engine.farewell():
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._stream.send(last)
        await self._stream.close()

    async def _flush(self) -> None:
        if outgoing := self._engine.outgoing():
            try:
                await self._stream.send(outgoing)
            except OSError as error:
                self._unsent = error
                raise

    def _broken(self, error: SSL.Error) -> SessionBrokenError:
        alert = self._engine.trace.alert
        if alert is not None and alert.sender == "peer":
            return SessionBrokenError("alert", f"alert {alert.number} {alert.name}; {say(error)}")
        return SessionBrokenError("protocol", say(error))
