"""What git tells of a repository's files, without running anything that the repository names."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_CLOSED = re.compile(rb"^warning: could not open directory '(.+/)': ", re.MULTILINE)
_MOST = 200
"""Paths that are named to git one by one."""
_LINK, _OWN = b"120000", b"160000"
Git = Sequence[str]
"""The words before a command of git's: the program, the folder, and what is set for it alone."""


class GitError(Exception):
    """Git would not tell; the message is its own."""


class Blob(NamedTuple):
    """A file of a commit; `size` is in bytes."""

    path: bytes
    mode: bytes
    name: bytes
    size: int

    @property
    def is_link(self) -> bool:
        return self.mode == _LINK

    @property
    def is_own_repository(self) -> bool:
        return self.mode == _OWN


def commit_of(git: Git, ref: str) -> str:
    """Return the full name of a ref's commit; raises `GitError`."""
    return _git(git, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}").decode()[:-1]


def merge_base(git: Git, since: str, ref: str | None) -> str:
    """Return the commit at which the history left that of `since`; raises `GitError`."""
    try:
        told = _git(git, "merge-base", commit_of(git, since), commit_of(git, ref or "HEAD"))
    except GitError as error:
        words = str(error) or f"{since} and {ref or 'HEAD'} have no commit in common"
        raise GitError(words) from None
    return told.decode().split()[0]


class Listings(NamedTuple):
    """What git lists of the files as they lie; it goes on listing while others are read."""

    git: Git
    tracked: "Begun"
    strange: "Begun"
    """What is not tracked, ignored or not; a folder of which nothing is, by itself."""

    def others(self) -> tuple[bytes, int, list[str]]:
        """Return the paths that are neither tracked nor ignored, each ended by a NUL.

        Also how many files and folders are ignored, these counted as one, and the folders
        that could not be listed. Only where something strange lies, git looks again.
        """
        strange = self.strange.told().split(b"\0")[:-1]
        closed = self.strange.closed()
        if not strange:
            return b"", 0, closed
        where = [os.fsdecode(path) for path in strange] if len(strange) <= _MOST else ["."]
        words = ("ls-files", "-z", "--others", "--exclude-standard")
        literal = (*self.git, "--literal-pathspecs")
        others = Begun(literal, *words, "--", *where)
        ignored = Begun(literal, *words, "--ignored", "--directory", "--", *where)
        listing, count = others.told(), ignored.told().count(b"\0")
        return listing, count, sorted({*closed, *others.closed()})


def list_files(git: Git) -> Listings:
    """Let git begin to list the files of a checkout, each path ended by a NUL."""
    return Listings(
        git=git,
        tracked=Begun(git, "ls-files", "-z", "--cached"),
        strange=Begun(git, "ls-files", "-z", "--others", "--directory", "--no-empty-directory"),
    )


def blobs_of(git: Git, commit: str) -> tuple[Blob, ...]:
    """Return the files of a commit, in git's order; raises `GitError`."""
    blobs = []
    for line in _git(git, "ls-tree", "-r", "-z", "-l", commit).split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _, name, size = head.split()
        blobs.append(Blob(path, mode, name, int(size) if size.isdigit() else 0))
    return tuple(blobs)


def contents_of(git: Git, blobs: Sequence[Blob]) -> Iterator[tuple[Blob, bytes | None]]:
    """Walk the contents of blobs, in order; None for one that is missing here."""
    command = [*git, "cat-file", "--batch", "--buffer"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        asked, answers = process.stdin, process.stdout
        if asked is None or answers is None:
            raise GitError("git cat-file has no pipes")
        try:
            for at in range(0, len(blobs), 256):
                some = blobs[at : at + 256]
                asked.write(b"".join(blob.name + b"\n" for blob in some))
                # What is asked is short, and fits into the pipe: it is read before more is asked.
                asked.write(b"0" * 40 + b"\n")
                asked.flush()
                for blob in some:
                    yield blob, _content(answers.readline(), answers.read)
                answers.readline()
        finally:
            process.kill()


def _content(head: bytes, read: Callable[[int], bytes]) -> bytes | None:
    """Read an answer of `cat-file --batch`: name, kind and size, and the content."""
    parts = head.split()
    return read(int(parts[2]) + 1)[:-1] if len(parts) == 3 else None  # noqa: PLR2004


class Begun:
    """A command of git that runs beside us."""

    def __init__(self, git: Git, *words: str) -> None:
        """Start it; raises `GitError`."""
        self._err = b""
        try:
            self._process = subprocess.Popen(
                [*git, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise GitError(f"git cannot be run here: {error.strerror or error}") from None

    def told(self) -> bytes:
        """Wait for its end, and return what it wrote; raises `GitError`."""
        out, self._err = self._process.communicate()
        if self._process.returncode:
            raise GitError(self._err.decode("utf-8", "replace").strip()[:500])
        return out

    def closed(self) -> list[str]:
        """Return the folders that it could not list, once it has ended."""
        return [os.fsdecode(name) for name in _CLOSED.findall(self._err)]


def _git(git: Git, *words: str) -> bytes:
    return Begun(git, *words).told()
