"""From where repositories are read."""

from config.repositories import Repository
from config.schema import Profile

_NEAR = ("local", "lab")


def vantage_of(profile: Profile, repository: Repository) -> str:
    """Return the name of the vantage from which a repository is read.

    It is the one that it names, or the first of the profile that is this host or the lab. Where
    there is none, it is the first of all: looking from there is inconclusive, and says why.
    """
    if repository.vantage is not None:
        return repository.vantage
    near = (vantage.name for vantage in profile.vantages if vantage.kind in _NEAR)
    return next(near, profile.vantages[0].name)
