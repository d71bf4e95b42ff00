"""How long it takes until it is known what would be judged."""

import sys
from collections.abc import Iterator
from statistics import median

from tests.bench.machine import BrokenError, Ended, timed
from tests.bench.rows import Bench, Row

_SECONDS = 0.5
_DEVELOPMENT = ("hypothesispytest", "pytest_cov", "xdist.looponfail")
"""Plugins of packages that a run does not need, and that pytest loads where they are."""


def measure(bench: Bench) -> Iterator[Row]:
    """Collect the network checks of the default profile, in a whole process, and run none.

    What only the suite's own tests need is left out where it is installed, as it is in an
    environment made by `make verify`: hypothesis's plugin alone takes longer than all else.
    """
    left_out = [f"-pno:{name}" for name in _DEVELOPMENT]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-m", "network", *left_out]
    bench.say("collecting")
    timed(command)  # once, for the files' sake
    found = bench.by_turns(
        ours=lambda: _collected(timed(command)),
        bare=lambda: timed([*command[:3], "--version"]),
    )
    alone = median(one.seconds for one in found["bare"])
    cpu = median(one.cpu for one in found["ours"])
    yield Row(
        name="collect-only",
        value=median(one.seconds for one in found["ours"]),
        unit="s",
        better="lower",
        target=_SECONDS,
        note=f"without {', '.join(_DEVELOPMENT)}; {cpu:.2f} s of processor time;"
        f" pytest --version alone takes {alone:.2f} s",
    )


def _collected(ended: Ended) -> Ended:
    if "check_name_resolves[github.com@host]" not in ended.out:
        raise BrokenError(f"nothing was collected:\n{ended.out[-2000:]}")
    return ended
