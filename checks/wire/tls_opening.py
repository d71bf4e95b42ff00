"""Opening a TLS session over a vantage's stream: verified, and told apart when it is refused."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

from OpenSSL import SSL

from checks.wire.certificate_reading import (
    find_mismatch,
    name_error,
    read_certificate,
    read_chain,
    read_staple,
)
from checks.wire.certificates import ChainError
from checks.wire.connections import ConnectionRefusal, Peer, refusal_of, words_of
from checks.wire.handshakes import (
    ANCHORLESS,
    Handshake,
    HandshakeRefusal,
    Reason,
    Unjudged,
)
from checks.wire.tls_engine import Engine, is_tls, say
from checks.wire.tls_stream import GONE, LONGEST, PATIENCE, SessionBrokenError, TlsStream
from checks.wire.tls_words import Hello
from fixtures.vantages import Stream, Vantage, VantageError
from fixtures.vantages.stores import NOTHING

_RESETS = (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)
_FIRST_BYTES = 64
_SEGMENTS = 16384
"""Bytes of a handshake that are received at once: most end within."""
_ROUND_TRIPS = 4
"""How long a far side is watched that may act unasked: `PATIENCE`, and so many round trips."""


async def open_tls(
    peer: Peer,
    address: str,
    vantage: Vantage,
    *,
    alpn: tuple[str, ...] = (),
    hello: Hello = "usual",
    leaving: bool = False,
    deadline: float,
) -> TlsStream | HandshakeRefusal | ConnectionRefusal:
    """Connect to the address and shake hands for the peer's name, verifying everything.

    The session is returned whether the chain is trusted or not: who goes on asks for its
    `distrust` first, and closes it in the end; who is `leaving` does nothing but close it, and
    its close_notify goes with the last of the handshake. An RST for a connection on which nothing
    was sent is a `ConnectionRefusal`. The chain is judged by the vantage's own store; where
    that cannot be read, by the profile's authorities alone. Raises `VantageError`.
    """
    storeless = None
    try:
        store = await vantage.store(deadline=deadline)
    except VantageError as error:
        store, storeless = NOTHING, Unjudged(error.reason, error.mend)
    engine = Engine(peer.host, alpn, vantage.authorities, hello, store)
    opening = Opening(peer, address, vantage, engine, deadline)
    opening.storeless, opening.leaving = storeless, leaving
    try:
        stream = await vantage.open(address, peer.port, deadline=deadline)
    except OSError as error:
        return refusal_of(error, peer, address, seconds=opening.elapsed, at=opening.at)
    opening.connected_after = opening.elapsed
    try:
        failure = await opening.shake(stream)
    except BaseException:
        await stream.close()
        raise
    if failure is None:
        return TlsStream(stream, engine, opening.handshake())
    await stream.close()
    return await opening.refusal(failure)


class Opening:
    """One attempt, with what has to be known of it when it fails."""

    def __init__(
        self, peer: Peer, address: str, vantage: Vantage, engine: Engine, deadline: float
    ) -> None:
        self.peer, self.address, self.vantage = peer, address, vantage
        self.engine = engine
        self.deadline = deadline
        self.storeless: Unjudged | None = None
        self.leaving = False
        self.at = datetime.now(UTC)
        self.start = monotonic()
        self.connected_after = 0.0
        self.hello_bytes = self.sent = self.received = 0
        self.first = b""
        self.unsent: OSError | None = None
        self.unsure: str | None = None

    @property
    def elapsed(self) -> float:
        return monotonic() - self.start

    @property
    def patience(self) -> float:
        wanted = PATIENCE + _ROUND_TRIPS * self.connected_after
        return max(0.0, min(wanted, self.deadline - self.elapsed))

    async def shake(self, stream: Stream) -> Exception | None:
        """Shake hands; returns what ended it, or None when it is complete."""
        self.unsure = stream.unsure
        try:
            async with asyncio.timeout(self.deadline - self.elapsed):
                try:
                    while not self.engine.shake():
                        if self.received > LONGEST:
                            return SessionBrokenError("protocol", "it never ends")
                        await self._send(stream)
                        await self._receive(stream)
                    refused_late = self.engine.may_be_refused_late
                    await self._send(stream, last=self.leaving and not refused_late)
                    if self.unsent or refused_late:
                        await self._hear_out(stream)
                except SSL.Error as error:
                    if not self.engine.trace.ended:
                        await self._send(stream)  # our alert
                    return error
        except OSError as error:
            return error
        return self.unsent

    async def _send(self, stream: Stream, *, last: bool = False) -> None:
        """Send what is outgoing; behind the `last` of it our close_notify, which is not counted."""
        outgoing = self.engine.outgoing()
        self.hello_bytes = self.hello_bytes or len(outgoing)
        farewell = self.engine.farewell() if last else b""
        if (outgoing or farewell) and self.unsent is None:
            try:
                await stream.send(outgoing + farewell)
            except OSError as error:
                self.unsent = error  # why may still be there to receive
            else:
                self.sent += len(outgoing)

    async def _receive(self, stream: Stream) -> None:
        received = await stream.receive(_SEGMENTS)
        if not received and self.unsent:
            raise self.unsent  # the kernel tells of an RST once; after that it looks like a FIN
        self.received += len(received)
        if len(self.first) < _FIRST_BYTES:
            self.first = (self.first + received)[:_FIRST_BYTES]
        self.engine.incoming(received)

    async def _hear_out(self, stream: Stream) -> None:
        """Wait for the answer to our last flight: TLS 1.3 refuses clients after its own end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                await self._receive(stream)
                self.engine.digest()

    def handshake(self) -> Handshake:
        session, trace = self.engine.session, self.engine.trace
        chain = read_chain(session)
        errors = trace.errors
        if self.storeless:
            errors = [one for one in errors if one[0] not in ANCHORLESS]
        return Handshake(
            host=self.peer.host,
            address=self.address,
            port=self.peer.port,
            protocol=session.get_protocol_version_name(),
            cipher=session.get_cipher_name() or "",
            group=session.get_group_name(),
            alpn=session.get_alpn_proto_negotiated().decode("latin-1") or None,
            chain=tuple(read_certificate(der) for der in chain),
            distrust=tuple(ChainError(name_error(code), at, code) for code, at in errors),
            mismatch=find_mismatch(chain[0], self.peer.host) if chain else "it sent no certificate",
            unjudged=self.storeless if len(errors) < len(trace.errors) else None,
            staple=read_staple(trace.staple, chain[0]) if trace.staple and chain else None,
            hello_bytes=self.hello_bytes,
            sent=self.sent,
            received=self.received,
            connected_after=self.connected_after,
            seconds=self.elapsed,
            at=self.at,
        )

    async def refusal(self, error: Exception) -> HandshakeRefusal | ConnectionRefusal:
        seconds = self.elapsed
        reason = self._reason(error)
        errors = [_words(error)]
        if self.received and isinstance(error, TimeoutError) and error.errno is None:
            errors = ["it did not end until the deadline"]
        if self.engine.trace.ended:
            errors.insert(0, f"FIN ({self.unsure})" if self.unsure else "FIN")
        elif self.unsure and isinstance(error, TimeoutError):
            errors.append(self.unsure)
        if reason == "reset" and self.received == 0 and isinstance(error, OSError):
            unasked = error if self.sent == 0 else await self._reset_unasked()
            if unasked is not None:
                return refusal_of(unasked, self.peer, self.address, seconds=seconds, at=self.at)
            errors.append("a second connection, on which nothing was sent, was not reset")
        return HandshakeRefusal(
            host=self.peer.host,
            address=self.address,
            port=self.peer.port,
            phase=self.engine.trace.phase,
            reason=reason,
            alert=self.engine.trace.alert,
            first_bytes=self._said(reason),
            errors=tuple(errors),
            hello_bytes=self.hello_bytes,
            sent=self.sent,
            received=self.received,
            connected_after=self.connected_after,
            seconds=seconds,
            at=self.at,
        )

    def _said(self, reason: Reason) -> bytes:
        """Return what came first; of text that went on, dots tell that it did."""
        cut = reason == "not-tls" and self.received > _FIRST_BYTES
        return self.first + b"..." if cut else self.first

    def _reason(self, error: Exception) -> Reason:
        trace = self.engine.trace
        if not is_tls(self.first):
            return "not-tls"
        if trace.refused_by_peer:
            return "alert"
        if isinstance(error, _RESETS):
            return "reset"
        if trace.ended or isinstance(error, SSL.ZeroReturnError):
            return "closed"
        if isinstance(error, OSError) and (error.errno in GONE or isinstance(error, TimeoutError)):
            return "silent"
        return "protocol"

    async def _reset_unasked(self) -> OSError | None:
        """Tell whether the far side resets a connection on which nothing is sent.

        An RST that meets our ClientHello on its way looks like one that answers it.
        """
        patience = self.patience
        try:
            stream = await self.vantage.open(self.address, self.peer.port, deadline=patience)
        except (OSError, VantageError) as error:
            return error if isinstance(error, _RESETS) else None
        try:
            async with asyncio.timeout(patience):
                await stream.receive()
        except OSError as error:
            return error if isinstance(error, _RESETS) else None
        finally:
            await stream.close()
        return None


def _words(error: Exception) -> str:
    if isinstance(error, SSL.Error):
        return say(error)
    if isinstance(error, OSError):
        _, name, text = words_of(error)
        return f"{name}: {text}" if name else text
    return str(error)
