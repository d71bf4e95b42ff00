"""A far side that neither accepts nor refuses, on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def full_backlog() -> Iterator[int]:
    """Listen without accepting, with a queue that has no room left: who connects hears nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = []
        with suppress(TimeoutError):
            while True:
                waiting.append(socket.create_connection(listener.getsockname(), timeout=0.3))
        yield listener.getsockname()[1]
        for connection in waiting:
            connection.close()
