"""Verification where a secret is a word of the record itself, and where the chain is broken."""

from pathlib import Path

import pytest

from reports.redaction import Redactor
from reports.remade import is_remade
from reports.verify import State, told, verify
from tests.reports.test_run import begun, judged, sealed

MARK = "\u2039secret:PW#a1b2c3\u203a"
MADE = "# Evidence\n\nThe Evidence of a run.\n"


@pytest.mark.parametrize("word", ["Registered", "Acceptance", "none violated"])
def test_a_secret_that_is_a_word_of_the_record_breaks_no_run(word: str, tmp_path: Path) -> None:
    run = begun(tmp_path, Redactor({"PW": word}))
    judged(run)
    folder = sealed(run).folder

    record = (folder / "record.md").read_text()
    found = verify(folder)

    assert word not in record
    assert "\u2039secret:PW#" in record
    assert found.wrong == []
    assert found.state is State.COMPLETE


def test_a_word_of_such_a_record_cannot_be_changed(tmp_path: Path) -> None:
    run = begun(tmp_path, Redactor({"PW": "Registered"}))
    judged(run)
    folder = sealed(run).folder
    (folder / "manifest.json").unlink()  # else its digest shows it
    record = folder / "record.md"
    record.write_text(record.read_text().replace("all is well", "all is bad"))

    found = verify(folder)

    assert found.state is State.BROKEN
    assert any(one.startswith("record.md is not what the journal says") for one in found.wrong)


@pytest.mark.parametrize(
    ("written", "remade"),
    [
        pytest.param(MADE, True, id="as it is"),
        pytest.param(MADE.replace("Evidence", MARK), True, id="a word, wherever it stands"),
        pytest.param(MADE.replace("Evidence", MARK, 1), False, id="a word, once of twice"),
        pytest.param(MADE.replace("a run", MARK), True, id="another one"),
        pytest.param(f"# {MARK}", False, id="all of the rest"),
        pytest.param(f"{MARK}\n", False, id="more than a line"),
        pytest.param(MADE.replace("Evidence", MARK.replace("PW", "X")), False, id="no such secret"),
        pytest.param(MADE.replace("run", "bun").replace("Evidence", MARK), False, id="and more"),
        pytest.param(MADE.replace("Evidence", f"{MARK}{MARK}"), False, id="two for one"),
    ],
)
def test_a_mark_stands_for_one_text_alone(written: str, *, remade: bool) -> None:
    assert is_remade(written.encode(), MADE.encode(), ["PW"]) is remade


def test_a_broken_chain_has_no_head_but_a_last_good_line(tmp_path: Path) -> None:
    run = begun(tmp_path)
    judged(run)
    folder = sealed(run).folder
    journal = folder / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:3], lines[3].replace(b'"at"', b'"At"'), *lines[4:]]))

    words = told(verify(folder), folder, None)

    assert words.startswith("BROKEN")
    assert "\n  last good line: 3 of journal.jsonl, digest " in words
    assert "\n  head: " not in words
