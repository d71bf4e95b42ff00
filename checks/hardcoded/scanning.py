"""A scan of a repository: which files, read by how many processes, and what was found."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import NamedTuple

from checks.hardcoded import git
from checks.hardcoded.asked import Asked, Searched, read_searched
from checks.hardcoded.folders import Folders, LeftOutError
from checks.hardcoded.searching import Looking
from config.globs import paths_in
from reports.dying import die_with_parent

_BATCH = 64
"""Files that a process takes at once: few enough that all end together."""
_FEW = 500
"""Files that one process reads sooner than another one begins."""
_NUMBER = 4
_PIPE = 1 << 16
_LINE_END = 10


class Scan(NamedTuple):
    """What a scan answers."""

    engine: str
    commit: str | None
    base: str | None
    """The commit since which lines are new."""
    scopes: dict[str, int]
    """How many files each rule concerns."""
    outside: int
    """Files that no rule concerns."""
    ignored: int
    """What git ignores; folders are counted as one."""
    failing: dict[str, list[str]]
    """What each rule's samples contradict."""
    unread: dict[str, list[str]]
    """Files that each rule concerns and nobody could read."""
    searched: Searched
    new: list[bool] | None = None
    """Whether each match stands in a line that was added; None where all of them are meant."""


def scan(asked: Asked, begun: git.Listings | None = None) -> Scan:
    """Scan a repository; `begun` are the listings of files as they lie, where git has begun them.

    Raises `GitError`, and `OSError` where the root cannot be opened.
    """
    if begun is None and asked.git and not asked.ref:
        begun = git.list_files(asked.git)
    commit = git.commit_of(asked.git, asked.ref) if asked.git and asked.ref else None
    looking = Looking(asked.rules, asked.engine)
    failing = looking.failing()
    scopes, ignored = Scopes(len(asked.rules)), 0
    if begun is not None:
        _look_by_several(asked, looking, scopes.add(asked, begun.tracked.told()), scopes)
        others, ignored, closed = begun.others()
        _look_by_several(asked, looking, scopes.add(asked, others), scopes)
        for folder in closed:
            looking.found.leave_out("unreadable", folder)
    elif commit is not None:
        _look_through_blobs(asked, looking, commit, scopes)
    else:
        listing = walk(asked.root, looking.found)
        _look_by_several(asked, looking, scopes.add(asked, listing), scopes)
    looking.found.matches.sort(key=lambda one: (one.path, one.line, one.column, one.rule))
    looking.found.comments.sort(key=lambda one: (one.path, one.line))
    base = git.merge_base(asked.git or (), asked.since, asked.ref) if asked.since else None
    return Scan(
        engine=looking.engine,
        commit=commit,
        base=base,
        scopes={r.id: len(own) for r, own in zip(asked.rules, scopes.of_rules, strict=True)},
        outside=scopes.outside,
        ignored=ignored,
        failing=failing,
        unread=unread_of(asked, looking.found, scopes),
        searched=looking.found,
        new=_new(asked, looking.found, base, commit) if base else None,
    )


def walk(root: str, found: Searched) -> bytes:
    """Return the files below a folder that is no checkout, each path ended by a NUL."""
    listing = []
    for folder, _, names in os.walk(
        os.fsencode(root), onerror=lambda error: found.leave_out("unreadable", _below(root, error))
    ):
        within = os.path.relpath(folder, os.fsencode(root))
        listing += [name if within == b"." else within + b"/" + name for name in names]
    return b"".join(path + b"\0" for path in listing)


def _below(root: str, error: OSError) -> str:
    return os.path.relpath(os.fsdecode(error.filename), root) + "/"


class Scopes:
    """The files that each rule concerns, by its number; `outside` is how many none concerns."""

    def __init__(self, rules: int) -> None:
        self.of_rules: list[AbstractSet[bytes]] = [frozenset()] * rules
        self.outside = 0

    def add(self, asked: Asked, listing: bytes) -> list[bytes]:
        """Add the paths of a listing to the rules' own, and return those that any concerns.

        They are in the order of the listing, each once.
        """
        known: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[bytes]] = {}
        for at, rule in enumerate(asked.rules):
            key = (rule.files, (*rule.not_in, *asked.not_in))
            if key not in known:
                known[key] = paths_in(listing, *key)
            own = self.of_rules[at]
            self.of_rules[at] = own | known[key] if own and known[key] else own or known[key]
        several = list(known.values())
        every = several[0].union(*several[1:]) if several[1:] else several[0]
        paths = listing.split(b"\0")[:-1]
        if len(every) < len(paths):
            paths = [path for path in dict.fromkeys(paths) if path in every]
        self.outside += listing.count(b"\0") - len(paths)
        return paths

    def concerned(self, path: bytes) -> Callable[[int], bool]:
        """Return what tells of a rule's number whether it concerns the path."""
        return lambda number: path in self.of_rules[number]


def unread_of(asked: Asked, found: Searched, scopes: Scopes) -> dict[str, list[str]]:
    """Return of each rule the files that it concerns and that nobody could read."""
    paths = [*found.left_out.get("too-large", ()), *found.left_out.get("unreadable", ())]
    return {
        rule.id: mine
        for rule, scope in zip(asked.rules, scopes.of_rules, strict=True)
        if (mine := [one for one in paths if one.endswith("/") or os.fsencode(one) in scope])
    }


def _new(asked: Asked, found: Searched, base: str, commit: str | None) -> list[bool]:
    """Tell of each match whether its line was added since the base."""
    from checks.hardcoded.added import added  # noqa: PLC0415 - few scans compare

    paths = {os.fsencode(one.path) for one in found.matches}
    before = _contents(asked, base, paths)
    after = _contents(asked, commit, paths) if commit else _as_they_lie(asked, paths)
    lines = {path: added(before[path], after.get(path, b"")) for path in paths & before.keys()}

    def is_new(path: bytes, line: int) -> bool:
        return path not in lines or any(line in one for one in lines[path])

    return [is_new(os.fsencode(one.path), one.line) for one in found.matches]


def _contents(asked: Asked, commit: str, paths: AbstractSet[bytes]) -> dict[bytes, bytes]:
    command = asked.git or ()
    blobs = [one for one in git.blobs_of(command, commit) if one.path in paths]
    read = git.contents_of(command, [one for one in blobs if one.size <= asked.largest])
    return {blob.path: content for blob, content in read if content is not None}


def _as_they_lie(asked: Asked, paths: AbstractSet[bytes]) -> dict[bytes, bytes]:
    folders, read = Folders(asked.root), {}
    for path in sorted(paths):
        with suppress(LeftOutError):
            buffer, size = folders.read(path, asked.largest)
            read[path] = bytes(buffer[:size])
    folders.close()
    return read


def _look_through_blobs(asked: Asked, looking: Looking, commit: str, scopes: Scopes) -> None:
    command, found, read = asked.git or (), looking.found, []
    blobs = git.blobs_of(command, commit)
    paths = frozenset(scopes.add(asked, b"".join(blob.path + b"\0" for blob in blobs)))
    for blob in blobs:
        path = os.fsdecode(blob.path)
        if blob.path not in paths:
            continue
        if blob.is_link or blob.is_own_repository:
            found.leave_out("link" if blob.is_link else "own-repository", path)
        elif blob.size > asked.largest:
            found.leave_out("too-large", path)
        else:
            read.append(blob)
    for blob, content in git.contents_of(command, read):
        if content is None:
            found.leave_out("unreadable", os.fsdecode(blob.path))
        else:
            looking.look(blob.path, content, len(content), scopes.concerned)


def _look_by_several(
    asked: Asked,
    looking: Looking,
    paths: Sequence[bytes],
    scopes: Scopes,
) -> None:
    """Read files in this process and its forks: each takes a batch when it has done one."""
    batches = range(0, len(paths), _BATCH)
    processes = min(asked.processes, len(paths) // _FEW + 1)
    taking, giving = os.pipe2(os.O_CLOEXEC)
    numbers = b"".join(at.to_bytes(_NUMBER, "little") for at in batches)
    if processes == 1 or len(numbers) > _room(giving, len(numbers)):
        os.close(taking)
        os.close(giving)
        _read(asked, looking, paths, scopes)
        return
    os.write(giving, numbers)
    os.close(giving)

    def work() -> None:
        while number := os.read(taking, _NUMBER):
            at = int.from_bytes(number, "little")
            _read(asked, looking, paths[at : at + _BATCH], scopes)

    others = [_fork(looking, work) for _ in range(processes - 1)]
    work()
    os.close(taking)
    for child, answers in others:
        looking.found.add(_answer(child, answers))


def _room(pipe: int, wanted: int) -> int:
    """Return how many bytes a pipe holds, made larger where that is not enough."""
    try:
        return fcntl.fcntl(pipe, 1031, max(wanted, _PIPE))  # F_SETPIPE_SZ
    except OSError:
        return _PIPE


def _read(
    asked: Asked,
    looking: Looking,
    paths: Iterable[bytes],
    scopes: Scopes,
) -> None:
    """Read files, as many together as the buffer holds."""
    folders = _folders(asked.root)
    texts: list[tuple[bytes, int, int]] = []
    at = 0
    for path in paths:
        try:
            if size := folders.read_behind(at, path, asked.largest):
                texts.append((path, at, at + size))
                at += size + 1
                folders.buffer[at - 1] = _LINE_END
                continue
            looking.look_through(texts, folders.buffer, at, scopes.concerned)
            texts, at = [], 0
            looking.look(path, *folders.read(path, asked.largest), scopes.concerned)
        except LeftOutError as left:
            looking.found.leave_out(left.why, os.fsdecode(path))
    looking.look_through(texts, folders.buffer, at, scopes.concerned)


_opened: dict[str, Folders] = {}


def _folders(root: str) -> Folders:
    """Return this process's open folders below the root."""
    key = f"{os.getpid()} {root}"
    if key not in _opened:
        _opened[key] = Folders(root)
    return _opened[key]


def _fork(looking: Looking, work: Callable[[], None]) -> tuple[int, int]:
    """Begin the work in a fork of this process, and return it with the end of its answer."""
    answers, telling = os.pipe2(os.O_CLOEXEC)
    parent = os.getpid()
    child = os.fork()
    if child:
        os.close(telling)
        return child, answers
    status = 1
    try:
        die_with_parent(parent)
        work()
        with os.fdopen(telling, "wb") as pipe:
            pipe.write(json.dumps(looking.found.told()).encode())
        status = 0
    finally:
        os._exit(status)


def _answer(child: int, answers: int) -> Searched:
    with os.fdopen(answers, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise OSError(f"a process that read files ended with {os.waitstatus_to_exitcode(status)}")
    return read_searched(json.loads(told))
