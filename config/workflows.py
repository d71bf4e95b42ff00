"""What is expected of the workflow files of a repository."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.labels import Glob, Label, Text
from config.model import Duration, Model, takes


def _one_group(value: str) -> str:
    try:
        found = re.compile(value)
    except re.error as error:
        raise ValueError(f"this is no regular expression: {error}") from None
    if "until" not in found.groupindex:
        raise ValueError("the pattern needs a group (?P<until>…) that finds the date")
    return value


Pattern = Annotated[
    str,
    Field(max_length=500, json_schema_extra=takes("a regular expression with a group (?P<until>)")),
    AfterValidator(_one_group),
]
Workflow = Annotated[
    str,
    Field(
        pattern=r"^(\.github/workflows/)?[^/\s]+\.ya?ml$",
        json_schema_extra=takes("the name of a workflow's file, such as ci.yml"),
    ),
]
"""A file below .github/workflows, by its name."""


class Dispatch(Model):
    """A workflow that can be started by hand, and what it is given when it is."""

    workflow: Workflow
    inputs: dict[str, str] = Field(default_factory=dict)
    within: Duration = 60.0
    """In how many seconds after the dispatch there is a run."""
    dispatched: bool = True
    """Whether `--allow-mutating` may start it; otherwise it is only looked at."""

    def __str__(self) -> str:
        return self.workflow


class ExpectedLeg(Model):
    """A job that a workflow must have, as GitHub shows it, matrix and all."""

    workflow: Workflow
    name: Text
    labels: tuple[Label, ...] = ()
    """What it must run on; any, where it is left out."""


class RequiredSteps(Model):
    """Steps that must have run for a green job to say anything; `*` and `?` stand for any text."""

    workflow: Workflow
    job: Text = "*"
    steps: tuple[Text, ...] = Field(min_length=1)


class FastPath(Model):
    """Jobs that stand in for the real ones when only documents have changed."""

    workflow: Workflow
    jobs: tuple[Text, ...] = Field(min_length=1)
    """Their names, as GitHub shows them; `*` and `?` stand for any text."""


class Workflows(Model):
    """What is expected of the workflow files of a repository."""

    checkout: tuple[Text, ...] = ("actions/checkout", "*/checkout")
    """Actions that check the repository out, without their version; `*` and `?` as above."""
    paths_filter: tuple[Text, ...] = ("dorny/paths-filter", "*/paths-filter")
    """Actions that compare changed paths, and need a checkout on most events."""
    upload: tuple[Text, ...] = ("actions/upload-artifact", "*/upload-artifact")
    pinned: Literal["sha", "tag", "any"] = "tag"
    """What an action of another repository is pinned by at least; a branch is no pin."""
    vendored: tuple[Text, ...] = ("./*",)
    """Actions of this repository, or of another, that need no pin."""
    temporary: Pattern = r"TODO-TEMPORARY\s*[(:]\s*(?P<until>\d{4}-\d{2}-\d{2})"
    """Comments that say until when something stays."""
    temporary_word: str = Field(default="TODO-TEMPORARY", min_length=1)
    """A comment with this word and without such a date is a finding too."""
    required: tuple[Workflow, ...] = ()
    """Workflows that must be there and active."""
    dispatches: tuple[Dispatch, ...] = ()
    legs: tuple[ExpectedLeg, ...] = ()
    required_steps: tuple[RequiredSteps, ...] = ()
    fast_paths: tuple[FastPath, ...] = ()
    queue_limit: Duration = 900.0
    """For how long a job may wait for a runner."""
    linters: tuple[Literal["actionlint", "zizmor"], ...] = ()
    """Whose findings are looked at too; they have to be on the machine then."""
    linters_ignore: tuple[Text, ...] = ()
    """Rules of theirs that are not judged."""


__all__ = ["Dispatch", "ExpectedLeg", "FastPath", "Glob", "RequiredSteps", "Workflows"]
