"""Allure's channel: what a check tells Allure by itself is redacted too, or not kept."""

import base64
import json
import shutil
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.allure_results import Result, attachments_of, results_in
from tests.program import Ended, run_checks, suite_with_area

SECRET = "s3cret/t+ken&with'quotes 中文"
CASES = """
from typing import Literal
from fixtures.sightings import Case, Sighting
from reports.codec import observation

@observation
class Letter:
    kind: Literal["demo-letter"] = "demo-letter"
    text: str
    @property
    def headline(self): return f"it says {self.text}"

async def open_letter(name, vantage, *, deadline):
    import os
    return Letter(text=os.environ["LETTER"])

def cases(profile):
    yield Case("letter", "here", {"letter": Sighting(open_letter, "letter", "here")})
"""
CHECKS = """
import base64
import gzip
import json
import os
from urllib.parse import quote

import allure
import pytest
from checks.post.cases import Letter

WORD = os.environ["LETTER"]
PICTURE = bytes(range(256))

@allure.step("a step with {word}")
def step(word): ...

@pytest.fixture
def clerk():
    step(WORD)
    allure.attach(WORD, "from a fixture")

def check_tells_allure_everything(letter: Letter, clerk: None, tmp_path) -> None:
    print(f"Authorization: Bearer hgfedcba {WORD}")
    allure.dynamic.label("owner", WORD)
    allure.dynamic.link(f"https://user:pass@host/?token={quote(WORD)}", name=WORD)
    step(WORD)
    allure.attach(f"plain {WORD}", WORD)
    allure.attach(json.dumps({"a": [WORD]}), "json", allure.attachment_type.JSON)
    allure.attach(base64.b64encode(b"x" + WORD.encode()).decode(), "base64")
    allure.attach(f"-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----", "key")
    allure.attach(PICTURE, "picture", allure.attachment_type.PNG)
    allure.attach(PICTURE + WORD.encode() + PICTURE, "picture with it", allure.attachment_type.PNG)
    allure.attach(PICTURE + WORD.encode("utf-16-le"), "wide", allure.attachment_type.PNG)
    allure.attach(b"\\0" + WORD.encode("utf-16-be"), "wider", allure.attachment_type.PNG)
    allure.attach(gzip.compress(WORD.encode()), "zipped", extension="gz")
    file = tmp_path / "file.txt"
    file.write_text(f"in a file: {WORD}")
    allure.attach.file(file, "file")
    allure.global_attach(WORD, "for all", allure.attachment_type.TEXT)
    allure.global_error(KeyError(WORD))

def check_breaks(letter: Letter) -> None:
    raise KeyError(WORD)
"""
MARK = "\u2039secret:TOKEN#"
NOTE = "This attachment was not kept: "


@pytest.fixture(scope="module", params=[(), ("-n", "2")], ids=["alone", "workers"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ended]:
    """Return what a check with a secret told Allure, and its run."""
    folder = tmp_path_factory.mktemp("post")
    profile = folder / "post.yaml"
    profile.write_text(
        "name: post\nendpoints: {absent: none}\nhosts: {absent: none}\n"
        "secrets: [{name: TOKEN, env: LETTER}]\n"
    )
    suite = suite_with_area(folder, "post", {"cases.py": CASES, "check_letters.py": CHECKS})
    results = folder / "results"
    ended = run_checks(
        folder,
        *(f"--profile={profile}", f"--alluredir={results}", "-vv", *request.param),
        suite=suite,
        env={"LETTER": SECRET},
    )
    return results, ended


def test_no_form_of_a_secret_is_in_any_file(told: tuple[Path, Ended]) -> None:
    raw = SECRET.encode()
    forms = [
        *(raw, quote(SECRET).encode(), quote(SECRET, safe="").encode()),
        *(json.dumps(SECRET)[1:-1].encode(), base64.b64encode(raw), base64.b64encode(b"x" + raw)),
        *(SECRET.encode("utf-16-le"), SECRET.encode("utf-16-be"), b"with'quotes", b"pass@host"),
        *(b"hgfedcba", b"AAAA"),
    ]
    statuses = {result["status"] for result in results_in(told[0]).values()}
    assert statuses == {"passed", "broken"}, told[1].out
    written = {file.name: file.read_bytes() for file in told[0].iterdir()}

    assert any(b"secret:TOKEN#" in content for content in written.values())
    assert [
        (name, form) for name, content in written.items() for form in forms if form in content
    ] == []


def _attached(told: tuple[Path, Ended]) -> dict[str, tuple[Result, bytes]]:
    result = results_in(told[0])["tells allure everything [letter@here]"]
    return {
        one["name"]: (one, (told[0] / one["source"]).read_bytes()) for one in attachments_of(result)
    }


def test_text_is_kept_without_its_secrets(told: tuple[Path, Ended]) -> None:
    attached = _attached(told)
    assert attached["file"][1].startswith(f"in a file: {MARK}".encode())
    assert json.loads(attached["json"][1])["a"][0].startswith(MARK)
    assert MARK in attached["base64"][1].decode()
    assert "secret:authorization#" in attached["stdout"][1].decode()
    assert any(name.startswith(MARK) for name in attached)


def test_what_is_no_text_is_kept_where_no_secret_can_be_in_it(told: tuple[Path, Ended]) -> None:
    attached = _attached(told)

    assert attached["picture"][0]["type"] == "image/png"
    assert attached["picture"][1] == bytes(range(256))
    for name, reason in {
        "picture with it": "a secret is in it",
        "wide": "a secret is in it",
        "wider": "a secret is in it",
        "zipped": "it is compressed",
    }.items():
        attachment, content = attached[name]
        assert attachment["type"] == "text/plain"
        assert content.decode().startswith(NOTE + reason)


def test_fixtures_that_say_nothing_are_left_out(told: tuple[Path, Ended]) -> None:
    containers = [json.loads(file.read_text()) for file in told[0].glob("*-container.json")]

    assert [[one["name"] for one in container["befores"]] for container in containers] == [
        ["clerk"]
    ]
    (step,) = containers[0]["befores"][0]["steps"]
    assert step["name"].startswith("a step with ")
    assert MARK in step["name"]


def test_what_is_told_of_all_is_redacted_too(told: tuple[Path, Ended]) -> None:
    globals_ = [json.loads(file.read_text()) for file in told[0].glob("*-globals.json")]
    (own,) = [one for one in globals_ if one.get("errors")]

    assert own["errors"][0]["message"].startswith("KeyError: ")
    assert MARK in own["errors"][0]["message"]


def test_the_traceback_of_what_nobody_foresaw_is_shown(told: tuple[Path, Ended]) -> None:
    details = results_in(told[0])["breaks [letter@here]"]["statusDetails"]

    assert details["message"].startswith("the suite broke: KeyError in call: ")
    assert "raise KeyError(WORD)" in details["trace"]


def test_a_disk_that_is_full_costs_allure_its_results_and_not_the_run(
    small_disk: Path, tmp_path: Path
) -> None:
    results = small_disk / "results"
    room = shutil.disk_usage(small_disk).free - 60_000
    (small_disk / "taken").write_bytes(bytes(room))
    ended = run_checks(tmp_path, "--profile=lab", f"--alluredir={results}", "-m", "network")

    assert ended.status == 0, ended.out
    assert ended.is_sealed()
    assert f"Allure's results in {results} could not be completed: No space left" in ended.out
    assert list(results.glob("*-result.json"))
    for file in results.glob("*.json"):
        json.loads(file.read_bytes())
