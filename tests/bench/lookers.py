"""The observatory in processes of its own, each with its share of the endpoints."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.farm import Farm
from tests.bench.machine import ROOT, BrokenError


@dataclass(slots=True)
class Lookers:
    """So many processes; planned before the clock runs, as a prober is configured before."""

    served: Farm
    folder: Path
    processes: int
    journal: bool
    in_flight: int = 64
    """Of each of them."""
    megabytes: float = field(default=0.0, init=False)
    """The most that any of the processes has had."""

    def rate(self) -> float:
        """Observe every site once; returns endpoints a second."""
        with ExitStack() as stack:
            started = [stack.enter_context(self._start(at)) for at in range(self.processes)]
            for process in started:
                _heard(process)
            began = time.monotonic()
            for process in started:
                _tell(process)
            told = [_heard(process) for process in started]
            seconds = time.monotonic() - began
        self.megabytes = max(self.megabytes, *(one["megabytes"] for one in told))
        accepted: int = sum(one["accepted"] for one in told)
        if accepted != len(self.served.sites):
            raise BrokenError(f"{accepted} of {len(self.served.sites)} endpoints were accepted")
        return accepted / seconds

    def _start(self, at: int) -> subprocess.Popen[str]:
        share = self.folder / f"share-{self.processes}-{self.journal}-{at}.json"
        share.write_text(
            json.dumps(
                {
                    "sites": [
                        (site.name, site.address)
                        for site in self.served.sites[at :: self.processes]
                    ],
                    "port": self.served.tls,
                    "authority": str(self.served.authority),
                    "journal": self.journal,
                    "in_flight": self.in_flight,
                }
            )
        )
        return subprocess.Popen(
            [sys.executable, "-m", "tests.bench.looking", str(share)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def _tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _heard(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BrokenError("the observatory's process ended; what it said stands above")
    return json.loads(line)
