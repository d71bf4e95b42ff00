"""Far sides that do exactly one thing, on loopback."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme

Behaviour = Callable[[socket.socket], None]
ALERT_40 = b"\x15\x03\x01\x00\x02\x02\x28"
_END = 20.0
"""Seconds after which a far side that was left alone gives up."""


@contextmanager
def far_side(behave: Behaviour, address: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Listen on a free port and behave so towards everyone who connects; yields the port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, port), family=family, backlog=128)
    accepted: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve_one(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(_END)
            # What an RST follows at once is otherwise kept back, and lost.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            behave(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                accepted.append(connection)
                thread = threading.Thread(target=serve_one, args=(connection,))
                threads.append(thread)
                thread.start()

    acceptor = threading.Thread(target=serve)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        acceptor.join()
        listener.close()
        for connection in accepted:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def reset(connection: socket.socket) -> None:
    """End the connection with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_hello(connection: socket.socket) -> bytes:
    """Read one TLS record, whole: a close after it is a FIN."""
    record = b""
    while len(record) < 5 or len(record) < 5 + int.from_bytes(record[3:5], "big"):
        part = connection.recv(65536)
        if not part:
            break
        record += part
    return record


def shut(connection: socket.socket) -> None:
    """End what is sent with a FIN, without a word of TLS, and read on."""
    connection.shutdown(socket.SHUT_WR)
    stay_silent(connection)


def reset_at_hello(connection: socket.socket) -> None:
    read_hello(connection)
    reset(connection)


def close_at_hello(connection: socket.socket) -> None:
    read_hello(connection)


def stay_silent(connection: socket.socket) -> None:
    """Read on and never say anything."""
    while connection.recv(65536):
        pass


def answer_hello(raw: bytes) -> Behaviour:
    """Answer the ClientHello with these bytes, and read on until the other side ends."""

    def behave(connection: socket.socket) -> None:
        read_hello(connection)
        connection.sendall(raw)
        stay_silent(connection)

    return behave


def over_tls(
    context: ssl.SSLContext, then: Callable[[ssl.SSLSocket], None] | None = None
) -> Behaviour:
    """Shake hands, and go on; by default until the other side ends."""

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as session:
            (then or stay_silent)(session)

    return behave


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def context_of_chain(folder: Path, key: bytes, *chain: bytes) -> ssl.SSLContext:
    """Return a context that sends this chain of PEM certificates, whatever is in it."""
    together = folder / "chain.pem"
    together.write_bytes(key + b"".join(chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(together)
    return context


def pem_of(authority: trustme.CA, folder: Path) -> str:
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)
