"""The JSON Schema that editors use, and the words that errors take from it."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from config.describing import described
from config.document import read_document
from config.loading import known_profiles
from config.schema import Profile
from config.wording import Grammar

SCHEMA = described()
BAD = Path(__file__).parent / "bad"

# Mistakes that a schema can tell by itself.
SHAPES = [
    "absent_without_reason",
    "bad_protocol",
    "block_without_names",
    "missing_area",
    "missing_field",
    "port_too_high",
    "unknown_field",
    "unknown_nested_field",
    "url_for_host",
    "wrong_type",
    "yaml_1_1_boolean",
]


def plain(path: Path) -> Any:
    return read_document(path.read_text(), path.name).value


@pytest.mark.parametrize("name", known_profiles())
def test_the_schema_accepts_every_profile_that_is_shipped(name: str) -> None:
    jsonschema.validate(plain(known_profiles()[name]), SCHEMA)


@pytest.mark.parametrize("name", SHAPES)
def test_the_schema_refuses_what_the_loader_refuses(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(BAD / f"{name}.yaml"), SCHEMA)


def test_the_schema_itself_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field_has_words_for_what_it_takes() -> None:
    grammar = Grammar(SCHEMA)

    assert {name for name in Profile.model_fields if not grammar.takes((name,))} == set()


def test_words_are_found_through_lists_and_alternatives() -> None:
    grammar = Grammar(SCHEMA)

    assert grammar.takes(("endpoints", 3, "tls", "minimum")) == "'TLSv1.2' or 'TLSv1.3'"
    assert grammar.takes(("endpoints", 0, "port")) == "a whole number from 1 to 65535"
    assert grammar.takes(("endpoints", 0, "no", "such", "field")) == ""
    assert "host" in grammar.fields(("endpoints", 0))


def test_a_field_is_described_by_the_text_below_it() -> None:
    nameservers = SCHEMA["properties"]["nameservers"]

    assert nameservers["description"].startswith("Asked directly, beside the system")
