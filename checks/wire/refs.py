"""The refs of a repository: of a worktree or a bare one by its path, or of a remote by its URL."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from checks.wire.git_asking import (
    Said,
    TooMuchError,
    ask_folder,
    ask_remote,
    by_hand,
    placed,
    refused,
)
from checks.wire.shared_asking import SharedAsking
from config.lanes.places import is_url
from fixtures.sightings import by_hand as repeated_by
from fixtures.vantages import SourceError, Vantage
from reports.codec import observation

_LINE = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64})[\t ](\S+)$", re.MULTILINE)
_PEELED = "^{}"
_SMART = "application/x-git-upload-pack-advertisement"
_NOT_GIT = "what answers there is no git server: it advertises no refs (gitprotocol-http)"
_NO_REFS = 1
"""The status by which `git show-ref` says that there is no ref."""
_asking: SharedAsking[Mapping[str, str]] = SharedAsking()


@dataclass(frozen=True, slots=True)
class Ref:
    """A ref, and the full commit id at which it is; an annotated tag is peeled."""

    name: str
    commit: str


@observation
class RefsSeen:
    """The refs that a repository has, sorted by name. Times are UTC."""

    kind: Literal["refs-seen"] = "refs-seen"
    repository: str
    direct: bool
    """Whether the repository itself was asked, and not something that remembers its refs."""
    refs: tuple[Ref, ...]
    at: datetime

    @property
    def headline(self) -> str:
        few = ", ".join(f"{one.name} {one.commit[:12]}" for one in self.refs[:4])
        more = f" and {len(self.refs) - 4} more" if len(self.refs) > 4 else ""  # noqa: PLR2004
        return f"{self.repository}: {few or 'none of these refs'}{more}"

    def commit_of(self, name: str) -> str | None:
        """Return the full commit id of a ref by its full name; None where there is none."""
        return next((one.commit for one in self.refs if one.name == name), None)


@repeated_by(
    lambda repository, patterns: (
        by_hand(repository, "ls-remote", "--", "{url}", *patterns)
        if is_url(repository)
        else by_hand(repository, "show-ref", "--head", "--dereference")
    )
)
async def look_at_refs(
    repository: str, vantage: Vantage, patterns: tuple[str, ...], *, deadline: float
) -> RefsSeen:
    """List the refs that end in one of the patterns (`refs/heads/main`), or lie below one.

    A pattern that ends in `/*` means all below it. Raises `VantageError`: a repository that
    cannot be asked has no refs that anybody knows.
    """
    at = datetime.now(UTC)
    refs = await read_refs(repository, vantage, patterns, deadline=deadline)
    listed = tuple(Ref(name, refs[name]) for name in sorted(refs))
    return RefsSeen(repository=repository, direct=True, refs=listed, at=at)


async def read_refs(
    repository: str, vantage: Vantage, patterns: tuple[str, ...], *, deadline: float
) -> Mapping[str, str]:
    """Return full commit ids by the full names of refs; see `look_at_refs`.

    Who asks for refs of one repository at the same time shares what git says of it; where that
    is too much for all of them together, each asks alone.
    """
    until = time.monotonic() + deadline
    ask = partial(_ask_remote if is_url(repository) else _ask_folder, repository, vantage)
    far_side = (vantage.kind, vantage.name, repository, bool(patterns))
    try:
        every = await _asking.asked(far_side, patterns, ask, deadline=deadline)
    except TooMuchError:
        if not is_url(repository):  # of a folder all is listed for each
            raise
        every = await ask(patterns, max(0.0, until - time.monotonic()))
    except TimeoutError:
        raise SourceError(
            f"the refs of {repository} were not read within {deadline:g} s",
            "look whether the remote, or its file system, hangs",
        ) from None
    return {name: commit for name, commit in every.items() if _is_meant(name, patterns)}


async def _ask_remote(
    repository: str, vantage: Vantage, patterns: tuple[str, ...], deadline: float
) -> Mapping[str, str]:
    peeled = (f"{pattern}{_PEELED}" for pattern in patterns)
    words = ("ls-remote", "--quiet", "--", "{url}", *patterns, *peeled)
    said = await ask_remote(words, repository, vantage, traced=True, deadline=deadline)
    if repository.lower().startswith("http") and _SMART not in said.trace.lower():
        said = replace(said, status=said.status or 1, words=said.words or _NOT_GIT)
    return _refs(said, repository, (0,))


async def _ask_folder(
    repository: str, vantage: Vantage, _: tuple[str, ...], deadline: float
) -> Mapping[str, str]:
    """List all that a folder has: git has patterns for a remote's refs alone."""
    words = ("show-ref", "--head", "--dereference")
    folder = placed(repository, vantage)
    said = await ask_folder(folder, words, vantage, deadline=deadline)
    return _refs(said, repository, (0, _NO_REFS))


def _refs(said: Said, repository: str, told: tuple[int, ...]) -> Mapping[str, str]:
    if said.status not in told or (said.status and said.words):
        raise refused(
            f"the refs of {repository} cannot be read",
            said,
            "look at it by hand; correct the repository in the profile, or let git reach it",
        )
    refs: dict[str, str] = {}
    for commit, name in _LINE.findall(said.out.decode("utf-8", "backslashreplace")):
        peeled = name.removesuffix(_PEELED)
        if peeled not in refs or name != peeled:
            refs[peeled] = commit
    return refs


def _is_meant(name: str, patterns: tuple[str, ...]) -> bool:
    for pattern in patterns:
        if pattern.endswith("/*") and name.startswith(pattern[:-1]):
            return True
        if name == pattern or name.endswith(f"/{pattern}"):
            return True
    return not patterns
