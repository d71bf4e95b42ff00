"""What is expected of what may be written into the files of a repository."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from config.allowed import BaselineFile
from config.model import Model, takes
from config.rules import Glob, PackFile, Rule

LARGEST = 64 * 1024 * 1024
Since = Annotated[
    str,
    Field(
        pattern=r"^[^\s~^:?*\[\\-][^\s~^:?*\[\\]*$",
        json_schema_extra=takes("a branch, a tag or a commit, such as main or origin/main"),
    ),
]


def _named(words: str) -> dict[str, Any]:
    return {"type": "string", "x-takes": words}


class Hardcoded(Model):
    """What may not be written into files, what must be read instead, and what is allowed."""

    packs: Annotated[
        tuple[PackFile, ...],
        WithJsonSchema(
            {
                "type": "array",
                "items": _named("the name of a pack of rules below config/packs, or a path"),
                "x-takes": "a list of names of packs of rules below config/packs, or of paths",
            }
        ),
    ] = ()
    """Packs of rules: names below config/packs, or paths."""
    rules: tuple[Rule, ...] = ()
    """Rules beside those of the packs."""
    mode: Literal["enforcing", "report-only"] = "enforcing"
    """Whether a finding is a violation, or is only told."""
    since: Since | None = None
    """Only lines that were added since it left this one's history are new; others are counted."""
    baseline: Annotated[
        BaselineFile | None,
        WithJsonSchema(_named("the path of a baseline, a YAML file of allowed findings")),
    ] = None
    """A YAML file of findings that are allowed for a while; relative to the profile."""
    not_in: tuple[Glob, ...] = ()
    """Files in which no rule looks."""
    largest: int = Field(default=LARGEST, ge=1024, le=16 * LARGEST)
    """Bytes of the largest file that is read; a larger one is reported, and not passed over."""

    @property
    def every_rule(self) -> Iterator[Rule]:
        """Walk the rules of the packs, and then those of the profile."""
        for pack in self.packs:
            yield from pack.rules
        yield from self.rules
