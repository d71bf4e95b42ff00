"""A TLS server that resets every third connection: ADDRESS PEM. It is listening when this ends."""

import itertools
import os
import socket
import ssl
import struct
import sys
from contextlib import suppress

_RESET = struct.pack("ii", 1, 0)


def serve(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Shake hands with one after the other, and reset the third, the sixth, the ninth.

    A connection on which nothing is said does not count: the program makes one to see
    whether it was its ClientHello that was answered with the reset.
    """
    numbers = itertools.count(1)
    while True:
        stream, _ = listening.accept()
        with stream:
            if not stream.recv(1, socket.MSG_PEEK):
                continue
            if next(numbers) % 3 == 0:
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                continue
            with suppress(OSError), context.wrap_socket(stream, server_side=True) as session:
                session.recv(1)


if __name__ == "__main__":
    address, pem = sys.argv[1:]
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(pem)
    with socket.create_server((address, 443)) as server:
        if os.fork() == 0:
            serve(server, shown)
