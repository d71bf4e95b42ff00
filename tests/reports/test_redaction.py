"""Redaction: no secret survives in any form, and nothing else is eaten."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from config.schema import Secret
from reports.redaction import RedactionError, Redactor
from reports.secrets import redactor_for
from tests.reports.encodings import ENCODINGS, Encoding, in_base64, wrapped

OPEN, CLOSE = "\u2039secret:", "\u203a"


TOKEN = "ghp_0123456789/abc+def\"g'h&i<j"


VALUES = st.text(st.characters(codec="utf-8"), min_size=4, max_size=40).map(str.strip)


AROUND = st.text(st.sampled_from("äöü .,\n"), max_size=12)


def accepted(value: str) -> Redactor:
    try:
        return Redactor({"T": value})
    except RedactionError:
        assume(condition=False)
        raise


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@settings(deadline=None)
@given(value=VALUES, before=AROUND, after=AROUND)
def test_no_registered_secret_survives_any_encoding(
    encode: Encoding, value: str, before: str, after: str
) -> None:
    redactor = accepted(value)
    encoded = encode(value)
    assume(encoded.strip() not in OPEN + "T#")

    text = redactor.redact(f"{before}{encoded}{after}")

    assert OPEN + "T#" in text
    assert redactor.contains(text) == []
    assert value not in text


@settings(deadline=None)
@given(value=VALUES, text=st.text())
def test_redaction_is_idempotent(value: str, text: str) -> None:
    redactor = accepted(value)
    once = redactor.redact(f"{text}{value}{text}")

    assert redactor.redact(once) == once


INNOCENT = st.text(st.characters(codec="utf-8", exclude_characters="gG\\%&"), max_size=200)


@settings(deadline=None)
@given(text=INNOCENT)
def test_no_innocent_text_is_eaten(text: str) -> None:
    assume("cookie" not in text.lower())

    assert Redactor({"T": "gGgGgG0gGgG"}).redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "the certificate of github.com@here is signed with sha256WithRSAEncryption",
        "curl -sS -o /dev/null -w '%{http_code}' https://github.com/?a=b&c=d",
        "ssh://git@github.com/owner/repo.git",
        "a cookie is set; authorization was not asked for",
        "kind: Secret is a kind of document",
        '{"kind":"handshake","signature":"ecdsa-with-SHA256","names":["github.com"]}',
        "X-GitHub-Request-Id: C0FF:EE",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: b\n",
        "https://github.com/@user?tokens",
        "at https://127.0.0.1:6443",
        "at https://[2001:db8::1]",
        "at https://[::1]:443",
    ],
)
def test_ordinary_evidence_stays_as_it_is(text: str) -> None:
    assert Redactor({"T": TOKEN}).redact(text) == text


@settings(deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(TOKEN),
        lambda below: st.lists(below) | st.dictionaries(st.text(max_size=4), below),
    )
)
def test_json_stays_json_of_the_same_shape(value: object) -> None:
    redactor = Redactor({"T": TOKEN})
    text = json.dumps(value)

    redacted = json.loads(redactor.redact(text))

    assert type(redacted) is type(value)
    assert redacted == json.loads(json.dumps(redactor.redact_json(value)))
    assert TOKEN not in json.dumps(redacted, ensure_ascii=False)


def test_equal_values_have_equal_marks_and_others_differ() -> None:
    redactor = Redactor({"A": "first-value", "B": "second-value"})

    first, again, second = (
        redactor.redact(text) for text in ("first-value", "first%2Dvalue", "second-value")
    )

    assert first == again != second
    assert first.startswith(OPEN + "A#")
    assert Redactor({"A": "first-value"}).redact("first-value") != first


def test_redactors_of_one_run_make_equal_marks() -> None:
    one = Redactor({"A": "first-value"})

    other = Redactor({"A": "first-value"}, key=one.key)

    assert one.redact("first-value") == other.redact("first-value")


def test_what_another_process_of_the_run_hid_is_not_hidden_again() -> None:
    one = Redactor({"A": "first-value"})
    text = one.redact("Authorization: Bearer first-value\nCookie: a=b\nhttps://c:d@e/?token=f")

    assert text.count(OPEN) == 4
    assert Redactor({"A": "first-value"}, key=one.key).redact(text) == text


def test_a_mark_that_was_forged_hides_nothing() -> None:
    redactor = Redactor({"A": "first-value"})

    assert "first-value" not in redactor.redact(f"{OPEN}first-value-token#abcdef{CLOSE}")

    assert "first-value" not in redactor.redact(f"{OPEN}first-value#abcdef{CLOSE}")


def test_secrets_that_overlap_are_hidden_whole() -> None:
    redactor = Redactor({"A": "abcdefgh", "B": "efghijklmnop", "C": "abab"})

    assert redactor.redact("abcdefghijklmnop").startswith(OPEN + "B#")
    assert redactor.redact("abcdefghijklmnop").endswith(CLOSE)
    assert redactor.redact("ababab").count("ab") == redactor.redact("abab").count("ab")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abc.def-ghi", "abc.def"),
        ("curl -H 'authorization: Basic dXNlcg==' https://x", "dXNlcg"),
        ("curl -H \"Cookie: a='b'; c=secretvalue\" https://x", "secretvalue"),
        ("> proxy-authorization: Basic Zm9v\n> Host: x", "Zm9v"),
        ('["set-cookie","sid=secretvalue; Path=/"]', "secretvalue"),
        ('{"authorization": "secretvalue"}', "secretvalue"),
        ('{"headers":[{"name":"Cookie","value":"sid=secretvalue"}]}', "secretvalue"),
        ("{'X-Vault-Token': 'secretvalue', 'a': 1}", "secretvalue"),
        ("[(b'cookie', b'sid=secretvalue')]", "secretvalue"),
        (r"text {\"authorization\": \"secretvalue\"} text", "secretvalue"),
        ('{"body":"{\\"x-auth-token\\":\\"secretvalue\\"}"}', "secretvalue"),
        ('Cookie: a="quoted"; b=secretvalue', "secretvalue"),
        ("https://user:secretvalue@host/path", "secretvalue"),
        ("https://secretvalue@host/path", "secretvalue"),
        ("https://user:p@ss-secretvalue@host/", "secretvalue"),
        ("cut off: https://user:secretvalue", "secretvalue"),
        ("GET /?access_token=secretvalue&a=b", "secretvalue"),
        ("/x?se=1&sig=secretvalue&jwt=secretvalue", "secretvalue"),
        ("?to=https%3A%2F%2Fx%3Ftoken%3Dsecretvalue", "secretvalue"),
        ("?X-Amz-Signature=secretvalue", "secretvalue"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nsecretvalue\n-----END RSA PRIVATE KEY-----",
            "secretvalue",
        ),
        ("-----BEGIN PRIVATE KEY-----\nsecretvalue cut off", "secretvalue"),
        (r"\"-----BEGIN OPENSSH PRIVATE KEY-----\nsecretvalue\n", "secretvalue"),
        ('{"kind":"Secret","data":{"a":"secretvalue"}}', "secretvalue"),
        ('{"kind":"SecretList","items":[{"stringData":{"a":"secretvalue"}}]}', "secretvalue"),
        ("apiVersion: v1\nkind: Secret\ndata:\n  a: secretvalue\n", "secretvalue"),
        ("kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: secretvalue\n", "secretvalue"),
        ("kind: Config\nusers:\n- name: a\n  user:\n    token: secretvalue\n", "secretvalue"),
        ('{"users":[{"user":{"client-key-data":"secretvalue"}}],"contexts":[]}', "secretvalue"),
        ("$ kubectl get secret\nkind: Secret\ndata: {a: secretvalue\n", "secretvalue"),
        ('cut off {"kind": "Secret", "data": {"a": "secretvalue"', "secretvalue"),
        ("kind: Secret\ndata: &a\n  b: secretvalue\nc: *a\n", "secretvalue"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_hidden(text: str, secret: str) -> None:
    redactor = Redactor()

    redacted = redactor.redact(text)

    assert secret not in redacted
    assert OPEN in redacted
    assert redactor.redact(redacted) == redacted


def test_what_stands_beside_a_shape_stays() -> None:
    redactor = Redactor({"T": "ghp_abcdefghijkl"})

    assert redactor.redact("> Host: a\r\n> Cookie: b\r\n> Accept: c").endswith("\r\n> Accept: c")
    assert redactor.redact("curl -H 'Cookie: b' https://x").endswith("' https://x")
    assert "kind: Secret" in redactor.redact("kind: Secret\nmetadata: {name: n}\ndata: {a: b}\n")
    assert redactor.redact("authorization: Bearer ghp_abcdefghijkl").startswith(
        f"authorization: Bearer {OPEN}T#"
    )


def test_a_document_that_explodes_is_dropped_whole_and_soon() -> None:
    bomb = "kind: Secret\ndata:\n  a0: &a0 [x]\n" + "".join(
        f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )

    assert Redactor().redact(bomb).startswith(f"{OPEN}unreadable-document#")


@pytest.mark.parametrize("hostile", ["\\" * 50_000, "%25" * 20_000, "&amp;" * 20_000, "[" * 50_000])
def test_hostile_text_is_read_in_linear_time(hostile: str) -> None:
    assert Redactor({"T": "a\\%&[bcd"}).redact(hostile) == hostile


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("abc", "is too short"),
        (" abc\n", "is too short"),
        ("TOKEN", "is part of the mark"),
        ("secret", "is part of the mark"),
    ],
)
def test_a_value_that_cannot_be_hidden_is_refused_by_name(value: str, words: str) -> None:
    with pytest.raises(RedactionError, match=f"GH_TOKEN {words}"):
        Redactor({"GH_TOKEN": value})


def test_secrets_come_from_where_the_profile_says(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-the-file\n")
    secrets = [
        Secret(name="a", env="A"),
        Secret(name="b", file=str(tmp_path / "token")),
        Secret(name="c", env="UNSET"),
        Secret(name="d", file=str(tmp_path / "nothing")),
    ]

    redactor = redactor_for(secrets, {"A": "from-the-environment"})

    assert redactor.names == ("a", "b")
    assert redactor.absent == ("c", "d")
    assert redactor.contains("x from-the-file from-the-environment") == ["a", "b"]


def test_a_secret_file_that_cannot_be_read_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(RedactionError, match="the secret a cannot be read from"):
        redactor_for([Secret(name="a", file=str(tmp_path))], {})


def test_a_long_key_is_hidden_in_all_its_forms() -> None:
    key = "\n".join(f"line {n} of a long key {'x' * 40}" for n in range(40))
    redactor = Redactor({"KEY": key})

    for encode in (str, json.dumps, in_base64(b"a"), wrapped):
        assert "line 7 of" not in redactor.redact(encode(key))
        assert redactor.contains(encode(key)) == ["KEY"]


def test_a_number_that_contains_a_secret_becomes_its_mark() -> None:
    redacted = Redactor({"PIN": "73519"}).redact_json({"port": 735190, "yes": True, "n": 1.5})

    assert redacted["port"].startswith(OPEN + "PIN#")
    assert (redacted["yes"], redacted["n"]) == (True, 1.5)


@pytest.mark.parametrize("value", ["verdict", "sighting", "Upheld", "inconclu"])
def test_a_word_of_the_journal_is_no_secret(value: str) -> None:
    with pytest.raises(RedactionError, match="a word of the journal itself"):
        Redactor({"TOKEN": value})
