"""What a check author gets wrong is said, and is never green."""

from pathlib import Path

import pytest

from tests.program import run_checks, suite_with_area

RETURNING = """
from checks.talk.cases import Word

def check_returns(word: Word) -> bool:
    return False

def check_says_nothing_of_its_subject(word) -> None:
    assert word
"""
TALK = """
from typing import Literal
from fixtures.sightings import Case, Sighting
from reports.codec import observation

@observation
class Word:
    kind: Literal["demo-word"] = "demo-word"
    @property
    def headline(self): return "a word"

async def listen(name, vantage, *, deadline):
    return Word()

def cases(profile):
    yield Case("word", "here", {"word": Sighting(listen, "word", "here")})
"""


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talk")
    (folder / "talk.yaml").write_text(
        "name: talk\nendpoints: {absent: none}\nhosts: {absent: none}\n"
    )
    first, _, second = RETURNING.partition("def check_says")
    return suite_with_area(
        folder,
        "talk",
        {
            "cases.py": TALK,
            "check_words.py": first,
            "check_more.py": f"def check_says{second}",
        },
    )


def test_a_returned_value_is_no_assertion(talk: Path, tmp_path: Path) -> None:
    profile = f"--profile={talk.parent / 'talk.yaml'}"
    ended = run_checks(tmp_path, profile, "checks/talk/check_words.py", suite=talk)

    assert ended.verdicts() == {"check_returns[word@here]": "inconclusive"}, ended.out
    assert "asserted nothing by it" in ended.out


def test_a_check_that_does_not_say_what_it_is_about_is_refused(talk: Path, tmp_path: Path) -> None:
    profile = f"--profile={talk.parent / 'talk.yaml'}"
    ended = run_checks(tmp_path, profile, suite=talk)

    assert ended.status == 2, ended.out
    assert "word is observed; annotate it" in ended.out
    assert ended.folder is None
