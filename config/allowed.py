"""Baselines: findings that somebody allowed, each with a reason and an end."""

from datetime import date
from typing import Annotated

from pydantic import Field

from config.model import Model, takes
from config.rules import RuleId

Fingerprint = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{16}(-[0-9]{1,6})?$",
        json_schema_extra=takes("a fingerprint, as python -m checks.hardcoded baseline writes it"),
    ),
]


class Allowed(Model):
    """A finding that is allowed for a while: it stays one, and is marked."""

    rule: RuleId
    path: str = Field(min_length=1)
    fingerprint: Fingerprint
    """Of the text and what stands around it; never of the line's number."""
    text: str = ""
    """The line when it was allowed, for people."""
    until: date = Field(json_schema_extra=takes("a date such as 2027-01-31"))
    """The last day on which it allows."""
    reason: str = Field(min_length=1)


class Baseline(Model):
    """A file of allowed findings."""

    findings: tuple[Allowed, ...]


class BaselineFile(Baseline):
    """A baseline, and the file that it was read from."""

    name: str
    digest: str
    """SHA-256 of the file's text."""
