"""What a closeout states of a lane's rollout, and where it is written down besides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a closeout states, from one source. Times are UTC."""

    name: str
    value: str
    """Empty where it is not known."""
    why: str = ""
    """Why it is not known, or what is to be said of it."""
    evidence: str = ""
    """Where it was read."""
    at: datetime | None = None
    absent: bool = False
    """Whether the lane does not have it, for the reason `why`."""
    unread: bool = False
    """Whether nobody could look, or what it is read of was not reached."""

    @property
    def is_missing(self) -> bool:
        return not (self.value or self.absent)


@dataclass(frozen=True, slots=True)
class OverBudget:
    """A rollout that took longer than it should: seconds, where they are known."""

    budget: float
    waited: float | None
    """For the PipelineRun."""
    elapsed: float | None
    """Of the whole trigger, as a tool tells; None where nobody does."""
    mirror: str
    """How the mirror stood."""


@observation
class Facts:
    """The separate facts of a lane's rollout. Times are UTC."""

    kind: Literal["lane-facts"] = "lane-facts"
    lane: str
    called: str
    """How the lane's own tools call it."""
    facts: tuple[Fact, ...]
    superseded: bool
    """Whether a later commit is the branch's tip: this one is then no ground for closing."""
    over: OverBudget | None
    unread: tuple[str, ...]
    """Sources that could not be read, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        missing = [fact.name for fact in self.facts if fact.is_missing]
        told = f", missing: {', '.join(missing)}" if missing else ""
        return f"{len(self.facts)} facts of {self.lane}{told}"

    def fact(self, name: str) -> Fact | None:
        """Return a fact by its name."""
        return next((fact for fact in self.facts if fact.name == name), None)


@dataclass(frozen=True, slots=True)
class Note:
    """A comment or an issue, as far as it is judged: the text is cut. Times are UTC."""

    number: int
    title: str
    state: str
    author: str
    text: str
    created: datetime
    updated: datetime
    url: str


@observation
class CommentsSeen:
    """The comments of the pull request that is closed out. Times are UTC."""

    kind: Literal["closeout-comments"] = "closeout-comments"
    repository: str
    number: int
    comments: tuple[Note, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.repository}#{self.number} has {len(self.comments)} comments"


@observation
class IssuesSeen:
    """The issues of a label. Times are UTC."""

    kind: Literal["closeout-issues"] = "closeout-issues"
    repository: str
    label: str
    issues: tuple[Note, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.repository} has {len(self.issues)} issues with the label {self.label}"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A file that points to a job. `job` is None where it names none, for the reason `why`."""

    path: str
    there: bool
    job: str | None
    why: str


@observation
class PointersSeen:
    """The files that point to the latest jobs. Times are UTC."""

    kind: Literal["closeout-pointers"] = "closeout-pointers"
    pointers: tuple[Pointer, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return "; ".join(f"{one.path}: {one.job or one.why}" for one in self.pointers)
