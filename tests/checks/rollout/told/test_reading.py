"""JSON behind noise, before noise, a line each, and half of it."""

import json

import pytest

from checks.rollout.told.reading import find_object, read_object


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('warning: {proxy} is set\n2026 INFO {} begin\n{"a": {"b": "}"}}\n', '{"a": {"b": "}"}}'),
        ('{"level": "info"}\n{"level": "info"}\n{"a": 1}\n', '{"a": 1}'),
        ('{"a": 1}\ndone in 3 s {not json}\n', '{"a": 1}'),
        ('log {"a": 1} and more', '{"a": 1}'),
        ('{"a": 1}\ndone {}\n', '{"a": 1}'),
        ("{}", "{}"),
        ('{"a": ', None),
        ('{"whole": 1}\n{"half": ', '{"whole": 1}'),
        ("no JSON at all", None),
        ("", None),
        ("[1, 2]", None),
        ('"{}"', "{}"),
        ('{"ok": false, "argo": {"ok": true}', None),
        ('{"ok": false, "argo": {"ok": true}, "log": "cut', None),
        ('{"ok": false, "argo": {"ok": true}, "n": 1', None),
        ('{"ok": false, "log": Traceback, "argo": {"ok": true}}', None),
        ('[{"ok": true}, {"ok": true}]', None),
        ('{"whole": 1}\n{"half": {"ok": true}', '{"whole": 1}'),
    ],
)
def test_the_object_that_the_output_ends_with_is_found(text: str, found: str | None) -> None:
    assert find_object(text) == found


def test_what_is_nested_too_deeply_is_no_object_and_takes_no_time() -> None:
    assert find_object('{"a":' * 100_000) is None
    assert find_object("{" * 1_000_000) is None


def test_many_lines_are_read_in_linear_time() -> None:
    assert find_object('{"a": 1}\n' * 400_000) == '{"a": 1}'


def test_a_deep_list_is_said_to_be_too_deep() -> None:
    with pytest.raises(ValueError, match="deeply"):
        read_object("[" * 100_000 + "]" * 100_000)


def test_numbers_that_json_has_not_are_words() -> None:
    assert read_object('{"a": NaN, "b": -Infinity}') == {"a": "NaN", "b": "-Infinity"}
    assert json.dumps(read_object("1e400")) == "Infinity"
