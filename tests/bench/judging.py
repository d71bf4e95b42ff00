"""What judging costs: an earlier run judged again, beside plain pytest with empty functions."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import pytest

from tests.bench.farm import Farm, farm
from tests.bench.machine import ROOT, BrokenError, pytest_here, timed
from tests.bench.plain import write_plain
from tests.bench.profiles import write_profile
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 1000
_AT_MOST = 1.3
CHECKS = {
    "network": {
        "check_names": ("check_name_resolves", "check_addresses_belong_to_the_name"),
        "check_ways": ("check_there_is_a_way_to_the_name",),
        "check_connections": ("check_connection_is_made",),
        "check_http": ("check_response_is_whole",),
    },
    "tls": {
        "check_certificate": (
            "check_certificate_is_trusted",
            "check_certificate_names_the_host",
            "check_certificate_outlives_the_renewal_window",
        ),
        "check_handshake": ("check_handshake_completes", "check_protocol_is_recent_enough"),
    },
}
"""Ten checks, by area and file, all of which hold of every endpoint of the farm."""


def measure(bench: Bench) -> Iterator[Row]:
    """Judge 10,000 checks of 1,000 endpoints out of a journal, from start to exit.

    Chain, redaction, log and record are as in any run; pytest's plugins are those that are
    installed, for both. Plain pytest has the same ids, parameters and fixture arguments.
    """
    with farm(bench.folder / "farm", _ENDPOINTS) as served:
        run = record(bench.folder, served, _ENDPOINTS)
    again = bench.folder / "again"
    ours = pytest_here(f"--replay={run}", f"--evidence-dir={again}", *node_ids())
    plain = write_plain(bench.folder / "plain", arguments_of_checks(), ids_of(served, _ENDPOINTS))
    found = bench.by_turns(
        ours=lambda: judge(ours, _ENDPOINTS), plain=lambda: judge(pytest_here(), _ENDPOINTS, plain)
    )
    yield compared(
        "judging",
        found["ours"],
        Peer("plain pytest", pytest.__version__),
        found["plain"],
        unit="s",
        better="lower",
        target=_AT_MOST,
        note=f"{10 * _ENDPOINTS} checks of {_ENDPOINTS} endpoints, replayed; the whole process",
    )


def record(folder: Path, served: Farm, count: int) -> Path:
    """Look at so many endpoints once, and return the run."""
    profile = write_profile(folder / "profile.yaml", served, served.sites[:count])
    evidence = folder / "recorded"
    judge(pytest_here(f"--profile={profile}", f"--evidence-dir={evidence}", *node_ids()), count)
    (run,) = evidence.glob("2*")
    return run


def node_ids() -> list[str]:
    """Return the node ids of the ten checks."""
    return [
        f"checks/{area}/{file}.py::{name}"
        for area, files in CHECKS.items()
        for file, names in files.items()
        for name in names
    ]


def arguments_of_checks() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Return what each of the ten asks for, by file."""
    return {
        file: {
            name: tuple(
                inspect.signature(getattr(import_module(f"checks.{area}.{file}"), name)).parameters
            )
            for name in names
        }
        for area, files in CHECKS.items()
        for file, names in files.items()
    }


def ids_of(served: Farm, count: int) -> list[str]:
    """Return the ids that our cases of so many endpoints have."""
    return [f"{site.address}:{served.https}@here" for site in served.sites[:count]]


def judge(command: Sequence[str], count: int, folder: Path = ROOT) -> float:
    """Run the ten checks of so many endpoints, or what stands for them; returns seconds."""
    ended = timed(command, folder=folder)
    if f"{10 * count} passed" not in ended.out:
        raise BrokenError(f"not all passed:\n{ended.out[-2000:]}")
    return ended.seconds
