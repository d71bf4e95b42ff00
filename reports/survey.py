"""What is in a folder of runs: each run judged, and what is none left out."""

import os
import shlex
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports import chain, sealing, tombstones
from reports.chain import Line
from reports.chains import JOURNAL
from reports.manifest import MANIFEST
from reports.sequence import Known, previous_in
from reports.tombstones import ASIDE, TOMBSTONES, Tombstones
from reports.verify import NoRunError, State, Verification, verify
from reports.witness import ALIVE

_FRESH = 60.0
"""Seconds; what was written to so lately may be on its way to being sealed."""
_SEALING = 1.0
"""Seconds in which a run that has come to its end is sealed, as a rule."""
_LONGEST_BEGIN = 1 << 20


@dataclass(frozen=True, slots=True)
class Begun:
    """What the first line of a run says."""

    known: Known
    anchor: tuple[int, str] | None
    """How many tombstones there were, and their head; None where the run does not say."""
    origin: str
    """The folder in which it was written."""
    problem: str
    """What cannot be read of it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A run that is over, judged."""

    name: str
    state: State
    why: str
    """What is wrong, or why it is not complete."""
    begun: Begun | None
    """None where its first line cannot be read."""
    epitaph: Mapping[str, Any]
    """What a tombstone says of it besides what it says of every run."""


@dataclass
class Survey:
    """What is in a folder of runs, each part in the order of names."""

    folder: Path
    members: list[Member] = field(default_factory=list)
    under_way: dict[str, Begun] = field(default_factory=dict)
    unjudged: dict[str, str] = field(default_factory=dict)
    """Runs that could not be judged, and why."""
    leftovers: list[str] = field(default_factory=list)
    """Folders that a prune did not remove to the end."""
    strangers: dict[str, str] = field(default_factory=dict)
    """What is no run, and what it is."""
    stones: Tombstones = field(default_factory=lambda: tombstones.NONE)

    @property
    def begun(self) -> list[Begun]:
        """What the first lines say, of all runs here."""
        of_members = (member.begun for member in self.members)
        return [*(one for one in of_members if one is not None), *self.under_way.values()]

    @property
    def known(self) -> list[Known]:
        """The runs here, as far as anything is known of them."""
        return [one.known for one in self.begun]

    @property
    def unread(self) -> set[str]:
        """The names of the runs here of which not even the first line could be read."""
        return {member.name for member in self.members if member.begun is None} | {*self.unjudged}


def survey(folder: Path) -> Survey:
    """Judge every run in the folder, and write nothing.

    Raises `NoRunError` for a folder in which there never was one, and `OSError` where it
    cannot be listed.
    """
    found = Survey(folder)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        _look_at(entry, found)
    # read after the runs: one that is removed meanwhile has its tombstone by now
    found.stones = tombstones.read(folder)
    if not (found.members or found.under_way or found.unjudged or found.stones.buried):
        refuse_without_run(folder)
    return found


def refuse_without_run(folder: Path) -> None:
    """Raise `NoRunError` for a folder in which there is no run, and `OSError` for no folder."""
    if (folder / JOURNAL).is_file():
        raise NoRunError(f"{folder} is a run; give the folder that it is in")
    if not any((path / JOURNAL).is_file() for path in folder.iterdir()):
        raise NoRunError(f"{folder} holds no run")


def _look_at(entry: os.DirEntry[str], found: Survey) -> None:
    path = found.folder / entry.name
    if entry.name == TOMBSTONES:
        return
    if entry.is_symlink():
        found.strangers[entry.name] = "a symbolic link, which is not followed"
    elif not entry.is_dir():
        found.strangers[entry.name] = "no folder"
    elif entry.name.startswith(ASIDE):
        found.leftovers.append(entry.name)
    elif not any((path / name).is_file() for name in (JOURNAL, MANIFEST)):
        found.strangers[entry.name] = f"no run: it has no {JOURNAL}"
    else:
        _look_at_run(path, found)


def _look_at_run(path: Path, found: Survey) -> None:
    """Judge a run; one that `prune` has removed by now is passed over, its tombstone tells."""
    try:
        if not (path / JOURNAL).is_file():
            why = f"{JOURNAL} is missing: {MANIFEST} holds its head"
            found.members.append(Member(path.name, State.BROKEN, why, None, {}))
        elif _is_under_way(path):
            found.under_way[path.name] = _first_of(path)
        else:
            found.members.append(_judged(path))
    except (OSError, ValueError, NoRunError) as error:
        if path.is_dir():
            told = error.strerror if isinstance(error, OSError) else None
            found.unjudged[path.name] = told or str(error)


def _is_under_way(path: Path) -> bool:
    if (path / MANIFEST).exists():
        return False
    try:
        held = stat.S_ISFIFO((path / ALIVE).lstat().st_mode)
    except FileNotFoundError:
        return False
    return held and sealing.is_alive(path)


def _first_of(path: Path) -> Begun:
    with (path / JOURNAL).open("rb") as file:
        lines = chain.check(file.readline(_LONGEST_BEGIN)).lines
    if (begun := _begun(path.name, lines)) is None:
        raise ValueError("it is under way, and its first line cannot be read")
    return begun


def _judged(path: Path) -> Member:
    patience = time.monotonic() + _SEALING
    while not (path / MANIFEST).exists() and _is_fresh(path) and time.monotonic() < patience:
        time.sleep(_SEALING / 20)
    seen = verify(path)
    if seen.state is State.BROKEN:
        seen = verify(path)  # one that was being sealed meanwhile is whole by now
    if not path.is_dir():
        raise NoRunError(f"{path} was removed")
    if seen.state is State.BROKEN and not seen.sealed and _is_fresh(path):
        raise ValueError("it was written to a moment ago, and may be on its way to being sealed")
    begun = _begun(path.name, seen.chains.parts[JOURNAL].lines, seen)
    why = seen.wrong[0] if seen.wrong else "; ".join(seen.told.gaps)
    if seen.state is State.UNSEALED:
        why = _how_to_seal(path, seen)
    return Member(path.name, seen.state, why, begun, _epitaph(seen))


def _is_fresh(path: Path) -> bool:
    age = time.time() - max(one.lstat().st_mtime for one in (path, *path.iterdir()))
    return 0 <= age < _FRESH


def _how_to_seal(path: Path, seen: Verification) -> str:
    canary = seen.told.canary or {}
    if places := canary.get("found"):
        return f"{sealing.told_canary(places)}; nothing seals it, and no run names it"
    seal = f"python -m reports seal {shlex.quote(str(path))} seals it as far as it was written"
    if _is_fresh(path):
        return f"it was written to a moment ago; if it does not seal itself, {seal}"
    return f"it was lost, and its witness too; {seal}"


def _begun(name: str, lines: tuple[Line, ...], seen: Verification | None = None) -> Begun | None:
    """Read the first line of a run; None where it is not one."""
    if not lines or lines[0]["kind"] != "run.begin":
        return None
    begin = lines[0]
    at = datetime.fromisoformat(begin["at"]).astimezone(UTC)
    problem = ""
    try:
        previous = previous_in(begin)
    except ValueError as error:
        previous, problem = None, str(error)
    run = f"{at:%Y%m%dT%H%M%SZ}-{begin.get('run')}"
    known = Known(run, at, previous, folder=name)
    if seen is not None:
        known = Known(
            run=run,
            began=at,
            previous=previous,
            head=seen.chains.head,
            ended=datetime.fromisoformat(seen.chains.lines[-1]["at"]).astimezone(UTC),
            sealed=seen.sealed,
            broken=seen.state is State.BROKEN,
            folder=name,
        )
    return Begun(known, _anchor(begin), str(begin.get("folder", "")), problem)


def _anchor(begin: Line) -> tuple[int, str] | None:
    match begin.get("tombstones", 0):
        case None:
            return 0, chain.ROOT
        case {"lines": int(lines), "head": str(head)} if lines > 0:
            return lines, head
    return None


def _epitaph(seen: Verification) -> dict[str, Any]:
    told = seen.told
    said = told.begin.get("profile")
    profile = said if isinstance(said, dict) else {}
    return {
        "state": str(seen.state),
        "planned": len(told.checks),
        "counts": dict(told.counts),
        "exit": (told.end or {}).get("exit"),
        "gaps": list(told.gaps),
        "profile": {name: profile.get(name) for name in ("name", "digest")},
    }
