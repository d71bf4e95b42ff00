"""What is seen of a lane's source: the commit to be proved, and what is tracked there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checks.wire.objects import Stands
from reports.codec import observation


@observation
class Target:
    """The commit that a lane has to have carried through. Times are UTC.

    `asked` says that the profile names it; otherwise it is the tip. `ancestry` is how the tip
    stands to it: the same, proved to contain it, proved not to, or unknown, for the reason `why`.
    """

    kind: Literal["target"] = "target"
    commit: str
    tip: str
    ref: str
    """The ref whose tip it is, as the authority calls it."""
    repository: str
    """Where it was asked for: the source repository, or the mirror that keeps the snapshots."""
    authority: Literal["worktree", "snapshot"]
    asked: bool
    ancestry: Stands
    why: str
    at: datetime
    head: str | None = None
    """Of snapshots, where the keeper's own branch is: it may have gone on from the newest one."""

    @property
    def headline(self) -> str:
        """One line for people."""
        tip = "" if self.tip == self.commit else f"; the tip is {self.tip} ({self.ancestry})"
        return f"the target is {self.commit} of {self.ref}{tip}"


@observation
class NoTarget:
    """There is no commit to prove: the branch, or its snapshot, is not there."""

    kind: Literal["no-target"] = "no-target"
    authority: Literal["worktree", "snapshot"]
    ref: str
    """The ref that is missing."""
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        """One line for people."""
        return f"there is no target: {self.why}"


@observation
class AncestrySeen:
    """Whether one commit is in the history of another. Times are UTC."""

    kind: Literal["ancestry"] = "ancestry"
    what: str
    """What the older one is, in words: `the merge of pull request 12`."""
    older: str
    newer: str
    stands: Stands
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        why = f": {self.why}" if self.why else ""
        return f"{self.what} {self.older[:12]} in {self.newer[:12]}: {self.stands}{why}"


@observation
class SourceTree:
    """What the source branch tracks at the target, as far as it is judged. Times are UTC."""

    kind: Literal["source-tree"] = "source-tree"
    commit: str
    files: int
    """How many it tracks."""
    generated: tuple[str, ...]
    """Those that a build writes: they must not be there."""
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.commit[:12]} tracks {self.files} files, {len(self.generated)} of a build"


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit of the source branch, as far as it is judged."""

    commit: str
    author: str
    """Name and address."""
    committer: str
    robot: str
    """Which of the robots that the lane names it is of; empty where of none."""
    outside: tuple[str, ...]
    """Paths that people do not change there."""
    touches_truth: bool
    """Whether it changes the file by which the branch says what is to run."""


@observation
class SourceLog:
    """The commits that led to the target. Times are UTC."""

    kind: Literal["source-log"] = "source-log"
    since: str | None
    """An earlier rollout's commit; without one, the last few commits."""
    until: str
    commits: int
    suspect: tuple[Committed, ...]
    """Those of robots, those that change what people do not, or the truth file."""
    at: datetime

    @property
    def headline(self) -> str:
        since = f"since {self.since[:12]}" if self.since else "of late"
        return f"{self.commits} commits {since}, {len(self.suspect)} to be looked at"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Something that a truth file must not hold: where, and what it is; never the value."""

    field: str
    what: str


@observation
class TruthFile:
    """The file by which the branch says what is to run, at the target. Times are UTC.

    Its content is judged where it is read, and never kept: it may hold what it must not.
    """

    kind: Literal["truth-file"] = "truth-file"
    path: str
    commit: str
    there: bool
    fault: str
    """Why it is no JSON object; empty where it is one."""
    fields: int
    built: tuple[Misplaced, ...]
    """What a build writes."""
    undeclared: tuple[str, ...]
    """Fields that the lane does not declare."""
    secrets: tuple[Misplaced, ...]
    at: datetime

    @property
    def headline(self) -> str:
        if not self.there:
            return f"{self.path} is not at {self.commit[:12]}"
        held = f"{self.fields} fields" if not self.fault else self.fault
        return f"{self.path} at {self.commit[:12]}: {held}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A retired name in a file: `line` is 1 at the top, `heading` what it stands under."""

    path: str
    line: int
    name: str
    is_variant: bool
    """Whether it is written with dashes, where the name has underscores."""
    heading: str
    text: str
    allowed: bool
    """Whether its heading or its line tells of history."""

    def __str__(self) -> str:
        under = f" under {self.heading!r}" if self.heading else ""
        return f"{self.path}:{self.line}{under}: {self.text}"


@observation
class MentionsSeen:
    """Where files of the source branch name what is retired. Times are UTC."""

    kind: Literal["retired-mentions"] = "retired-mentions"
    commit: str
    documents: int
    """How many files were read."""
    mentions: tuple[Mention, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{len(self.mentions)} mentions of retired names in {self.documents} files"


@observation
class PullSeen:
    """A pull request, as GitHub knows it. Times are UTC."""

    kind: Literal["pull-request"] = "pull-request"
    repository: str
    number: int
    base: str
    """The branch that it goes into: `base.ref`."""
    state: str
    merged: bool
    merge_commit: str | None
    title: str
    at: datetime

    @property
    def headline(self) -> str:
        merged = f", merged as {(self.merge_commit or '?')[:12]}" if self.merged else ""
        return f"{self.repository}#{self.number} into {self.base}: {self.state}{merged}"
