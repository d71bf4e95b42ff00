"""How a worktree stands: its branch, what it follows, what is changed, what is ignored."""

import asyncio
from pathlib import Path

import pytest

from checks.wire.worktrees import Entry, WorktreeSeen, look_at_worktree
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.gits import commit, git, make_worktree


def look(path: Path, *ignored: str) -> WorktreeSeen:
    return asyncio.run(look_at_worktree(str(path), Local(), ignored, deadline=30))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone of a repository whose branch is v0.1."""
    origin = make_worktree(tmp_path / "origin")
    commit(origin, {"a": "1", "b": "1", ".gitignore": "/.worktree/\n"})
    git(tmp_path, "clone", "-q", str(origin), "clone")
    return tmp_path / "clone"


def test_a_clean_clone_follows_its_origin(clone: Path) -> None:
    seen = look(clone, ".worktree/x", "a")

    assert (seen.branch, seen.upstream) == ("v0.1", "origin/v0.1")
    assert (seen.ahead, seen.behind, seen.entries) == (0, 0, ())
    assert seen.commit == git(clone, "rev-parse", "HEAD")
    assert seen.not_ignored == ("a",)
    assert decode(encode(seen)) == seen


def test_changes_of_every_kind_are_entries(clone: Path) -> None:
    git(clone, "mv", "a", "c d")
    (clone / "b").write_text("2")
    (clone / "new one").write_text("1")
    git(clone, "config", "user.email", "a@example.org")

    seen = look(clone)

    assert set(seen.entries) == {
        Entry("R.", "c d from a"),
        Entry(".M", "b"),
        Entry("??", "new one"),
    }


def test_a_branch_that_left_what_it_follows_says_by_how_much(clone: Path, tmp_path: Path) -> None:
    commit(tmp_path / "origin", {"a": "2"})
    git(clone, "fetch", "-q")
    git(clone, "config", "user.name", "A")
    git(clone, "config", "user.email", "a@example.org")
    commit(clone, {"x": "1"})
    commit(clone, {"x": "2"})

    seen = look(clone)

    assert (seen.ahead, seen.behind) == (2, 1)
    assert "+2 -1" in seen.headline


def test_a_detached_head_and_an_unborn_branch_are_told(clone: Path, tmp_path: Path) -> None:
    git(clone, "checkout", "-q", "--detach")
    unborn = make_worktree(tmp_path / "unborn")

    assert look(clone).branch is None
    assert (look(unborn).commit, look(unborn).ahead) == (None, None)


def test_what_is_no_worktree_could_not_be_asked(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match="not a git repository"):
        look(tmp_path)
    bare = tmp_path / "bare"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    with pytest.raises(VantageError, match="must be run in a work tree"):
        look(bare)
