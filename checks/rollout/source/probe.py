"""Looking at what a lane's source branch tracks at the target, and at who changed it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.retired import find_retired
from checks.rollout.source.seen import (
    AncestrySeen,
    Committed,
    Mention,
    MentionsSeen,
    SourceLog,
    SourceTree,
    Target,
    TruthFile,
)
from checks.rollout.source.truth import built_in, read_truth, secrets_in, undeclared_in, walk
from checks.wire.git_asking import by_hand as git_by_hand
from checks.wire.globs import fits
from checks.wire.objects import Change, objects_of
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage

_MOST_COMMITS = 200
"""Those that are looked through where the lane names no earlier rollout."""
_MOST_SINCE = 5000
"""Those that an earlier rollout may be behind: all of them are looked through, or none."""
_MOST_DOCUMENTS = 2000
_MOST_MENTIONS = 500
_TREES = frozenset({0o120000, 0o160000})
"""Links and submodules, which hold no text."""


@by_hand(lambda repository, _: git_by_hand(repository, "ls-tree", "-r", "--name-only", "COMMIT"))
async def look_at_tree(
    repository: str,
    vantage: Vantage,
    generated: tuple[str, ...],
    target: Target,
    *,
    deadline: float,
) -> SourceTree:
    """List what the target tracks, and which of it a build writes, by these globs."""
    at = datetime.now(UTC)
    tree = await objects_of(repository, vantage, deadline=deadline).tree(target.commit)
    found = tuple(leaf.path for leaf in tree if fits(leaf.path, generated))
    return SourceTree(commit=target.commit, files=len(tree), generated=found, at=at)


@dataclass(frozen=True, slots=True)
class Suspected:
    """What makes a commit of the source branch one to look at."""

    robots: tuple[str, ...]
    human_paths: tuple[str, ...]
    generated: tuple[str, ...]
    truth_file: str | None
    since: str | None


@by_hand(
    lambda repository, suspected: git_by_hand(
        repository,
        "log",
        "--name-only",
        f"{suspected.since}..COMMIT" if suspected.since else "-200",
    )
)
async def look_at_log(
    repository: str, vantage: Vantage, suspected: Suspected, target: Target, *, deadline: float
) -> SourceLog:
    """List the commits that led to the target, and which of them no person made."""
    at = datetime.now(UTC)
    objects = objects_of(repository, vantage, deadline=deadline)
    if suspected.since and (await objects.ancestry(suspected.since, target.commit)).stands not in {
        "same",
        "contained",
    }:
        raise SourceError(
            f"{suspected.since} is not known to be in the history of {target.commit}",
            "correct source.since in the profile: an earlier rollout's commit of this branch",
        )
    most = _MOST_SINCE if suspected.since else _MOST_COMMITS
    log = await objects.log(suspected.since, target.commit, most=most + 1)
    if suspected.since and len(log) > most:
        raise SourceError(
            f"more than {most} commits lead from {suspected.since} to {target.commit}",
            "name a later rollout's commit in source.since of the profile",
        )
    log = log[:most]
    judged = (_committed(one, suspected) for one in log)
    suspects = tuple(one for one in judged if one.robot or one.outside or one.touches_truth)
    return SourceLog(
        since=suspected.since, until=target.commit, commits=len(log), suspect=suspects, at=at
    )


def _committed(change: Change, suspected: Suspected) -> Committed:
    author = f"{change.author} <{change.author_address}>"
    committer = f"{change.committer} <{change.committer_address}>"
    known = (
        *(change.author, change.author_address, change.committer, change.committer_address),
        *(author, committer),
    )
    robot = next((one for one in suspected.robots if one in known), "")
    return Committed(
        commit=change.commit,
        author=author,
        committer=committer,
        robot=robot,
        outside=tuple(
            path
            for path in change.paths
            if not fits(path, suspected.human_paths) or fits(path, suspected.generated)
        ),
        touches_truth=suspected.truth_file in change.paths,
    )


@by_hand(lambda repository, path, _: git_by_hand(repository, "show", f"COMMIT:{path}"))
async def look_at_truth_file(
    repository: str,
    vantage: Vantage,
    path: str,
    declared: tuple[str, ...],
    target: Target,
    *,
    deadline: float,
) -> TruthFile:
    """Read the file by which the branch says what is to run; its values are not kept."""
    at = datetime.now(UTC)
    content = await objects_of(repository, vantage, deadline=deadline).blob(target.commit, path)
    truth, fault = read_truth(content) if content is not None else ({}, "")
    return TruthFile(
        path=path,
        commit=target.commit,
        there=content is not None,
        fault=fault,
        fields=sum(1 for _ in walk(truth)),
        built=tuple(built_in(truth)),
        undeclared=tuple(undeclared_in(truth, declared)),
        secrets=tuple(secrets_in(truth)),
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Searched:
    """Files that are searched for retired names, and the words by which history is told."""

    files: tuple[str, ...]
    names: tuple[str, ...]
    allowed_in: tuple[str, ...]


@by_hand(
    lambda repository, searched: git_by_hand(
        repository, "grep", "-n", "-E", "|".join(searched.names), "COMMIT"
    )
)
async def look_for_retired(
    repository: str, vantage: Vantage, searched: Searched, target: Target, *, deadline: float
) -> MentionsSeen:
    """Search files of the target for retired names. No file that fits is an error."""
    at = datetime.now(UTC)
    objects = objects_of(repository, vantage, deadline=deadline)
    tree = await objects.tree(target.commit)
    chosen = [one for one in tree if one.mode not in _TREES and fits(one.path, searched.files)]
    if not chosen or len(chosen) > _MOST_DOCUMENTS:
        raise SourceError(
            f"{len(chosen)} files of {target.commit[:12]} fit {', '.join(searched.files)}",
            f"correct the globs in the profile: 1 to {_MOST_DOCUMENTS} files are searched",
        )
    contents = await objects.contents(list(dict.fromkeys(one.name for one in chosen)))
    mentions: list[Mention] = []
    for one in chosen:
        text = contents[one.name].decode("utf-8", "replace")
        mentions += (
            Mention(
                path=one.path,
                line=hit.line,
                name=hit.name,
                is_variant=hit.is_variant,
                heading=" / ".join(hit.headings),
                text=hit.text,
                allowed=hit.is_allowed(searched.allowed_in),
            )
            for hit in find_retired(text, searched.names)
        )
    mentions.sort(key=lambda one: (one.is_variant, one.allowed))  # what counts is not cut off
    return MentionsSeen(
        commit=target.commit,
        documents=len(chosen),
        mentions=tuple(mentions[:_MOST_MENTIONS]),
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """A commit that has to be in the history of the branch's tip."""

    repository: str
    commit: str
    what: str

    def __str__(self) -> str:
        return f"{self.repository} {self.commit[:12]}"


@by_hand(
    lambda merged: git_by_hand(
        merged.repository, "merge-base", "--is-ancestor", merged.commit, "TIP"
    )
)
async def look_at_merge(
    merged: Merged, vantage: Vantage, target: Target, *, deadline: float
) -> AncestrySeen:
    """Look whether a merge commit is in the history of the branch's tip: yes, no, or unknown."""
    at = datetime.now(UTC)
    objects = objects_of(merged.repository, vantage, deadline=deadline)
    stands = await objects.ancestry(merged.commit, target.tip)
    return AncestrySeen(
        what=merged.what,
        older=merged.commit,
        newer=target.tip,
        stands=stands.stands,
        why=stands.why,
        at=at,
    )
