"""The incidents' pages: in both languages the same, and nothing that is not there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.incidents.__main__ import INCIDENTS
from tests.incidents.worlds import INCIDENTS as FOLDER
from tests.program import ROOT

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
PAGES = pytest.mark.parametrize(
    "folder",
    [ROOT / FOLDER, *(ROOT / FOLDER / name for name in INCIDENTS)],
    ids=lambda one: one.name,
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)#:]+)\)")


def links(page: Path) -> list[str]:
    """Return where a page leads, whatever the language."""
    said = _LINK.findall(page.read_text(encoding="utf-8"))
    return [one.replace(CHINESE, ENGLISH) for one in said]


@PAGES
def test_every_link_leads_to_a_file(folder: Path) -> None:
    said = links(folder / ENGLISH)

    assert said
    assert [one for one in said if not (folder / one).exists()] == []


@PAGES
def test_both_languages_lead_to_the_same(folder: Path) -> None:
    english, chinese = folder / ENGLISH, folder / CHINESE

    assert links(english) == links(chinese)
    assert english.read_text().count("\n## ") == chinese.read_text().count("\n## ")


@PAGES
def test_both_languages_have_the_same_commands(folder: Path) -> None:
    def commands(name: str) -> list[str]:
        text = (folder / name).read_text(encoding="utf-8")
        return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    assert commands(ENGLISH) == commands(CHINESE) != []


def test_a_record_names_no_path_of_the_machine_that_wrote_it() -> None:
    for record in (ROOT / FOLDER).glob("*/*/record.md"):
        text = record.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert "/mnt/evidence" in text


def test_a_record_links_to_nothing_that_is_not_kept() -> None:
    records = list((ROOT / FOLDER).glob("*/*/record.md"))

    dead = [
        (record, one)
        for record in records
        for one in _LINK.findall(record.read_text(encoding="utf-8"))
        if not (record.parent / one).exists()
    ]
    assert len(records) == 7
    assert dead == []


def test_an_incident_that_there_is_not_is_answered_by_those_that_are() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.incidents", "hijack"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert f"there is no incident hijack; there are {', '.join(INCIDENTS)}" in ended.stderr
