"""What a scan is asked for, and what it answers: plain, so that it passes a pipe as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from checks.hardcoded.engines import Engine, Expression

LISTED = 1000
"""Matches of a rule in one file of which each is told; the others are counted."""
NAMED = 20
"""Files of one kind that are named; the others are counted."""

Why = Literal[
    "binary", "link", "own-repository", "too-large", "unreadable", "special", "gone", "ignored"
]


@dataclass(frozen=True, slots=True)
class Sought:
    """A rule as a scan needs it; `reads` says that something must be found."""

    id: str
    expression: Expression
    files: tuple[str, ...]
    not_in: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A scan of the files at a root: as they lie there, or of a ref."""

    root: str
    rules: tuple[Sought, ...]
    ref: str | None = None
    since: str | None = None
    not_in: tuple[str, ...] = ()
    largest: int = 64 * 1024 * 1024
    engine: Engine | None = None
    processes: int = 2
    git: tuple[str, ...] | None = None
    """The words before a command of git's; None for a folder that is no checkout."""


@dataclass(slots=True)
class Match:
    """A place where a rule finds something: lines and columns from 1, columns in characters."""

    rule: str
    path: str
    line: int
    column: int
    end_column: int
    text: str
    """The line, or what stands around the place in a long one."""
    found: str
    secret: str
    """What the rule's group `secret` found, which is never written down."""
    before: str
    """The nearest line above that is not blank, and then the nearest below."""
    after: str


@dataclass(slots=True)
class Comment:
    """A comment that allows something, as it stands: what follows `touchstone: allow`."""

    path: str
    line: int
    text: str
    alone: bool
    """Whether nothing else stands in its line: it is of the next one then."""


@dataclass(slots=True)
class Searched:
    """What was found in some of the files."""

    files: int = 0
    bytes: int = 0
    matches: list[Match] = field(default_factory=list)
    unlisted: dict[str, int] = field(default_factory=dict)
    """Matches that are not told one by one, by rule and path, which a NUL parts."""
    comments: list[Comment] = field(default_factory=list)
    left_out: dict[Why, list[str]] = field(default_factory=dict)

    def leave_out(self, why: Why, path: str) -> None:
        """Count a file that was not read."""
        self.left_out.setdefault(why, []).append(path)

    def add(self, other: "Searched") -> None:
        """Add what was found in other files."""
        self.files += other.files
        self.bytes += other.bytes
        self.matches += other.matches
        self.unlisted |= other.unlisted
        self.comments += other.comments
        for why, paths in other.left_out.items():
            self.left_out.setdefault(why, []).extend(paths)


def read_asked(told: Mapping[str, Any]) -> Asked:
    """Read what `dataclasses.asdict` made of what is asked."""
    rules = tuple(
        Sought(
            **{
                **{name: _frozen(value) for name, value in one.items()},
                "expression": Expression(**one["expression"]),
            }
        )
        for one in told["rules"]
    )
    return Asked(**{**{k: _frozen(v) for k, v in told.items()}, "rules": rules})


def read_searched(told: Mapping[str, Any]) -> Searched:
    """Read what `dataclasses.asdict` made of what was found."""
    return Searched(
        **{
            **told,
            "matches": [Match(**one) for one in told["matches"]],
            "comments": [Comment(**one) for one in told["comments"]],
        }
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
