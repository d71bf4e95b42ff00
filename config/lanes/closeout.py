"""What has to stand in the closeout of a lane's rollout."""

from datetime import date
from typing import Annotated

from pydantic import Field

from config.lanes.words import Text
from config.model import Absent, Model, OrAbsent, takes

RECORD_WORDS = (
    "elapsed|duration|seconds|耗时",
    "taskrun|task_run|tasks|任务",
    "changelog|changes|变更",
)
"""What a record of a rollout tells: how long it took, its TaskRuns, what changed."""


class Compact(Model):
    """What the lane's status command has to tell when nobody asks for more, and what it must not.

    Fields are dotted paths of its answer.
    """

    told: tuple[Text, ...] = (
        "summary.sourceCommit",
        "summary.ci.pipelineRun",
        "summary.argo",
        "summary.runtimeAlignment",
        "summary.publicProbe",
        "summary.next",
    )
    untold: tuple[Text, ...] = ("secret", "secrets", "kubectl", "tail", "logs", "podLogs")
    """Keys that only `--full` or `--raw` may show, wherever they stand."""


class Closeout(Model):
    """Where the closeout is written down, besides the record of the run."""

    comment: OrAbsent[bool]
    """Whether the pull request has to have a comment with it."""
    failure_issue: OrAbsent[Text]
    """The label of issues that are opened when a rollout fails."""
    pointers: OrAbsent[tuple[Text, ...]]
    """Files of this host that point to the latest jobs; each is of its own job."""
    pointer_jobs: tuple[Text, ...] = ("job.id", "jobId", "id")
    """The fields of such a file that may name its job, as dotted paths: the first that does."""
    hotfix_label: OrAbsent[Text]
    """The label of issues that tell of a change made by hand."""
    hotfix_words: tuple[Text, ...] = (
        "reason|原因",
        "impact|影响",
        "rollback|回滚",
        "follow-up|后续",
    )
    """What such an issue has to have a word of; `reason|原因` stands for either."""
    record_words: tuple[Text, ...] = RECORD_WORDS
    """What the record of a rollout has to have a word of, in a key or a value, as a tool tells."""
    compact: OrAbsent[Compact] = Absent(absent="the lane does not say what its status has to tell")
    platform_since: (
        Annotated[date, Field(json_schema_extra=takes("a date such as 2026-06-01"))] | None
    ) = None
    """Since when nothing new may appear in the old platform's namespace."""
    old_platform: Text | None = None
    new_platform: Text | None = None
