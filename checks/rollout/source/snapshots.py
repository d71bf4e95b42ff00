"""Snapshots of the source branch, looked at a second time: they must not have moved."""

from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.refs import RefsSeen, look_at_refs
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage


@by_hand(lambda repository, patterns: git_by_hand(repository, "ls-remote", "{url}", *patterns))
async def look_at_snapshots_again(
    repository: str,
    vantage: Vantage,
    patterns: tuple[str, ...],
    first: RefsSeen,  # noqa: ARG001 - that they were looked at before is what counts
    *,
    deadline: float,
) -> RefsSeen:
    """List the snapshots once more, after they were listed before."""
    return await look_at_refs(repository, vantage, patterns, deadline=deadline)


def moved(before: RefsSeen, after: RefsSeen) -> list[str]:
    """Return which snapshots are at other commits than before, or gone; new ones are well."""
    found = []
    for one in before.refs:
        now = after.commit_of(one.name)
        if now != one.commit:
            found.append(f"{one.name} was at {one.commit}, and is {now or 'gone'}")
    return found
