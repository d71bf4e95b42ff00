"""This host's clock beside those that were heard."""

import math

from reports.projections.text import code
from reports.projections.told import Account


def heard(told: Account) -> dict[str, tuple[str, float, float]]:
    """Return whose Date was heard best from each vantage.

    With it come the seconds that it is ahead of this host's clock, and within how many.
    """
    best: dict[str, tuple[str, float, float]] = {}
    for sighting in told.sightings.values():
        for clock in (seen.clock for seen in sighting.seen):
            if clock and clock[2] < best.get(sighting.vantage, ("", 0.0, math.inf))[2]:
                best[sighting.vantage] = clock
    return best


def clocks(told: Account) -> str:
    """Say how far this host's clock is from what was heard best of others, from each vantage."""
    return "; ".join(
        f"{abs(ahead):.1f} s {'behind' if ahead >= 0 else 'ahead of'} the Date of {code(host)},"
        f" within {within:.1f} s, heard from {code(vantage)}"
        for vantage, (host, ahead, within) in heard(told).items()
    )
