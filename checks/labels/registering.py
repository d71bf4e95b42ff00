"""Where a repository registers runners: the labels in its compose files and scripts."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from checks.wire.globs import fits
from checks.wire.placing import SELF_HOSTED
from checks.wire.workflows.seen import Place
from fixtures.repositories import Source
from fixtures.sightings import EXPECTED, by_hand
from fixtures.vantages import Vantage
from fixtures.vantages.escaping import escape
from reports.codec import observation

_LARGEST = 1 << 20
"""Bytes of the largest script that is searched; nobody writes larger ones by hand."""
_VALUE = r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"'#;&|]+)"""
_OPTION = re.compile(rf"--labels(?:\s*=\s*|\s+\\?\s*){_VALUE}")
_VARIABLE = re.compile(rf"(?<![A-Za-z0-9$])[A-Z0-9_]*LABELS[\"']?\s*[:=]\s*{_VALUE}")
_BLOCK = re.compile(r"LABELS[\"']?\s*:\s*[>|][+-]?\s*$")
_NO_DEFAULTS = "--no-default-labels"
_DEFAULT = re.compile(r"\$\{[A-Za-z0-9_]+:?[-=]([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Registration:
    """Labels that a line gives to a runner."""

    place: Place
    labels: tuple[str, ...]
    """As they stand."""
    adds_defaults: bool = True
    """Whether the runner adds its own, without `--no-default-labels`."""

    @property
    def registered(self) -> tuple[str, ...]:
        """The labels, and `self-hosted`, which each runner has by default."""
        return (*self.labels, SELF_HOSTED) if self.adds_defaults else self.labels

    def __str__(self) -> str:
        return f"{self.place}: it registers a runner with [{', '.join(self.labels)}]"


@dataclass(frozen=True, slots=True)
class Registering:
    """A repository, and which of its files may register runners."""

    source: Source
    files: tuple[str, ...] = field(metadata=EXPECTED)
    """Patterns of their paths; a change of them is looked at anew."""

    @property
    def asked_of(self) -> str | None:
        return self.source.asked_of

    def __str__(self) -> str:
        return self.source.name


@observation
class RegistrationsSeen:
    """The labels for runners in a repository's compose files and scripts."""

    kind: Literal["registrations"] = "registrations"
    repository: str
    commit: str | None
    read: int
    """How many files were searched."""
    unread: tuple[str, ...]
    """Files that could not be, and why."""
    found: tuple[Registration, ...]
    at: datetime

    @property
    def headline(self) -> str:
        return f"{len(self.found)} lines that give a runner labels, in {self.read} files"


@by_hand(
    lambda at: f"git -C {shlex.quote(at.source.path or '.')} grep -nE -e '--labels|LABELS ?[:=]'"
)
async def find_registrations(
    at: Registering, vantage: Vantage, *, deadline: float
) -> RegistrationsSeen:
    """Search the files that may register runners; raises `VantageError` where none can be read."""
    from fixtures.repositories.trees import open_tree  # noqa: PLC0415 - git, for runs that look

    tree = await open_tree(at.source, vantage, deadline=deadline)
    entries = await tree.entries(deadline=deadline)
    chosen = [one for one in entries if one.mode in {0o100644, 0o100755}]
    chosen = [one for one in chosen if fits(one.path, at.files)]
    large = [one.path for one in chosen if (one.size or 0) > _LARGEST]
    paths = [one.path for one in chosen if one.path not in large]
    found: list[Registration] = []
    unread = [f"{escape_path(path)}: it is larger than {_LARGEST} bytes" for path in large]
    texts = await tree.read_all(paths, deadline=deadline) if paths else ()
    for path, text in zip(paths, texts, strict=True):
        if isinstance(text, bytes):
            found += registrations_in(escape_path(path), escape(text))
        else:
            unread.append(f"{escape_path(path)}: {getattr(text, 'why', 'it is not there')}")
    return RegistrationsSeen(
        repository=at.source.name,
        commit=tree.commit,
        read=len(paths),
        unread=tuple(unread),
        found=tuple(found),
        at=datetime.now(UTC),
    )


def escape_path(path: str) -> str:
    return escape(path.encode("utf-8", "surrogateescape"))


def registrations_in(path: str, text: str) -> Iterator[Registration]:
    """Find the labels that a text gives to runners: `--labels`, and variables called …LABELS.

    Of `${LABELS:-a,b}` the default is what is found.
    """
    for number, line in enumerate(_joined(text), start=1):
        if "abels" not in line and "LABELS" not in line:
            continue
        for pattern in (_OPTION, _VARIABLE):
            for match in pattern.finditer(line):
                labels = _labels(match["value"])
                if labels:
                    place = Place(path=path, line=number, column=match.start() + 1)
                    yield Registration(place, labels, _NO_DEFAULTS not in line)


def _joined(text: str) -> Iterator[str]:
    """Walk lines; behind a backslash, or the mark of a block, one goes on in the next one too."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        whole, more = line.removesuffix("\\"), line.endswith("\\")
        if more and line.rstrip("\\ ").endswith("--labels") and at + 1 < len(lines):
            yield f"{whole.rstrip()} {lines[at + 1].strip()}"
        elif _BLOCK.search(line) and at + 1 < len(lines):
            yield f"{line.rstrip('>|+- ')} {lines[at + 1].strip()}"
        else:
            yield line


def _labels(value: str) -> tuple[str, ...]:
    plain = value.strip("\"'")
    plain = _DEFAULT.sub(r"\1", plain)
    return tuple(part.strip() for part in plain.split(",") if part.strip() and "$" not in part)
