"""A second look at what may have been momentary: only at what changed lately, each by its name."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from checks.wire.clusters import got
from config.clusters import ClusterSpec
from fixtures.clusters import Listed, Listing, Project, joined
from fixtures.clusters.kinds import Kind
from fixtures.vantages import Vantage

T = TypeVar("T")
Place = tuple[str, str]
"""A namespace and a name."""
LATELY = timedelta(seconds=60)
"""What has not changed for so long is taken for settled: it is not looked at again."""


def is_late(listing: Listing, times: Iterable[datetime | None]) -> bool:
    """Tell whether any of the times is shortly before a list was made, by the server's clock.

    Of what tells no time nobody knows, and it is looked at again.
    """
    told = [one for one in times if one is not None]
    now = listing.at + timedelta(seconds=listing.ahead or 0.0)
    return not told or now - max(told) <= LATELY


async def get_later(
    where: tuple[ClusterSpec, Vantage],
    kind: Kind,
    places: tuple[Place, ...],
    project: Project[T],
    first: Listing,
    *,
    settle: float,
    deadline: float,
) -> tuple[Listed[T], float]:
    """Get objects by their names, so many seconds after they were listed first.

    Returns them, and how long after that was. Where there are none to get, nobody is asked.
    """
    if not places:
        at = datetime.now(UTC)
        return Listed(replace(first, listed=0, asked=(), at=at), ()), 0.0
    gone = (datetime.now(UTC) - first.at).total_seconds()
    await asyncio.sleep(min(settle, max(0.0, settle - gone)))
    after = (datetime.now(UTC) - first.at).total_seconds()
    parts = [await got(*where, kind, place, project, deadline=deadline) for place in places]
    found = joined(tuple(parts))
    inside = tuple(sorted({namespace for namespace, _ in places}))
    return replace(found, listing=replace(found.listing, namespaces=inside)), round(after, 1)
