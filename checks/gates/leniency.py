"""Whether a job that may fail says until when, and how that is taken back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.gates.plans.words import days_in
from checks.wire.workflows.seen import Comment, Job, WorkflowFile
from config.gates import Gate

_SAYS = re.compile(
    r"roll-?back|optional|until|window|continue-on-error|回滚|窗口|可选|截止|临时", re.IGNORECASE
)
_ABOVE, _BELOW = 5, 60
"""Lines around the head of a job in which a comment speaks of it."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """Whether a job may fail today, and who says so."""

    holds: bool
    why: str


def told_to_be_optional(gate: Gate, file: WorkflowFile, job: Job, today: date) -> Leniency:
    """Tell whether a job may fail: by the profile, or by a comment beside it that bears a day."""
    if (given := gate.optional) is not None:
        until = f"until {given.until}, {given.rollback} ({given.cited})"
        if given.until < today:
            return Leniency(holds=False, why=f"it was to end: {until}")
        return Leniency(holds=True, why=f"{gate.context!r} may fail {until}")
    comments = [one for one in _beside(file, job) if _SAYS.search(one.text)]
    dated = [(one, day) for one in comments for _, day in days_in(one.text)]
    if not dated:
        return Leniency(holds=False, why="nothing says until when, and what takes it back")
    comment, until_day = max(dated, key=lambda one: one[1])
    said = f"{comment.place}: {comment.text.strip()[:120]!r}"
    if until_day < today:
        return Leniency(holds=False, why=f"it was to end by {until_day}: {said}")
    return Leniency(holds=True, why=f"{gate.context!r} may fail until {until_day}: {said}")


def _beside(file: WorkflowFile, job: Job) -> Iterator[Comment]:
    """Yield the comments above a job and in it, to the next job."""
    lines = sorted(one.place.line for one in file.jobs if one.place.path == job.place.path)
    at = job.place.line
    end = next((line for line in lines if line > at), at + _BELOW)
    for one in file.comments:
        if one.place.path == job.place.path and at - _ABOVE <= one.place.line < end:
            yield one
