"""What a far side may write is filtered in a time that grows as it does, and no faster."""

import json
import time

import pytest

from reports.redaction import Redactor

OPEN, CLOSE = "\u2039secret:", "\u203a"
LONG = 8000
HOSTILE = {
    "marks-in-a-url": f"a@b https://{f'{OPEN}a{CLOSE}' * LONG}/",
    "marks-in-a-parameter": f"?token={f'{OPEN}a{CLOSE}' * LONG}",
    "marks-that-never-end": f"@ ?token={OPEN * LONG} ://{OPEN * LONG}",
    "quoted-headers": "'cookie: " * LONG,
    "escaped-headers": '\\"authorization:x ' * LONG,
    "headers": "authorization: " * LONG,
    "urls": "://a:b@" * LONG,
    "users": f"://{'@' * LONG} ",
    "parameters": "?token=" * LONG,
    "percent": "%3ftoken%3d" * LONG,
    "keys": "-----BEGIN PRIVATE KEY-----\n\n" * LONG,
    "key-lines": "-----BEGIN PRIVATE KEY-----\n" + "abcd: \n" * LONG,
    "documents": "kind: Secret\n---\n" * LONG,
    "json-documents": '{"kind":"Secret","data":{"a":"b"}}' * LONG,
    "nested": "kind: Secret\na: " + "[" * LONG,
    "parts-of-a-secret": "abcdefgh1234567" * LONG,
    "escapes": "\\u0061" * LONG,
    "backslashes": "authorization" + "\\" * LONG,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_filtered_in_a_moment(text: str) -> None:
    redactor = Redactor({"one": "abcdefgh12345678"})
    before = time.process_time()

    shown = redactor.redact(json.dumps({"kind": "seen", "text": text}, ensure_ascii=False))

    assert time.process_time() - before < 5
    assert json.loads(shown)["kind"] == "seen"


def test_a_forged_mark_does_not_hide_a_user_from_the_filter() -> None:
    redactor = Redactor({})
    for forged in (f"{OPEN}a{CLOSE}", f"{OPEN}a#abcdef{CLOSE}", OPEN):
        assert "hunter2" not in redactor.redact(f"https://{forged}user:hunter2@host/")
        assert "hunter2" not in redactor.redact(f"https://host/?token={forged}hunter2")
