"""Parts of secrets: begun where a text ends, cut short by dots, or a line of a long key."""

import base64
import json
import random
import textwrap
import time
from collections.abc import Callable
from urllib.parse import quote
from xml.sax.saxutils import escape

import dns.name
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.forms import Form, forms
from reports.redaction import Redactor

TOKEN = "ghp_0123456789/abc+def\"g'h&i<j"
LONG = base64.urlsafe_b64encode(random.Random(7).randbytes(600)).decode()
PEM = "\n".join(
    ["-----BEGIN PRIVATE KEY-----", *textwrap.wrap(LONG, 64), "-----END PRIVATE KEY-----"]
)

ENCODINGS: dict[str, Callable[[str], str]] = {
    "literal": str,
    "percent-encoded": lambda value: quote(value, safe=""),
    "JSON": lambda value: json.dumps(value)[1:-1],
    "XML": escape,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64, one byte on": lambda value: base64.b64encode(b"u" + value.encode()).decode(),
    "base64url, two bytes on": lambda value: base64.urlsafe_b64encode(
        b"u:" + value.encode()
    ).decode(),
}


def earliest(value: str, text: str) -> int:
    return Redactor({"T": value}).begins_at(text)


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("value", [TOKEN, PEM], ids=["short", "long"])
def test_a_text_that_ends_within_a_secret_is_known_to(
    encode: Callable[[str], str], value: str
) -> None:
    encoded = encode(value)

    for cut in range(4, min(len(encoded) - 4, 160)):
        assert earliest(value, f"some text: {encoded[:cut]}") <= len("some text: ") + 5, cut


@given(text=st.text(st.sampled_from("abgh_p0123%\\&'\" \n"), max_size=30), cut=st.integers(0, 30))
def test_what_was_let_go_does_not_become_a_part_of_a_secret(text: str, cut: int) -> None:
    value = "ghp_0'1"
    at = earliest(value, text[:cut])

    whole = next(iter(forms(value)[0].spans(text, escaped=True)), (len(text), len(text)))

    assert at <= whole[0] or whole[1] <= cut


@pytest.mark.parametrize("text", ["", "....", "(Pdb) ", "Password: ", "[ 42%]", "https://x/", "é"])
def test_dots_and_prompts_are_no_beginning(text: str) -> None:
    assert earliest(TOKEN, text) == len(text)
    assert earliest(PEM, text) == len(text)


def test_a_beginning_is_counted_by_characters_of_the_secret() -> None:
    literal = forms(TOKEN)[0]
    assert isinstance(literal, Form)

    assert literal.is_begun_at("x ghp") == len("x ghp")
    assert literal.is_begun_at("x ghp_") == len("x ")
    assert literal.is_begun_at("x gh%70%5") == len("x gh%70%5")
    assert literal.is_begun_at("x gh%70_0%3") == len("x ")


@pytest.mark.parametrize(
    "text",
    [
        f"assert {TOKEN[:12]}...",
        f"assert '{TOKEN[:8]}\u2026",
        f"'...{TOKEN[-9:]}' is shown",
        f"{quote(TOKEN, safe='')[:20]}...",
        f"{base64.b64encode(TOKEN.encode()).decode()[:14]}...",
    ],
)
def test_a_secret_that_dots_cut_short_is_hidden(text: str) -> None:
    redacted = Redactor({"T": TOKEN}).redact(text)

    assert "secret:T#" in redacted
    assert "..." in redacted or "\u2026" in redacted
    for part in ("ghp_01", "MDEyMz", TOKEN[-6:], "0123"):
        assert part not in redacted


def test_dots_beside_other_text_hide_nothing() -> None:
    text = "loading ghp_ ... done... g'h&i"

    assert Redactor({"T": TOKEN}).redact(text) == text


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_every_line_of_a_long_key_is_hidden(encode: Callable[[str], str]) -> None:
    encoded = encode(PEM)
    redactor = Redactor({"KEY": PEM})

    for start in range(0, len(encoded) - 150, 50):
        text = f"E   {encoded[start : start + 100]}"
        redacted = redactor.redact(text)
        assert "secret:KEY#" in redacted, start
        assert not any(encoded[at : at + 30] in redacted for at in range(start, start + 70))


def test_a_long_secret_that_pytest_shortens_is_hidden() -> None:
    redactor = Redactor({"KEY": LONG})

    redacted = redactor.redact(f"assert '{LONG[:20]}...{LONG[-20:]}' == ''")

    assert LONG[:12] not in redacted
    assert LONG[-12:] not in redacted
    assert redacted.count("secret:KEY#") == 2


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_no_innocent_text_is_a_part_of_a_long_key(text: str) -> None:
    assert Redactor({"KEY": PEM}).redact_registered(text) == text


@pytest.mark.parametrize(
    "value", ["a" + "\\" * 30 + "b", "a" + "'" * 30 + "b", "a'\"\\'\"\\b", "aaaa" * 20 + "b"]
)
@pytest.mark.parametrize("char", ["\\", "'", '"', "a", "%5C", "&quot;"])
def test_near_secrets_are_read_in_linear_time(value: str, char: str) -> None:
    hostile = ("a" + char * 20_000 + "c") * 2
    started = time.process_time()

    Redactor({"T": value}).redact(hostile)

    Redactor({"T": value}).begins_at(hostile)
    Redactor({"T": value}).begun(hostile)
    assert time.process_time() - started < 5


def test_near_runs_of_a_long_key_are_read_in_linear_time() -> None:
    near = "".join(LONG[at : at + 31] + "!" for at in range(0, 600, 7)) * 200
    started = time.process_time()

    assert Redactor({"KEY": LONG}).redact(near) == near

    assert time.process_time() - started < 5


def test_of_a_url_the_host_is_no_secret() -> None:
    redactor = Redactor({"PROXY": "http://robot:hunter22-and-more@proxy.example.com:3128/a"})

    ordinary = "connected to proxy.example.com:3128 by http://proxy.example.com:3128/a"
    assert redactor.redact(ordinary) == ordinary
    assert "hunter22" not in redactor.redact("robot:hunter22-and-more\n'hunter22-and-' 'more'")
    assert redactor.redact("to http://robot:hunter22-and-more@proxy.example.com:3128/a").endswith(
        "to \u2039" + redactor.redact("robot:hunter22-and-more")[1:]
    )


def test_of_a_url_without_a_login_the_path_is_the_secret() -> None:
    redactor = Redactor({"HOOK": "https://hooks.example.com/services/T0123456/B0123456/x9Ab3cDe"})

    assert redactor.redact("https://hooks.example.com/") == "https://hooks.example.com/"
    assert "T0123456" not in redactor.redact("POST /services/T0123456/B0123456/x9Ab3cDe HTTP/1.1")


def test_a_name_of_dns_is_escaped_by_decimal_numbers() -> None:
    value = "one, two; th\u00f6ree"
    name = dns.name.Name((value.encode(), b"alias", b""))

    shown = Redactor({"T": value}).redact(f"its alias is {name}")

    assert shown.startswith("its alias is \u2039secret:T#")
    assert shown.endswith("\u203a.alias.")
