"""A repository's objects: ancestry, what differs between commits, their authors, trees, blobs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from checks.wire.git_asking import Said, ask_folder, placed, refused
from checks.wire.git_throwaway import Throwaway, throwaway_of
from config.lanes.places import is_url
from fixtures.vantages import SourceError, Vantage

Stands = Literal["same", "contained", "not-contained", "unknown"]
LINKS = frozenset({0o120000, 0o160000})
"""Modes of what leads elsewhere: a symbolic link, and a submodule."""
FULL = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""A full object id, SHA-1 or SHA-256."""
_NOT = 1
"""The status by which `git merge-base --is-ancestor` says no."""
_AT_ONCE = 1000
"""Objects that are asked for with one command."""
_COMMIT_FORMAT = "%x00%H%x00%an%x00%ae%x00%cn%x00%ce%x00%cI%x00%s"
_COMMIT_FIELDS = 7
_MEND = "look at it by hand with git; fetch what is missing, or correct the profile"


@dataclass(frozen=True, slots=True)
class Ancestry:
    """How a commit stands to another one that is said to come after it.

    `contained`: git followed the history from the newer one to the older one. `not-contained`: it
    followed all of it, and the older one is not there. `unknown`: an object is missing, or the
    clone is shallow; `why` says which. The last is no answer, and never the second.
    """

    stands: Stands
    why: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry of a tree: `mode` is git's, such as 0o100644; `name` that of its object."""

    path: str
    mode: int
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A commit of a history: who wrote it, who committed it, and the paths that it changed.

    A merge changes what it differs in from its first parent. `committed` is RFC 3339.
    """

    commit: str
    author: str
    author_address: str
    committer: str
    committer_address: str
    committed: str
    subject: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Objects:
    """A repository's objects as they can be asked for from a vantage.

    Every commit is a full id. Every method raises `VantageError` where git cannot tell, in its
    own words: a hanging remote, missing credentials, no repository, a missing object.
    """

    repository: str
    vantage: Vantage
    deadline: float
    _fetched: Throwaway | None

    async def ancestry(self, older: str, newer: str) -> Ancestry:
        """Tell whether the older commit is in the history of the newer one."""
        if older == newer:
            return Ancestry("same")
        try:
            words = ("merge-base", "--is-ancestor", older, newer)
            said = await self._ask(words, older, newer)
            if said.status == 0:
                return Ancestry("contained")
            if said.status != _NOT:
                return Ancestry("unknown", said.words or f"git ended with {said.status}")
            if await self.is_shallow():
                return Ancestry("unknown", f"{self.repository} is shallow: its history ends early")
        except SourceError as error:
            return Ancestry("unknown", error.reason)
        return Ancestry("not-contained")

    async def independent(self, commits: Sequence[str]) -> tuple[str, ...]:
        """Return those of the commits that are in the history of none of the others."""
        said = await self._told(("merge-base", "--independent", *commits), *commits)
        return tuple(said.out.decode("ascii", "replace").split())

    async def is_shallow(self) -> bool:
        """Tell whether the history that is there was cut off; what is fetched here is whole."""
        said = await self._ask(("rev-parse", "--is-shallow-repository"))
        return said.out.strip() == b"true"

    async def same_below(self, one: str, other: str, path: str) -> bool:
        """Tell whether two commits have the same files at a path, or below it."""
        return not await self.changed(one, other, path)

    async def changed(self, one: str, other: str, *paths: str) -> tuple[str, ...]:
        """Return the paths that differ between two commits, below some paths or everywhere."""
        words = ("diff-tree", "-r", "-z", "--no-renames", "--name-only", one, other)
        said = await self._told((*words, "--", *paths), one, other)
        return tuple(map(_path, said.out.split(b"\0")[:-1]))

    async def log(
        self, since: str | None, until: str, *paths: str, most: int = 1000
    ) -> tuple[Change, ...]:
        """Return the commits of `until` that `since` has not, the newest first; at most so many."""
        among = (f"{since}..{until}",) if since else (until,)
        words = ("log", "-z", "--no-show-signature", "--no-ext-diff", "--no-textconv")
        told = ("--no-renames", "--diff-merges=first-parent", "--name-only", f"--max-count={most}")
        asked = (*words, *told, f"--format={_COMMIT_FORMAT}", *among, "--", *paths)
        said = await self._told(asked, *filter(None, (since, until)))
        return tuple(_changes(said.out))

    async def tree(self, commit: str, below: str = "") -> tuple[Leaf, ...]:
        """Return all files of a commit, or those at a path or below it."""
        words = ("ls-tree", "-r", "-z", "--full-tree", commit)
        said = await self._told((*words, "--", below) if below else words, commit)
        return tuple(map(_leaf, said.out.split(b"\0")[:-1]))

    async def has(self, commit: str, path: str) -> bool:
        """Tell whether there is anything at a path of a commit."""
        words = ("ls-tree", "-z", "--full-tree", commit, "--", path.rstrip("/"))
        return bool((await self._told(words, commit)).out)

    async def blob(self, commit: str, path: str) -> bytes | None:
        """Return what a file of a commit holds; None where there is none."""
        return (await self.blobs(commit, (path,))).get(path)

    async def blobs(self, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
        """Return what files of a commit hold, by path; what is no file there is left out."""
        wanted = set(paths)
        tree = await (self.tree(commit, paths[0]) if len(wanted) == 1 else self.tree(commit))
        names = {leaf.path: leaf.name for leaf in tree if leaf.path in wanted}
        contents = await self.contents(list(dict.fromkeys(names.values())))
        return {path: contents[name] for path, name in names.items() if name in contents}

    async def contents(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Return blobs by their objects' names; what is no blob is left out."""
        if self._fetched is not None:
            await self._fetched.take_objects(names, deadline=self.deadline)
        read: dict[str, bytes] = {}
        for at in range(0, len(names), _AT_ONCE):
            some = names[at : at + _AT_ONCE]
            said = await self._told(("cat-file", "--batch", "--buffer"), feed=some)
            read |= _blobs(said.out)
        return read

    async def _told(self, words: Sequence[str], *commits: str, feed: Sequence[str] = ()) -> Said:
        said = await self._ask(words, *commits, feed=feed)
        if said.status:
            raise refused(f"git {words[0]} of {self.repository} did not tell", said, _MEND)
        return said

    async def _ask(self, words: Sequence[str], *commits: str, feed: Sequence[str] = ()) -> Said:
        for one in commits:
            if not FULL.fullmatch(one):
                raise SourceError(f"{one!r} is no full commit id", "give it with all its digits")
        folder = placed(self.repository, self.vantage)
        if self._fetched is not None:
            await self._fetched.take(commits, deadline=self.deadline)
            folder = self._fetched.folder
        given = ("--literal-pathspecs", *words)
        return await ask_folder(folder, given, self.vantage, feed=feed, deadline=self.deadline)


def objects_of(repository: str, vantage: Vantage, *, deadline: float) -> Objects:
    """Return a repository's objects; `deadline` is that of each command, in seconds.

    A path is asked where it lies. Of a URL, what is asked for is fetched into a throw-away
    repository, one for a run; it is removed when the run is over.
    """
    fetched = throwaway_of(repository, vantage) if is_url(repository) else None
    return Objects(repository, vantage, deadline, fetched)


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _leaf(line: bytes) -> Leaf:
    """Read `MODE TYPE OBJECT<tab>PATH`."""
    about, _, name = line.partition(b"\t")
    mode, _, found = about.decode("ascii").split()
    return Leaf(_path(name), int(mode, 8), found)


def _changes(out: bytes) -> Iterator[Change]:
    """Read `git log -z`: an empty word, a commit's fields, and after a line's end its paths."""
    words = out.decode("utf-8", "backslashreplace").split("\0")[:-1]
    at = 0
    while at + _COMMIT_FIELDS < len(words):
        fields = words[at + 1 : at + 1 + _COMMIT_FIELDS]
        at += 1 + _COMMIT_FIELDS
        end = next((one for one in range(at, len(words)) if not words[one]), len(words))
        first = [path.removeprefix("\n") for path in words[at : min(at + 1, end)]]
        paths = [*first, *words[at + 1 : end]]
        at = end
        commit, author, address, committer, its_address, committed, subject = fields
        yield Change(
            commit, author, address, committer, its_address, committed, subject, tuple(paths)
        )


def _blobs(out: bytes) -> dict[str, bytes]:
    """Read what `cat-file --batch` wrote: NAME, TYPE and SIZE, and the content."""
    read, at = {}, 0
    while (end := out.find(b"\n", at)) >= 0:
        name, *about = out[at:end].decode("ascii", "replace").split()
        at = end + 1
        if len(about) == 2:  # noqa: PLR2004 - TYPE SIZE; otherwise the word `missing`
            size = int(about[1])
            if about[0] == "blob":
                read[name] = out[at : at + size]
            at += size + 1
    return read
