"""Fields by their paths: absent is not null, and what has another type names its field."""

from typing import Any

import pytest

from checks.rollout.told.fields import (
    MISSING,
    Truth,
    dig,
    first_of,
    items_at,
    keys_at,
    number_at,
    required,
    text_at,
    truth_at,
)
from checks.rollout.told.seen import Told
from reports.codec import decode, encode
from reports.verdicts import Inconclusive
from tests.checks.rollout.told.made import told

STATUS = {
    "data": {
        "summary": {"ci": {"pipelineRun": {"status": "True"}}, "gone": None, "many": [{"a": 1}]},
        "aligned": True,
    },
    "new": "a field that nobody reads",
}


def wrapped() -> Told:
    return told(STATUS, prefix="data")


def test_a_path_begins_below_the_prefix() -> None:
    assert dig(wrapped(), "summary.ci.pipelineRun.status") == "True"
    assert dig(told(STATUS), "data.summary.ci.pipelineRun.status") == "True"
    assert dig(wrapped(), "summary.many.0.a") == 1
    assert dig(wrapped(), "")["aligned"] is True


def test_an_answer_that_is_not_wrapped_is_read_all_the_same() -> None:
    assert dig(told({"aligned": True}, prefix="data"), "aligned") is True


def test_absent_is_told_apart_from_null() -> None:
    assert dig(wrapped(), "summary.gone") is None
    assert dig(wrapped(), "summary.never") is MISSING
    assert dig(wrapped(), "summary.ci.pipelineRun.status.deeper") is MISSING
    assert dig(wrapped(), "summary.many.7") is MISSING
    assert str(MISSING) == "absent"


def test_unknown_fields_are_kept() -> None:
    seen = wrapped()

    assert "a field that nobody reads" in seen.document
    assert decode(encode(seen)) == seen


@pytest.mark.parametrize(
    ("value", "holds", "raw"),
    [
        (True, True, "true"),
        (False, False, "false"),
        ("True", True, '"True"'),
        ("false", False, '"false"'),
        ("Unknown", None, '"Unknown"'),
        (None, None, "null"),
    ],
)
def test_a_yes_is_json_or_the_word_of_a_condition(value: Any, holds: Any, raw: str) -> None:
    assert truth_at(told({"a": value}), "a") == Truth(holds, raw)


@pytest.mark.parametrize(
    ("read", "value", "wanted"),
    [
        (truth_at, "maybe", "true or false"),
        (truth_at, 1, "true or false"),
        (text_at, {"a": 1}, "a text"),
        (number_at, "7", "a number"),
        (number_at, True, "a number"),
        (items_at, "x", "a list"),
        (keys_at, [], "an object"),
    ],
)
def test_a_wrong_shape_is_inconclusive_and_names_the_field(
    read: Any, value: Any, wanted: str
) -> None:
    with pytest.raises(Inconclusive, match=r"control-plane status` tells, a\.b is") as raised:
        read(told({"a": {"b": value}}), "a.b")

    assert raised.value.reason.endswith(f"and not {wanted}")


def test_the_right_shapes_are_given_back() -> None:
    seen = told({"text": "x", "number": 1.5, "items": [1], "keys": {"a": 1}, "none": None})

    assert (text_at(seen, "text"), number_at(seen, "number")) == ("x", 1.5)
    assert (items_at(seen, "items"), keys_at(seen, "keys")) == ([1], {"a": 1})
    assert text_at(seen, "none") is number_at(seen, "none") is items_at(seen, "none") is None
    assert keys_at(seen, "never") is truth_at(seen, "never") is MISSING


def test_the_first_spelling_that_is_there_says_which_it_was() -> None:
    assert first_of(told({"sourceInSync": True}), "githubInSync", "sourceInSync") == (
        "sourceInSync",
        True,
    )
    assert first_of(told({}), "githubInSync", "sourceInSync") == ("githubInSync", MISSING)


def test_a_required_field_says_how_it_is_missing() -> None:
    assert required(told({}), "a", "x") == "x"
    with pytest.raises(Inconclusive, match="a is null"):
        required(told({}), "a", None)
    with pytest.raises(Inconclusive, match="a is absent"):
        required(told({}), "a", MISSING)


def test_a_document_that_redaction_broke_is_inconclusive() -> None:
    with pytest.raises(Inconclusive, match="cannot be read again"):
        dig(told("a secret was here"), "a")
