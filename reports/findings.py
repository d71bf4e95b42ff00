"""Findings: what stands at a place of a file, for who shows such places (SARIF)."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]
Where = Literal["in-source", "external"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """Why a finding is allowed: in its own file, or by a baseline. It stays a finding."""

    where: Where
    reason: str
    until: str
    """The last day on which it holds, such as 2027-01-31."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What findings of one kind have in common."""

    id: str
    text: str
    help: str = ""
    level: Level = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something at a place; lines and columns are from 1, columns in characters.

    `fingerprint` stays while its line moves; `is_new` is None where nothing is compared with.
    """

    rule: str
    level: Level
    text: str
    path: str
    line: int
    column: int
    end_column: int | None = None
    snippet: str = ""
    fingerprint: str = ""
    is_new: bool | None = None
    suppressions: tuple[Suppression, ...] = ()

    @property
    def where(self) -> str:
        """The place, as compilers write it."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The findings of one look at a repository, and the rules that they are of."""

    repository: str
    commit: str | None
    rules: tuple[Rule, ...]
    found: tuple[Finding, ...]
