"""The head that a tool tells of, beside the target: it may be newer, and is another commit then."""

from datetime import UTC, datetime

from checks.rollout.source.seen import AncestrySeen, Target
from checks.rollout.told.fields import MISSING, first_of, shown
from checks.rollout.told.seen import Told
from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.objects import FULL, objects_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

HEADS = ("summary.sourceCommit", "sourceCommit", "summary.sourceHead", "sourceHead")
"""Fields in which status commands tell the head of the source branch."""


@by_hand(
    lambda repository: git_by_hand(repository, "merge-base", "--is-ancestor", "TARGET", "HEAD")
)
async def look_at_told_head(
    repository: str, vantage: Vantage, told: Told, target: Target, *, deadline: float
) -> AncestrySeen:
    """Look how the head that a tool tells of stands to the target; raises `VantageError`."""
    at = datetime.now(UTC)
    path, head = first_of(told, *HEADS)
    if head is MISSING or not isinstance(head, str) or not FULL.fullmatch(head):
        raise SourceError(
            f"{told.worded}, {path} is {shown(head)}, and no full commit id",
            "look at what the tool writes",
        )
    objects = objects_of(repository, vantage, deadline=deadline)
    stands = await objects.ancestry(target.commit, head)
    return AncestrySeen(
        what=f"the target, beside the {path} of `{told.command}`",
        older=target.commit,
        newer=head,
        stands=stands.stands,
        why=stands.why,
        at=at,
    )
