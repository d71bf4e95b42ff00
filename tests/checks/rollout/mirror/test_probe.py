"""Looking at a mirror and its upstream by real git, over HTTP and by path."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.mirror.probe import (
    Flushed,
    Gate,
    look_at_exact_fetch,
    look_at_flush,
    look_at_upstream,
    look_for_gate,
)
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.rollout.seen import GITOPS, SOURCE, refs, target, upstream
from tests.checks.wire.far_sides import far_side, stay_silent
from tests.checks.wire.gits import commit, git, make_bare, make_worktree, served


def seen(probe: Any, at: Any, *arguments: Any, deadline: float = 30) -> Any:
    found = asyncio.run(probe(at, Local(), *arguments, deadline=deadline))
    assert decode(encode(found)) == found
    return found


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    return make_worktree(tmp_path / "w")


@pytest.fixture
def mirror(tmp_path: Path, worktree: Path) -> Iterator[tuple[str, Path]]:
    """Serve a mirror of the worktree; yields its URL and its folder."""
    commit(worktree, {"a": "1"})
    commit(worktree, {"a": "2"})
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    with served(tmp_path / "served") as base:
        yield f"{base}/m.git", bare


def test_an_upstream_that_cannot_be_asked_is_kept_with_the_reason(mirror: tuple[str, Path]) -> None:
    there = seen(look_at_upstream, mirror[0], (SOURCE, GITOPS))
    gone = seen(look_at_upstream, mirror[0].replace("m.git", "gone.git"), (SOURCE,))
    with far_side(stay_silent) as port:
        silent = seen(look_at_upstream, f"http://127.0.0.1:{port}/m", (SOURCE,), deadline=0.5)

    assert there.reached
    assert there.commit_of(SOURCE) == git(mirror[1], "rev-parse", "v0.1")
    assert there.commit_of(GITOPS) is None
    assert (gone.reached, silent.reached) == (False, False)
    assert "not found" in gone.why
    assert "did not end within 0.5 s" in silent.why


@pytest.mark.parametrize("by_path", [True, False])
def test_a_commit_is_fetched_by_its_full_id(mirror: tuple[str, Path], *, by_path: bool) -> None:
    sha = git(mirror[1], "rev-parse", "v0.1~1")
    at = str(mirror[1]) if by_path else mirror[0]

    found = seen(look_at_exact_fetch, at, target(commit=sha))
    missing = seen(look_at_exact_fetch, at, target(commit="0" * 40))

    assert found.fetched
    assert (missing.fetched, "not our ref" in missing.words) == (False, True)


def test_a_mirror_that_hangs_or_is_none_could_not_be_asked(tmp_path: Path) -> None:
    with far_side(stay_silent) as port, pytest.raises(VantageError, match="did not end"):
        seen(look_at_exact_fetch, f"http://127.0.0.1:{port}/m.git", target(), deadline=0.7)
    with pytest.raises(VantageError, match="does not appear to be a git repository"):
        seen(look_at_exact_fetch, str(tmp_path), target())


def test_a_flush_is_compared_with_github_or_with_what_was_seen_of_it(
    mirror: tuple[str, Path], worktree: Path
) -> None:
    old, new = (git(mirror[1], "rev-parse", one) for one in ("v0.1~1", "v0.1"))
    git(worktree, "checkout", "-q", "--orphan", "aside")
    git(mirror[1], "fetch", "-q", str(worktree), f"+{commit(worktree, {'b': '1'})}:refs/x/aside")
    aside = git(mirror[1], "rev-parse", "refs/x/aside")
    staged = "refs/mirror-stage/heads/v0.1-gitops"
    of = Flushed(str(mirror[1]), GITOPS, staged)
    mine = refs((GITOPS, new), (staged, aside))

    def stands(*given: Any) -> tuple[str, bool]:
        found = seen(look_at_flush, of, *given)
        return found.stands, found.cached

    assert stands(mine, upstream((GITOPS, old))) == ("contained", False)
    assert stands(mine, upstream((GITOPS, new))) == ("same", False)
    assert stands(mine, upstream((GITOPS, aside))) == ("not-contained", False)
    assert stands(mine, upstream((GITOPS, "0" * 40))) == ("unknown", False)
    assert stands(mine, upstream(why="no answer")) == ("not-contained", True)
    with pytest.raises(VantageError, match="nothing tells of"):
        stands(refs((GITOPS, new)), upstream(why="no answer"))
    with pytest.raises(VantageError, match=r"has no refs/heads/v0.1-gitops"):
        stands(refs(), upstream((GITOPS, old)))


def test_a_removed_gate_is_found_by_its_words(worktree: Path) -> None:
    files = {"devops-infra/git-mirror.yaml": "hooks:\n  pre-receive: AllowList.sh\n", "b.yaml": "x"}
    tip = commit(worktree, files)

    def found(*globs: str) -> tuple[str, ...]:
        gate = Gate(str(worktree), globs, ("allowlist",))
        return tuple(seen(look_for_gate, gate, target(commit=tip)).found)

    assert found("devops-infra/*.yaml") == (
        "devops-infra/git-mirror.yaml:2: pre-receive: AllowList.sh",
    )
    assert found("b.yaml") == ()
    with pytest.raises(VantageError, match=r"correct mirror\.manifests"):
        found("nothing/*")
