"""The journals of one run, read as one: each of its processes writes its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from reports import chain
from reports.chain import Chain, Line

JOURNAL = "journal.jsonl"
"""Of the process that plans and ends the run; of the only one, as a rule."""
_OTHERS = re.compile(r"journal-[a-z0-9-]+\.jsonl")
_SEALS = re.compile(r"journal-seal(?:-(\d+))?\.jsonl")


def name_for(process: str) -> str:
    """Return the name of the journal of a process beside the main one: `gw0`, `seal`."""
    return f"journal-{process}.jsonl"


@dataclass(frozen=True)
class Chains:
    """All journals of a run, by the names of their files; the main one is always there."""

    parts: Mapping[str, Chain]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all journals in the order in which they were written.

        Those of the run's own processes are put in order by their monotonic clock, which
        they share; those of who sealed it afterwards follow.
        """
        seals = [name for name in self.parts if _SEALS.fullmatch(name)]
        running = [
            line for name, part in self.parts.items() if name not in seals for line in part.lines
        ]
        if len(self.parts) - len(seals) > 1:
            running.sort(key=lambda line: line["mono"])
        return (*running, *(line for name in seals for line in self.parts[name].lines))

    @property
    def closing(self) -> str:
        """The name of the journal that ends the run, and holds the heads of the others."""
        last = list(self.parts)[-1]
        return last if _SEALS.fullmatch(last) else JOURNAL

    @property
    def head(self) -> str:
        """The digest of the last line of the journal that ends the run."""
        return self.parts[self.closing].head

    @property
    def wrong(self) -> str | None:
        """The first line that does not follow from those before it, in words."""
        told = (f"{name} {part.wrong}" for name, part in self.parts.items() if part.wrong)
        return next(told, None)

    @property
    def cut(self) -> tuple[str, ...]:
        """The names of the journals that end in the middle of a line."""
        return tuple(name for name, part in self.parts.items() if part.cut)

    def heads(self) -> dict[str, dict[str, Any]]:
        """Return of each journal how many lines hold, its head, and whether it is cut."""
        return {name: _head(part) for name, part in self.parts.items()}


def names_in(folder: Path) -> list[str]:
    """Return the names of the journals in a run's folder: the main one, workers', sealers'."""
    others = [
        path.name
        for path in folder.iterdir()
        if _OTHERS.fullmatch(path.name) and (path.is_file() or path.is_dir())
    ]
    return [JOURNAL, *sorted(others, key=_rank)]


def read(
    folder: Path, heads: Mapping[str, str] | None = None, keep: chain.Keep | None = None
) -> Chains:
    """Read the journals in a run's folder, and check each chain; raises `OSError`.

    `heads` are the digests of last lines, where they are known; `keep` returns what of a
    line is wanted.
    """
    known = heads or {}
    return Chains(
        {name: chain.read(folder / name, known.get(name), keep) for name in names_in(folder)}
    )


def heads_beside(folder: Path) -> dict[str, dict[str, Any]]:
    """Return of each journal beside the main one what `heads` does; raises `OSError`."""
    return {name: _head(chain.read(folder / name)) for name in names_in(folder)[1:]}


def _head(part: Chain) -> dict[str, Any]:
    return {"lines": len(part.lines), "head": part.head, **({"cut": True} if part.cut else {})}


def _rank(name: str) -> tuple[int, int, str]:
    """Put sealers last, in the order in which they came."""
    seal = _SEALS.fullmatch(name)
    return (1, int(seal[1] or 1), name) if seal else (0, len(name), name)
