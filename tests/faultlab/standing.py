"""The fault lab as tests see it: a process in namespaces of its own, asked fault by fault."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.delay import TUN
from tests.faultlab.fault import Fault
from tests.faultlab.measuring import Measured, as_measured
from tests.needs import absent, need
from tests.program import ROOT
from tests.stand_ins import LOCALHOST, enter, make_etc

_TOOLS = ("ip", "nft", "unbound", "dnsmasq", "nginx", "fcgiwrap", "git", "faketime")

Look = Callable[[Fault], Measured]


@contextmanager
def fault_lab(folder: Path) -> Iterator[Look]:
    """Start the lab, and give what looks at a fault in it; all of it ends with this."""
    for tool in _TOOLS:
        need(tool)
    if not TUN.exists():
        absent(f"this machine has no {TUN}")
    make_etc(folder, b"", LOCALHOST)
    (folder / "etc" / "netns").mkdir()
    argv = (*enter(folder, ""), sys.executable, "-m", "tests.faultlab.inside")
    with subprocess.Popen(
        argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def look(fault: Fault) -> Measured:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{fault.name}\n")
            process.stdin.flush()
            read = json.loads(process.stdout.readline() or '{"broke": "its process ended"}')
            assert "broke" not in read, f"{fault.name}: {read['broke']}"
            return as_measured(read)

        try:
            yield look
        finally:
            process.kill()
            if process.stdout is not None:
                process.stdout.read()  # to the end: the last of its processes has ended
