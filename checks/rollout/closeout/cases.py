"""What a lane's closeout offers its checks."""

from collections.abc import Mapping
from typing import Any

from checks.rollout.closeout.sightings import comments_of, facts_of, issues_of, pointers_of
from config.lanes import Lane
from config.model import Absent
from config.schema import Profile


def offer(profile: Profile, lane: Lane, _: str) -> Mapping[str, Any]:
    """Offer the facts of the rollout, and where it is written down besides."""
    closeout = lane.closeout
    absent = closeout if isinstance(closeout, Absent) else None
    failures = absent or closeout.failure_issue  # type: ignore[union-attr]
    hotfixes = absent or closeout.hotfix_label  # type: ignore[union-attr]
    return {
        "facts": facts_of(profile, lane),
        "closeout": closeout,
        "compact": absent or closeout.compact,  # type: ignore[union-attr]
        "closeout_comments": comments_of(profile, lane),
        "failure_issues": issues_of(profile, lane, failures),
        "hotfix_issues": issues_of(profile, lane, hotfixes),
        "pointers": pointers_of(profile, lane),
    }
