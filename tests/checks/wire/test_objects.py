"""Ancestry and its three answers, path-aware equality, logs, trees and blobs: near and remote."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from checks.wire.git_throwaway import fetch_exactly
from checks.wire.objects import Ancestry, Objects, objects_of
from fixtures.vantages import SourceError
from fixtures.vantages.local import Local
from tests.checks.wire.gits import commit, git, make_bare, make_worktree, served
from tests.stoppable import wait_for

GONE = "0" * 40
T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    """Three commits of a branch, and one that left it after the first."""

    first: str
    second: str
    third: str
    aside: str
    repositories: tuple[str, ...]
    """The same, as a worktree, a bare repository, and a remote."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("objects")
    worktree = make_worktree(folder / "w")
    first = commit(worktree, {"deploy/gitops/a.yaml": "1", "src/é": "1"})
    git(worktree, "checkout", "-q", "-b", "aside")
    aside = commit(worktree, {"src/aside": "1"})
    git(worktree, "checkout", "-q", "v0.1")
    second = commit(worktree, {"deploy/catalog.json": "{}"}, who="A Robot")
    third = commit(worktree, {"deploy/gitops/a.yaml": "2", "src/é": None})
    bare = make_bare(folder / "served" / "m.git", worktree)
    with served(folder / "served") as base:
        yield Made(first, second, third, aside, (str(worktree), str(bare), f"{base}/m.git"))


def asking(repository: str, ask: Callable[[Objects], Awaitable[T]]) -> T:
    async def run() -> T:
        return await ask(objects_of(repository, Local(), deadline=30))

    return asyncio.run(run())


@pytest.mark.parametrize("which", [0, 1, 2])
def test_ancestry_has_three_answers(made: Made, which: int) -> None:
    async def ask(objects: Objects) -> list[Ancestry]:
        pairs = ((made.first, made.first), (made.first, made.third), (made.aside, made.third))
        return [
            *[await objects.ancestry(*pair) for pair in pairs],
            await objects.ancestry(GONE, made.third),
        ]

    *told, unknown = asking(made.repositories[which], ask)

    assert [one.stands for one in told] == ["same", "contained", "not-contained"]
    assert unknown.stands == "unknown"
    assert "not our ref" in unknown.why or "Not a valid commit name" in unknown.why


def test_a_shallow_clone_does_not_prove_that_a_commit_is_not_contained(
    made: Made, tmp_path: Path
) -> None:
    url = f"file://{made.repositories[1]}"
    git(tmp_path, "clone", "-q", "--depth=2", "--branch=v0.1", "--no-single-branch", url, "s")

    async def ask(objects: Objects) -> list[Ancestry]:
        near = await objects.ancestry(made.second, made.third)
        return [near, await objects.ancestry(made.aside, made.third)]

    near, far = asking(str(tmp_path / "s"), ask)

    assert near.stands == "contained"
    assert far.stands == "unknown"
    assert "shallow" in far.why


@pytest.mark.parametrize("which", [0, 1, 2])
def test_commits_are_the_same_below_a_path_that_neither_changed(made: Made, which: int) -> None:
    async def ask(objects: Objects) -> tuple[bool, bool, tuple[str, ...]]:
        return (
            await objects.same_below(made.first, made.second, "deploy/gitops"),
            await objects.same_below(made.second, made.third, "deploy/gitops"),
            await objects.changed(made.first, made.third),
        )

    same, other, paths = asking(made.repositories[which], ask)

    assert (same, other) == (True, False)
    assert paths == ("deploy/catalog.json", "deploy/gitops/a.yaml", "src/é")


@pytest.mark.parametrize("which", [0, 2])
def test_a_log_tells_who_changed_what(made: Made, which: int) -> None:
    log = asking(made.repositories[which], lambda objects: objects.log(made.first, made.third))
    below = asking(
        made.repositories[which],
        lambda objects: objects.log(None, made.third, "deploy/catalog.json"),
    )

    assert [(one.commit, one.author) for one in log] == [
        (made.third, "A Person"),
        (made.second, "A Robot"),
    ]
    assert log[0].paths == ("deploy/gitops/a.yaml", "src/é")
    assert log[1].committer_address == "a.robot@example.org"
    assert [one.commit for one in below] == [made.second]


def test_a_log_holds_commits_without_paths_and_merges(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    first = commit(worktree, {"a": "1"})
    git(worktree, "checkout", "-q", "-b", "side")
    commit(worktree, {"\nb": "1"})
    git(worktree, "checkout", "-q", "v0.1")
    empty = commit(worktree, {})
    git(worktree, "merge", "-q", "--no-ff", "-m", "merge", "side")
    tip = git(worktree, "rev-parse", "HEAD")

    log = asking(str(worktree), lambda objects: objects.log(None, tip))

    paths = {one.commit: one.paths for one in log}
    assert (paths[tip], paths[empty], paths[first]) == (("\nb",), (), ("a",))
    assert len(log) == 4


@pytest.mark.parametrize("which", [0, 1, 2])
def test_trees_and_blobs_are_those_of_the_commit(made: Made, which: int) -> None:
    async def ask(objects: Objects) -> None:
        tree = await objects.tree(made.first)
        assert [leaf.path for leaf in tree] == ["deploy/gitops/a.yaml", "src/é"]
        below = await objects.tree(made.third, "deploy/gitops")
        assert [leaf.path for leaf in below] == ["deploy/gitops/a.yaml"]
        assert await objects.blob(made.first, "deploy/gitops/a.yaml") == b"1"
        assert await objects.blob(made.third, "src/é") is None
        several = ("deploy/gitops/a.yaml", "deploy/catalog.json", "deploy")
        assert await objects.blobs(made.third, several) == {
            "deploy/gitops/a.yaml": b"2",
            "deploy/catalog.json": b"{}",
        }
        assert await objects.has(made.third, "deploy/gitops/")
        assert not await objects.has(made.third, "deploy/git")

    asking(made.repositories[which], ask)


@pytest.mark.parametrize("which", [0, 2])
def test_a_commit_that_is_not_there_is_said_in_gits_words(made: Made, which: int) -> None:
    with pytest.raises(SourceError, match=r"not our ref|not a tree object"):
        asking(made.repositories[which], lambda objects: objects.tree(GONE))


def test_a_short_commit_id_is_refused(made: Made) -> None:
    with pytest.raises(SourceError, match="no full commit id"):
        asking(made.repositories[0], lambda objects: objects.tree("v0.1"))


def test_a_remote_is_fetched_once_and_nothing_is_left(made: Made) -> None:
    async def ask() -> str:
        one, other = (objects_of(made.repositories[2], Local(), deadline=30) for _ in range(2))
        await asyncio.gather(one.tree(made.first), other.tree(made.first), other.tree(made.third))
        (folder,) = {each._fetched.folder for each in (one, other) if each._fetched}
        return folder

    folder = asyncio.run(ask())

    def is_gone() -> bool:
        gc.collect()  # once the threads have ended that waited for git
        return not Path(folder).exists()

    assert "touchstone-git" in folder
    wait_for(is_gone)


def test_a_server_that_filters_and_names_nothing_is_fetched_whole(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    first = commit(worktree, {"a": "1"})
    tip = commit(worktree, {"a": "2"})
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    git(bare, "config", "uploadpack.allowFilter", "false")
    git(bare, "config", "uploadpack.allowAnySHA1InWant", "false")

    with served(tmp_path / "served") as base:
        stands = asking(f"{base}/m.git", lambda objects: objects.ancestry(first, tip))
        content = asking(f"{base}/m.git", lambda objects: objects.blob(first, "a"))

    assert (stands.stands, content) == ("contained", b"1")


@dataclass(frozen=True, slots=True)
class Far(Local):
    """This host as one that is reached by ssh: what is made there is not removed from here."""

    kind: str = field(default="ssh", init=False)


def test_what_is_fetched_elsewhere_lies_in_a_folder_of_that_place(made: Made) -> None:
    async def ask() -> str:
        objects = objects_of(made.repositories[2], Far(), deadline=30)
        assert (await objects.ancestry(made.first, made.third)).stands == "contained"
        assert await objects.blob(made.third, "deploy/catalog.json") == b"{}"
        fetched = objects._fetched
        assert fetched is not None
        folder = fetched.folder
        await fetched.remove()
        return folder

    folder = asyncio.run(ask())

    assert not folder.startswith(str(Path("/tmp/touchstone")))
    assert not Path(folder).exists()


@pytest.mark.parametrize("vantage", [Local(), Far()])
def test_an_exact_fetch_leaves_nothing_behind(made: Made, vantage: Local) -> None:
    async def fetch(sha: str) -> str:
        return await fetch_exactly(made.repositories[2], sha, vantage, deadline=30)

    assert asyncio.run(fetch(made.first)) == ""
    assert "not our ref" in asyncio.run(fetch(GONE))
