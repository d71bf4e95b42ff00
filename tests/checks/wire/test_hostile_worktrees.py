"""Repositories whose own configuration names commands: none is run, whatever is asked of them."""

import asyncio
import os
from pathlib import Path

import pytest

from checks.wire.objects import objects_of
from checks.wire.refs import look_at_refs
from checks.wire.worktrees import Entry, WorktreeSeen, look_at_worktree
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from tests.checks.wire.gits import commit, git, make_worktree

LONG_AGO = 1_500_000_000
KEYS = (
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.alternateRefsCommand"),
    *("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "filter.a=b.clean"),
    *("diff.evil.textconv", "diff.evil.command", "diff.external", "gpg.program"),
    *("alias.status", "remote.origin.uploadpack", "credential.helper"),
)


def look(path: Path) -> WorktreeSeen:
    return asyncio.run(look_at_worktree(str(path), Local(), (), deadline=30))


def hostile(folder: Path, ran: Path) -> Path:
    """Make a repository whose configuration, attributes and hooks run commands that leave files."""
    made = make_worktree(folder)
    files = {
        ".gitattributes": "*.txt filter=evil diff=evil\nc filter=a=b\n",
        "a.txt": "1",
        "c": "1",
    }
    commit(made, files)
    for key in KEYS:
        git(made, "config", key, f"{'!' * key.startswith('alias')}touch {ran}-{key}; cat")
    git(made, "config", "log.showSignature", "true")
    for name in ("post-index-change", "reference-transaction", "post-checkout"):
        hook = made / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {ran}-{name}\n")
        hook.chmod(0o700)
    return made


def touched(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO))


def test_no_command_of_a_repository_is_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran" / "by"
    ran.parent.mkdir()
    made = hostile(tmp_path / "tree", ran)
    touched(made / "a.txt", made / "c")
    (made / "new").write_text("1")

    seen = look(made)
    refs = asyncio.run(look_at_refs(str(made), Local(), (), deadline=30))

    async def read() -> bytes | None:
        objects = objects_of(str(made), Local(), deadline=30)
        assert len(await objects.log(None, str(seen.commit))) == 1
        return await objects.blob(str(seen.commit), "a.txt")

    assert asyncio.run(read()) == b"1"
    assert seen.entries == (Entry("??", "new"),)
    assert refs.commit_of("HEAD") == seen.commit
    assert list(ran.parent.iterdir()) == []


def test_no_command_of_a_repository_in_a_repository_is_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran" / "by"
    ran.parent.mkdir()
    outer = make_worktree(tmp_path / "tree")
    inner = hostile(outer / "inner", ran)
    git(outer, "-c", "advice.addEmbeddedRepo=false", "add", "inner")
    git(outer, "commit", "-q", "-m", "A repository in it")
    for left in ran.parent.iterdir():
        left.unlink()
    touched(inner / "a.txt")

    assert look(outer).entries == ()
    (inner / "a.txt").write_text("22")
    with pytest.raises(VantageError, match=r"whether inner in .* only a filter could tell"):
        look(outer)
    assert list(ran.parent.iterdir()) == []


def test_what_only_a_filter_could_compare_is_not_called_changed(tmp_path: Path) -> None:
    ran = tmp_path / "by"
    made = hostile(tmp_path / "tree", ran)
    (made / "a.txt").write_text("22")

    with pytest.raises(VantageError) as raised:
        look(made)

    assert "whether a.txt in" in raised.value.reason
    assert "run `git status` there by hand" in raised.value.mend
    assert list(tmp_path.glob("by*")) == []


def test_a_folder_in_a_repository_is_not_that_repository(tmp_path: Path) -> None:
    outer = make_worktree(tmp_path / "tree")
    commit(outer, {"mirror.git/kept": "1"})
    (tmp_path / "link").symlink_to(outer / "mirror.git")

    for folder in (outer / "mirror.git", tmp_path / "link"):
        for asked in (
            look_at_worktree(str(folder), Local(), (), deadline=30),
            look_at_refs(str(folder), Local(), (), deadline=30),
        ):
            with pytest.raises(VantageError, match="not a git repository"):
                asyncio.run(asked)
