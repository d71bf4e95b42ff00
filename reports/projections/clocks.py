"""This host's clock beside those that were heard."""

import math

from reports.projections.text import code
from reports.projections.told import Account


def clocks(told: Account) -> str:
    """Say how far this host's clock is from what was heard best of others, from each vantage."""
    best: dict[str, tuple[str, float, float]] = {}
    for sighting in told.sightings.values():
        for clock in (seen.clock for seen in sighting.seen):
            if clock and clock[2] < best.get(sighting.vantage, ("", 0.0, math.inf))[2]:
                best[sighting.vantage] = clock
    return "; ".join(
        f"{abs(ahead):.1f} s {'behind' if ahead >= 0 else 'ahead of'} the Date of {code(host)},"
        f" within {within:.1f} s, heard from {code(vantage)}"
        for vantage, (host, ahead, within) in best.items()
    )
