"""What is expected of the labels of runners, and of the hosts that carry them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.hosted import ensure_known
from config.hosts import AbsolutePath
from config.model import Duration, Model, takes
from config.vantages import Name

Label = Annotated[
    str,
    Field(
        pattern=r"^[^\s,]+( [^\s,]+)*$",
        max_length=256,
        json_schema_extra=takes("a label of a runner, such as self-hosted"),
    ),
]
Glob = Annotated[
    str,
    Field(
        pattern=r"^[^/\s][^\r\n]*$",
        json_schema_extra=takes("a path of the repository; * and ? stand for text, ** for folders"),
    ),
]
Version = Annotated[
    str,
    Field(
        pattern=r"^v?[0-9]+(\.[0-9]+){0,3}$",
        max_length=64,
        json_schema_extra=takes('a version in quotation marks, such as "1.24.0"'),
    ),
]
Word = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9@_][A-Za-z0-9@_.:+-]*$",
        max_length=128,
        json_schema_extra=takes("one word of letters, digits, and any of @_.:+-"),
    ),
]
Text = Annotated[str, Field(min_length=1)]


class Retired(Model):
    """A set of labels that must not come back, and its tombstone: what, when, why, which plan.

    A job that asks for all of them, in any order and case, asks for the set.
    """

    labels: tuple[Label, ...] = Field(min_length=1)
    what: Text
    when: date = Field(json_schema_extra=takes("the day on which it was retired: 2025-11-22"))
    why: Text
    plan: Text

    @property
    def tombstone(self) -> str:
        return f"retired on {self.when} by {self.plan}: {self.what}; {self.why}"

    def __str__(self) -> str:
        return ", ".join(self.labels)


class HostedOnly(Model):
    """Workflows that run on GitHub's own runners alone, and since when."""

    workflows: tuple[Glob, ...] = Field(min_length=1)
    since: date | None = None
    plan: str = ""


class Intended(Model):
    """The runner that is meant for a job; `*` and `?` stand for any text in each of them."""

    workflow: Glob = "**"
    job: Text = "*"
    """The job's name, as GitHub shows it."""
    runner: Text


class Release(Model):
    """A release of GitHub's runner, and its day."""

    version: Version
    date: date


class CachedTool(Model):
    """A tool that jobs need offline, as the runner's tool cache holds it."""

    tool: Word
    version: Version
    arch: Word = "x64"

    def __str__(self) -> str:
        return f"{self.tool}/{self.version}/{self.arch}"


class RunnerHost(Model):
    """A host, or a container, that carries a runner."""

    name: Name
    vantage: Name
    """From where its files are read, and its commands run."""
    directory: AbsolutePath
    """Where the runner is unpacked: `.runner` and `_diag` lie in it."""
    runner: str | None = Field(default=None, min_length=1)
    """Its name on GitHub; any, where it is left out."""
    service: Word | None = None
    """The systemd service that runs it."""
    tmux: Word | None = None
    """The tmux session that runs it."""
    container: Word | None = None
    """The container that runs it, by Docker at the vantage."""
    listens_within: Duration = 120.0
    """In how many seconds after its start it listens for jobs."""
    tools: dict[Word, Version] = Field(default_factory=dict)
    """The least version of each: go, node, docker, compose, or what answers to `TOOL --version`."""
    tool_cache: tuple[CachedTool, ...] = ()
    tool_cache_folder: AbsolutePath | None = None
    """`_work/_tool` of the directory, where it is left out."""

    @model_validator(mode="after")
    def _one(self) -> "RunnerHost":
        if sum(one is not None for one in (self.service, self.tmux, self.container)) > 1:
            raise ValueError("a runner is run by one of them: service, tmux or container")
        return self

    def __str__(self) -> str:
        return self.name


class Labels(Model):
    """What is expected of the labels of runners, and of the hosts that carry them."""

    retired: tuple[Retired, ...] = ()
    archives: tuple[Glob, ...] = ()
    """Documents in which a retired set may stand: they tell of how it was."""
    registering: tuple[Glob, ...] = (
        "**/*compose*.yml",
        "**/*compose*.yaml",
        "**/*.sh",
        "**/*.bash",
        "**/*.ps1",
        "**/*.cmd",
        "**/Makefile",
        "**/Dockerfile*",
        "**/*.service",
        "**/*.env",
        "**/*.env.example",
    )
    """Files that may register a runner, and in which its labels are looked for."""
    hosted_only: HostedOnly | None = None
    hosted_labels: Annotated[
        str,
        AfterValidator(ensure_known),
        Field(json_schema_extra=takes("the name of a list below config/hosted")),
    ] = "github"
    """The dated file of the labels of GitHub's own runners: a name below config/hosted."""
    larger_runners: tuple[Label, ...] = ()
    """Labels of larger runners that GitHub hosts for this organization."""
    scale_sets: tuple[Label, ...] = ()
    """Installation names of runner scale sets: each is a set's only label."""
    declared: tuple[Label, ...] = ()
    """Labels of self-hosted runners that jobs may ask for without `self-hosted`."""
    expressions: dict[str, tuple[Label, ...]] = Field(default_factory=dict)
    """What an expression of `runs-on`, such as `${{ vars.RUNNER }}`, comes to when it runs; and
    which labels a workflow of another repository asks for, by its `uses`."""
    organization: bool = False
    """Whether the organization's runners are asked for too, which takes a permission of its own."""
    intended: tuple[Intended, ...] = ()
    releases: tuple[Release, ...] = ()
    """Known releases of GitHub's runner, the newest of them too."""
    behind: Duration = 30 * 86400.0
    """For how long after a newer release GitHub still gives jobs to a runner."""
    hosts: tuple[RunnerHost, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "Labels":
        names = [one.name for one in self.hosts]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"the host {twice!r} stands here a second time; allowed: once")
        return self
