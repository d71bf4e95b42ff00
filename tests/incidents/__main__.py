"""Plays incidents again, and writes their records anew: `python -m tests.incidents [NAME …]`."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.incidents import container_mtu, hijack_and_cut, hosts_regenerated
from tests.incidents.records import keep, record_of
from tests.program import ROOT

INCIDENTS = {one.NAME: one.happen for one in (hijack_and_cut, hosts_regenerated, container_mtu)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all of them before anything is written: a record names the commit that was run."""
    parser = argparse.ArgumentParser(prog="python -m tests.incidents", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"{', '.join(INCIDENTS)}; all without it")
    names = parser.parse_args(arguments).name or list(INCIDENTS)
    if unknown := [name for name in names if name not in INCIDENTS]:
        parser.error(f"there is no incident {unknown[0]}; there are {', '.join(INCIDENTS)}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            played = {name: INCIDENTS[name](Path(folder, name)) for name in names}
        except pytest.skip.Exception as error:
            parser.error(str(error))
        for name, runs in played.items():
            for run, ended in runs.items():
                concluded = record_of(ended).splitlines()[2].replace("*", "")
                sys.stdout.write(f"{name}, {run}: {concluded}\n")
            for path in keep(name, runs):
                sys.stdout.write(f"  {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
