"""What the observatory does at a distance, where it is waiting that costs, beside the prober."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median

from tests.bench import blackbox
from tests.bench.apart import FAR, Apart, apart, inside, within
from tests.bench.farm import farm
from tests.bench.lookers import Lookers
from tests.bench.machine import MissingError
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 500
_IN_FLIGHT = 256
_ROUND_TRIP = 0.1
_AT_LEAST = 0.8


def measure(
    bench: Bench, endpoints: int = _ENDPOINTS, round_trip: float = _ROUND_TRIP
) -> Iterator[Row]:
    """Observe 500 endpoints 100 ms away, 256 in flight, as the prober does.

    Both are in one network, the endpoints in another, and one relay holds the packets of
    both: a process, so that it can be told what share of a core it had while each measured.
    Ours is in a process for each core, which share the concurrency out, and in one alone.
    """
    cores = len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        networks = stack.enter_context(apart(1, round_trip))
        far = within(networks.far)
        stack.enter_context(inside(networks.nears[0]))
        served = stack.enter_context(farm(bench.folder / "farm", endpoints, FAR, far))
        shared = _IN_FLIGHT // cores
        many = Lookers(served, bench.folder, cores, journal=False, in_flight=shared)
        alone = Lookers(served, bench.folder, 1, journal=False, in_flight=_IN_FLIGHT)
        shares: dict[str, list[float]] = {}
        measures = {
            "ours": _told(networks, many.rate, shares.setdefault("ours", [])),
            "one_process": _told(networks, alone.rate, shares.setdefault("one_process", [])),
        }
        peer = Peer(blackbox.NAME)
        try:
            prober = blackbox.blackbox(served, bench.folder / "prober", at_once=_IN_FLIGHT)
            asked = stack.enter_context(prober)
            peer = asked.peer
            measures["prober"] = _told(networks, asked.rate, shares.setdefault("prober", []))
        except MissingError as error:
            peer = bench.without(peer.name, error)
        found = bench.by_turns(**measures)
    told = f"{endpoints} endpoints, {_IN_FLIGHT} in flight, round trip {round_trip * 1000:g} ms"
    for name, ours, note, target in (
        ("distance", "ours", f"a process for each of {cores} cores; {told}", _AT_LEAST),
        ("distance-one-process", "one_process", told, None),
    ):
        yield compared(
            name,
            found[ours],
            peer,
            found.get("prober"),
            unit="1/s",
            better="higher",
            target=target,
            note=note,
        )
    yield Row(
        name="distance-relay",
        value=median(shares["ours"]),
        unit="% CPU",
        better="lower",
        note="of one core, that the relay had meanwhile; "
        + ", ".join(f"{name}: {median(one):.0f} %" for name, one in shares.items()),
    )


def _told(networks: Apart, rate: Callable[[], float], into: list[float]) -> Callable[[], float]:
    """Measure, and keep the relay's share of a core."""

    def measured() -> float:
        used, began = networks.relay_cpu(), time.monotonic()
        found = rate()
        into.append(100 * (networks.relay_cpu() - used) / (time.monotonic() - began))
        return found

    return measured
