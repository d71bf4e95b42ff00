"""How much memory a run needs that has a thousand sightings in flight."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.farm import Farm, farm
from tests.bench.machine import BrokenError, pytest_here, timed
from tests.bench.profiles import write_profile
from tests.bench.rows import Bench, Row
from tests.ports import free_port

_ENDPOINTS = 1000
_MEGABYTES = 200
_PATIENCE = 60.0
_CHECK = "checks/tls/check_handshake.py::check_handshake_completes"
# The run, and after it the most memory that a process of it has had, in MB.
WATCHED = """\
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(status)
"""


def measure(bench: Bench, endpoints: int = _ENDPOINTS) -> Iterator[Row]:
    """Shake hands with 1,000 endpoints at once: the whole program, start to exit.

    A gate before the endpoints lets nobody through until all have connected and sent their
    ClientHello, so that all sightings are under way together: the journal says how many.
    """
    with farm(bench.folder / "farm", endpoints) as served, _gate(served) as port:
        profile = _through(write_profile(bench.folder / "profile.yaml", served), port)
        evidence = bench.folder / "evidence"
        command = pytest_here(
            *(f"--profile={profile}", f"--evidence-dir={evidence}"),
            *(f"--in-flight={endpoints}", _CHECK),
        )
        found = bench.by_turns(ours=lambda: _peak(command, endpoints))
    most = max(_in_flight(run) for run in evidence.glob("2*"))
    if most < endpoints:
        raise BrokenError(f"{most} sightings were in flight, and not {endpoints}")
    yield Row(
        name="in-flight-memory",
        value=max(found["ours"]),
        unit="MB",
        better="lower",
        target=_MEGABYTES,
        note=f"the most that the whole program had, {most} handshakes in flight, all written",
    )


def _peak(command: list[str], endpoints: int) -> float:
    ended = timed([sys.executable, "-c", WATCHED, *command])
    if f"{endpoints} passed" not in ended.out:
        raise BrokenError(f"not all were upheld:\n{ended.out[-2000:]}")
    return float(ended.out.rpartition("peak ")[2])


def _in_flight(run: Path) -> int:
    lines = map(json.loads, (run / "journal.jsonl").read_text().splitlines())
    return max(int(line["in_flight"]) for line in lines if line["kind"] == "sighting.end")


def _through(profile: Path, port: int) -> Path:
    """Change a profile's endpoints to the gate's port, and give them the time it takes."""
    told = json.loads(profile.read_text())
    for endpoint in told["endpoints"]:
        endpoint["port"] = port
        del endpoint["http"], endpoint["ranges"]  # its handshake is the only one
    del told["ranges"]
    told["deadlines"] = {"tls": f"{_PATIENCE:g}s", "sighting": f"{_PATIENCE:g}s"}
    profile.write_text(json.dumps(told))
    return profile


@contextmanager
def _gate(served: Farm) -> Iterator[int]:
    """Stand before every endpoint, at a port of its own; yields that."""
    port = free_port(served.sites[0].address)
    ready, over = threading.Event(), threading.Event()

    def run() -> None:
        asyncio.run(_stand(served, port, ready, over))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        ready.wait()
        yield port
    finally:
        over.set()
        thread.join()


async def _stand(served: Farm, port: int, ready: threading.Event, over: threading.Event) -> None:
    waiting: list[asyncio.Future[None]] = []

    async def let_through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):  # at the end, whoever is left is
            hello = await reader.read(65536)
            await _all_are_there(waiting, len(served.sites))
            address = writer.get_extra_info("sockname")[0]
            far, onward = await asyncio.open_connection(address, served.tls)
            onward.write(hello)
            await asyncio.gather(_carry(reader, onward), _carry(far, writer))

    async def serve(address: str) -> asyncio.Server:
        return await asyncio.start_server(let_through, address, port, backlog=16)

    servers = [await serve(site.address) for site in served.sites]
    ready.set()
    while not over.is_set():  # noqa: ASYNC110 - of another thread
        await asyncio.sleep(0.05)
    for server in servers:
        server.close()


async def _all_are_there(waiting: list[asyncio.Future[None]], count: int) -> None:
    """Wait until so many are; who comes later begins a new round."""
    mine = asyncio.get_running_loop().create_future()
    waiting.append(mine)
    if len(waiting) == count:
        for one in waiting:
            one.set_result(None)
        waiting.clear()
    await mine


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    with suppress(OSError):
        writer.close()
