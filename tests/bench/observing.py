"""How many TLS endpoints a second the observatory observes, beside a prober and a load tool."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from tests.bench import blackbox, floor
from tests.bench.farm import Farm, farm
from tests.bench.lookers import Lookers
from tests.bench.machine import BrokenError, MissingError
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 2000
_MEGABYTES = 150
_AT_LEAST = 0.9


def measure(bench: Bench) -> Iterator[Row]:
    """Observe 2,000 endpoints, each with a name, an address and a certificate of its own.

    Ours is the observatory with the suite's one TLS probe: it connects, shakes hands,
    verifies the chain, compares the name, reads every certificate, all within deadlines;
    in a process for each core, as `-n` shares a run out. The prober does the same for a
    request each, and keeps nothing, so that no journal is written beside it either; what
    ours does with one is a row of its own. The floor is a load tool that shakes hands and
    verifies. Nobody resumes a session: nginx's log of all of them says so.
    """
    cores = len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        served = stack.enter_context(farm(bench.folder / "farm", _ENDPOINTS))
        many = Lookers(served, bench.folder, cores, journal=False)
        kept = Lookers(served, bench.folder, cores, journal=True)
        alone = Lookers(served, bench.folder, 1, journal=True)
        measures: dict[str, Callable[[], float]] = {
            "ours": many.rate,
            "with_journal": kept.rate,
            "one_process": alone.rate,
        }
        peer, base = Peer(blackbox.NAME), Peer(floor.NAME)
        try:
            prober = stack.enter_context(blackbox.blackbox(served, bench.folder / "prober"))
            peer, measures["prober"] = prober.peer, prober.rate
        except MissingError as error:
            peer = bench.without(peer.name, error)
        try:
            tool = stack.enter_context(floor.floor(served))
            base, measures["floor"] = tool.peer, tool.rate
        except MissingError as error:
            base = bench.without(base.name, error)
        found = bench.by_turns(**measures)
        note = _never_resumed(served, _ENDPOINTS * bench.rounds * len(measures))
    yield from _rows(found, peer, base, note, cores)
    yield Row(
        name="tls-memory",
        value=alone.megabytes,
        unit="MB",
        better="lower",
        target=_MEGABYTES,
        note=f"the most that one process had, {_ENDPOINTS} endpoints and a journal",
    )


def _rows(
    found: Mapping[str, Sequence[float]], peer: Peer, base: Peer, note: str, cores: int
) -> Iterator[Row]:
    theirs, most = found.get("prober"), found.get("floor")
    for name, ours, told, target in (
        ("tls-endpoints", "ours", f"a process for each of {cores} cores; {note}", _AT_LEAST),
        ("tls-endpoints-journal", "with_journal", "the same, and every step written", None),
        ("tls-endpoints-one-process", "one_process", "one process, every step written", None),
    ):
        yield compared(
            name,
            found[ours],
            peer,
            theirs,
            unit="1/s",
            better="higher",
            target=target,
            note=told,
        )
    yield compared("tls-endpoints-floor", found["ours"], base, most, unit="1/s", better="higher")


def _never_resumed(served: Farm, expected: int) -> str:
    sessions = served.resumed()
    if sessions[True] or sessions[False] < expected:
        raise BrokenError(f"of {expected} sessions {sessions[False]} were new: {dict(sessions)}")
    return f"{sessions[False]} sessions by nginx's log, {sessions[True]} of them resumed"
