"""2025-11-20: a resolver that lies, connections that are cut, and the block that heals both."""

import sys
from pathlib import Path

from tests.incidents.worlds import named, run_there, text_of
from tests.program import ROOT, Ended
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Internet, make_identity, with_internet

NAME = "hijack-and-cut"
HIJACKED = "11.2.0.12"
CUT = "140.82.112.9"
"""Where DNS finds codeload.github.com; what stands on the way there reads the ClientHello."""
UNWATCHED = "140.82.114.9"
STAMP = "20251120T080000Z"


def happen(folder: Path) -> dict[str, Ended]:
    """Run the checks while it is broken, and once the hosts file has the block."""
    host = folder / "host"
    names = ("github.com", "codeload.github.com", "api.github.com")
    internet = Internet(
        answers={**{name: ADDRESSES[name] for name in names}, "github.com": (HIJACKED,)},
        served={**ADDRESSES, "codeload.github.com": (UNWATCHED,)},
        refusing=(HIJACKED, CUT),
        besides=f"PYTHONPATH={ROOT} {sys.executable} -m tests.far_side_that_cuts {HIJACKED} {CUT}",
    )
    within = named(with_internet(host, make_identity(), internet), "runner-host")
    before, hosts = text_of(NAME, "hosts.before"), host / "etc" / "hosts"
    hosts.write_text(before)
    broken = run_there(host, within, NAME, "-m", "network")
    (host / "etc" / f"hosts.plan267.{STAMP}.bak").write_text(before)
    hosts.write_text(text_of(NAME, "hosts.healed"))
    healed = run_there(host, within, NAME, "-m", "network or hosts")
    return {"broken": broken, "healed": healed}
