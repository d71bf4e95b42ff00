"""Both READMEs say the same, and nothing that is not there."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config.loading import parse
from tests.program import ROOT, run_checks, suite_with_area

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
README = pytest.mark.parametrize("name", [ENGLISH, CHINESE])
THE_OLD_SCRIPTS = {
    *("--smoke", "--fail-fast", "--timeout", "--output", "--skip-host", "--skip-runner"),
}
MODULES = ("config", "reports", "fixtures.lab")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|(?<=\s))#\s.*$", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [block for kind, block in _BLOCK.findall(text_of(name)) if kind == language]


def named_file(path: str) -> str:
    """Return the block of the README that begins with the file's path."""
    (block,) = (one for one in blocks(ENGLISH, "python") if one.startswith(f"# {path}\n"))
    return block.partition("\n")[2]


def commands(name: str) -> Iterator[list[str]]:
    """Walk the commands in blocks and in code spans, as words."""
    prose = _BLOCK.sub("", text_of(name))
    written = [line for block in blocks(name, "sh") for line in block.splitlines()]
    for command in [*written, *re.findall(r"`([^`\n]+)`", prose)]:
        if re.match(r"(\w+=\S+ )?(make|pytest|python -m|--\w)", command):
            yield [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]


@cache
def help_of(*command: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ended.stdout


def options(words: list[str]) -> list[str]:
    return [word.partition("=")[0] for word in words if re.match(r"--\w|-[a-z]$", word)]


def known(option: str, *helps: str) -> bool:
    return any(re.search(rf"(?<![\w-]){option}(?![\w-])", text) for text in helps)


@README
def test_every_command_and_option_exists(name: str) -> None:
    everywhere = [help_of("pytest"), *(help_of(module) for module in MODULES)]
    everywhere += [help_of("reports", one) for one in ("verify", "seal", "rebuild", "prune")]
    said = list(commands(name))
    for words in said:
        match words:
            case ["make", *rest]:
                targets = [word for word in rest if "=" not in word]
                assert all(f"\n{one}:" in text_of("Makefile") for one in targets), words
            case ["python", "-m", "pytest", *rest] | ["pytest", *rest]:
                assert all(known(one, help_of("pytest")) for one in options(rest)), words
            case ["python", "-m", module, *rest]:
                command = [module, *rest[:1]] if module != "fixtures.lab" else [module]
                assert all(known(one, help_of(*command)) for one in options(rest)), words
            case _:
                new = [one for one in options(words) if one not in THE_OLD_SCRIPTS]
                assert all(known(one, *everywhere) for one in new), words
    assert len(said) > 40


@README
def test_paths_outside_the_checkout_are_given_with_an_equals_sign(name: str) -> None:
    for words in commands(name):
        assert not [word for word in words if word.startswith("/")], words


@README
def test_the_two_commands_come_first(name: str) -> None:
    assert blocks(name, "sh")[0].split("\n") == ["make verify", "make test", ""]


@README
def test_what_is_linked_and_shown_is_there(name: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", text_of(name))
    there = [target for target in targets if "://" not in target]
    assert len(there) >= 8
    assert [target for target in there if not (ROOT / target).is_file()] == []


def test_both_have_the_same_headings_and_tables() -> None:
    shapes = [
        re.findall(r"^(#+) |^(\|)(?=[-|])", text_of(name), re.MULTILINE)
        for name in (ENGLISH, CHINESE)
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("language", ["sh", "python", "yaml"])
def test_both_have_the_same_code(language: str) -> None:
    def code(name: str) -> list[str]:
        return [
            re.sub(" +$", "", _COMMENT.sub("", block), flags=re.MULTILINE)
            if language == "yaml"
            else block
            for block in blocks(name, language)
        ]

    assert code(ENGLISH) == code(CHINESE)


@README
def test_the_profile_can_be_used(name: str, tmp_path: Path) -> None:
    profile = next(block for block in blocks(name, "yaml") if block.startswith("name: mine"))
    parse(profile, tmp_path / "mine.yaml")


@README
def test_the_lane_can_be_used(name: str, tmp_path: Path) -> None:
    (lane,) = (block for block in blocks(name, "yaml") if "\nlanes:\n" in block)
    parse(lane, tmp_path / "mine.yaml")


def test_the_check_works(tmp_path: Path) -> None:
    files = {
        "cases.py": text_of("checks/tls/cases.py"),
        "check_secrecy.py": named_file("checks/tls/check_secrecy.py"),
    }
    suite = suite_with_area(tmp_path, "tls", files)
    shutil.copytree(ROOT / "checks/network", suite / "checks/network")  # its marker

    ended = run_checks(tmp_path, "--profile", "lab", "-k", "forward_secret", suite=suite)

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld"}


def test_the_area_works(tmp_path: Path) -> None:
    files = {name: named_file(f"checks/disk/{name}") for name in ("probe.py", "cases.py")}
    files["check_room.py"] = named_file("checks/disk/check_room.py")
    suite = suite_with_area(tmp_path, "disk", files)
    (suite / "config/disk.py").write_text(named_file("config/disk.py"))
    schema = suite / "config/schema.py"
    (field,) = (one for one in blocks(ENGLISH, "python") if one.startswith("    disks:"))
    at, imported = "    hosts: OrAbsent[HostsFile]\n", "from config.hosts import HostsFile\n"
    text = schema.read_text().replace(at, at + field)
    schema.write_text(text.replace(imported, "from config.disk import Disk\n" + imported))
    (suite / "disk.yaml").write_text(
        next(block for block in blocks(ENGLISH, "yaml") if block.startswith("# disk.yaml"))
    )

    ended = run_checks(tmp_path, "-m", "disk", "--profile=disk.yaml", suite=suite)

    assert ended.status == 1, ended.out
    assert ended.verdicts() == {
        "check_folder_is_there[/@here]": "upheld",
        "check_disk_has_room[/@here]": "upheld",
        "check_folder_is_there[/nowhere@here]": "violated",
        "check_disk_has_room[/nowhere@here]": "inconclusive",
    }
