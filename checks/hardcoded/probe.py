"""Looks into the files of a repository for what rules find there."""

import asyncio
import contextlib
import json
import os
import shlex
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks.hardcoded.asked import Asked, Searched, Sought, read_searched, told_of
from checks.hardcoded.engines import Expression
from checks.hardcoded.scanning import Scan, Scopes, unread_of
from checks.hardcoded.searching import Looking
from checks.hardcoded.seen import HardcodedSeen
from checks.hardcoded.telling import told, told_again
from config.allowed import Allowed
from config.rules import Rule
from fixtures.github.ways import import_client
from fixtures.repositories import Entry, Source, Tree, Unread
from fixtures.repositories.git import environment_of, git_in
from fixtures.repositories.places import place_of
from fixtures.repositories.trees import open_tree
from fixtures.sightings import EXPECTED, by_hand, prepared_by, reread
from fixtures.vantages import SourceError, Vantage
from fixtures.vantages.threads import in_thread

_ROOT = Path(__file__).parents[2]
_LAST = 0.5
"""Seconds of a deadline that are left to read the answer."""
_REAPED = 2.0
_LINK, _FOLDER, _OWN = 0o120000, 0o040000, 0o160000


@dataclass(frozen=True, slots=True)
class Scanned:
    """A repository, and what is looked for in it."""

    source: Source
    rules: tuple[Rule, ...]
    since: str | None
    not_in: tuple[str, ...]
    largest: int
    packs: tuple[str, ...] = ()
    """The names of the packs that the rules are of, for people."""
    allowed: tuple[Allowed, ...] = field(default=(), metadata=EXPECTED)

    def __str__(self) -> str:
        return self.source.name


def _command(target: Scanned) -> str:
    words = ["python", "-m", "checks.hardcoded", "scan", target.source.path or target.source.name]
    words += ["--ref", target.source.ref] if target.source.ref else []
    words += ["--since", target.since] if target.since else []
    for pack in target.packs:
        words += ["--pack", pack]
    return shlex.join(words)


def _reread(target: Scanned, seen: HardcodedSeen) -> HardcodedSeen:
    return told_again(seen, target.allowed)


@by_hand(_command, here=True)
@reread(_reread)
@prepared_by(import_client)
async def look_for_hardcoded(
    target: Scanned, vantage: Vantage, *, deadline: float
) -> HardcodedSeen:
    """Look for what the rules find, in every file that they concern.

    A path is read by a process of its own, which ends at the deadline. Raises `VantageError`
    where the repository cannot be read.
    """
    began, at = time.monotonic(), datetime.now(UTC)
    tree = await open_tree(target.source, vantage, deadline=deadline)
    left = deadline - (time.monotonic() - began)
    if target.source.path is None:
        scan = await _of_tree(target, tree, left)
    else:
        scan = await _of_folder(target, place_of(target.source, vantage), tree, left)
    return told(
        scan,
        repository=str(target),
        rules=target.rules,
        allowed=target.allowed,
        seconds=time.monotonic() - began,
        at=at,
    )


def asked_of(target: Scanned, root: Path, *, commit: str | None, is_git: bool) -> Asked:
    """Return what a scan of the folder is asked for."""
    return Asked(
        root=str(root),
        rules=tuple(map(_sought, target.rules)),
        ref=commit,
        since=target.since,
        not_in=target.not_in,
        largest=target.largest,
        processes=min(4, len(os.sched_getaffinity(0))),
        git=git_in(root) if is_git else None,
    )


def _sought(rule: Rule) -> Sought:
    return Sought(
        id=rule.id,
        expression=Expression(rule.expression, rule.ignore_case),
        files=rule.files,
        not_in=rule.not_in,
        matches=rule.matches,
        passes=rule.passes,
        reads=rule.reads is not None,
    )


async def _of_folder(target: Scanned, root: Path, tree: Tree, deadline: float) -> Scan:
    is_git = tree.commit is not None or getattr(tree, "is_git", True)
    if target.since and not is_git:
        raise SourceError(
            f"{root} is no checkout: what changed since {target.since} is not known",
            "name a checkout, or leave `since` away",
        )
    asked = asked_of(target, root, commit=tree.commit, is_git=is_git)
    return read_scan(await run_scan(asked, root, deadline=deadline))


async def run_scan(asked: Asked, root: Path, *, deadline: float) -> Mapping[str, Any]:
    """Let a process of its own scan, and return its answer.

    At the deadline (seconds) it is killed with all that it started. Raises `VantageError`.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "checks.hardcoded.child"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        cwd=_ROOT,
        start_new_session=True,
        env=environment_of(root),
    )
    try:
        async with asyncio.timeout(max(deadline - _LAST, _LAST)):
            out, err = await process.communicate(json.dumps(told_of(asked)).encode())
    except TimeoutError:
        raise SourceError(
            f"the files of {root} were not looked through within {deadline:g} s",
            "raise deadlines.sighting, leave large files out by `not_in`, or look for a rule whose"
            " expression takes long",
        ) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _REAPED)
    if process.returncode:
        said = err.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise SourceError(
            f"{root} could not be looked through: {said[0][:300]}",
            "is `since` a commit of a clone that is deep enough? git fetch --unshallow",
        )
    answer: Mapping[str, Any] = json.loads(out)
    return answer


def read_scan(answer: Mapping[str, Any]) -> Scan:
    """Read the answer of the process that scanned."""
    return Scan(**{**answer, "searched": read_searched(answer["searched"])})


async def _of_tree(target: Scanned, tree: Tree, deadline: float) -> Scan:
    """Look through files that come from GitHub, in a thread."""
    if target.since:
        raise SourceError(
            f"{target} is read from GitHub: what changed since {target.since} is not known",
            "name a clone of it by `path`, or leave `since` away",
        )
    entries = await tree.entries(deadline=deadline)
    asked = asked_of(target, Path("/"), commit=tree.commit, is_git=False)
    scopes = Scopes(len(asked.rules))
    listing = b"".join(os.fsencode(one.path) + b"\0" for one in entries)
    paths = frozenset(scopes.add(asked, listing))
    found = Searched()
    read = [
        one for one in entries if os.fsencode(one.path) in paths and _is_read(one, asked, found)
    ]
    contents = await tree.read_all([one.path for one in read], deadline=deadline)

    def look() -> Scan:
        looking = Looking(asked.rules, asked.engine)
        looking.found = found
        failing = looking.failing()
        for entry, content in zip(read, contents, strict=True):
            if content is None or isinstance(content, Unread):
                found.leave_out("unreadable" if content else "gone", entry.path)
            else:
                looking.look(os.fsencode(entry.path), content, len(content), scopes.concerned)
        return Scan(
            engine=looking.engine,
            commit=tree.commit,
            base=None,
            scopes={r.id: len(own) for r, own in zip(asked.rules, scopes.of_rules, strict=True)},
            outside=scopes.outside,
            ignored=0,
            failing=failing,
            unread=unread_of(asked, found, scopes),
            searched=found,
        )

    return await in_thread(look, deadline=deadline)


def _is_read(entry: Entry, asked: Asked, found: Searched) -> bool:
    """Tell whether a file is read; one that is not is counted."""
    if entry.mode in {_LINK, _OWN}:
        found.leave_out("link" if entry.mode == _LINK else "own-repository", entry.path)
    elif entry.mode == _FOLDER:
        found.leave_out("unreadable", f"{entry.path}/")
    elif (entry.size or 0) > asked.largest:
        found.leave_out("too-large", entry.path)
    else:
        return True
    return False
