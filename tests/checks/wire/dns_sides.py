"""Nameservers on loopback: real ones, and ones that do exactly one thing."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from checks.wire.resolvers import Server
from tests.daemons import daemon
from tests.needs import need
from tests.ports import free_port

Replies = Callable[[bytes], Sequence[bytes]]
_UNBOUND = """
server:
  username: ""
  chroot: ""
  pidfile: ""
  directory: "{folder}"
  use-syslog: no
  logfile: ""
  verbosity: 1
  interface: {address}@{port}
  port: {port}
  access-control: 127.0.0.0/8 allow
{zones}
remote-control:
  control-enable: no
"""
SERVED = """\
  local-zone: "test." static
  local-data: "served.test. 77 A 127.7.7.7"
  local-data: "served.test. 77 AAAA fd00::7"
"""


def free_place(address: str) -> Server:
    """Return a port of the address that is free for UDP and TCP."""
    return Server(address, free_port(address))


@contextmanager
def dnsmasq(address: str, *more: str) -> Iterator[Server]:
    """Serve `served.test` (TTL 77), its alias `alias.test`, and nothing else below `test`.

    `more` options may say that there is more.
    """
    server = free_place(address)
    argv = [
        *(need("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file="),
        *("--no-resolv", "--no-hosts", "--bind-interfaces", "--log-facility=-"),
        *(f"--listen-address={address}", f"--port={server.port}", "--local=/test/"),
        *("--host-record=served.test,127.7.7.7,fd00::7,77", "--cname=alias.test,served.test,55"),
        *more,
    ]
    with daemon(argv, until="started, version"):
        yield server


@contextmanager
def unbound(address: str, folder: Path, zones: str = SERVED) -> Iterator[Server]:
    """Serve `served.test` (TTL 77), and nothing else below `test`; or other zones.

    Those are unbound's own words, and go on within its clause `server:`.
    """
    server = free_place(address)
    conf = write_unbound(folder, server, zones)
    with daemon([need("unbound"), "-d", "-c", str(conf)], until="start of service"):
        yield server


def write_unbound(folder: Path, server: Server, zones: str = SERVED) -> Path:
    """Write the configuration into the folder, for whoever starts it."""
    conf = folder / "unbound.conf"
    conf.write_text(
        _UNBOUND.format(folder=folder, address=server.address, port=server.port, zones=zones)
    )
    return conf


@contextmanager
def datagram_side(reply: Replies, address: str = "127.0.0.1", port: int = 0) -> Iterator[Server]:
    """Answer each datagram with these, over UDP alone."""
    with socket.socket(type=socket.SOCK_DGRAM) as listener:
        listener.bind((address, port))

        def serve() -> None:
            while (received := listener.recvfrom(65536))[0]:
                for wire in reply(received[0]):
                    listener.sendto(wire, received[1])

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Server(*listener.getsockname())
        finally:
            with socket.socket(type=socket.SOCK_DGRAM) as last:
                last.sendto(b"", listener.getsockname())
            thread.join()
