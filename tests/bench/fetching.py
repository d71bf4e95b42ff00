"""A thousand HTTPS endpoints, each asked for one page: the whole process, beside goss."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.farm import Farm, farm
from tests.bench.machine import (
    BrokenError,
    MissingError,
    program,
    pytest_here,
    timed,
    version_of,
)
from tests.bench.profiles import write_profile
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 1000
_AT_MOST = 6.0
_CHECK = "checks/network/check_http.py::check_response_has_the_expected_status"
_MEND = "apt-get install goss (Debian 13), or go install github.com/goss-org/goss/cmd/goss@v0.4.9"


def measure(bench: Bench) -> Iterator[Row]:
    """Judge the status of 1,000 pages from start to exit, journal, log and record written.

    Goss asks for the same pages with an equal gossfile, verifies by the same authority, and
    has the concurrency that it has by itself, as ours has.
    """
    with farm(bench.folder / "farm", _ENDPOINTS) as served:
        profile = write_profile(bench.folder / "profile.yaml", served)
        evidence = bench.folder / "evidence"
        command = pytest_here(f"--profile={profile}", f"--evidence-dir={evidence}", _CHECK)
        measures: dict[str, Callable[[], float]] = {"ours": lambda: _ours(command)}
        peer = Peer("goss")
        try:
            goss = program(peer.name, _MEND)
            gossfile = _write_gossfile(bench.folder / "goss.yaml", served)
            validate = [goss, "--gossfile", str(gossfile), "validate", "--no-color"]
            peer = Peer(peer.name, _version(goss))
            measures["goss"] = lambda: _theirs(validate)
        except MissingError as error:
            peer = bench.without(peer.name, error)
        found = bench.by_turns(**measures)
    yield compared(
        "https-endpoints",
        found["ours"],
        peer,
        found.get("goss"),
        unit="s",
        better="lower",
        target=_AT_MOST,
        note=f"{_ENDPOINTS} endpoints, the whole process",
    )


def _ours(command: list[str]) -> float:
    ended = timed(command)
    if f"{_ENDPOINTS} passed" not in ended.out:
        raise BrokenError(f"not all were upheld:\n{ended.out[-2000:]}")
    return ended.seconds


def _theirs(command: list[str]) -> float:
    ended = timed(command)
    if not re.search(rf"Count: {_ENDPOINTS}, Failed: 0", ended.out):
        raise BrokenError(f"goss did not validate all:\n{ended.out[-2000:]}")
    return ended.seconds


def _version(goss: str) -> str:
    """Return what it says, or what Go wrote into one that was built without saying."""
    built = re.search(rb"\tgithub\.com/goss-org/goss\tv([0-9.]+)", Path(goss).read_bytes())
    return built[1].decode() if built else version_of(goss, "--version")


def _write_gossfile(path: Path, served: Farm) -> Path:
    expected = {"status": 200, "timeout": 5000, "ca-file": str(served.authority)}
    pages = {f"https://{site.address}:{served.https}/": expected for site in served.sites}
    path.write_text(json.dumps({"http": pages}))  # which is YAML too
    return path
