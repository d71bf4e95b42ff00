"""The pull request that is closed out, as GitHub tells of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.source.seen import PullSeen
from checks.wire.github.asking import gh
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage


@dataclass(frozen=True, slots=True)
class PullOf:
    """A pull request of a repository."""

    source: Source
    number: int

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return f"{self.source.name}#{self.number}"


@by_hand(lambda of: gh(of.source, f"/pulls/{of.number}"), here=True)
@prepared_by(import_client)
async def look_at_pull(of: PullOf, vantage: Vantage, *, deadline: float) -> PullSeen:
    """Read a pull request; raises `VantageError` where nobody can ask, or there is none."""
    from fixtures.github.client import github_of  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.pulls import read_pull  # noqa: PLC0415

    async with github_of(of.source, vantage, deadline=deadline) as github:
        pull = await read_pull(github, of.number)
    return PullSeen(
        repository=of.source.name,
        number=pull.number,
        base=pull.base,
        state=pull.state,
        merged=pull.merged,
        merge_commit=pull.merge_commit,
        title=pull.title,
        at=datetime.now(UTC),
    )
