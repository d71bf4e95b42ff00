"""What is registered as secret reaches neither the evidence nor the checks."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.program import run_checks, suite_with_area

SECRET = "s3cret/t+ken&with'quotes"

CASES = """
from typing import Literal
from fixtures.sightings import Case, Sighting, by_hand
from reports.codec import observation

@observation
class Letter:
    kind: Literal["demo-letter"] = "demo-letter"
    text: str
    transcript: str
    @property
    def headline(self): return f"it says {self.text}"

@by_hand(lambda name: f"cat {name} # SECRET")
async def open_letter(name, vantage, *, deadline):
    import os
    word = os.environ["LETTER"]
    return Letter(text=word, transcript=f"> Authorization: Bearer {word}\\n> Cookie: a=b\\n")

def cases(profile):
    yield Case("letter", "here", {"letter": Sighting(open_letter, "letter", "here")})
"""
CHECKS = """
from checks.post.cases import Letter
from reports.verdicts import expected

def check_letter_is_empty(letter: Letter) -> None:
    assert not letter.text, expected("an empty letter", letter.headline)

def check_letter_hides_its_word(letter: Letter) -> None:
    assert "quotes" not in letter.text
    assert "secret:TOKEN" in letter.text
"""


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("post")
    (folder / "post.yaml").write_text(
        "name: post\nendpoints: {absent: none}\nhosts: {absent: none}\n"
        "secrets: [{name: TOKEN, env: LETTER}]\n"
    )
    return suite_with_area(folder, "post", {"cases.py": CASES, "check_letters.py": CHECKS})


def test_a_secret_reaches_neither_the_evidence_nor_the_checks(post: Path, tmp_path: Path) -> None:
    ended = run_checks(
        tmp_path, f"--profile={post.parent / 'post.yaml'}", suite=post, env={"LETTER": SECRET}
    )

    assert ended.verdicts()["check_letter_hides_its_word[letter@here]"] == "upheld"
    assert ended.verdicts()["check_letter_is_empty[letter@here]"] == "violated"
    assert ended.folder is not None
    written = b"".join(file.read_bytes() for file in ended.folder.rglob("*") if file.is_file())
    forms = (SECRET, quote(SECRET, safe=""), json.dumps(SECRET)[1:-1])
    for form in (*forms, base64.b64encode(SECRET.encode()).decode()):
        assert form.encode() not in written
        assert form not in ended.out
    assert "secret:TOKEN#" in ended.out
    assert b"a=b" not in written


@pytest.mark.parametrize(("value", "words"), [("", "empty"), ("abc", "at least 4 characters")])
def test_a_secret_that_cannot_be_hidden_is_refused(
    post: Path, tmp_path: Path, value: str, words: str
) -> None:
    ended = run_checks(
        tmp_path, f"--profile={post.parent / 'post.yaml'}", suite=post, env={"LETTER": value}
    )

    assert ended.status == 4, ended.out
    assert "TOKEN" in ended.out
    assert words in ended.out


@pytest.mark.parametrize(
    ("value", "where"),
    [("post", "the profile"), ("demo-letter", "what observations are made of")],
)
def test_a_secret_that_is_ordinary_text_is_refused(
    post: Path, tmp_path: Path, value: str, where: str
) -> None:
    ended = run_checks(
        tmp_path, f"--profile={post.parent / 'post.yaml'}", suite=post, env={"LETTER": value}
    )

    assert ended.status == 4, ended.out
    assert f"the secret TOKEN is ordinary text: it stands in {where}" in ended.out
    assert ended.folder is None


def test_a_secret_in_an_id_is_refused(post: Path, tmp_path: Path) -> None:
    ended = run_checks(
        tmp_path, f"--profile={post.parent / 'post.yaml'}", suite=post, env={"LETTER": "letter"}
    )

    assert ended.status == 4, ended.out
    assert "contains the secret TOKEN" in ended.out
    assert ended.folder is None


def test_a_file_outside_whose_name_is_secret_is_held_without_it(post: Path, tmp_path: Path) -> None:
    word = "Xyzzy-4711"
    profile = f"--profile={post.parent / 'post.yaml'}"
    junit = f"--junitxml={tmp_path}/{word}.xml"

    ended = run_checks(tmp_path, profile, junit, suite=post, env={"LETTER": word})

    assert ended.folder is not None
    assert "outside" in (ended.folder / "manifest.json").read_text()
    for file in ended.folder.rglob("*"):
        assert file.is_dir() or word not in file.read_text()
