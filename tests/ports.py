"""Ports for servers that have to be told theirs before they listen."""

import random
import socket
from contextlib import suppress

_BELOW_EPHEMERAL = range(15000, 32000)
"""Linux takes the ports of outgoing connections from 32768 on (ip_local_port_range): one of these
is not taken by anybody's connection between the looking and the listening."""


def free_port(address: str = "127.0.0.1") -> int:
    """Return a port of the address that is free for TCP and UDP."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    while True:
        port = random.choice(_BELOW_EPHEMERAL)
        with (
            suppress(OSError),
            socket.socket(family, socket.SOCK_STREAM) as stream,
            socket.socket(family, socket.SOCK_DGRAM) as datagrams,
        ):
            stream.bind((address, port))
            datagrams.bind((address, port))
            return port
