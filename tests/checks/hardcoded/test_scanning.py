"""Which files are read, and that each of the others is counted and said."""

import os
from pathlib import Path

import pytest

from checks.hardcoded.added import added
from fixtures.vantages import VantageError
from tests.checks.hardcoded.repositories import (
    commit,
    git,
    left_out,
    look,
    places,
    repository,
    rule,
    write,
)


def test_findings_have_their_places(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a/b.go": "good\n\n  é BAD1 BAD2\n", "c.go": "BAD3"})

    seen = look(root)

    assert places(seen) == ["a/b.go:3:5", "a/b.go:3:10", "c.go:1:1"]
    assert seen.findings.found[0].end_column == 9
    assert seen.findings.found[0].snippet == "é BAD1 BAD2"
    assert (seen.files, seen.commit) == (2, None)


def test_files_that_are_read_together_are_searched_apart(tmp_path: Path) -> None:
    files = {
        "a": "BA",
        "b": "D1\n",
        "c": "BAD2",
        "d": "",
        "e": "BAD3 good",
        "f": "\nBAD4",
        "g": "x" * 600_000 + " BAD5",
        "h": "x" * 600_000 + " BAD6",
        "i": "\0",
        "j": "BAD7",
    }
    root = repository(tmp_path / "r", files)

    seen = look(root)

    ends = ["g:1:600002", "h:1:600002"]
    assert places(seen) == ["c:1:1", "e:1:1", "f:2:1", *ends, "j:1:1"]
    assert (seen.files, seen.bytes) == (9, sum(map(len, files.values())) - 1)
    assert left_out(seen) == {"binary": ("i",)}


def test_a_rule_concerns_its_own_files(tmp_path: Path) -> None:
    files = {
        f"{name}/{end}": "BAD1" for name in ("cmd", "web") for end in ("a.go", "a.ts", "d/b.go")
    }
    root = repository(tmp_path / "r", files)
    one = rule(files=("cmd/**/*.go",), not_in=("**/b.*",))

    seen = look(root, one)

    assert places(seen) == ["cmd/a.go:1:1"]
    assert (seen.files, seen.outside, seen.rules[0].files) == (1, 5, 1)


def test_what_is_not_tracked_is_read_and_what_is_ignored_is_counted(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {".gitignore": "out/\n*.log\n", "a": "BAD1", "d/e": "good"})
    write(root, {"new": "BAD2", "out/x": "BAD3", "out/y": "BAD4", "d/*": "BAD5", "d/x": "BAD6"})
    write(root, {"n/a": "BAD7", "n/b.log": "BAD8"})

    seen = look(root)

    assert places(seen) == ["a:1:1", "d/*:1:1", "d/x:1:1", "n/a:1:1", "new:1:1"]
    assert [(one.why, one.files) for one in seen.left_out] == [("ignored by git", 2)]


def test_many_that_are_not_tracked_are_read_too(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "good"})
    write(root, {f"new{at}": "BAD1" for at in range(300)})

    assert len(places(look(root))) == 300


def test_a_ref_is_read_without_a_checkout(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\n"})
    bad = git(root, "rev-parse", "HEAD")
    commit(root, {"a": "good\n"})
    (root / "link").symlink_to("a")
    commit(root, {})

    assert places(look(root)) == []
    assert places(look(root, ref="main")) == []
    seen = look(root, ref=bad)
    assert (places(seen), seen.commit) == (["a:1:1"], bad)
    assert left_out(look(root, ref="main")) == {"link": ("link",)}


def test_binary_files_links_and_repositories_within_are_counted(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret": "BAD1"})
    root = repository(tmp_path / "r", {"binary": b"BAD1\0", "a": "good"})
    (root / "to-file").symlink_to(outside / "secret")
    (root / "to-folder").symlink_to(outside)
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "pipe")
    repository(root / "inner", {"b": "BAD2"})
    git(root, "add", "--", "to-file", "to-folder", "loop")

    seen = look(root)

    assert places(seen) == []
    told = left_out(seen)
    assert told["binary"] == ("binary",)
    assert told["link"] == ("loop", "to-file", "to-folder")
    assert told["own-repository"] == ("inner/",)


def test_a_folder_that_became_a_link_leads_nowhere(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"a": "BAD1"})
    root = repository(tmp_path / "r", {"folder/a": "good"})
    (root / "folder" / "a").unlink()
    (root / "folder").rmdir()
    (root / "folder").symlink_to(outside)

    seen = look(root)

    assert places(seen) == []
    assert left_out(seen)["link"] == ("folder", "folder/a")


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("BAD1".encode("utf-16"), 1),
        (b"\xfe\xff" + "é BAD1".encode("utf-16-be"), 3),
        ("é BAD1".encode("latin-1"), 3),
        (b"\xff\xfa\xf0 BAD1", 5),
        (b"\xef\xbb\xbfBAD1", 2),
        (b"x" * 10_000 + b" BAD1", 10_002),
    ],
)
def test_any_encoding_is_read(tmp_path: Path, content: bytes, column: int) -> None:
    root = repository(tmp_path / "r", {"a": content})

    assert places(look(root)) == [f"a:1:{column}"]


def test_names_of_any_bytes_are_told(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"new\nline": "BAD1", "quote\"'": "BAD2"})
    (root / os.fsdecode(b"latin-\xe9")).write_text("BAD3")

    assert places(look(root)) == ["latin-\\xe9:1:1", "new\nline:1:1", "quote\"':1:1"]


def test_a_file_over_the_limit_is_reported(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"large": b"x\n" * 1_000_000 + b"BAD1", "small": "BAD2"})

    seen = look(root, largest=1 << 20)
    assert places(seen) == ["small:1:1"]
    assert left_out(seen)["too-large"] == ("large",)
    assert (seen.rules[0].unread_files, seen.rules[0].unread) == (1, ("large",))
    assert places(look(root, largest=1 << 20, ref="main")) == ["small:1:1"]
    assert places(look(root)) == ["large:1000001:1", "small:1:1"]


def test_a_file_of_fifty_megabytes_is_read(tmp_path: Path) -> None:
    line = b"y" * 9_999 + b"\n"
    root = repository(tmp_path / "r", {"a": "good"})
    (root / "large").write_bytes(line * 5_000 + b"BAD1")

    assert places(look(root)) == ["large:5001:1"]


def test_a_file_that_nobody_may_read_is_reported(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    root = repository(tmp_path / "r", {"a": "BAD1", "b": "good"})
    (root / "a").chmod(0)

    seen = look(root)

    assert (places(seen), left_out(seen)["unreadable"]) == ([], ("a",))
    assert seen.rules[0].unread == ("a",)


def test_a_file_that_is_gone_is_counted(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1", "b": "BAD2"})
    (root / "a").unlink()

    seen = look(root)

    assert (places(seen), left_out(seen)["gone"]) == (["b:1:1"], ("a",))


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    files = {f"d{at % 7}/f{at}": f"good\nBAD{at % 10}\n" for at in range(1500)}
    root = repository(tmp_path / "r", files)

    seen = look(root)

    assert len(seen.findings.found) == 1500
    assert seen.files == 1500
    paths = [one.path for one in seen.findings.found]
    assert paths == sorted(files)


def test_findings_beyond_what_is_listed_are_counted(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\n" * 3000})

    seen = look(root)

    assert len(seen.findings.found) == 1000
    assert seen.rules[0].unlisted == 2000


def test_only_added_lines_are_new(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\ngood\n", "b": "BAD2\n"})
    git(root, "branch", "base")
    commit(root, {"a": "first\nBAD1\ngood\nBAD3\n", "c": "BAD4\n"})
    git(root, "checkout", "-q", "base")
    commit(root, {"b": "good\n"})
    git(root, "checkout", "-q", "main")
    write(root, {"d": "BAD5\n"})

    seen = look(root, since="base")

    assert places(seen) == ["a:4:1", "c:1:1", "d:1:1"]
    assert seen.old == 2
    assert all(one.is_new for one in seen.findings.found)
    assert places(look(root, since="base", ref="main")) == ["a:4:1", "c:1:1"]


def test_what_changed_since_nobody_knows_what_is_inconclusive(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1"})
    git(root, "checkout", "-q", "--orphan", "other")
    commit(root, {"a": "BAD1", "b": "another history"})

    with pytest.raises(VantageError, match="no commit in common"):
        look(root, since="main")
    with pytest.raises(VantageError, match="could not be looked through"):
        look(root, since="nowhere")


def test_a_folder_that_is_no_checkout_is_read_whole(tmp_path: Path) -> None:
    root = write(tmp_path / "plain", {"a": "BAD1", "b/c": "BAD2"})

    assert places(look(root)) == ["a:1:1", "b/c:1:1"]
    with pytest.raises(VantageError, match="is no checkout"):
        look(root, since="main")


def test_a_rule_that_takes_for_ever_is_ended(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "a" * 200})
    endless = rule("(?:a|a)+$(?<!a)", matches=("aaaab",), passes=("b",))

    with pytest.raises(VantageError, match="were not looked through within"):
        look(root, endless, deadline=2)


def test_added_lines() -> None:
    assert added(b"a\nb\nc", b"a\nx\nb\nc") == (range(2, 3),)
    assert added(b"a\nb", b"a\nb") == ()
    assert added(b"", b"a\nb") == (range(1, 3),)
    assert added(b"a\nb\na\nc", b"a\nc\nz") == (range(3, 4),)
