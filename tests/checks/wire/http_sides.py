"""HTTP over TLS, by far sides that do exactly one thing."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import trustme

from checks.wire.http import Ask, HttpOutcome, fetch
from checks.wire.names import Address
from fixtures.vantages import NameNotResolvedError, Resolution
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import far_side, over_tls, server_context

Answer = Callable[[ssl.SSLSocket, bytes], None]
Play = Callable[[h2.connection.H2Connection, int], None]


@dataclass(frozen=True)
class Named(Local):
    """This host, with a resolver that knows these names and no others."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def resolve(self, name: str, *, deadline: float) -> Resolution:
        if name not in self.names:
            raise NameNotResolvedError("EAI_NONAME", "Name or service not known")
        return Resolution(self.names[name], "dns")


def address(text: str = "127.0.0.1") -> Address:
    now = datetime.now(UTC)
    return Address(host="localhost", address=text, source="dns", known=True, at=now)


def get(
    port: int,
    vantage: Local,
    path: str = "/",
    *,
    method: str = "GET",
    body: str | None = None,
    host: str = "localhost",
    redirects: int = 5,
    deadline: float = 10,
) -> HttpOutcome:
    """Fetch once from 127.0.0.1; what was seen has survived the codec."""
    ask = Ask(host, port, method, path, "Mozilla/5.0 (test)", body, redirects)
    (seen,) = asyncio.run(fetch(ask, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


@contextmanager
def https(
    authority: trustme.CA, answer: Answer, *alpn: str, address: str = "127.0.0.1"
) -> Iterator[int]:
    """Answer every request, `reading` it; yields the port."""
    context = server_context(authority.issue_cert("localhost", "127.0.0.1", "other.example"))
    context.set_alpn_protocols(list(alpn))

    with far_side(over_tls(context, reading(answer)), address) as port:
        yield port


def reading(answer: Answer) -> Callable[[ssl.SSLSocket], None]:
    """Read a request's head, and whatever of a body came with it, and answer."""

    def serve(session: ssl.SSLSocket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := session.recv(65536)):
                return
            head += part
        answer(session, head)

    return serve


def part_well(session: ssl.SSLSocket) -> None:
    """End with close_notify."""
    with suppress(OSError, ValueError):
        session.unwrap().shutdown(socket.SHUT_RDWR)


def saying(raw: bytes, end: Callable[[ssl.SSLSocket], None] = part_well) -> Answer:
    """Answer every request with these bytes, and end so."""

    def answer(session: ssl.SSLSocket, _head: bytes) -> None:
        session.sendall(raw)
        end(session)

    return answer


@contextmanager
def https2(authority: trustme.CA, play: Play) -> Iterator[int]:
    """Speak HTTP/2; `play` says on the connection what answers the stream; yields the port."""
    context = server_context(authority.issue_cert("localhost"))
    context.set_alpn_protocols(["h2"])

    def serve(session: ssl.SSLSocket) -> None:
        config = h2.config.H2Configuration(client_side=False, validate_outbound_headers=False)
        speaker = h2.connection.H2Connection(config)
        speaker.initiate_connection()
        session.sendall(speaker.data_to_send())
        with suppress(h2.exceptions.ProtocolError):  # it has closed the connection itself
            while part := session.recv(65536):
                for event in speaker.receive_data(part):
                    if isinstance(event, h2.events.RequestReceived):
                        play(speaker, event.stream_id)
                session.sendall(speaker.data_to_send())

    with far_side(over_tls(context, serve)) as port:
        yield port
