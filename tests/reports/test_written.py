"""What is written already stands in a line as it is, and nothing is read again."""

import json

import pytest

from reports.redaction import Redactor
from reports.written import Written, encoder


@pytest.mark.parametrize("ascii_alone", [True, False])
def test_a_part_that_is_written_stands_where_it_was_put(ascii_alone: bool) -> None:  # noqa: FBT001
    parts = [Written('{"a":[1,"\u00e9"]}'), Written('{"b":{"c":null}}')]

    text = encoder(ensure_ascii=ascii_alone)({"one": parts[0], "many": [parts[1], {"x": "y"}]})

    told = {"one": {"a": [1, "\u00e9"]}, "many": [{"b": {"c": None}}, {"x": "y"}]}
    assert json.loads(text) == told
    assert text.isascii() == ascii_alone


def test_anything_else_that_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object is not JSON"):
        encoder(ensure_ascii=False)({"a": object()})


def test_what_is_written_was_redacted_before_and_is_not_again() -> None:
    redactor = Redactor({"TOKEN": "correct horse"})

    told = redactor.redact_json({"said": "correct horse", "seen": Written('{"x":"correct horse"}')})

    assert "correct horse" not in told["said"]
    assert told["seen"].value == {"x": "correct horse"}
