"""Secrets that nobody registered: hidden where they likely are, and nothing else is."""

import gzip
import json
import time
from pathlib import Path

import pytest

from reports.likely import hidden, hidden_value
from reports.redaction import Redactor
from reports.run import Run

VALUE = "Q7s2tbblxdonnnmzwxuq"
GITHUB = f"ghp_{'a1B2' * 9}"
_ENV = [{"name": "API_TOKEN", "value": VALUE}]
_PARAM = {"name": "access-token", "type": "string", "value": VALUE}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"env": _ENV}),
        json.dumps({"env": _ENV}, separators=(",", ":")),
        json.dumps({"metadata": {"annotations": {"applied": json.dumps({"env": _ENV})}}}),
        json.dumps({"params": [_PARAM]}),
        json.dumps({"args": [f"--token={VALUE}"]}),
        f"login token={VALUE} failed",
        f"DB_PASSWORD: {VALUE}",
        json.dumps({"data": {"conf": f"password: {VALUE}"}}),
    ],
)
def test_a_value_is_hidden_by_its_name(text: str) -> None:
    kept = hidden(text)

    assert VALUE not in kept
    assert "\u2039leak:" in kept


def test_a_token_is_hidden_by_its_begin() -> None:
    assert hidden(f"pulled with {GITHUB}.") == "pulled with \u2039leak:github-token\u203a."


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"env": [{"name": "API_TOKEN", "value": "orders-v01-database"}]}),
        json.dumps(
            {"env": [{"name": "COMMIT", "value": "91dc560da1d96c218ddb46d29eba1b2668c0884b"}]}
        ),
        json.dumps({"secretKeyRef": {"name": "orders", "key": "token"}}),
        "serviceAccountToken: {path: token, expirationSeconds: 3607}",
        "password: ${DB_PASSWORD}",
        "sky-high task-runner eyJustin",
    ],
)
def test_what_names_a_secret_is_none(text: str) -> None:
    assert hidden(text) == text


def test_a_value_alone_is_hidden_by_the_name_that_it_has() -> None:
    assert hidden_value("github-token", VALUE) == "\u2039leak:github-token\u203a"
    assert hidden_value("commit", VALUE) == VALUE
    assert hidden_value("anything", GITHUB) == "\u2039leak:github-token\u203a"


@pytest.mark.parametrize("text", ["token=a1b2c3d4", "ghp_", 'name"', "eyJ", "a", '"name":"', "\\"])
def test_no_text_takes_long(text: str) -> None:
    began = time.monotonic()
    hidden(text * (1_000_000 // len(text)))

    assert time.monotonic() - began < 20


def test_what_is_kept_byte_by_byte_holds_none(tmp_path: Path) -> None:
    content = json.dumps({"env": _ENV, "said": GITHUB}).encode()
    run = Run.begin(tmp_path, redact=Redactor({}), about={"checks": 0})

    kept = run.attach_packed("pods.json", gzip.compress(content), "application/json")

    written = gzip.decompress((run.folder / kept).read_bytes())
    assert VALUE.encode() not in written
    assert GITHUB.encode() not in written
    assert json.loads(written)["env"][0]["name"] == "API_TOKEN"
