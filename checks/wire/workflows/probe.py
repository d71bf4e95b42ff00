"""The workflow files of a repository, looked at: the probe that areas share."""

import hashlib
import posixpath
import shlex
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

from checks.wire.workflows.events import Surroundings
from checks.wire.workflows.files import action_seen, file_seen
from checks.wire.workflows.loading import Loaded, load
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import (
    Finding,
    NoWorkflows,
    Place,
    WorkflowFile,
    WorkflowsSeen,
)
from checks.wire.workflows.steps import NESTED, is_local, local_path
from checks.wire.workflows.structure import import_late
from fixtures.repositories import Source, Tree, Unread
from fixtures.repositories.trees import open_tree
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread

FOLDER = ".github/workflows"
_ENDINGS = (".yml", ".yaml")
_ACTION_FILES = ("action.yml", "action.yaml")
_SUBMODULE = 0o160000
FILES = 2000
"""Workflow files that are read of a repository."""
Read = Mapping[str, tuple[bytes, Loaded]]
T = TypeVar("T")


def _listed(source: Source) -> str:
    """Return the command that shows what would be read."""
    if source.path is None:
        api = f"{source.api}/repos/{source.repository}/contents/{FOLDER}"
        return f"curl -s {shlex.quote(api)}"
    if source.ref is None:
        return f"ls {shlex.quote(posixpath.join(source.path, FOLDER))}"
    return f"git -C {shlex.quote(source.path)} ls-tree {shlex.quote(source.ref)} {FOLDER}/"


@prepared_by(import_late)
@by_hand(_listed, here=True)
async def read_workflows(
    source: Source, vantage: Vantage, *, deadline: float
) -> WorkflowsSeen | NoWorkflows:
    """Read the workflow files of a repository, and expand what they make of its jobs.

    What is wrong in a file is a finding of it. Raises `VantageError` where the repository cannot
    be read, and where that takes longer than the deadline.
    """
    ends = time.monotonic() + deadline
    tree = await open_tree(source, vantage, deadline=deadline)
    entries = await tree.entries(FOLDER, deadline=_left(ends))
    paths = [one.path for one in entries if _is_workflow(one.path) and one.mode != _SUBMODULE]
    at = datetime.now(UTC)
    if not paths:
        return NoWorkflows(repository=source.name, commit=tree.commit, at=at)
    read, unread = await _read(tree, paths[:FILES], ends)
    actions = await _actions(tree, read, ends)
    loaded = {folder: found[1] if found else None for folder, found in actions.items()}
    around = Surroundings(source.repository, source.branch)
    seen = await _aside(lambda: _expanded(read, loaded, around, ends), ends)
    used = sorted({found[1].path: found for found in actions.values() if found}.items())
    return WorkflowsSeen(
        repository=source.name,
        commit=tree.commit,
        files=tuple(sorted((*seen, *unread, *_beyond(paths)), key=lambda one: one.path)),
        at=at,
        actions=await _aside(lambda: tuple(action_seen(*found) for _, found in used), ends),
    )


def _is_workflow(path: str) -> bool:
    """Tell whether GitHub takes a file for a workflow: not those of folders below."""
    return posixpath.dirname(path) == FOLDER and path.endswith(_ENDINGS)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise _late()
    return left


def _late() -> SourceError:
    return SourceError(
        "the workflow files were not all read and expanded before the deadline",
        "look at them from a machine that has less to do",
    )


async def _read(tree: Tree, paths: list[str], ends: float) -> tuple[Read, list[WorkflowFile]]:
    """Return the files that could be read, and what is seen of those that could not."""
    read: dict[str, bytes] = {}
    unread: list[WorkflowFile] = []
    raws = await tree.read_all(paths, deadline=_left(ends))
    for path, raw in zip(paths, raws, strict=True):
        if isinstance(raw, bytes):
            read[_shown(path)] = raw
        else:
            why = raw.why if isinstance(raw, Unread) else "it is a link that leads out of it"
            unread.append(_unread(path, f"the file cannot be read: {why}", "unreadable"))
    return await _aside(lambda: _loaded(read, ends), ends), unread


def _loaded(read: Mapping[str, bytes], ends: float) -> Read:
    found: dict[str, tuple[bytes, Loaded]] = {}
    for path, raw in read.items():
        found[path] = (raw, load(raw, path))
        _left(ends)
    return found


def _shown(path: str) -> str:
    """Return a path whose undecodable bytes can be written down."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unread(path: str, words: str, rule: str) -> WorkflowFile:
    place = Place(path=_shown(path), line=1, column=1)
    return WorkflowFile(
        path=_shown(path),
        sha256=hashlib.sha256(b"").hexdigest(),
        name=None,
        triggers=(),
        jobs=(),
        comments=(),
        findings=(Finding(rule=rule, place=place, text=words),),
    )


def _beyond(paths: list[str]) -> list[WorkflowFile]:
    if len(paths) <= FILES:
        return []
    words = f"{len(paths) - FILES:,} more workflow files are not read: {FILES:,} are"
    return [_unread(paths[FILES], words, "too-many-files")]


async def _actions(tree: Tree, read: Read, ends: float) -> dict[str, tuple[bytes, Loaded] | None]:
    """Return the local actions that workflows use, and those that these use, by folder."""
    found: dict[str, tuple[bytes, Loaded] | None] = {}
    wanted = {one for _, loaded in read.values() for one in _used(loaded.root, ("jobs",))}
    for _ in range(NESTED + 1):
        folders = sorted(wanted - found.keys())
        if not folders:
            break
        names = [posixpath.join(one, name) for one in folders for name in _ACTION_FILES]
        raws = await tree.read_all(names, deadline=_left(ends))
        wanted = set()
        for number, folder in enumerate(folders):
            action = _action(names[2 * number :][:2], raws[2 * number :][:2])
            found[folder] = action
            wanted |= set(_used(action[1].root if action else None, ("runs",)))
    return found


def _action(names: list[str], raws: Iterable[bytes | Unread | None]) -> tuple[bytes, Loaded] | None:
    pairs = zip(names, raws, strict=True)
    return next(((raw, load(raw, name)) for name, raw in pairs if isinstance(raw, bytes)), None)


def _used(root: Node | None, where: tuple[str, ...]) -> Iterable[str]:
    """Yield the folders of the local actions that the steps in a file use."""
    top = root.get(*where) if root is not None else None
    holders = [one for _, one in top.pairs] if top is not None and where == ("jobs",) else [top]
    for holder in holders:
        steps = holder.get("steps") if holder is not None else None
        for step in steps.items if steps is not None else ():
            uses = step.get("uses")
            path = local_path(uses.text) if uses is not None and is_local(uses.text) else None
            if path is not None:
                yield path


def _expanded(
    read: Read, actions: Mapping[str, Loaded | None], around: Surroundings, ends: float
) -> list[WorkflowFile]:
    files = {path: loaded for path, (_, loaded) in read.items()}
    found: list[WorkflowFile] = []
    for raw, loaded in read.values():
        found.append(file_seen(raw, loaded, files, actions, around))
        _left(ends)
    return found


async def _aside(work: Callable[[], T], ends: float) -> T:
    """Do what takes its time in a thread; others look at the same time."""
    with suppress(TimeoutError):
        return await in_thread(work, deadline=_left(ends))
    raise _late()
