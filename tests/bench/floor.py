"""The floor: what a load tool needs for the same handshakes, when it does nothing else."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.farm import Farm
from tests.bench.machine import TOOLS, BrokenError, program, version_of
from tests.bench.rows import Peer

NAME = "Go's crypto/tls (floor.go)"
_SOURCE = Path(__file__).with_name("floor.go")


@dataclass(frozen=True, slots=True)
class Floor:
    """The load tool, built."""

    served: Farm
    tool: Path
    peer: Peer

    def rate(self) -> float:
        """Shake hands with every site; returns handshakes a second."""
        sites = "".join(
            f"{site.name} {site.address}:{self.served.tls}\n" for site in self.served.sites
        )
        command = [self.tool, self.served.authority]
        ended = subprocess.run(
            command, input=sites, capture_output=True, text=True, timeout=120, check=False
        )
        if ended.returncode:
            raise BrokenError(f"{NAME}: {ended.stderr.strip()}")
        return len(self.served.sites) / float(ended.stdout)


@contextmanager
def floor(served: Farm) -> Iterator[Floor]:
    """Build the load tool, once for each of its texts; raises `MissingError` without Go."""
    go = program("go", "https://go.dev/doc/install")
    tool = TOOLS / f"floor-{hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]}"
    if not tool.exists():
        tool.parent.mkdir(parents=True, exist_ok=True)
        alone = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOPROXY": "off"}
        subprocess.run([go, "build", "-o", tool, _SOURCE], env=alone, timeout=300, check=True)
    yield Floor(served, tool, Peer(NAME, version_of(go, "version")))
