"""The sighting of a repository's workflow files, which areas share."""

from checks.wire.workflows.probe import read_workflows
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import source_of
from fixtures.sightings import Sighting

DEADLINE = 120.0
"""Seconds: five hundred files take a few."""


def workflows_of(_: Profile, repository: Repository, vantage: str) -> Sighting:
    """Return the sighting of a repository's workflow files: one, however many areas ask."""
    return Sighting(read_workflows, source_of(repository), vantage, deadline=DEADLINE)
