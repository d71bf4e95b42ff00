"""What is looked at of text that stands in files, and judged."""

from collections.abc import Iterator

from checks.hardcoded.probe import Scanned, look_for_hardcoded
from checks.wire.repositories import vantage_of
from config.hardcoded import Hardcoded
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import source_of
from fixtures.sightings import Case, Sighting


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of each repository, and one of each of its rules."""
    repositories = profile.repositories
    if repositories is None:
        return
    if isinstance(repositories, Absent):
        yield Case("repositories", "profile", absent=repositories)
        return
    for repository in repositories:
        expected = repository.hardcoded
        vantage = vantage_of(profile, repository)
        if isinstance(expected, Absent):
            yield Case(repository.name, vantage, absent=expected)
        elif any(True for _ in expected.every_rule):
            yield from _of_repository(profile, repository, expected, vantage)


def _of_repository(
    profile: Profile, repository: Repository, expected: Hardcoded, vantage: str
) -> Iterator[Case]:
    seen = sighting_of(profile, repository, expected, vantage)
    yield Case(repository.name, vantage, {"seen": seen})
    for rule in expected.every_rule:
        judged = {"rule": rule} if rule.reads is None else {"replacement": rule}
        at = f"{repository.name}:{rule.id}"
        yield Case(at, vantage, {**judged, "of_rule": seen, "mode": expected.mode})


def sighting_of(
    profile: Profile, repository: Repository, expected: Hardcoded, vantage: str
) -> Sighting:
    """Return the one look at a repository's files, for all of its rules."""
    target = target_of(repository, expected)
    return Sighting(look_for_hardcoded, target, vantage, deadline=profile.deadlines.sighting)


def target_of(repository: Repository, expected: Hardcoded) -> Scanned:
    """Return what is looked for in a repository."""
    return Scanned(
        source=source_of(repository),
        rules=tuple(expected.every_rule),
        since=expected.since,
        not_in=expected.not_in,
        largest=expected.largest,
        packs=tuple(pack.name for pack in expected.packs),
        allowed=expected.baseline.findings if expected.baseline else (),
    )
