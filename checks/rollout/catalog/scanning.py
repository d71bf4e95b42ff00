"""Looking at the files of a GitOps branch: its manifests, secrets among them, what was written."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from checks.rollout.catalog.leaks import Leak, leaks_in
from checks.rollout.catalog.manifests import (
    SUFFIXES,
    NoDocumentsError,
    Read,
    may_lead,
    read_manifests,
)
from checks.rollout.catalog.probe import Branch, grep_by_hand, log_by_hand
from checks.rollout.catalog.scanned import Manifests, Promotions, Searched, Written
from checks.rollout.catalog.seen import EarlierCatalogs, Head
from checks.wire.objects import LINKS, Change, Objects, objects_of
from fixtures.sightings import by_hand as repeated_by
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread

_MOST_FILES = 20_000
_MOST_COMMITS = 50
T = TypeVar("T")


@repeated_by(grep_by_hand)
async def look_at_manifests(
    branch: Branch,
    vantage: Vantage,
    path: str,
    installers: tuple[str, ...],
    head: Head,
    *,
    deadline: float,
) -> Manifests:
    """Read the manifests below the lane's folder at the head of the branch."""
    at = datetime.now(UTC)
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    files, links = await _files(objects, head.commit, path)
    read, unread = await _thought(lambda: _read_all(files, installers), deadline)
    unread += [f"{one}: it leads elsewhere, and was not followed" for one in links]
    return Manifests(
        commit=head.commit,
        path=path,
        files=len(files),
        objects=sum(one.objects for one in read),
        images=tuple(use for one in read for use in one.images),
        installing=tuple(job for one in read for job in one.installing),
        specs=tuple(spec for one in read for spec in one.specs),
        unread=tuple(unread),
        at=at,
    )


def _read_all(
    files: Mapping[str, bytes], installers: tuple[str, ...]
) -> tuple[list[Read], list[str]]:
    read: list[Read] = []
    unread: list[str] = []
    for name, content in sorted(files.items()):
        if not name.endswith(SUFFIXES):
            continue
        try:
            read.append(read_manifests(name, content, installers))
        except NoDocumentsError as error:
            unread.append(f"{name}: {error}")
    return read, unread


@repeated_by(log_by_hand)
async def search_for_secrets(
    branch: Branch,
    vantage: Vantage,
    head: Head,
    promotions: Promotions,
    *,
    deadline: float,
) -> Searched:
    """Search every file of the branch at its head, and what the last promotions changed."""
    at = datetime.now(UTC)
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    files, _ = await _files(objects, head.commit, "")
    leaks = await _thought(lambda: _leaks(files, ""), deadline)
    count = len(files)
    for one in promotions.written:
        if one.commit == head.commit:
            continue  # all of it stands in the tree
        changed = await objects.blobs(one.commit, one.paths) if one.paths else {}
        fresh = {path: text for path, text in changed.items() if files.get(path) != text}
        leaks += await _thought(lambda fresh=fresh, of=one.commit: _leaks(fresh, of), deadline)  # type: ignore[misc]
        count += len(fresh)
    commits = len(promotions.written)
    found = tuple(dict.fromkeys(leaks))
    return Searched(commit=head.commit, files=count, commits=commits, leaks=found, at=at)


def _leaks(files: Mapping[str, bytes], commit: str) -> list[Leak]:
    before = f"{commit[:12]}:" if commit else ""
    return [leak for path in sorted(files) for leak in leaks_in(f"{before}{path}", files[path])]


@repeated_by(log_by_hand)
async def look_at_promotions(
    branch: Branch,
    vantage: Vantage,
    head: Head,
    earlier: EarlierCatalogs,
    *,
    deadline: float,
) -> Promotions:
    """List the commits since the catalog before the present one, and the paths they changed.

    Of a branch without an earlier one, they are those since it was written first.
    """
    at = datetime.now(UTC)
    objects = objects_of(branch.repository, vantage, deadline=deadline)
    since = earlier.before
    changes = await objects.log(since, head.commit, most=_MOST_COMMITS + 1)
    if since is None:  # what came before the first promotion was none
        changes = _since_first(changes, earlier.made)
    return Promotions(
        commit=head.commit,
        since=since,
        written=tuple(
            Written(one.commit, one.committer, one.paths) for one in changes[:_MOST_COMMITS]
        ),
        whole=len(changes) <= _MOST_COMMITS,
        at=at,
    )


def _since_first(changes: tuple[Change, ...], made: str | None) -> tuple[Change, ...]:
    """Return the commits down to the first promotion; the newest alone where there is none."""
    commits = [one.commit for one in changes]
    if made is None:
        return changes[:1]
    return changes[: commits.index(made) + 1] if made in commits else changes


async def _files(
    objects: Objects, commit: str, below: str
) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """Read all files of a commit at a path or below it; raises `VantageError` for too many.

    Beside them stand the links, and submodules, that may lead to manifests.
    """
    tree = await objects.tree(commit, below)
    leaves = [one for one in tree if one.mode not in LINKS]
    links = tuple(one.path for one in tree if one.mode in LINKS and may_lead(one.path))
    if len(leaves) > _MOST_FILES:
        raise SourceError(
            f"{objects.repository} at {commit} has {len(leaves)} files, and {_MOST_FILES} are read",
            "keep the GitOps branch to what Argo CD reads",
        )
    contents = await objects.contents(list(dict.fromkeys(one.name for one in leaves)))
    missing = [one.path for one in leaves if one.name not in contents]
    if missing:
        raise SourceError(
            f"{missing[0]} of {objects.repository} at {commit} cannot be read",
            "fetch what is missing",
        )
    return {one.path: contents[one.name] for one in leaves}, links


async def _thought(work: Callable[[], T], deadline: float) -> T:
    try:
        return await in_thread(work, deadline=deadline)
    except TimeoutError:
        raise SourceError(
            f"the files of the GitOps branch were not read within {deadline:g} s",
            "keep the branch smaller, or raise the profile's deadlines",
        ) from None
