"""The commit to be proved: the branch's tip, the newest snapshot, or the one that is named."""

import asyncio
from pathlib import Path
from typing import Any, Literal

import pytest

from checks.rollout.source.seen import NoTarget, Target
from checks.rollout.source.sightings import target_of, wanted_of
from checks.rollout.source.target import Wanted, find_target
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.rollout.lanes import lane, mirror_fields, profile, source_fields
from tests.checks.wire.gits import commit, git, make_bare, make_worktree, served

BELOW = "refs/unidesk/snapshots/agentrun-yaml-lane"


def find(
    repository: str,
    authority: Literal["worktree", "snapshot"] = "worktree",
    named: str | None = None,
    branch: str = "v0.1",
) -> Target | NoTarget:
    wanted = Wanted(
        repository, branch, authority, BELOW if authority == "snapshot" else None, named
    )
    return asyncio.run(find_target(wanted, Local(), deadline=30))


def found(*given: Any, **named: Any) -> Target:
    seen = find(*given, **named)
    assert isinstance(seen, Target)
    assert decode(encode(seen)) == seen
    return seen


def keep(repository: Path, sha: str, branch: str = "v0.1", called: str = "") -> None:
    git(repository, "update-ref", f"{BELOW}/{branch}/{called or sha}", sha)


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    return make_worktree(tmp_path / "w")


def test_the_branchs_tip_is_the_target(worktree: Path) -> None:
    tip = commit(worktree, {"a": "1"})

    seen = found(str(worktree))

    assert (seen.commit, seen.tip, seen.ref, seen.asked) == (tip, tip, "refs/heads/v0.1", False)
    assert seen.ancestry == "same"


def test_a_commit_that_is_named_is_compared_with_the_tip(worktree: Path, tmp_path: Path) -> None:
    first = commit(worktree, {"a": "1"})
    tip = commit(worktree, {"a": "2"})
    git(worktree, "checkout", "-q", "-b", "aside", first)
    aside = commit(worktree, {"b": "1"})
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    with served(tmp_path / "served") as base:
        for repository in (str(worktree), str(bare), f"{base}/m.git"):
            stands = [
                found(repository, named=one).ancestry for one in (tip, first, aside, "0" * 40)
            ]
            assert stands == ["same", "contained", "not-contained", "unknown"]


def test_a_branch_that_is_not_there_is_an_answer(worktree: Path) -> None:
    commit(worktree, {"a": "1"})

    seen = find(str(worktree), branch="v0.9")

    assert isinstance(seen, NoTarget)
    assert seen.ref == "refs/heads/v0.9"
    assert "has no refs/heads/v0.9" in seen.headline


def test_the_snapshot_of_the_mirrors_head_is_the_target(worktree: Path) -> None:
    first = commit(worktree, {"a": "1"})
    tip = commit(worktree, {"a": "2"})
    keep(worktree, first)
    keep(worktree, tip)

    seen = found(str(worktree), "snapshot")

    assert (seen.commit, seen.ref) == (tip, f"{BELOW}/v0.1/{tip}")


def test_without_a_head_the_snapshot_that_has_all_others_is_the_newest(worktree: Path) -> None:
    first = commit(worktree, {"a": "1"})
    second = commit(worktree, {"a": "2"})
    keep(worktree, first)
    keep(worktree, second)
    head = commit(worktree, {"a": "3"})

    seen = found(str(worktree), "snapshot")

    assert (seen.commit, seen.head) == (second, head)
    assert found(str(worktree)).head is None


def test_snapshots_of_which_none_is_the_newest_are_not_guessed(worktree: Path) -> None:
    first = commit(worktree, {"a": "1"})
    keep(worktree, commit(worktree, {"a": "2"}))
    git(worktree, "checkout", "-q", "-b", "aside", first)
    keep(worktree, commit(worktree, {"b": "2"}))
    git(worktree, "branch", "-q", "-D", "v0.1")

    with pytest.raises(VantageError, match=r"keeps 2 snapshots of v0.1, and none has all"):
        find(str(worktree), "snapshot")


def test_a_snapshot_that_is_missing_is_no_target(worktree: Path) -> None:
    tip = commit(worktree, {"a": "1"})
    keep(worktree, tip, branch="v0.10")
    assert isinstance(find(str(worktree), "snapshot"), NoTarget), "another branch's counts not"

    keep(worktree, tip)
    seen = find(str(worktree), "snapshot", named="0" * 40)

    assert isinstance(seen, NoTarget)
    assert seen.ref == f"{BELOW}/v0.1/{'0' * 40}"


def test_a_snapshot_is_asked_of_the_mirror_and_a_branch_of_its_repository() -> None:
    by_branch = lane(mirror=mirror_fields())
    by_snapshot = lane(
        source=source_fields(authority="snapshot", snapshots=BELOW, commit="a" * 40),
        mirror=mirror_fields(),
    )

    assert wanted_of(by_branch).repository == "/nowhere/source.git"
    assert wanted_of(by_snapshot).repository == "/nowhere/mirror.git"
    assert wanted_of(by_snapshot).below == f"{BELOW}/v0.1/"
    assert target_of(profile(by_branch), by_branch).target == wanted_of(by_branch)


def test_an_authority_that_is_absent_is_a_mistake_of_the_profile() -> None:
    with pytest.raises(ValueError, match="the snapshots are the authority"):
        lane(source=source_fields(authority="snapshot"))
