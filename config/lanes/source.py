"""What is expected of a lane's source: the branch, and whose word counts for it."""

from typing import Literal

from pydantic import Field, model_validator

from config.lanes.words import Glob, Sha, Text
from config.model import Absent, Model, OrAbsent
from config.repositories import Ref


class Worktree(Model):
    """A fixed checkout of the source branch."""

    path: str = Field(min_length=1)
    """Relative to the profile, or absolute."""
    upstream: Ref | None = None
    """What its branch follows; without one, `origin/` and the branch."""
    ignored: tuple[Text, ...] = ()
    """Paths in it that git has to ignore, as those of work folders: `.worktree/x`."""


class SourceBranch(Model):
    """The branch that a lane is built of.

    `authority` says whose word counts: of a clean worktree, or of the snapshots that the
    mirror keeps of the branch. The other one is no evidence then.
    """

    repository: Text
    """Its URL or path, as git takes it: what is asked for the branch."""
    branch: Ref
    authority: Literal["worktree", "snapshot"]
    worktree: OrAbsent[Worktree]
    snapshots: OrAbsent[Text]
    """Where the mirror keeps snapshots: `refs/unidesk/snapshots/agentrun-yaml-lane`, below which
    stand the branch and the commit."""
    commit: Sha | None = None
    """What is to be proved; without one, it is the commit at which the authority's branch is."""
    merge_commit: Sha | None = None
    """The merge of the pull request that is closed out; it has to be contained in the branch."""
    pull_request: int | None = Field(default=None, ge=1)
    github: Text | None = None
    """The name of the profile's repository through which GitHub is asked about pull requests."""
    truth_file: OrAbsent[Text] = "deploy/deploy.json"
    """The file by which the branch says what is to run, where the truth is a deploy.json."""
    truth_fields: tuple[Text, ...] = ()
    """Keys it may hold, as dotted paths with `*`; without them, all but what a build writes."""
    generated: tuple[Glob, ...] = ()
    """What builds write, and the source branch must not track."""
    definitions: tuple[Glob, ...] = ()
    """Files of the source branch that define what runs: no retired name may stand in them."""
    documents: tuple[Glob, ...] = ()
    """Documents that are searched for retired names."""
    human_paths: tuple[Glob, ...] = ("**",)
    """What people may change on the branch."""
    since: Sha | None = None
    """The commit of an earlier rollout, since which the branch is looked through; without one,
    its last 200 commits are."""
    robots: tuple[Text, ...] = ()
    """Authors, or committers, by name or address, whose commits on the branch are automatic."""

    @model_validator(mode="after")
    def _authority_is_there(self) -> "SourceBranch":
        if self.authority == "snapshot" and isinstance(self.snapshots, Absent):
            raise ValueError("the snapshots are the authority, and snapshots is absent")
        return self
