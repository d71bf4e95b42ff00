"""Refs of worktrees, bare repositories and remotes; what cannot be asked has none."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from checks.wire.git_asking import by_hand
from checks.wire.refs import RefsSeen, look_at_refs
from fixtures.lab.http import Reply, Request
from fixtures.lab.serving import serve_pages
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import far_side, stay_silent
from tests.checks.wire.gits import commit, git, make_bare, make_worktree, served


def look(repository: Path | str, *patterns: str, deadline: float = 30) -> RefsSeen:
    return asyncio.run(look_at_refs(str(repository), Local(), patterns, deadline=deadline))


def refused(repository: Path | str, deadline: float = 30) -> str:
    with pytest.raises(VantageError) as raised:
        look(repository, "refs/heads/v0.1", deadline=deadline)
    return raised.value.reason


def test_a_worktree_a_bare_repository_and_a_remote_have_the_same_refs(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    tip = commit(worktree, {"a": "1"})
    git(worktree, "tag", "-a", "-m", "first", "v1")
    git(worktree, "update-ref", f"refs/unidesk/snapshots/x/v0.1/{tip}", tip)
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    git(bare, "fetch", "-q", str(worktree), "+refs/*:refs/*")
    asked = ("refs/heads/v0.1", "refs/unidesk/snapshots/x/*", "refs/tags/v1")

    with served(tmp_path / "served") as base:
        every = [look(one, *asked) for one in (worktree, bare, f"{base}/m.git")]

    for seen in every:
        assert seen.commit_of("refs/heads/v0.1") == tip
        assert seen.commit_of(f"refs/unidesk/snapshots/x/v0.1/{tip}") == tip
        assert seen.commit_of("refs/tags/v1") == tip, "the tag is peeled"
        assert len(seen.refs) == 3
        assert decode(encode(seen)) == seen


def test_who_looks_at_one_remote_at_the_same_time_is_told_of_his_own_refs(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    tip = commit(worktree, {"a": "1"})
    git(worktree, "update-ref", "refs/heads/other", tip)
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    git(bare, "fetch", "-q", str(worktree), "+refs/*:refs/*")
    patterns = (("refs/heads/v0.1",), ("refs/heads/other",), ("refs/heads/none",), ())

    async def look_at_all(url: str) -> list[RefsSeen]:
        looks = (look_at_refs(url, Local(), one, deadline=30) for one in patterns)
        return await asyncio.gather(*looks)

    with served(tmp_path / "served") as base:
        every = asyncio.run(look_at_all(f"{base}/m.git"))

    names = [{one.name for one in seen.refs} for seen in every]
    assert names[:3] == [{"refs/heads/v0.1"}, {"refs/heads/other"}, set()]
    assert names[3] >= {"HEAD", "refs/heads/v0.1", "refs/heads/other"}


def test_a_repository_that_can_be_asked_and_has_no_such_ref_is_an_answer(tmp_path: Path) -> None:
    empty = make_worktree(tmp_path / "w")

    seen = look(empty, "refs/heads/v0.1")

    assert (seen.refs, seen.commit_of("refs/heads/v0.1")) == ((), None)
    assert "none of these refs" in seen.headline


def test_what_is_no_repository_could_not_be_asked(tmp_path: Path) -> None:
    assert "not a git repository" in refused(tmp_path)
    assert "No such file" in refused(tmp_path / "gone")


def test_a_remote_that_hangs_is_ended(tmp_path: Path) -> None:
    with far_side(stay_silent) as port:
        said = refused(f"http://127.0.0.1:{port}/m.git", deadline=0.7)

    assert "did not end within 0.7 s" in said


def test_a_remote_that_asks_for_a_password_gets_none() -> None:
    async def deny(_: Request) -> Reply:
        return Reply(401, b"who are you?", "text/plain", (("WWW-Authenticate", "Basic"),))

    with serve_pages(deny) as port:
        assert "could not read Username" in refused(f"http://127.0.0.1:{port}/m.git")


def test_a_remote_that_answers_html_is_no_repository() -> None:
    async def greet(_: Request) -> Reply:
        return Reply(200, b"<html>welcome</html>", "text/html", ())

    with serve_pages(greet) as port:
        assert "no git server" in refused(f"http://127.0.0.1:{port}/m.git")


def test_a_remote_that_names_a_command_runs_none(tmp_path: Path) -> None:
    said = refused(f"ext::touch {tmp_path}/ran")

    assert "transport 'ext' not allowed" in said
    assert not (tmp_path / "ran").exists()


def test_a_ref_that_is_broken_is_said(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    commit(worktree, {"a": "1"})
    shutil.rmtree(worktree / ".git" / "objects")

    assert "objects" in refused(worktree) or "git" in refused(worktree)


@pytest.mark.parametrize("where", ["folder", "url"])
def test_the_command_by_hand_can_be_pasted(tmp_path: Path, where: str) -> None:
    folder = tmp_path / "r"
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    given = str(folder) if where == "folder" else f"file://{folder}"

    command = by_hand(given, "ls-remote", "{url}", "refs/heads/main")

    assert subprocess.run(command, shell=True, check=False).returncode == 0, command


def test_who_asks_for_too_much_is_told_so_and_the_others_are_answered(tmp_path: Path) -> None:
    worktree = make_worktree(tmp_path / "w")
    tip = commit(worktree, {"a": "1"})
    bare = make_bare(tmp_path / "served" / "m.git", worktree)
    git(bare, "fetch", "-q", str(worktree), "+refs/*:refs/*")
    name = "/".join(["refs", "many", *["x" * 100] * 8, ""])
    packed = (bare / "packed-refs").open("a")
    with packed:
        packed.writelines(f"{tip} {name}{number:05}\n" for number in range(5000))

    async def look_at_all(url: str) -> list[RefsSeen | BaseException]:
        looks = (
            look_at_refs(url, Local(), (one,), deadline=30)
            for one in ("refs/many/*", "refs/heads/v0.1")
        )
        return await asyncio.gather(*looks, return_exceptions=True)

    with served(tmp_path / "served") as base:
        much, little = asyncio.run(look_at_all(f"{base}/m.git"))

    assert isinstance(much, VantageError)
    assert "wrote more than" in much.reason
    assert isinstance(little, RefsSeen)
    assert little.commit_of("refs/heads/v0.1") == tip
