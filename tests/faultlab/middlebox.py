"""What the middlebox does to connections that are redirected to it: it reads the ClientHello."""

import select
import socket
import struct

from fixtures.lab.tls import asks_for
from tests.checks.wire.far_sides import Behaviour, read_hello
from tests.faultlab.places import NAMES

_ORIGINAL = 80
"""SO_ORIGINAL_DST (linux/netfilter_ipv4.h): where a redirected connection was going."""
_PATIENCE = 20.0


def on_name(name: str, behave: Behaviour) -> Behaviour:
    """Behave so towards who asks for the name (SNI), and let everybody else through."""

    def see(connection: socket.socket) -> None:
        hello = read_hello(connection)
        if asks_for(name, hello):
            behave(connection)
        else:
            _pass(connection, hello)

    return see


def cut_body(after: int, behave: Behaviour) -> Behaviour:
    """Let so many bytes come back, and then behave so."""

    def see(connection: socket.socket) -> None:
        if _pass(connection, b"", after):
            behave(connection)

    return see


def _pass(connection: socket.socket, first: bytes, limit: int | None = None) -> bool:
    """Carry bytes both ways to the end, or until so many came back; tell whether they did."""
    with socket.create_connection(_meant(connection), timeout=_PATIENCE) as far:
        far.sendall(first)
        return _carry(connection, far, limit)


def _carry(near: socket.socket, far: socket.socket, limit: int | None = None) -> bool:
    other = {near: far, far: near}
    open_ends = [near, far]
    while open_ends:
        ready, _, _ = select.select(open_ends, (), (), _PATIENCE)
        if not ready:
            return False
        for one in ready:
            data = one.recv(65536)
            if not data:
                open_ends.remove(one)
                other[one].shutdown(socket.SHUT_WR)
            if one is far and limit is not None:
                data, limit = data[:limit], limit - len(data)
            other[one].sendall(data)
            if limit is not None and limit <= 0:
                return True
    return False


def _meant(connection: socket.socket) -> tuple[str, int]:
    _, port, address = struct.unpack("!HH4s8x", connection.getsockopt(0, _ORIGINAL, 16))
    return socket.inet_ntoa(address), port


def proxy(refusal: bytes | None = None) -> Behaviour:
    """Open the tunnels that CONNECT asks for, or answer all of them with a refusal."""

    def see(connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := connection.recv(65536)):
                return
            head += part
        if refusal is not None:
            connection.sendall(refusal)
            return
        name, _, port = head.split()[1].decode().partition(":")
        with socket.create_connection((NAMES[name], int(port)), timeout=_PATIENCE) as far:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _carry(connection, far)

    return see
