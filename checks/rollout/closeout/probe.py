"""Where a rollout is closed besides: comments and issues on GitHub, files that point to jobs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from checks.rollout.closeout.rules import job_in
from checks.rollout.closeout.seen import CommentsSeen, IssuesSeen, Note, Pointer, PointersSeen
from checks.wire.github.asking import gh
from fixtures.github.tokens import marked
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage

if TYPE_CHECKING:
    from fixtures.github.issues import Comment, Issue

_TEXT = 65_536
"""Characters of a comment or an issue that are kept: GitHub takes no longer one."""
_TEXTS = 4 * 1024 * 1024
"""Characters of all of them that are kept: of very many, of each the first."""
_MOST = 100
_LATELY = timedelta(days=90)
"""How long ago an issue may have been changed last to be read."""


@dataclass(frozen=True, slots=True)
class CommentsOf:
    """The comments of a pull request, or an issue."""

    source: Source
    number: int

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return f"{self.source.name}#{self.number}"


@dataclass(frozen=True, slots=True)
class IssuesOf:
    """The issues of a repository that have a label."""

    source: Source
    label: str

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return f"{self.source.name} {self.label}"


@dataclass(frozen=True, slots=True)
class PointersOf:
    """Files that point to jobs, and the fields that may name one."""

    paths: tuple[str, ...]
    fields: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.paths)


@by_hand(lambda of: gh(of.source, f"/issues/{of.number}/comments"), here=True)
@prepared_by(import_client)
async def look_at_comments(of: CommentsOf, vantage: Vantage, *, deadline: float) -> CommentsSeen:
    """Read the comments of a pull request; raises `VantageError` where nobody can ask."""
    from fixtures.github.client import github_of  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.issues import list_comments  # noqa: PLC0415

    async with github_of(of.source, vantage, deadline=deadline) as github:
        found = await list_comments(github, of.number)
    return CommentsSeen(
        repository=of.source.name,
        number=of.number,
        comments=tuple(_of_comment(one, _kept(len(found))) for one in found),
        at=datetime.now(UTC),
    )


@by_hand(lambda of: gh(of.source, f"/issues?state=all&labels={of.label}"), here=True)
@prepared_by(import_client)
async def look_at_issues(of: IssuesOf, vantage: Vantage, *, deadline: float) -> IssuesSeen:
    """Read the issues of a label that were changed lately; raises `VantageError`."""
    from fixtures.github.client import github_of  # noqa: PLC0415 - httpx, for runs that look
    from fixtures.github.issues import list_issues  # noqa: PLC0415

    now = datetime.now(UTC)
    async with github_of(of.source, vantage, deadline=deadline) as github:
        found = await list_issues(github, of.label, since=now - _LATELY, most=_MOST)
    return IssuesSeen(
        repository=of.source.name,
        label=of.label,
        issues=tuple(_of_issue(one, _kept(len(found))) for one in found),
        at=now,
    )


@by_hand(lambda of: f"head -c 4096 {' '.join(of.paths)}")
async def look_at_pointers(of: PointersOf, vantage: Vantage, *, deadline: float) -> PointersSeen:
    """Read the files that point to jobs; one that is not there is an answer.

    Raises `VantageError` for one that is there, and cannot be read.
    """
    pointers = []
    for path in of.paths:
        found = await vantage.read(path, deadline=deadline)
        if found is None:
            pointers.append(Pointer(path, there=False, job=None, why="it is not there"))
            continue
        job, why = job_in(found.content.decode(errors="replace"), of.fields)
        pointers.append(Pointer(path, there=True, job=job, why=why))
    return PointersSeen(pointers=tuple(pointers), at=datetime.now(UTC))


def _kept(many: int) -> int:
    """Return how many characters are kept of each of so many texts."""
    return min(_TEXT, _TEXTS // max(many, 1))


def _of_comment(one: "Comment", kept: int) -> Note:
    return Note(
        number=one.id,
        title="",
        state="",
        author=one.author or "",
        text=marked(one.body)[:kept],
        created=one.created,
        updated=one.updated,
        url=one.url,
    )


def _of_issue(one: "Issue", kept: int) -> Note:
    return Note(
        number=one.number,
        title=one.title,
        state=one.state,
        author=one.author or "",
        text=marked(one.body)[:kept],
        created=one.created,
        updated=one.updated,
        url=one.url,
    )
