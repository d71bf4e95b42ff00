"""What people read of a run among hostile peers holds nothing that anything obeys."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from tests.hostile_peers import MARK, hostile_peers
from tests.program import Ended, run_checks

RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
"""What moves a cursor, turns a line around or cannot be seen; a line end and a tab may stand."""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("hostile")
    with hostile_peers(folder / "peers") as peers:
        profile = peers.profile(folder)
        told = (f"--alluredir={folder}/allure", f"--junitxml={folder}/junit.xml", "-rA", "-v")
        return run_checks(folder, f"--profile={profile}", "-m", "network or tls", *told)


def written(ended: Ended, name: str) -> Path:
    assert ended.folder is not None
    return ended.folder.parents[1] / name


def test_every_peer_was_met_and_none_broke_a_probe(ended: Ended) -> None:
    assert ended.status == 1, ended.out
    assert not [line for line in ended.journal("sighting.end") if "error" in line]
    assert ended.is_sealed()


def test_no_file_of_the_run_and_nothing_on_the_terminal_holds_it_raw(ended: Ended) -> None:
    assert ended.folder is not None
    files = [path for path in ended.folder.rglob("*") if path.is_file()]
    texts = {path.name: path.read_bytes().decode() for path in files}
    assert {"journal.jsonl", "record.md"} < texts.keys()
    texts["the terminal"] = ended.out

    for name, text in texts.items():
        found = RAW.search(text)
        assert found is None, (name, text[max(0, found.start() - 100) : found.end() + 20])


def test_junit_holds_it_escaped(ended: Ended) -> None:
    text = written(ended, "junit.xml").read_text()
    told = "".join(ET.fromstring(text).itertext())

    assert not RAW.search(text)
    assert not RAW.search(told)


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from strings(one)
        case dict():
            for one in value.values():
                yield from strings(one)


def test_allure_holds_it_escaped(ended: Ended) -> None:
    every = list(written(ended, "allure").iterdir())
    shown = [one.read_bytes().decode() for one in every if one.suffix != ".json"]
    shown += [
        text
        for one in every
        if one.suffix == ".json"
        for text in strings(json.loads(one.read_text()))
    ]

    assert any(MARK in text for text in shown)
    for text in shown:
        found = RAW.search(text)
        assert found is None, text[max(0, found.start() - 100) : found.end() + 20]


def test_the_record_shows_it_and_a_browser_obeys_none_of_it(ended: Ended) -> None:
    assert ended.folder is not None
    text = (ended.folder / "record.md").read_text()
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    tags = set(re.findall(r"<([a-z0-9]+)", rendered))

    assert MARK in rendered
    assert "&lt;script" in rendered
    assert not tags & {"script", "img"}
    assert "evil.test" not in "".join(re.findall(r"(?:href|src)=\"([^\"]*)\"", rendered))
    assert not re.search(r"<h1>\s*up", rendered)


@pytest.mark.parametrize(
    "shown",
    [
        "subject STREET=owned",
        "issuer  STREET=",
        "names   owned",
        "not TLS: 220 ",
        "X-|`*_~Owned: ",
        "Location javascript:",
        "illegal status line: ",
        "illegal chunk header: ",
        "ERR ",
        "remote: ",
        "text/html",
        r"\027]0\;owned",
    ],
)
def test_each_source_is_there_to_be_seen_in_the_log(ended: Ended, shown: str) -> None:
    assert ended.folder is not None
    (log,) = ended.folder.glob("*.log")
    lines = [line for line in log.read_text().splitlines() if shown in line]

    assert [line for line in lines if MARK in line or "<script>" in line], lines
    assert all(line.startswith(("[", "    ", "#")) for line in lines)
