"""Versions and releases of GitHub's runner: which is newer, and for how long an older one does."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from config.labels import Release


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare; 24 is 24.0.0.0."""
    parts = [int(part) for part in version.removeprefix("v").split(".")]
    return (*parts, 0, 0, 0, 0)[:4]


def newer(version: str, releases: Iterable[Release]) -> tuple[Release, ...]:
    """Return the known releases after a version, the first of them first."""
    own = numbers(version)
    later = (one for one in releases if numbers(one.version) > own)
    return tuple(sorted(later, key=lambda one: (one.date, numbers(one.version))))


def outdated(version: str, releases: Iterable[Release], behind: float, now: datetime) -> str:
    """Say by which release GitHub has stopped to give jobs to a version; empty if by none."""
    for one in newer(version, releases):
        ended = one.date + timedelta(seconds=behind)
        if ended < now.date():
            return f"{one.version} came out on {one.date}, and its time to update ended on {ended}"
    return ""
