"""prometheus-blackbox-exporter, and a client that asks it for one probe after the other."""

import json
import selectors
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.bench.farm import Farm, Site
from tests.bench.machine import (
    BrokenError,
    MissingError,
    program,
    version_of,
    wait_for,
)
from tests.bench.rows import Peer
from tests.ports import free_port

NAME = "prometheus-blackbox-exporter"
_MEND = f"apt-get install {NAME}"
_AT_ONCE = 16
"""How many probes are asked for at once, where nobody says how many."""
_STARTED = 30.0


@dataclass(slots=True)
class _Asking:
    """A connection to the exporter, and what it has answered so far."""

    connection: socket.socket
    answer: bytearray = field(default_factory=bytearray)

    @property
    def whole(self) -> bool:
        head, _, body = bytes(self.answer).partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return len(body) == int(length) if length else body.endswith(b"0\r\n\r\n")


@dataclass(frozen=True, slots=True)
class Blackbox:
    """A prober that runs, with a module for each site, for the name that must be shown there."""

    served: Farm
    port: int
    peer: Peer
    at_once: int

    def rate(self) -> float:
        """Let it probe every site, so many at once; returns endpoints a second."""
        left = iter(self.served.sites)
        began = time.monotonic()
        with selectors.DefaultSelector() as waiting:
            for site in islice(left, self.at_once):
                connection = socket.create_connection(("127.0.0.1", self.port))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ask(connection, site)
                waiting.register(connection, selectors.EVENT_READ, _Asking(connection))
            while waiting.get_map():
                for key, _ in waiting.select():
                    self._go_on(key.data, left, waiting)
        return len(self.served.sites) / (time.monotonic() - began)

    def _ask(self, connection: socket.socket, site: Site) -> None:
        path = f"/probe?module={site.name}&target={site.address}:{self.served.tls}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())

    def _go_on(
        self, asking: _Asking, left: Iterator[Site], waiting: selectors.BaseSelector
    ) -> None:
        asking.answer += asking.connection.recv(65536)
        if not asking.whole:
            return
        if b"\nprobe_success 1" not in asking.answer:
            raise BrokenError(f"{NAME} did not succeed:\n{asking.answer.decode()[-2000:]}")
        asking.answer.clear()
        if (site := next(left, None)) is not None:
            self._ask(asking.connection, site)
            return
        waiting.unregister(asking.connection)
        asking.connection.close()


@contextmanager
def blackbox(served: Farm, folder: Path, at_once: int = _AT_ONCE) -> Iterator[Blackbox]:
    """Start the prober on a free port; raises `MissingError`."""
    command = program(NAME, _MEND)
    folder.mkdir()
    configuration = folder / "blackbox.json"  # which is YAML too
    modules = {site.name: _module(served, site) for site in served.sites}
    configuration.write_text(json.dumps({"modules": modules}))
    port = free_port()
    process = subprocess.Popen(
        [
            command,
            f"--config.file={configuration}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if not wait_for(process, "127.0.0.1", port, _STARTED):
            raise MissingError(f"{NAME} does not start here", _MEND)
        yield Blackbox(served, port, Peer(NAME, version_of(command, "--version")), at_once)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _module(served: Farm, site: Site) -> dict[str, object]:
    tls = {"ca_file": str(served.authority), "server_name": site.name}
    tcp = {"tls": True, "preferred_ip_protocol": "ip4", "tls_config": tls}
    return {"prober": "tcp", "timeout": "5s", "tcp": tcp}
