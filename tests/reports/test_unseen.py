"""What nobody sees between a secret's characters does not hide it from the filter."""

import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest

from reports.redaction import Redactor
from reports.stream import Stream

SHORT, LONG = "hunter2!", "ghp_0123456789abcdefghijklmnop"
CHARS = ["\0", "\x08", "\x7f", "\x85", "\x9b", "\xad", "\u200b", "\u202e", "\u2066", "\ufeff"]
CHARS += ["\U000e0041"]
SEQUENCES = [
    "\x1b[31m",
    "\x9b31m",
    "\x1b]8;;x\x07",
    "\x1b]0;a title\x1b\\",
    "\x1b7",
    "\x1bPq\x1b\\",
    "\x1b F",
    "\x1b_x\x1b\\",
]
WRITTEN: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "Python": lambda text: repr(text)[1:-1],
    "percent-encoded": lambda text: quote(text, safe=""),
    "XML": lambda text: "".join(one if one.isalnum() else f"&#x{ord(one):x};" for one in text),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("unseen", CHARS, ids=ascii)
@pytest.mark.parametrize("secret", [SHORT, LONG], ids=["short", "long"])
def test_a_character_that_nobody_sees_hides_no_secret(
    secret: str, unseen: str, write: Callable[[str], str]
) -> None:
    redactor = Redactor({"T": secret})

    for odd in (unseen.join(secret), secret[:4] + unseen * 40 + secret[4:]):
        redacted = redactor.redact(f"> {write(odd)} <")

        assert redacted == f"> {redactor.redact(secret)} <"


@pytest.mark.parametrize("unseen", SEQUENCES, ids=ascii)
@pytest.mark.parametrize("secret", [SHORT, LONG], ids=["short", "long"])
def test_a_sequence_of_a_terminal_hides_no_secret(secret: str, unseen: str) -> None:
    redactor = Redactor({"T": secret})

    for odd in (unseen.join(secret), secret[:4] + unseen + secret[4:]):
        assert redactor.redact(f"> {odd} <") == f"> {redactor.redact(secret)} <"
        assert "hunt" not in redactor.redact(repr(odd))


@pytest.mark.parametrize("unseen", CHARS + SEQUENCES, ids=ascii)
@pytest.mark.parametrize("step", [1, 3, 7])
def test_what_comes_in_pieces_is_hidden_too(unseen: str, step: int) -> None:
    stream, raw = Stream(Redactor({"T": SHORT})), f"> {unseen.join(SHORT)} <\n"

    shown = [stream.feed(raw[at : at + step]) for at in range(0, len(raw), step)]

    whole = "".join([*shown, stream.finish()])
    assert "secret:T#" in whole
    assert unseen.join(SHORT) not in whole
    assert "nter" not in whole.replace(unseen, "")


@pytest.mark.parametrize(
    "text",
    ["a\u200bb", "naive\xad ness", "\x1b[31mred\x1b[0m", "C:\\foo\\bar %41%00", "\\u200b", "&#0;"],
)
def test_text_without_a_secret_stays_as_it_is(text: str) -> None:
    assert Redactor({"T": SHORT}).redact(text) == text


@pytest.mark.parametrize(
    "text",
    ["\\u200b", "\x1b[", "\x1b]", "%E2%80", "&amp;", "\\", "\x9d" + "a" * 2000, "hunter\u200b"],
    ids=lambda text: ascii(text)[:12],
)
def test_hostile_text_is_read_in_linear_time(text: str) -> None:
    redactor, hostile = Redactor({"T": SHORT}), text * (100_000 // len(text))
    started = time.process_time()

    redactor.redact(hostile)
    redactor.begins_at(hostile)
    redactor.begun(hostile)

    assert time.process_time() - started < 5
