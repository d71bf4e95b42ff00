"""Tombstones: whoever changes them is found, and nothing more is removed then."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.chain import digest
from reports.folder import verify_folder
from reports.tombstones import TOMBSTONES
from reports.verify import State
from tests.reports.folders import in_order, run_in
from tests.reports.test_verify import reports


def an_edited_tombstone(stones: Path) -> str:
    stones.write_text(stones.read_text().replace('"upheld":1', '"upheld":9', 1))
    return "tombstones.jsonl line 1: its bytes are not those that line 2 is chained to"


def a_removed_tombstone(stones: Path) -> str:
    lines = stones.read_bytes().splitlines(keepends=True)
    stones.write_bytes(b"".join([lines[0], *lines[2:]]))
    return "tombstones.jsonl line 2: line 2 is missing here, or moved"


def an_edited_last_tombstone(stones: Path) -> str:
    lines = stones.read_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(b'"upheld":1', b'"upheld":9')
    stones.write_bytes(b"".join(lines))
    return f"tombstones.jsonl line {len(lines)}: it is not what it was when "


def tombstones_made_anew(stones: Path) -> str:
    lines = [json.loads(line) for line in stones.read_text().splitlines()]
    lines[1]["counts"] = {"upheld": 99}
    head, raws = lines[0]["prev"], []
    for line in lines:
        raws.append(json.dumps(line | {"prev": head}).encode() + b"\n")
        head = digest(raws[-1])
    stones.write_bytes(b"".join(raws))
    return f"tombstones.jsonl line {len(lines)}: it is not what it was when "


def cut_off_tombstones(stones: Path) -> str:
    lines = stones.read_bytes().splitlines(keepends=True)
    stones.write_bytes(b"".join(lines[:-1]))
    return f"tombstones.jsonl line {len(lines)}: it and what follows was cut off"


def linked_tombstones(stones: Path) -> str:
    stones.symlink_to(stones.rename(stones.parent.parent / "stones"))
    return "tombstones.jsonl is a symbolic link"


def tombstones_of_something_else(stones: Path) -> str:
    lines = stones.read_text().splitlines()
    line = json.loads(lines[0]) | {"began": "2020-01-01"}
    stones.write_text(json.dumps(line) + "\n")
    return "tombstones.jsonl line 1: it is not a tombstone"


CHANGES: list[Callable[[Path], str]] = [
    an_edited_tombstone,
    a_removed_tombstone,
    an_edited_last_tombstone,
    tombstones_made_anew,
    cut_off_tombstones,
    linked_tombstones,
    tombstones_of_something_else,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_changed_tombstones_are_found_and_nothing_more_is_removed(
    evidence: Path, change: Callable[[Path], str]
) -> None:
    reports("prune", evidence, "--keep", "3")
    run_in(evidence)
    words = change(evidence / TOMBSTONES)
    runs = in_order(evidence)

    found = verify_folder(evidence)
    said = reports("prune", evidence, "--keep", "1")

    assert found.state is State.BROKEN
    assert any(problem.startswith(words) for problem in found.wrong), found.wrong
    assert said.returncode == 1
    assert words in said.stderr
    assert in_order(evidence) == runs
