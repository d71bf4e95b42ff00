"""2025-11-20: a resolver that lies, connections that are cut, and the block that heals both."""

import sys
from pathlib import Path

from tests.incidents.worlds import named, run_there, text_of
from tests.program import ROOT, Ended
from tests.stand_in_resolvers import ADDRESS as RESOLVER
from tests.stand_in_resolvers import start_trusted, write_trusted
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Internet, make_identity, with_internet

NAME = "hijack-and-cut"
HIJACKED = "11.2.0.12"
CUT = "140.82.112.9"
"""Where DNS finds codeload.github.com here; what stands on the way there reads the ClientHello."""
UNWATCHED = "140.82.114.9"
"""Where the resolver that is trusted finds it."""
STAMP = "20251120T080000Z"


def happen(folder: Path) -> dict[str, Ended]:
    """Run the checks while it is broken, and once the hosts file has the block."""
    host = folder / "host"
    names = ("github.com", "codeload.github.com", "api.github.com")
    internet = Internet(
        answers={**{name: ADDRESSES[name] for name in names}, "github.com": (HIJACKED,)},
        served={**ADDRESSES, "codeload.github.com": (UNWATCHED,)},
        refusing=(HIJACKED, CUT, RESOLVER),
        besides=f"PYTHONPATH={ROOT} {sys.executable} -m tests.far_side_that_cuts {HIJACKED} {CUT}\n"
        + start_trusted(),
    )
    within = named(with_internet(host, make_identity(), internet), "runner-host")
    write_trusted(host, {name: internet.served[name] for name in names})
    before, hosts = text_of(NAME, "hosts.before"), host / "etc" / "hosts"
    hosts.write_text(before)
    broken = run_there(host, within, NAME, "-m", "network")
    (host / "etc" / f"hosts.plan267.{STAMP}.bak").write_text(before)
    hosts.write_text(text_of(NAME, "hosts.healed"))
    healed = run_there(host, within, NAME, "-m", "network or hosts")
    return {"broken": broken, "healed": healed}
