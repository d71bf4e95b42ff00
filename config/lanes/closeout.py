"""What has to stand in the closeout of a lane's rollout."""

from datetime import date
from typing import Annotated

from pydantic import Field

from config.lanes.words import Text
from config.model import Model, OrAbsent, takes


class Closeout(Model):
    """Where the closeout is written down, besides the record of the run."""

    comment: OrAbsent[bool]
    """Whether the pull request has to have a comment with it."""
    failure_issue: OrAbsent[Text]
    """The label of issues that are opened when a rollout fails."""
    pointers: OrAbsent[tuple[Text, ...]]
    """Files of this host that point to the latest jobs; each is of its own job."""
    hotfix_label: OrAbsent[Text]
    """The label of issues that tell of a change made by hand."""
    platform_since: (
        Annotated[date, Field(json_schema_extra=takes("a date such as 2026-06-01"))] | None
    ) = None
    """Since when nothing new may appear in the old platform's namespace."""
    old_platform: Text | None = None
    new_platform: Text | None = None
