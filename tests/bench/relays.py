"""A stream through a relay, as containers and pods have them, beside a direct one."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fixtures.vantages import Stream
from fixtures.vantages.elsewhere import Way
from fixtures.vantages.relaying import Relays
from fixtures.vantages.relays import RELAYS
from fixtures.vantages.streams import open_stream
from tests.bench.machine import BrokenError, MissingError, program
from tests.bench.rows import Bench, Peer, Row, compared

_MEGABYTES = 64
_BLOCK = bytes(65536)
_DEADLINE = 60.0
_BESIDE = ("sh", "sleep", "setsid", "cat")
"""What any place has, and relays use."""
_PACKAGES = {"nc": "netcat-openbsd", "perl": "perl-base"}


def measure(bench: Bench, megabytes: int = _MEGABYTES) -> Iterator[Row]:
    """Receive 64 MB from a server on loopback, directly and by each relay.

    A relay is the command that runs in a container or pod, here as a process of this host:
    what the engine's exec adds is the engine's. The first byte is counted from the opening,
    so that a relay's start is in it.
    """
    with _server(megabytes) as port:
        direct = _Taking(lambda: open_stream("127.0.0.1", port, deadline=_DEADLINE), megabytes)
        ways = {"direct": direct}
        for tool in dict.fromkeys(relay.tool for relay in RELAYS):
            try:
                there = _with_one(bench.folder / tool, tool)
            except MissingError as error:
                bench.without(tool, error)
                continue
            ways[tool] = _Taking(_opening(there, port), megabytes)
        found = bench.by_turns(**{name: one.rate for name, one in ways.items()})
    peer = Peer("a direct stream")
    for name in list(ways)[1:]:
        yield compared(
            f"relay-{name}",
            found[name],
            peer,
            found["direct"],
            unit="MB/s",
            better="higher",
            note=f"{megabytes} MB received",
        )
        yield compared(
            f"relay-{name}-first-byte",
            ways[name].firsts,
            peer,
            direct.firsts,
            unit="ms",
            better="lower",
            note="from the opening; the relay is started anew",
        )


class _Taking:
    """One way to a stream, and how soon its first byte came each time."""

    def __init__(self, opening: Callable[[], Awaitable[Stream]], megabytes: int) -> None:
        self._opening = opening
        self._size = megabytes * 1_000_000
        self.firsts: list[float] = []

    def rate(self) -> float:
        """Take all that comes; returns megabytes a second, from the first byte on."""
        return asyncio.run(self._take())

    async def _take(self) -> float:
        began = time.monotonic()
        async with asyncio.timeout(_DEADLINE):
            stream = await self._opening()
            try:
                taken = len(await stream.receive())
                first = time.monotonic()
                while taken < self._size:  # not to the end, of which nc does not tell
                    part = await stream.receive()
                    if not part:
                        raise BrokenError(f"{taken} of {self._size} bytes came")
                    taken += len(part)
                seconds = time.monotonic() - first
            finally:
                await stream.close()
        self.firsts.append(1000 * (first - began))
        return taken / 1_000_000 / seconds


def _opening(relays: Relays, port: int) -> Callable[[], Awaitable[Stream]]:
    return lambda: relays.open("127.0.0.1", port, deadline=_DEADLINE)


def _with_one(folder: Path, tool: str) -> Relays:
    """Return a place that has this relay and no other; raises `MissingError`."""
    folder.mkdir()
    for name in (*_BESIDE, tool):
        leads = sys.executable  # what python3 is on PATH may need more than this place has
        if name != "python3":
            leads = program(name, f"apt-get install {_PACKAGES.get(name, name)}")
        (folder / name).symlink_to(Path(leads).resolve())
    return Relays(Way(f"a place with {tool}", lambda argv: ("env", f"PATH={folder}", *argv)))


@contextmanager
def _server(megabytes: int) -> Iterator[int]:
    """Send so much to everybody who connects, and end; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with suppress(OSError), connection:
                    left = megabytes * 1_000_000
                    while left:
                        left -= connection.send(_BLOCK[:left])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
