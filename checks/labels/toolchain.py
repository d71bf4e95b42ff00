"""What a runner's host has for jobs: tools with their versions, and the runner's tool cache."""

import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.labels.runner_host import place_at
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.escaping import escape
from reports.codec import observation

_COMMANDS = {
    "go": ("go", "version"),
    "java": ("java", "-version"),
    "compose": ("docker", "compose", "version", "--short"),
}
"""Those that do not answer to `TOOL --version`."""
_VERSION = re.compile(r"(?<![\d.])v?(\d+(?:\.\d+){0,3})")
_GO = re.compile(r"\bgo(\d+(?:\.\d+){0,2})")
_ABSENT = frozenset({126, 127})


@dataclass(frozen=True, slots=True)
class ToolAt:
    """A tool of a runner's host; it is looked for where the runner looks: in its `.path`."""

    tool: str
    directory: str

    def __str__(self) -> str:
        return self.tool


@dataclass(frozen=True, slots=True)
class CacheAt:
    """A tool in a runner's tool cache."""

    folder: str
    tool: str
    version: str
    arch: str

    @property
    def place(self) -> str:
        return f"{self.folder}/{self.tool}/{self.version}/{self.arch}"

    def __str__(self) -> str:
        return f"{self.tool}/{self.version}/{self.arch}"


@observation
class ToolSeen:
    """A tool that said its version; None where it said none that reads as one."""

    kind: Literal["tool"] = "tool"
    tool: str
    version: str | None
    said: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.tool} {self.version or 'said no version'}: {self.said}"


@observation
class ToolMissing:
    """The tool is not on the runner's PATH."""

    kind: Literal["tool-missing"] = "tool-missing"
    tool: str
    said: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.tool} is not there: {self.said}"


@observation
class CachedToolSeen:
    """A place in the tool cache: how many entries its folder has, and whether it is complete."""

    kind: Literal["cached-tool"] = "cached-tool"
    place: str
    entries: int
    """0 where there is no such folder, or nothing in it."""
    complete: bool
    at: datetime

    @property
    def headline(self) -> str:
        marked = "marked complete" if self.complete else "without its .complete marker"
        return f"{self.place}: {self.entries} entries, {marked}"


def command_of(tool: str) -> tuple[str, ...]:
    return _COMMANDS.get(tool, (tool, "--version"))


@by_hand(lambda at: shlex.join(command_of(at.tool)))
async def ask_tool(at: ToolAt, vantage: Vantage, *, deadline: float) -> ToolSeen | ToolMissing:
    """Ask a tool for its version; raises `VantageError` where it does not answer in time."""
    now = datetime.now(UTC)
    found = await vantage.read(f"{at.directory}/.path", deadline=deadline)
    path = found.content.decode("utf-8", "replace").strip() if found else ""
    script = 'if [ -n "$1" ]; then PATH=$1; export PATH; fi; shift; exec "$@"'
    argv = ("sh", "-c", script, "sh", path, *command_of(at.tool))
    output = await vantage.run(argv, deadline=deadline)
    said = escape(output.out + b"\n" + output.err).strip()
    first = said.partition("\n")[0][:200]
    if output.status is None:
        raise VantageError(f"{at.tool} did not end within {deadline:g} s", "try it by hand there")
    if output.status:
        return ToolMissing(tool=at.tool, said=first or f"status {output.status}", at=now)
    number = (_GO if at.tool == "go" else _VERSION).search(said)
    return ToolSeen(tool=at.tool, version=number[1] if number else None, said=first, at=now)


@by_hand(lambda at: f"ls {shlex.quote(at.place)} {shlex.quote(at.place)}.complete")
async def look_into_cache(at: CacheAt, vantage: Vantage, *, deadline: float) -> CachedToolSeen:
    """Look for a tool in the cache; raises `VantageError` where nobody can look."""
    now = datetime.now(UTC)
    script = (
        'if [ -d "$1" ]; then ls -A -- "$1" | wc -l; else echo 0; fi;'
        ' if [ -f "$1.complete" ]; then echo complete; fi'
    )
    argv = ("sh", "-c", script, "sh", place_at(vantage, at.place))
    output = await vantage.run(argv, deadline=deadline)
    count, *marked = output.out.decode("ascii", "replace").split() or ["?"]
    if output.status != 0 or not count.isdigit() or output.err:
        words = escape(output.err).strip()[:300]
        raise VantageError(f"{at.place} could not be looked at: {words}", "look at it by hand")
    return CachedToolSeen(
        place=at.place, entries=int(count), complete=marked == ["complete"], at=now
    )
