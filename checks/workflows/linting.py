"""What actionlint and zizmor find in workflow files, where they are on the machine.

They see a copy of the repository's `.github` and of its own actions, and nothing of it is run.
"""

import json
import re
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from checks.wire.workflows.seen import Finding, Place
from fixtures.github.ways import import_client
from fixtures.repositories import Entry, Source, Tree
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Output, Vantage, VantageError
from fixtures.vantages.escaping import escape
from reports.codec import observation

Tool = Literal["actionlint", "zizmor"]
_COMMANDS: dict[str, tuple[str, ...]] = {
    "actionlint": (
        "actionlint", "-no-color", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}",
    ),
    "zizmor": (
        "zizmor", "--format", "json", "--offline", "--no-progress", "--no-exit-codes", "--color",
        "never", ".",
    ),
}  # fmt: skip
_VERSIONS = {"actionlint": ("actionlint", "-version"), "zizmor": ("zizmor", "--version")}
_FOUND: dict[str, tuple[int, ...]] = {"actionlint": (0, 1), "zizmor": (0, 3)}
"""Statuses with which they have looked; zizmor's 3 says that there was nothing to look at."""
_LEVELS: dict[str, Literal["error", "warning", "note"]] = {"High": "error", "Medium": "warning"}
_ACTION = re.compile(r"(?:^|/)action\.ya?ml$")
_LARGEST = 4 << 20
_PRINTED = 64 << 20
_MOST = 2000
"""Findings that are kept."""
_ORDER = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Linted:
    """A repository, and the tool that looks at its workflow files."""

    source: Source
    tool: Tool

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return f"{self.source.name} by {self.tool}"


@observation
class LintSeen:
    """What a tool found."""

    kind: Literal["lint"] = "lint"
    tool: str
    version: str
    files: int
    findings: tuple[Finding, ...]
    left_out: int
    """Findings beyond those that are kept."""
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.tool} {self.version}: {len(self.findings)} findings in {self.files} files"


@by_hand(lambda at: shlex.join(_COMMANDS[at.tool]), here=True)
@prepared_by(import_client)
async def lint(at: Linted, vantage: Vantage, *, deadline: float) -> LintSeen:
    """Let a tool look at the workflow files; raises `VantageError` where it is not there."""
    from fixtures.repositories.trees import open_tree  # noqa: PLC0415 - git, for runs that look

    version = await _version(at.tool, vantage, deadline)
    tree = await open_tree(at.source, vantage, deadline=deadline)
    with tempfile.TemporaryDirectory(prefix="touchstone-lint-") as place:
        copy, printed = Path(place) / "tree", Path(place) / "printed"
        copy.mkdir()
        files = await _copy(tree, copy, deadline)
        (copy / ".git").mkdir()  # by which they know a repository's root
        output = await _run(_COMMANDS[at.tool], str(copy), vantage, deadline, into=printed)
        if output.status not in _FOUND[at.tool]:
            raise _broke(at.tool, output)
        found = list(findings_of(at.tool, _read(at.tool, printed), str(copy)))
    found.sort(key=lambda one: _ORDER.index(one.level))  # what is left out is the least
    return LintSeen(
        tool=at.tool,
        version=version,
        files=files,
        findings=tuple(found[:_MOST]),
        left_out=max(0, len(found) - _MOST),
        at=datetime.now(UTC),
    )


async def _version(tool: Tool, vantage: Vantage, deadline: float) -> str:
    output = await _run(_VERSIONS[tool], "/", vantage, deadline)
    words = escape(output.out).split()
    if output.status != 0 or not words:
        raise VantageError(
            f"{tool} is not on this machine, and the profile asks for what it finds",
            f"install {tool}, or leave it out of workflows.linters",
        )
    return words[1] if words[0] == tool and len(words) > 1 else words[0]


async def _run(
    argv: Iterable[str],
    folder: str,
    vantage: Vantage,
    deadline: float,
    *,
    into: Path | None = None,
) -> Output:
    """Run a tool in a folder; one that lies beside this Python is found too.

    What it prints goes into a file, if there is one: of a large repository it is megabytes.
    """
    beside = str(Path(sys.executable).parent)
    onward = "" if into is None else f" >{shlex.quote(str(into))}"
    script = (
        'cd -- "$1" && PATH="$PATH:$2" && export PATH && shift 2'
        f' && unset GH_TOKEN GITHUB_TOKEN ZIZMOR_GITHUB_TOKEN && exec "$@"{onward}'
    )
    return await vantage.run(("sh", "-c", script, "sh", folder, beside, *argv), deadline=deadline)


def _read(tool: str, printed: Path) -> bytes:
    if printed.stat().st_size > _PRINTED:
        raise VantageError(
            f"{tool} printed more than {_PRINTED >> 20} MiB",
            f"see what it prints: {shlex.join(_COMMANDS[tool])}",
        )
    return printed.read_bytes()


async def _copy(tree: Tree, folder: Path, deadline: float) -> int:
    """Copy what the tools read: `.github`, and the repository's own actions."""
    entries = await tree.entries(deadline=deadline)
    chosen = [one.path for one in entries if _is_read(one)]
    texts = await tree.read_all(chosen, deadline=deadline)
    copied = 0
    for path, text in zip(chosen, texts, strict=True):
        if isinstance(text, bytes) and len(text) <= _LARGEST:
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
            copied += 1
    return copied


def _is_read(entry: Entry) -> bool:
    parts = PurePosixPath(entry.path).parts
    if entry.mode not in {0o100644, 0o100755} or ".." in parts or ".git" in parts:
        return False
    yaml = entry.path.endswith((".yml", ".yaml"))
    return yaml and (parts[0] == ".github" or bool(_ACTION.search(entry.path)))


def _broke(tool: str, output: Output) -> VantageError:
    ended = "did not end in time" if output.status is None else f"ended with {output.status}"
    return VantageError(
        f"{tool} {ended}: {escape(output.err or output.out).strip()[-300:]}",
        f"try it by hand: {shlex.join(_COMMANDS[tool])}",
    )


def findings_of(tool: Tool, out: bytes, folder: str = "") -> Iterator[Finding]:
    """Read what a tool printed; noise before its JSON is passed over. Raises `VantageError`."""
    text = out.decode("utf-8", "replace")
    try:
        found = _first_list(text)
        make = _of_actionlint if tool == "actionlint" else _of_zizmor
        yield from [make(one, folder) for one in found]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise VantageError(
            f"{tool} printed what cannot be read as its findings ({type(error).__name__}):"
            f" {escape(out[:200])}",
            f"see what it prints: {shlex.join(_COMMANDS[tool])}",
        ) from None


def _first_list(text: str) -> list[Any]:
    decoder = json.JSONDecoder()
    for at in (found.start() for found in re.finditer(r"^\s*\[", text, re.MULTILINE)):
        try:
            value, _ = decoder.raw_decode(text, text.index("[", at))
        except ValueError:
            continue
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return value
    if not text.strip():
        return []
    raise ValueError("no list")


def _of_actionlint(one: dict[str, Any], folder: str) -> Finding:
    place = Place(
        path=_relative(str(one["filepath"]), folder),
        line=int(one["line"]),
        column=int(one["column"]),
    )
    return Finding(rule=f"actionlint:{one['kind']}", place=place, text=str(one["message"]))


def _of_zizmor(one: dict[str, Any], folder: str) -> Finding:
    locations = one["locations"]
    primary = next((at for at in locations if at["symbolic"].get("kind") == "Primary"), None)
    at = primary or locations[0]
    local = at["symbolic"]["key"]["Local"]
    path = local.get("verbatim_path") or local["given_path"]
    start = at["concrete"]["location"]["start_point"]
    place = Place(
        path=_relative(str(path), folder),
        line=int(start["row"]) + 1,
        column=int(start["column"]) + 1,
    )
    level = _LEVELS.get(str(one["determinations"]["severity"]), "note")
    text = f"{one['desc']}: {at['symbolic'].get('annotation', '')}".rstrip(": ")
    return Finding(rule=f"zizmor:{one['ident']}", place=place, text=text, level=level)


def _relative(path: str, folder: str) -> str:
    return path.removeprefix(folder).removeprefix("/").removeprefix("./") if folder else path
