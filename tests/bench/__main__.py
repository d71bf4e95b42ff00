"""`make bench`: how fast the suite is, against others that do the same on this machine."""

import argparse
import os
import platform
import resource
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import (
    clusters,
    collecting,
    distance,
    fetching,
    hardcoded,
    judging,
    memory,
    observing,
    relays,
    reporting,
    vantages,
)
from tests.bench.machine import TOOLS, MissingError
from tests.bench.rows import Bench, Row
from tests.bench.table import show, write

FAMILIES: Mapping[str, Callable[[Bench], Iterable[Row]]] = {
    "observe": observing.measure,
    "fetch": fetching.measure,
    "judge": judging.measure,
    "allure": reporting.measure,
    "collect": collecting.measure,
    "distance": distance.measure,
    "vantages": vantages.measure,
    "relay": relays.measure,
    "memory": memory.measure,
    "hardcoded": hardcoded.measure,
    "clusters": clusters.measure,
}
"""The rows, by families; a new one is a file, and a line here."""
WRITTEN = Path(".bench/bench.json")
_FILES = 16384


def main() -> int:
    """Measure what was chosen; returns 1 where a family broke, whether targets are met or not."""
    chosen = _chosen()
    _raise_limits()
    rows, missing, broken = _measured(chosen.families or list(FAMILIES), chosen.rounds)
    write(rows, WRITTEN)
    _tell(_heading())
    _tell(show(rows) if rows else "nothing was measured")
    for what in missing:
        _tell(f"missing: {what}")
    if missing:
        _tell(f"Peers are looked for on PATH and in {TOOLS}; nothing is downloaded from here.")
    for name in broken:
        _tell(f"BROKEN: {name}, see above")
    _tell(f"The same is in {WRITTEN}")
    return 1 if broken else 0


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"of: {', '.join(FAMILIES)}")
    parser.add_argument("--rounds", type=int, default=5, help="of each (default: 5)")
    chosen = parser.parse_args()
    if unknown := set(chosen.families) - FAMILIES.keys():
        parser.error(f"no such rows: {', '.join(unknown)}; there are: {', '.join(FAMILIES)}")
    return chosen


def _measured(names: list[str], rounds: int) -> tuple[list[Row], list[str], list[str]]:
    rows: list[Row] = []
    missing: list[str] = []
    broken: list[str] = []
    for name in names:
        _tell(name)
        with TemporaryDirectory(prefix="touchstone-bench-") as folder:
            bench = Bench(Path(folder), rounds, missing)
            os.environ["PYTEST_ADDOPTS"] = f"-ocache_dir={folder}/cache"  # no earlier run's ids
            try:
                rows += FAMILIES[name](bench)
            except MissingError as error:
                missing.append(f"{name}: {error}")
            except Exception:  # noqa: BLE001 - the other rows are measured all the same
                traceback.print_exc()
                broken.append(name)
    return rows, missing, broken


def _raise_limits() -> None:
    """Let this process, and what it starts, open as many files as it may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _heading() -> str:
    busy, *_ = os.getloadavg()
    return (
        f"\nPython {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores,"
        f" load {busy:.1f}: medians, and ratios of ours by the peer's, measured by turns\n"
    )


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a program


if __name__ == "__main__":
    sys.exit(main())
