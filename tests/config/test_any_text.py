"""Whatever a file holds, it becomes a profile or a message."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.document import LOADER, read_document
from config.loading import PROFILES, load, parse
from config.mistakes import ProfileError
from config.schema import Profile

HERE = PROFILES / "any.yaml"
LAB = (PROFILES / "lab.yaml").read_text()
BAD = sorted((Path(__file__).parent / "bad").iterdir())

ANYTHING = settings(max_examples=200, deadline=None, database=None)

PIECES = (
    "&a |*a|<<: *a|[|]|{|}|: |- |\n|\t|!!int |'|\"|#|? |on|true|.nan|1e999|---\n|%YAML 1.1\n"
    '|"\\ud800"|\u2028|\x85|\x00|\ufeff|null|~|absent|{absent: x}|[]|{}|2026-01-01|😀'
)
FRAGMENTS = st.sampled_from([*PIECES.split("|"), "|", "9" * 500])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates()
)
FIELDS = st.sampled_from(
    [*Profile.model_fields, "host", "port", "http", "git", "tls", "absent", "block", "env", "kind"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=20,
)


def message(text: str) -> str:
    """Return the mistakes that a text has, and nothing where it is a profile."""
    try:
        parse(text, HERE)
    except ProfileError as error:
        places = [mistake.place.line for mistake in error.mistakes]
        return str(error) if all(places) else f"no place: {error}"
    return ""


def is_fit_for_people(text: str) -> bool:
    return text.replace("\n", "").isprintable() and not text.startswith("no place")


@ANYTHING
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
def test_any_bytes_end_in_a_profile_or_a_message(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "any.yaml")
        path.write_bytes(content)
        with suppress(ProfileError):
            load(str(path))


@ANYTHING
@given(st.text(max_size=400))
@example("[]")
@example("0")
def test_any_text_ends_in_a_profile_or_a_message(text: str) -> None:
    assert is_fit_for_people(message(text))


@ANYTHING
@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_any_values_end_in_a_profile_or_a_message(values: dict[str, Any]) -> None:
    assert is_fit_for_people(message(yaml.safe_dump(values, allow_unicode=True)))


@ANYTHING
@given(st.lists(st.tuples(st.integers(0, len(LAB)), st.integers(0, 12), FRAGMENTS), max_size=5))
def test_any_change_of_a_good_profile_ends_in_a_profile_or_a_message(
    changes: list[tuple[int, int, str]],
) -> None:
    text = LAB
    for start, length, fragment in changes:
        text = text[:start] + fragment + text[start + length :]
    assert is_fit_for_people(message(text))


@ANYTHING
@given(st.text(max_size=300))
def test_any_name_ends_in_a_profile_or_a_message(name: str) -> None:
    with suppress(ProfileError):
        load(name)


def test_both_parsers_of_pyyaml_read_the_same() -> None:
    def read(text: str, loader: Any) -> Any:
        try:
            document = read_document(text, "any.yaml", loader)
        except ProfileError as error:
            return {mistake.place.line for mistake in error.mistakes}
        return document

    texts = [path.read_text() for path in (*BAD, *PROFILES.glob("*.yaml"))]
    assert [read(text, LOADER) for text in texts] == [read(text, yaml.SafeLoader) for text in texts]
