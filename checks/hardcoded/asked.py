"""What a scan is asked for, and what it answers: plain, so that it passes a pipe as JSON.

These are tuples: dataclasses take longer to make than a small scan does.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from checks.hardcoded.engines import Engine, Expression

LISTED = 1000
"""Matches of a rule in one file of which each is told; the others are counted."""
NAMED = 20
"""Files of one kind that are named; the others are counted."""

Why = Literal[
    "binary", "link", "own-repository", "too-large", "unreadable", "special", "gone", "ignored"
]


class Sought(NamedTuple):
    """A rule as a scan needs it; `reads` says that something must be found."""

    id: str
    expression: Expression
    files: tuple[str, ...]
    not_in: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    reads: bool = False


class Asked(NamedTuple):
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


class Match(NamedTuple):
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


class Comment(NamedTuple):
    """A comment that allows something, as it stands: what follows `touchstone: allow`."""

    path: str
    line: int
    text: str
    alone: bool
    """Whether nothing else stands in its line: it is of the next one then."""


class Searched:
    """What was found in some of the files.

    `unlisted` are matches that are not told one by one, by rule and path, which a NUL parts.
    """

    __slots__ = ("bytes", "comments", "files", "left_out", "matches", "unlisted")

    def __init__(self) -> None:
        self.files = 0
        self.bytes = 0
        self.matches: list[Match] = []
        self.unlisted: dict[str, int] = {}
        self.comments: list[Comment] = []
        self.left_out: dict[Why, list[str]] = {}

    def told(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}

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


def told_of(asked: Asked) -> dict[str, Any]:
    """Return what is asked as JSON has it."""
    return asked._asdict()


def read_asked(told: Mapping[str, Any]) -> Asked:
    """Read what `told_of` made of what is asked."""
    rules = []
    for name, expression, *rest in told["rules"]:
        rules.append(Sought(name, Expression(*expression), *map(_frozen, rest)))
    return Asked(**{**{k: _frozen(v) for k, v in told.items()}, "rules": tuple(rules)})


def read_searched(told: Mapping[str, Any]) -> Searched:
    """Read what `Searched.told` made of what was found."""
    found = Searched()
    for name, value in told.items():
        setattr(found, name, value)
    found.matches = [Match(*one) for one in told["matches"]]
    found.comments = [Comment(*one) for one in told["comments"]]
    return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
