"""The head that a tool tells of, beside the target: it may be newer, and is another commit then."""

from datetime import UTC, datetime
from typing import Any

from checks.rollout.source.seen import AncestrySeen, Target
from checks.rollout.told.fields import MISSING, dig, first_of, shown
from checks.rollout.told.seen import Told
from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.objects import FULL, objects_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

HEADS = ("summary.sourceCommit", "sourceCommit", "summary.sourceHead", "sourceHead")
"""Fields in which status commands tell the head of the source branch."""
_FARTHER = ("same", "contained", "unknown", "not-contained")


@by_hand(
    lambda repository: git_by_hand(repository, "merge-base", "--is-ancestor", "TARGET", "HEAD")
)
async def look_at_told_head(
    repository: str, vantage: Vantage, told: Told, target: Target, *, deadline: float
) -> AncestrySeen:
    """Look how the heads that a tool tells of stand to the target: of several, the farthest.

    Raises `VantageError` where it tells none by a full commit id.
    """
    at = datetime.now(UTC)
    every = {path: head for path in HEADS if (head := dig(told, path)) is not MISSING}
    heads = {path: head for path, head in every.items() if _is_full(head)}
    if not heads:
        path, head = first_of(told, *HEADS)
        raise SourceError(
            f"{told.worded}, {path} is {shown(head)}, and no full commit id",
            "look at what the tool writes",
        )
    objects = objects_of(repository, vantage, deadline=deadline)
    stands = {one: await objects.ancestry(target.commit, one) for one in {*heads.values()}}
    path, head = max(heads.items(), key=lambda one: _FARTHER.index(stands[one[1]].stands))
    return AncestrySeen(
        what=f"the target, beside the {path} of `{told.command}`",
        older=target.commit,
        newer=head,
        stands=stands[head].stands,
        why=stands[head].why,
        at=at,
    )


def _is_full(head: Any) -> bool:
    return isinstance(head, str) and FULL.fullmatch(head) is not None
