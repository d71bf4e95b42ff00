"""What judging costs: an earlier run judged again, beside plain pytest with empty functions."""

from collections.abc import Iterator, Sequence
from statistics import median

import pytest

from tests.bench.farm import farm
from tests.bench.machine import Ended, pytest_here
from tests.bench.rows import Bench, Peer, Row, compared
from tests.bench.suites import judge, one_sighting, own_areas

_ENDPOINTS = 1000
_AT_MOST = 1.3


def measure(bench: Bench) -> Iterator[Row]:
    """Judge 10,000 checks of 1,000 replayed observations, from start to exit.

    Ten checks judge one handshake with each endpoint. Chain, redaction, log and record are
    as in any run; pytest's plugins are those that are installed, for both. Plain pytest has
    the same ids, parameters and fixture arguments. Beside it the same with ten checks of the
    suite's own areas, which judge five sightings of each endpoint.

    It is processor time that is compared: there is one process that works, and what others
    do on the machine meanwhile is no cost of it. The time by the clock is told beside it.
    """
    one, own = one_sighting(bench.folder), own_areas()
    with farm(bench.folder / "farm", _ENDPOINTS) as served:
        of_one = one.record(bench.folder / "one", served)
        of_own = own.record(bench.folder / "own", served)
    again = bench.folder / "again"
    emptied = one.emptied(bench.folder / "emptied-one", served)
    own_emptied = own.emptied(bench.folder / "emptied-own", served)
    found = bench.by_turns(
        ours=lambda: judge(one.replay(of_one, again), _ENDPOINTS, one.folder),
        plain=lambda: judge(pytest_here(), _ENDPOINTS, emptied),
        own_areas=lambda: judge(own.replay(of_own, again), _ENDPOINTS, own.folder),
        plain_own=lambda: judge(pytest_here(), _ENDPOINTS, own_emptied),
    )
    peer = Peer("plain pytest", pytest.__version__)
    for name, ours, theirs, target, note in (
        ("judging", "ours", "plain", _AT_MOST, f"{_ENDPOINTS} observations"),
        ("judging-areas", "own_areas", "plain_own", None, f"{5 * _ENDPOINTS} sightings"),
    ):
        yield compared(
            name,
            [one.cpu for one in found[ours]],
            peer,
            [one.cpu for one in found[theirs]],
            unit="s CPU",
            better="lower",
            target=target,
            note=f"{10 * _ENDPOINTS} checks of {note}, replayed, the whole process; by the clock"
            f" {_clock(found[ours])} and {_clock(found[theirs])}",
        )


def _clock(ended: Sequence[Ended]) -> str:
    return f"{median(one.seconds for one in ended):.1f} s"
