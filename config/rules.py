"""Rules of what may not be written into files, as data."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from config.globs import as_expression
from config.model import Model, takes
from config.patterns import as_bytes, reading

LONGEST = 2000

RuleId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
        json_schema_extra=takes("an id of small letters, digits and dashes, such as private-url"),
    ),
]


def _glob(value: str) -> str:
    if any(part in ("", ".", "..") for part in value.split("/")):
        raise ValueError("a path from the root has no empty part, and none of dots")
    as_expression(value)
    return value


Glob = Annotated[
    str,
    Field(
        min_length=1,
        max_length=300,
        json_schema_extra=takes(
            "paths from the repository's root, such as cmd/**/*.go, **/*.{ts,tsx} or **"
        ),
    ),
    AfterValidator(_glob),
]
Sample = Annotated[
    str,
    Field(
        pattern=r"^[^\n]*$", max_length=LONGEST, json_schema_extra=takes("one line of such a file")
    ),
]


def _pattern(value: str) -> str:
    compiled = re.compile(as_bytes(value))
    if compiled.search(b""):
        raise ValueError("it finds something in an empty line")
    return value


Pattern = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        json_schema_extra=takes("a regular expression (Python's `re`) of what stands in a line"),
    ),
    AfterValidator(_pattern),
]
Level = Literal["error", "warning", "note"]


class Rule(Model):
    """What may not stand in a line of certain files, or which variable must be read in them."""

    id: RuleId
    says: str = Field(min_length=1)
    """What it finds, in a few words."""
    instead: str = Field(min_length=1)
    """What is meant instead."""
    pattern: Pattern | None = None
    """Found in a line, it is a finding. A group named `secret` is never written down."""
    reads: (
        Annotated[
            str,
            Field(
                pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
                json_schema_extra=takes("the name of an environment variable"),
            ),
        ]
        | None
    ) = None
    """In the place of a pattern: the variable that must be read somewhere in the files."""
    files: tuple[Glob, ...] = Field(default=("**",), min_length=1)
    not_in: tuple[Glob, ...] = ()
    """Files among them that it does not concern."""
    level: Level = "error"
    """A note is told, and is never a violation."""
    ignore_case: bool = False
    matches: tuple[Sample, ...] = ()
    """Lines in which it must find something."""
    passes: tuple[Sample, ...] = ()
    """Lines in which it must find nothing."""

    @model_validator(mode="after")
    def _one_kind(self) -> "Rule":
        if (self.pattern is None) == (self.reads is None):
            raise ValueError("a rule has exactly one of the two: pattern or reads")
        if self.pattern is not None and not (self.matches and self.passes):
            raise ValueError("a pattern is proved by samples: one of matches and one of passes")
        return self

    def __str__(self) -> str:
        return self.id

    @property
    def expression(self) -> str:
        """The regular expression of a line in which it finds something."""
        return self.pattern if self.pattern is not None else reading(self.reads or "")


class Pack(Model):
    """A file of rules that belong together."""

    description: str = ""
    rules: tuple[Rule, ...] = Field(min_length=1)


class PackFile(Pack):
    """A pack, and the file that it was read from: recorded with every run."""

    name: str
    digest: str
    """SHA-256 of the file's text."""
