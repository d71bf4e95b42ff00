"""What comes in pieces is filtered as if it came as a whole, and nothing waits without need."""

import base64
import json
import random
import re
import textwrap
import time
from collections.abc import Iterable
from itertools import pairwise
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.redaction import Redactor
from reports.stream import LONGEST, Stream
from tests.reports.test_redaction_documents import KUBECONFIG, MAPPING, YAML

TOKEN = "ghp_0123456789/abc+def\"g'h&i<j"
KEY = "\n".join(base64.b64encode(random.Random(line).randbytes(48)).decode() for line in range(12))
OPEN = "\u2039secret:"
RED, RESET = "\x1b[31m", "\x1b[39;49;00m"
PEM = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0dmFsdWU=\n-----END PRIVATE KEY-----\n"

HOLDING = {
    "literal": TOKEN,
    "percent-encoded": quote(TOKEN, safe=""),
    "JSON": json.dumps(TOKEN),
    "XML": escape(TOKEN),
    "base64": base64.b64encode(TOKEN.encode()).decode(),
    "base64, one byte on": base64.b64encode(b"u" + TOKEN.encode()).decode(),
    "base64url, two bytes on": base64.urlsafe_b64encode(b"u:" + TOKEN.encode()).decode(),
    "header": "Authorization: Bearer secretvalue\r\n",
    "header in JSON": '"authorization": "Bearer secretvalue", ',
    "header in a command": "curl -H 'Cookie: secretvalue' https://x ",
    "userinfo": "https://user:secretvalue@host/ ",
    "parameter": "GET /?a=b&access_token=secretvalue HTTP/1.1\n",
    "private key": PEM,
    "private key in a traceback": textwrap.indent(PEM, "E   "),
    "long key": KEY,
    "coloured": f"{TOKEN[:9]}{RED}{TOKEN[9:]}{RESET}",
    "coloured header": f"'{RED}Authorization{RESET}'{RED}: {RESET}'{RED}secretvalue'{RESET}",
}
DOCUMENTS = {
    "Secret": YAML,
    "kubeconfig": KUBECONFIG,
    "in a traceback": textwrap.indent(YAML, "E     "),
    "JSON": json.dumps(MAPPING) + "\n",
    "JSON in lines": json.dumps(MAPPING, indent=2) + "\n",
    "quoted": f"assert {YAML!r} == ''\n",
}
MEGABYTES = 3
VALUES = (TOKEN, "secretvalue", "aHVudGVyMi1zZWNyZXQ=", "c2VjcmV0dmFsdWU=")
ORDINARY = (
    "....F",
    " [ 42%]\n",
    "checks/network::a[b@c] PASSED\n",
    "-----",
    "\x1b[1m",
    "é\U0001f600",
)


def filtered(pieces: Iterable[str], redactor: Redactor | None = None) -> str:
    stream = Stream(redactor or Redactor({"T": TOKEN, "KEY": KEY}, key=bytes(32)))
    return "".join([*map(stream.feed, pieces), stream.finish()])


def cut(text: str, places: Iterable[int]) -> list[str]:
    at = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[start:end] for start, end in pairwise(at)]


@pytest.mark.parametrize("name", [*HOLDING, *DOCUMENTS])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_no_secret_survives_in_pieces(name: str, size: int) -> None:
    text = f"before\n{(HOLDING | DOCUMENTS)[name]}after\n"

    shown = filtered(text[at : at + size] for at in range(0, len(text), size))

    assert OPEN in shown
    plain = shown.replace(RED, "").replace(RESET, "")
    for value in VALUES:
        assert value not in plain
        assert value[4:] not in plain
    assert not any(line in plain for line in KEY.splitlines())
    assert shown.startswith("before\n")
    assert shown.endswith("after\n")


@settings(deadline=None, max_examples=300)
@given(
    parts=st.lists(st.sampled_from([*HOLDING.values(), *ORDINARY]), min_size=1, max_size=6),
    places=st.lists(st.integers(0, 5000), max_size=8),
)
def test_pieces_are_filtered_as_the_whole_is(parts: list[str], places: list[int]) -> None:
    text = " ".join(parts)

    pieces, whole = (
        # base64 after one byte or two begins with a character that is only in part the secret's
        re.sub(rf"[\w+/]{{0,4}}{OPEN}T", f"{OPEN}T", filtered(one))
        for one in (cut(text, places), [text])
    )
    assert pieces == whole


@settings(deadline=None, max_examples=300)
@given(text=st.text(st.sampled_from("gGhp01 \n%\\&\"'{[:-\x1b3;m"), max_size=60), data=st.data())
def test_innocent_pieces_come_out_as_they_went_in(text: str, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, 60), max_size=6))

    assert filtered(cut(text, places)) == text


@pytest.mark.parametrize(
    "text",
    [
        ".",
        "....................",
        "(Pdb) ",
        "> /checks/network/check_names.py(12)check_a()\n-> assert a\n(Pdb) ",
        "Password: ",
        "checks/network/check_names.py .....s",
        f"{RED}FAILED{RESET}",
        "[ 42%]",
        "-------- Captured stdout call --------\n",
        "it costs 3 apples\n",
        "a: b\n",
        "{'a': 1}\n",
        "https://github.com/a ",
    ],
)
def test_dots_and_prompts_pass_at_once(text: str) -> None:
    assert Stream(Redactor({"T": TOKEN, "KEY": KEY})).feed(text) == text


def test_only_what_may_be_secret_is_held_back() -> None:
    stream = Stream(Redactor({"T": TOKEN}))

    assert stream.feed(f"say {TOKEN[:5]}") == "say "
    assert stream.feed("!\n") == f"{TOKEN[:5]}!\n"
    assert stream.feed("Authorization: Bearer abc") == "Authorization: "
    assert stream.feed("def").strip() == ""
    assert stream.feed("\nnext").endswith("\u203a\nnext")


def test_a_beginning_at_the_end_is_hidden_from_its_fourth_character_on() -> None:
    assert filtered(["x ", TOKEN[:3]]) == f"x {TOKEN[:3]}"
    assert filtered(["x ", TOKEN[:4]]).startswith(f"x {OPEN}T#")
    assert filtered([f"x {base64.b64encode(TOKEN.encode()).decode()[:9]}"]).startswith(f"x {OPEN}")
    assert "secretv" not in filtered(["-----BEGIN PRIVATE KEY-----\nsecretv"])
    assert "secretv" not in filtered(["Cookie: secretv"])


def test_colours_stay_around_what_is_hidden() -> None:
    shown = filtered([f"{RED}a {TOKEN[:5]}\x1b[1m{TOKEN[5:]}{RESET} b"])

    assert shown.startswith(f"{RED}a {OPEN}T#")
    assert shown.endswith(f"\u203a\x1b[1m{RESET} b")


def test_a_key_without_an_end_hides_no_line_that_is_none_of_its() -> None:
    shown = filtered(["-----BEGIN PRIVATE KEY-----\nc2VjcmV0dmFsdWU=\n", "3 checks were upheld\n"])

    assert shown.endswith("\u203a3 checks were upheld\n")


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        ("Authorization: ", "x"),
        ('"kind": "Secret", {"data": "', "x"),
        ("apiVersion: v1\nkind: Secret\ndata:\n", "  a: b\n"),
        ("https://", "x"),
        ("-----BEGIN PRIVATE KEY-----\n", "eHh4\n"),
    ],
)
def test_what_never_ends_is_dropped_and_what_follows_is_shown(begin: str, more: str) -> None:
    stream = Stream(Redactor())
    piece = more * (16_384 // len(more))

    shown = stream.feed(begin)
    for _ in range(4 * LONGEST // len(piece)):
        shown += stream.feed(piece)
        assert len(stream._held.text) <= LONGEST + len(piece)
    shown += stream.feed("\n3 checks were upheld\n") + stream.finish()

    assert shown.endswith("3 checks were upheld\n")
    assert shown.count(OPEN) == 1
    assert len(shown) < 200


def _chunks(text: str, count: int) -> list[str]:
    return [text[at : at + 65536] for at in range(0, len(text), 65536)] * count


@pytest.mark.parametrize(
    "name", ["ordinary", "escaped", "near", "near in base64", "coloured", "JSON", "headers"]
)
def test_megabytes_take_seconds(name: str) -> None:
    chooser = random.Random(1)
    encoded = base64.b64encode(TOKEN.encode()).decode()
    line = {
        "ordinary": "checks/network/check_names.py::check_a[github.com@here] PASSED    [ 42%]\n",
        "escaped": "https://x/?a=%41%42&b=c \\n \\u0041 &lt;tag&gt; 'it\\'s'\n",
        "near": f"{TOKEN[:11]}! {TOKEN[6:18]}! {TOKEN[:9]}\n",
        "near in base64": f"{encoded[:11]}! {encoded[:9]}! {encoded[7:18]}\n",
        "coloured": f"{RED}checks{RESET}/network/{RED}check_names.py{RESET} {RED}PASSED{RESET}\n",
        "JSON": '{"kind": "sighting.end", "data": {"a": [1, 2, {"b": "c"}]}}\n',
        "headers": "> Host: github.com\n> Accept: */*\n< x-request-id: C0FF:EE\n",
    }[name]
    text = "".join(line + "x" * chooser.randrange(5) for _ in range((1 << 20) // len(line)))
    started = time.process_time()

    shown = filtered(_chunks(text, MEGABYTES))

    spent = time.process_time() - started
    assert len(shown) == MEGABYTES * len(text)
    assert spent < 1.5 * MEGABYTES, spent
