"""Every observation survives the way to JSON and back, and nothing else is taken for one."""

import math
from datetime import UTC, datetime
from importlib import import_module
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.areas import areas
from reports import codec
from reports.codec import Observation, UnknownKindError, decode, encode, observation


@observation
class Seen:
    kind: Literal["test-seen"] = "test-seen"
    name: str
    raw: bytes = b""
    seconds: float = 0.0

    @property
    def headline(self) -> str:
        return self.name


def every_kind() -> list[str]:
    """Import every area, so that its observations are registered."""
    for area in areas():
        import_module(f"checks.{area}.cases")
    return sorted(kind for kind in codec.kinds() if not kind.startswith("test-"))


st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=20))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


@pytest.mark.parametrize("kind", every_kind())
def test_an_observation_survives_the_round_trip(kind: str) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(codec.type_of(kind)))
    def survives(seen: Observation) -> None:
        assert decode(encode(seen)) == seen
        assert decode(encode((seen, seen))) == (seen, seen)

    survives()


def test_tuples_stay_tuples_also_empty_ones() -> None:
    assert decode(encode(())) == ()
    assert decode(encode((Seen(name="a"),))) == (Seen(name="a"),)


def test_any_bytes_are_kept() -> None:
    seen = Seen(name="a", raw=bytes(range(256)))

    assert decode(encode(seen)) == seen


@pytest.mark.parametrize(
    "text",
    [
        '{"kind":"test-seen"}',
        '{"kind":"test-seen","name":1}',
        '{"kind":"test-seen","name":"a","more":1}',
        '{"kind":"test-seen","name":"a","seconds":"0.1"}',
        '{"kind":"test-seen","name":"a","seconds":NaN}',
        "1",
        "null",
        "[1]",
        "{",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode(text)


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(UnknownKindError, match="no observation is of the kind 'ufo'"):
        decode('{"kind":"ufo"}')


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_not_written(seconds: float) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        decode(encode(Seen(name="a", seconds=seconds)))


def test_a_kind_is_taken_once() -> None:
    with pytest.raises(ValueError, match="the kind 'test-seen' is taken by Seen"):

        @observation
        class Other:
            kind: Literal["test-seen"] = "test-seen"

            @property
            def headline(self) -> str:
                return ""
