import math

import pytest

from checks.wire.workflows.loading import load
from tests.checks.wire.workflows.written import CI

PLAIN = {
    "on": "on",
    "yes": "yes",
    "no": "no",
    "True": True,
    "FALSE": False,
    "~": None,
    "Null": None,
    "nil": "nil",
    "0x1F": 31,
    "0o17": 15,
    "017": 17,
    "0b1": "0b1",
    "1_000": "1_000",
    "1.20": 1.2,
    ".5": 0.5,
    "1e3": 1000.0,
    "-.inf": -math.inf,
    "2024-01-01": "2024-01-01",
    "12:30:45": "12:30:45",
    "0xFFFFFFFF": -1,
    "'1'": "1",
    '"true"': "true",
    "!!str 1": "1",
    "!!int '1'": "1",
    "=": "=",
}


@pytest.mark.parametrize("text", PLAIN)
def test_scalars_are_read_as_github_reads_them(text: str) -> None:
    loaded = load(f"x: {text}\n".encode(), CI)

    assert loaded.root is not None
    value = loaded.root.plain["x"]  # type: ignore[index, call-overload]
    assert (value, type(value)) == (PLAIN[text], type(PLAIN[text]))


WRONG: dict[str, tuple[bytes, str, int, int]] = {
    "a key again": (b"on: push\na: 1\non: x\n", "duplicate-key", 3, 1),
    "a key again in another case": (b"a:\n  Foo: 1\n  foo: 2\n", "duplicate-key", 3, 3),
    "a merge key": (b"a: &a {x: 1}\nb:\n  <<: *a\n", "merge-key", 3, 3),
    "a tab": (b"a:\n\tb: 1\n", "tab", 2, 1),
    "two documents": (b"a: 1\n---\nb: 2\n", "several-documents", 2, 1),
    "no YAML": (b"a: [1\nb: 2\n", "yaml", 2, 2),
    "no UTF-8": (b"a: 1\nb: \xff\n", "not-utf-8", 2, 4),
    "a NUL": (b"a: 1\nb: x\x00y\n", "control-character", 2, 5),
    "an unknown anchor": (b"a: *x\n", "unknown-anchor", 1, 4),
    "an anchor in itself": (b"a: &x [*x]\n", "recursive-anchor", 1, 8),
    "a key that is a list": (b"? [a]\n: 1\n", "key-not-text", 1, 3),
    "a tag": (b"a: !!python/object:os.system x\n", "scalar", 1, 4),
    "a number of 33 bits": (b"a: 0x1FFFFFFFF\n", "scalar", 1, 4),
    "nothing": (b"# only this\n", "empty", 1, 1),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_github_does_not_read_is_a_finding_with_its_place(fault: str) -> None:
    raw, rule, line, column = WRONG[fault]

    (found,) = load(raw, CI).findings

    assert (found.rule, found.place.line, found.place.column) == (rule, line, column), found


def test_reading_goes_on_after_a_finding() -> None:
    loaded = load(b"a: 1\na: 2\nb: 3\n", CI)

    assert loaded.root is not None
    assert loaded.root.plain == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    "text", ["\ufeffon: push\nb: 1\n", "on: push\r\nb: 1\r\n", "on: push\nb: 1"]
)
def test_marks_line_ends_and_the_lack_of_one_are_no_matter(text: str) -> None:
    loaded = load(text.encode(), CI)

    assert loaded.root is not None
    assert loaded.root.plain == {"on": "push", "b": 1}
    assert [key.line for key, _ in loaded.root.pairs] == [1, 2]
    assert loaded.findings == ()


def test_an_alias_is_what_it_stands_for() -> None:
    loaded = load(b"a: &a {x: [1]}\nb: *a\nc: [*a]\n", CI)

    assert loaded.root is not None
    assert loaded.root.plain == {"a": {"x": [1]}, "b": {"x": [1]}, "c": [{"x": [1]}]}


def test_comments_have_their_places_and_those_in_texts_are_none() -> None:
    text = (
        "# first\n"
        "on: push # TODO-TEMPORARY(2026-01-01): a\n"
        "a: 'x # no' # yes\n"
        "b: x#no\n"
        "c: |  # of the block\n"
        "  # of the script\n"
        "  echo '#no'\n"
        "  # last\n"
        "# after\n"
        "d: {e: 1} # of a mapping\n"
    )

    found = [
        (one.text, one.place.line, one.place.column) for one in load(text.encode(), CI).comments
    ]

    assert found == [
        ("first", 1, 1),
        ("TODO-TEMPORARY(2026-01-01): a", 2, 10),
        ("yes", 3, 13),
        ("of the block", 5, 7),
        ("of the script", 6, 3),
        ("last", 8, 3),
        ("after", 9, 1),
        ("of a mapping", 10, 11),
    ]
