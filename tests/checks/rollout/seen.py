"""What is seen of a lane's source and mirror, made by hand."""

from typing import Any

from checks.rollout.mirror.seen import ExactFetch, FlushSeen, GateSeen, UpstreamSeen
from checks.rollout.source.seen import (
    AncestrySeen,
    Committed,
    Mention,
    MentionsSeen,
    NoTarget,
    PullSeen,
    SourceLog,
    SourceTree,
    Target,
    TruthFile,
)
from checks.wire.refs import Ref, RefsSeen
from checks.wire.worktrees import Entry, WorktreeSeen
from tests.checks.rollout.told.made import NOW

TIP, OLD, OTHER = "a" * 40, "b" * 40, "c" * 40
SOURCE, GITOPS = "refs/heads/v0.1", "refs/heads/v0.1-gitops"
BELOW = "refs/unidesk/snapshots/agentrun-yaml-lane/v0.1"


def target(**changes: Any) -> Target:
    fields: dict[str, Any] = {
        "commit": TIP,
        "tip": TIP,
        "ref": SOURCE,
        "repository": "/nowhere/source.git",
        "authority": "worktree",
        "asked": False,
        "ancestry": "same",
        "why": "",
        "at": NOW,
    }
    return Target(**(fields | changes))


def no_target(authority: Any = "worktree", ref: str = SOURCE) -> NoTarget:
    return NoTarget(authority=authority, ref=ref, why=f"/nowhere has no {ref}", at=NOW)


def refs(*pairs: tuple[str, str], repository: str = "/nowhere/mirror.git") -> RefsSeen:
    listed = tuple(Ref(name, sha) for name, sha in pairs)
    return RefsSeen(repository=repository, direct=True, refs=listed, at=NOW)


def upstream(*pairs: tuple[str, str], why: str = "") -> UpstreamSeen:
    listed = tuple(Ref(name, sha) for name, sha in pairs)
    return UpstreamSeen(repository="github", reached=not why, why=why, refs=listed, at=NOW)


def worktree(*entries: Entry, **changes: Any) -> WorktreeSeen:
    fields: dict[str, Any] = {
        "path": "/root/agentrun-v01",
        "commit": TIP,
        "branch": "v0.1",
        "upstream": "origin/v0.1",
        "ahead": 0,
        "behind": 0,
        "entries": entries,
        "not_ignored": (),
        "shallow": False,
        "at": NOW,
    }
    return WorktreeSeen(**(fields | changes))


def ancestry(stands: Any, why: str = "") -> AncestrySeen:
    return AncestrySeen(what="the merge", older=OLD, newer=TIP, stands=stands, why=why, at=NOW)


def pull(base: str = "v0.1") -> PullSeen:
    return PullSeen(
        repository="agentrun",
        number=12,
        base=base,
        state="closed",
        merged=True,
        merge_commit=OLD,
        title="A change",
        at=NOW,
    )


def tree(*generated: str) -> SourceTree:
    return SourceTree(commit=TIP, files=40, generated=generated, at=NOW)


def committed(
    robot: str = "", outside: tuple[str, ...] = (), *, touches_truth: bool = False
) -> Committed:
    who = "A Person <a.person@example.org>"
    return Committed(OLD, who, who, robot, outside, touches_truth)


def log(*suspect: Committed, commits: int = 7) -> SourceLog:
    return SourceLog(since=None, until=TIP, commits=commits, suspect=suspect, at=NOW)


def truth(**changes: Any) -> TruthFile:
    fields: dict[str, Any] = {
        "path": "deploy/deploy.json",
        "commit": TIP,
        "there": True,
        "fault": "",
        "fields": 9,
        "built": (),
        "undeclared": (),
        "secrets": (),
        "at": NOW,
    }
    return TruthFile(**(fields | changes))


def mention(*, is_variant: bool = False, allowed: bool = False) -> Mention:
    name = "agentrun-dev" if is_variant else "agentrun_dev"
    return Mention("AGENTS.md", 12, name, is_variant, "Namespaces", f"use {name}", allowed)


def mentions(*every: Mention) -> MentionsSeen:
    return MentionsSeen(commit=TIP, documents=3, mentions=every, at=NOW)


def exact_fetch(words: str = "") -> ExactFetch:
    return ExactFetch(
        repository="/nowhere/mirror.git",
        commit=TIP,
        fetched=not words,
        words=words,
        seconds=0.1,
        at=NOW,
    )


def flush(stands: Any, why: str = "", *, cached: bool = False) -> FlushSeen:
    return FlushSeen(
        ref=GITOPS, older=OLD, newer=TIP, cached=cached, stands=stands, why=why, at=NOW
    )


def gate(*found: str) -> GateSeen:
    return GateSeen(commit=TIP, files=2, found=found, at=NOW)
