"""What is expected of the gates of a repository: the checks that are required, or are to be."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from config.model import Duration, Model, OrAbsent, takes

ACTIONS = 15368
"""The id of the app GitHub Actions, on github.com."""
FAST_PATHS = ("*docs-only*", "*docs only*", "*fast path*", "*fast-path*")

Text = Annotated[str, Field(min_length=1)]


def _inside(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/") or not value.isprintable():
        raise ValueError  # the field says in words what it takes
    return value


InTree = Annotated[
    str,
    AfterValidator(_inside),
    Field(
        min_length=1,
        json_schema_extra=takes("a path inside the repository, such as docs/plan.md"),
    ),
]
Day = Annotated[date, Field(json_schema_extra=takes("a date such as 2027-01-31"))]


class Promotion(Model):
    """When a job may become required, and when it must not stay so."""

    greens: int = Field(default=3, ge=1, le=100)
    """How many of the last completed runs must be green, with nothing else between them."""
    demote_after: int = Field(default=1, ge=1, le=100)
    """So many failures of a required job, and it is to be demoted."""
    demote_within: Duration | None = None
    """They count when they fall into such a window; without one, when they follow each other."""
    rule: Text = "the profile"
    """Who says so: what is told with it, such as `plan 266`."""


class Leniency(Model):
    """A required job that may fail for a while."""

    until: Day
    """The last day on which it may."""
    rollback: Text
    """The window in which that is taken back, or what takes it back."""
    cited: InTree
    """The file that says so: a plan, or the workflow; the date stands in it."""


class Gate(Model):
    """A check that is required, or is to be: a job of a workflow, as its check run is called."""

    context: Text
    """The name of its check run: a job's name with the values of its matrix, not its id."""
    required: bool = True
    """Whether branches require it; otherwise it is a candidate."""
    since: datetime | None = Field(
        default=None, json_schema_extra=takes("a time such as 2026-11-22T08:00:00Z")
    )
    """When it became required: the greens are those before. Without one, they are the last."""
    app: Annotated[int, Field(ge=1)] | None = None
    """The id of the app that it has to come from; without one, any app may say so."""
    workflow: InTree | None = None
    """The workflow's file; without one, it is the one whose file emits the context."""
    job: Text | None = None
    """The name under which runs list the job, where it is not the context."""
    branch: Text | None = None
    """Runs of this branch count; without one, those of the repository's own."""
    labels: tuple[Text, ...] = ()
    """Runs on runners of exactly these labels count; without them, those on any."""
    steps: tuple[Text, ...] = ()
    """Steps without which a green is hollow, by name; `*` stands for any text."""
    with_jobs: tuple[Text, ...] = ()
    """Jobs of the same run without which a green is hollow, by name; `*` stands for any text."""
    fast_paths: tuple[Text, ...] = FAST_PATHS
    """Steps that say that the rest was left out, by name."""
    promotion: Promotion | None = None
    """Its own rule; without one, that of all gates."""
    optional: Leniency | None = None

    @model_validator(mode="after")
    def _zoned(self) -> "Gate":
        if self.since is not None and self.since.tzinfo is None:
            raise ValueError("a time without its zone: write it with Z or +08:00")
        return self

    def __str__(self) -> str:
        return self.context

    @property
    def listed_as(self) -> str:
        """The name under which runs list the job."""
        return self.job or self.context


class Milestone(Model):
    """Something that a plan promises for a day; its line in the plan names it."""

    name: Text
    """How its line begins, or the word that stands in it: `M1`."""
    due: Day
    done: Day | None = None


class Plan(Model):
    """A document that cites runs and logs as evidence."""

    path: InTree
    logs: OrAbsent[tuple[Text, ...]] = ("preparation", "clean-up")
    """What each cited run has a log of, named near it: `preparation`, `clean-up`."""
    milestones: tuple[Milestone, ...] = ()
    """Those whose days are expected; what the plan itself says of others is read as well."""
    zone: Annotated[
        str,
        Field(
            pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$",
            json_schema_extra=takes("an offset from UTC such as +08:00"),
        ),
    ] = "+00:00"
    """Times of the plan, and of its logs, that name no zone are of this one."""

    def __str__(self) -> str:
        return self.path


class Gates(Model):
    """What is expected of the gates of a repository: the checks that are required, or are to be.

    What branches must require is the contract: the file, or else the gates that are required.
    """

    contract: InTree | None = None
    """A checked-in list of the required contexts, as JSON, YAML or lines, or GitHub's export."""
    bypass: OrAbsent[tuple[Text, ...]] = ()
    """Who may pass by: `RepositoryRole:5:always`, as rulesets have them."""
    merge_queue: bool = False
    """Whether a merge queue runs the required jobs, too."""
    promotion: Promotion = Promotion()
    history: int = Field(default=30, ge=1, le=1000)
    """How many of a workflow's runs are looked at: a request for each, and one for all."""
    jobs: tuple[Gate, ...] = ()
    plans: tuple[Plan, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> "Gates":
        contexts = [gate.context for gate in self.jobs]
        twice = {one for one in contexts if contexts.count(one) > 1}
        if twice:
            raise ValueError(f"a context stands here once: {', '.join(sorted(twice))}")
        return self

    def promotion_of(self, gate: Gate) -> Promotion:
        """Return the rule by which a gate is promoted and demoted."""
        return gate.promotion or self.promotion
