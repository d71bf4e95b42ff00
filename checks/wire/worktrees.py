"""What git says of a worktree: its branch, what it follows, and what lies changed in it."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.git_asking import Said, ask_folder, placed, refused
from checks.wire.git_filters import filters_of, unsure
from fixtures.sightings import by_hand
from fixtures.vantages import SourceError, Vantage
from reports.codec import observation

_NOT_IGNORED = 1
_MEND = "correct the worktree's path in the profile, or let this user read it"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is not as it was committed: `state` is git's two letters, `??` untracked."""

    state: str
    path: str


@observation
class WorktreeSeen:
    """A worktree, as `git status --porcelain=v2 --branch` tells. Times are UTC.

    `ahead` and `behind` are None where the branch follows nothing, or what it follows is gone.
    """

    kind: Literal["worktree-seen"] = "worktree-seen"
    path: str
    commit: str | None
    """None before the first commit."""
    branch: str | None
    """None where HEAD is detached."""
    upstream: str | None
    ahead: int | None
    behind: int | None
    entries: tuple[Entry, ...]
    not_ignored: tuple[str, ...]
    """Of the paths that have to be ignored, those that the repository's own rules do not."""
    shallow: bool
    at: datetime

    @property
    def headline(self) -> str:
        on = self.branch or "a detached HEAD"
        follows = f"...{self.upstream}" if self.upstream else ", which follows nothing"
        apart = f" +{self.ahead} -{self.behind}" if self.ahead is not None else ""
        return f"{self.path}: {on}{follows}{apart}, {len(self.entries)} entries"

    @property
    def changed(self) -> tuple[str, ...]:
        """The entries, a line each; of many, the first."""
        shown = tuple(f"{one.state} {one.path}" for one in self.entries[:_SHOWN])
        more = len(self.entries) - len(shown)
        return (*shown, f"and {more} more") if more else shown


@by_hand(lambda path, _: f"git -C {shlex.quote(path)} status --porcelain=v2 --branch")
async def look_at_worktree(
    path: str, vantage: Vantage, ignored: tuple[str, ...], *, deadline: float
) -> WorktreeSeen:
    """Ask git how a worktree stands, and whether it ignores these paths.

    Raises `VantageError` where there is none, or git cannot tell; it runs no command that the
    repository's own configuration names.
    """
    at = datetime.now(UTC)
    words = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all")
    folder = placed(path, vantage)
    filters = await filters_of(folder, vantage, deadline=deadline)
    said = await ask_folder(folder, words, vantage, env=filters.off, deadline=deadline)
    if said.status:
        raise refused(f"git status of {path} did not tell", said, _MEND)
    asked = ("rev-parse", "--is-shallow-repository")
    shallow = await ask_folder(folder, asked, vantage, deadline=deadline)
    not_ignored = [one for one in ignored if not await _ignores(folder, one, vantage, deadline)]
    headers, entries = _read(said)
    changed = [one.path for one in entries if one.state[1] == "M"]
    unknown = await unsure(folder, changed, filters, vantage, deadline=deadline)
    if unknown:
        raise _not_compared(path, unknown)
    ahead, behind = _apart(headers.get("ab"))
    oid, head = headers.get("oid"), headers.get("head")
    return WorktreeSeen(
        path=path,
        commit=None if oid == "(initial)" else oid,
        branch=None if head == "(detached)" else head,
        upstream=headers.get("upstream"),
        ahead=ahead,
        behind=behind,
        entries=entries,
        not_ignored=tuple(not_ignored),
        shallow=shallow.out.strip() == b"true",
        at=at,
    )


def _not_compared(path: str, unknown: tuple[str, ...]) -> SourceError:
    few = ", ".join(unknown[:3])
    return SourceError(
        f"whether {few} in {path} is changed only a filter could tell, a command which the"
        " repository's own configuration names; it is not run",
        "run `git status` there by hand, once: git remembers what it found",
    )


async def _ignores(path: str, ignored: str, vantage: Vantage, deadline: float) -> bool:
    words = ("check-ignore", "--quiet", "--", ignored)
    said = await ask_folder(path, words, vantage, deadline=deadline)
    if said.status not in (0, _NOT_IGNORED):
        raise refused(f"git check-ignore of {path} did not tell", said, _MEND)
    return said.status == 0


def _read(said: Said) -> tuple[dict[str, str], tuple[Entry, ...]]:
    """Read porcelain v2 with `-z`: `# branch.KEY VALUE`, and entries; renames have two words."""
    headers: dict[str, str] = {}
    entries: list[Entry] = []
    words = iter(said.out.decode("utf-8", "backslashreplace").split("\0"))
    for word in words:
        match word[:2]:
            case "# ":
                key, _, value = word.removeprefix("# branch.").partition(" ")
                headers[key] = value
            case "1 ":
                entries.append(Entry(word[2:4], word.split(" ", 8)[-1]))
            case "2 ":
                entries.append(Entry(word[2:4], f"{word.split(' ', 9)[-1]} from {next(words)}"))
            case "u ":
                entries.append(Entry(word[2:4], word.split(" ", 10)[-1]))
            case "? ":
                entries.append(Entry("??", word[2:]))
    return headers, tuple(entries)


def _apart(counts: str | None) -> tuple[int | None, int | None]:
    """Read `+AHEAD -BEHIND`."""
    if counts is None:
        return None, None
    ahead, behind = counts.split(" ")
    return int(ahead), -int(behind)
