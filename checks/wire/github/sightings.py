"""Sightings of what GitHub knows of a repository, which areas share."""

from checks.wire.github.runners import RunnersOf, look_at_runners
from checks.wire.github.runs import RunsOf, look_at_runs
from config.labels import Labels
from config.repositories import Repository
from fixtures.repositories import source_of
from fixtures.sightings import Sighting

ASKING = 60.0
"""Seconds that asking for a few pages may take."""
RUNS = 20
"""How many runs are looked at."""


def runners_of(repository: Repository, vantage: str) -> Sighting:
    """Return the sighting of a repository's runners, and of its organization's if it says so."""
    labels = repository.labels
    organization = isinstance(labels, Labels) and labels.organization
    of = RunnersOf(source_of(repository), organization)
    return Sighting(look_at_runners, of, vantage, deadline=ASKING)


def queued_of(repository: Repository, vantage: str) -> Sighting:
    """Return the sighting of the runs in which jobs may wait.

    A run is in progress as soon as one of its jobs is: others of it may wait for a runner still.
    """
    of = RunsOf(source_of(repository), statuses=("queued", "in_progress"), most=RUNS)
    return Sighting(look_at_runs, of, vantage, deadline=ASKING)
