"""The rows of distance, vantages, relays and memory, at a size that tells only that they work."""

import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.bench import distance, memory, relays, vantages
from tests.bench.apart import FAR, apart, inside, within
from tests.bench.machine import BrokenError, MissingError
from tests.bench.rows import Bench, Row
from tests.needs import absent, need


def rows_of(folder: Path, measure: Callable[[Bench], Iterable[Row]]) -> dict[str, Row]:
    """Measure once; a row that nothing can be said of here skips the test."""
    try:
        return {row.name: row for row in measure(Bench(folder, 1))}
    except MissingError as error:
        absent(str(error))


def test_a_far_network_is_a_round_trip_away() -> None:
    try:
        with apart(2, 0.1) as networks:
            seconds = [connecting(networks.far, near) for near in networks.nears]
            used = networks.relay_cpu()
    except MissingError as error:
        absent(str(error))

    assert all(one >= 0.1 for one in seconds), seconds
    assert used >= 0


def connecting(far: str, near: str) -> float:
    """Return the seconds in which a connection is refused over there."""
    assert within(far)[-1] == far
    with inside(near):
        began = time.monotonic()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((f"{FAR}.3.4", 9), timeout=20)
        return time.monotonic() - began


def test_a_thread_comes_home_from_a_network() -> None:
    home = Path("/proc/thread-self/ns/net").readlink()
    try:
        with apart(1, 0.01) as networks, inside(networks.nears[0]):
            there = Path("/proc/thread-self/ns/net").readlink()
    except MissingError as error:
        absent(str(error))

    assert there != home
    assert Path("/proc/thread-self/ns/net").readlink() == home


def test_the_distance_is_the_same_for_both_and_its_relay_is_told(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, lambda bench: distance.measure(bench, 4, 0.02))

    assert [*rows] == ["distance", "distance-one-process", "distance-relay"]
    assert rows["distance"].value > 0
    assert rows["distance"].target == 0.8
    assert "round trip 20 ms" in rows["distance"].note
    assert 0 <= rows["distance-relay"].value < 100
    assert "one_process:" in rows["distance-relay"].note


def test_vantages_are_measured_beside_a_script_that_saw_the_same(tmp_path: Path) -> None:
    need("openssl")
    rows = rows_of(tmp_path, lambda bench: vantages.measure(bench, 2, 1, 0.02))

    row = rows["four-vantages"]
    assert (row.unit, row.target, row.better) == ("s", 0.1, "lower")
    assert row.peer_value is not None
    assert "looked at 1 from one, and its time is times 8" in row.note


def test_relays_are_measured_beside_a_direct_stream(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, lambda bench: relays.measure(bench, 1))

    assert {"relay-socat", "relay-python3", "relay-bash"} <= rows.keys()
    assert all(row.ratio is not None and row.target is None for row in rows.values())
    assert rows["relay-python3-first-byte"].value > rows["relay-python3-first-byte"].peer_value  # type: ignore[operator]


def test_memory_is_that_of_sightings_that_were_all_in_flight(tmp_path: Path) -> None:
    row = rows_of(tmp_path, lambda bench: memory.measure(bench, 12))["in-flight-memory"]

    assert 20 < row.value < 200
    assert "12 handshakes in flight" in row.note


def test_sightings_that_were_not_all_in_flight_break_the_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--vantage=none")
    with pytest.raises(BrokenError, match="has no such vantage"):
        rows_of(tmp_path, lambda bench: memory.measure(bench, 2))
