"""Files that cannot be read as YAML, or should not be."""

import os
from pathlib import Path

import pytest

from config.loading import load
from config.mistakes import ProfileError


def refused(path: Path | str) -> str:
    with pytest.raises(ProfileError) as caught:
        load(str(path))
    return str(caught.value)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "profile.yaml"
    path.write_bytes(content)
    return path


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "no-such.yaml"

    assert refused(path) == f"{path}: the file cannot be read: No such file or directory"


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: this is a folder; allowed: a YAML file"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    os.mkfifo(path)

    assert refused(path) == f"{path}: this is not an ordinary file; allowed: a YAML file"


def test_an_endless_device_is_not_read() -> None:
    assert refused("/dev/zero") == "/dev/zero: this is not an ordinary file; allowed: a YAML file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, b"name: x\n")
    path.chmod(0)

    assert refused(path) == f"{path}: the file cannot be read: Permission denied"


def test_a_name_that_cannot_be_a_file_is_told() -> None:
    assert "embedded null byte" in refused("a\0b.yaml")
    assert "File name too long" in refused("x" * 300 + ".yaml")


def test_a_byte_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "name: x\ndescription: é".encode() + b"\xe9\n")

    assert refused(path) == f"{path}:2:15: the byte 0xe9 stands here; allowed: UTF-8"


def test_utf_16_is_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, "name: x\n".encode("utf-16"))

    assert refused(path) == f"{path}:1:1: the byte 0xff stands here; allowed: UTF-8"


def test_a_file_of_10_mb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = written(tmp_path, b"[" * 10_000_000)

    assert refused(path) == f"{path}: the file has more than 1048576 bytes; allowed: fewer"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# a comment\n", b"---\n", b"~\n", b"null"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)

    assert refused(path) == f"{path}:1:1: the file is empty; allowed: a mapping"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{"])
def test_deep_nesting_is_refused_where_it_gets_too_deep(tmp_path: Path, opening: str) -> None:
    path = written(tmp_path, (opening * 300_000).encode()[:1_000_000])

    assert "the nesting is deeper than 40 levels" in refused(path)


def test_nesting_by_aliases_is_nesting(tmp_path: Path) -> None:
    chain = "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 2000))
    path = written(tmp_path, f"a0: &a0 []\n{chain}".encode())

    assert f"{path}:40:" in refused(path)
    assert "the nesting is deeper than 40 levels" in refused(path)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ufffe"])
def test_a_control_character_is_told_with_its_place(tmp_path: Path, character: str) -> None:
    path = written(tmp_path, f"name: x\nnext: {character}\n".encode())

    assert refused(path).startswith(f"{path}:2:7: the character '\\")


def test_the_terminal_is_not_reached_by_what_a_profile_holds(tmp_path: Path) -> None:
    path = written(tmp_path, 'name: "\u009b31m\u202e\u2028x"\n'.encode())

    message = refused(path)

    assert not any(character in message for character in "\x9b\u202e\u2028")


def test_an_unknown_name_is_told_with_the_nearest_and_all_known_ones() -> None:
    assert refused("gihub") == (
        "profile 'gihub': there is no such profile (did you mean 'github'?);"
        " allowed: agentrun, cube-castle, github, hwlab, lab or runner,"
        " or a path such as ./mine.yaml"
    )


def test_no_name_at_all_is_told() -> None:
    assert refused("").startswith("profile '': there is no such profile;")
