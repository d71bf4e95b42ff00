"""Where evidence was read from: origins that are none, such as an old branch or a work folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from checks.rollout.retired import named_in
from checks.rollout.source.seen import NoTarget, Target
from checks.rollout.told.fields import dig
from checks.rollout.told.seen import Told
from checks.wire.refs import RefsSeen
from checks.wire.worktrees import WorktreeSeen
from config.lanes import Lane, Retired
from config.model import Absent

_REFS = ("refs/heads/", "refs/remotes/origin/", "origin/")
_SAYING = (
    "source",
    "ref",
    "branch",
    "work",
    "path",
    "repo",
    "origin",
    "folder",
    "dir",
    "namespace",
)
"""Parts of a field's name by which a tool says where it read something."""
_WRITING = ("dump", "log", "output", "report", "transcript")
"""Parts of the names of fields by which it says where it wrote something down."""
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Places:
    """The vantages from which a lane's evidence is read: their names, and their kinds."""

    kinds: tuple[tuple[str, str], ...]


Evidence = Target | NoTarget | RefsSeen | WorktreeSeen | Told


def origins_of(seen: Evidence) -> Iterator[tuple[str, str]]:
    """Walk where something was read from: what it is called, and where that is."""
    match seen:
        case Target():
            yield from (("the target's ref", seen.ref), ("its repository", seen.repository))
        case RefsSeen():
            yield "refs", seen.repository
        case WorktreeSeen():
            yield "the worktree", seen.path
            yield "the worktree's branch", seen.branch or "HEAD"
            yield "what the worktree follows", seen.upstream or ""
        case Told():
            yield "a command", seen.command
            for field, value in _said(dig(seen, ""), "", 0):
                yield f"{field} of `{seen.command}`", value


def declared_origins(lane: Lane) -> Iterator[tuple[str, str]]:
    """Walk where the profile has a lane's evidence read from."""
    yield "source.repository", lane.source.repository
    yield "source.branch", lane.source.branch
    if not isinstance(lane.source.worktree, Absent):
        yield "source.worktree", lane.source.worktree.path
    if not isinstance(lane.mirror, Absent):
        yield "mirror.repository", lane.mirror.repository
    if not isinstance(lane.gitops, Absent):
        yield "gitops.repository", lane.gitops.repository
        yield "gitops.branch", lane.gitops.branch
    if not isinstance(lane.runtime, Absent):
        yield "runtime.namespace", lane.runtime.namespace
    if not isinstance(lane.argo, Absent):
        yield "argo.destination", lane.argo.destination
    for command in () if isinstance(lane.told, Absent) else lane.told:
        yield from ((f"told.{command.name}", word) for word in command.argv if "/" in word)


def inadmissible(origin: str, retired: Retired) -> str:
    """Return which origin that is no evidence this one is, or lies in; empty where none.

    A branch is that branch, by whatever ref; a folder is the folder and all below it, and not
    one whose name goes on.
    """
    for one in retired.origins:
        folder = one.rstrip("/")
        if any(place == folder or place.startswith(f"{folder}/") for place in _read_as(origin)):
            return one
    return next((name for name, _ in named_in(origin, retired.names)), "")


def _read_as(origin: str) -> tuple[str, ...]:
    """Return what an origin may be meant as: itself, a branch's name, a path at another host."""
    bare = next((origin.removeprefix(one) for one in _REFS if origin.startswith(one)), origin)
    if "://" in origin:
        return (bare, urlsplit(origin).path)
    return (bare, origin.partition(":")[2])


def found_inadmissible(every: Sequence[Evidence], places: Places, lane: Lane) -> Iterator[str]:
    """Walk what a lane's evidence was read from, and must not have been."""
    told = [(what, where) for seen in every for what, where in origins_of(seen)]
    looked = [(f"the vantage {name}", kind) for name, kind in places.kinds]
    for what, where in [*declared_origins(lane), *looked, *told]:
        if one := inadmissible(where, lane.retired):
            yield f"{what}: {where} ({one})"


def _said(value: Any, field: str, depth: int) -> Iterator[tuple[str, str]]:
    """Walk the texts of what a tool told that say where it read something."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, below in value.items():
            yield from _said(below, f"{field}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for below in value:
            yield from _said(below, field, depth + 1)
    elif isinstance(value, str) and value:
        key = field.rpartition(".")[2].lower()
        if any(word in key for word in _SAYING) and not any(word in key for word in _WRITING):
            yield field, value
