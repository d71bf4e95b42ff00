"""What all parts of a profile share: strictness, durations, and saying that something is absent."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    SerializationInfo,
    Tag,
    ValidationInfo,
)

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h|d)")

UNITS = {"units": True}
"""The context of `model_dump` for what is to be read again as a profile."""

T = TypeVar("T")


class Model(BaseModel):
    """A part of a profile: frozen, and with no field that it does not know.

    A field may say in words what may stand there, with `takes`: errors quote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class Absent(Model):
    """In the place of something that this plan does not have, with the reason.

    Checks that would need it are not applicable, and show the reason.
    """

    absent: str = Field(min_length=1)


def takes(words: str) -> dict[str, Any]:
    """Return the JSON Schema keyword that tells people what a field takes."""
    return {"x-takes": words}


def _which(value: Any) -> str:
    if isinstance(value, Absent) or (isinstance(value, dict) and "absent" in value):
        return "<absent>"
    return "<given>"


OrAbsent = Annotated[
    Annotated[T, Tag("<given>")] | Annotated[Absent, Tag("<absent>")], Discriminator(_which)
]
"""A thing, or the reason why there is none. Which one was meant is told by the field `absent`,
so that a mistake is reported for that one alone."""


def without_unit(value: Any, info: ValidationInfo) -> bool:
    """Tell whether a profile says a bare number: 50 may be meant as seconds, or as something else.

    Code that makes a part of a profile has numbers in the unit that the field names.
    """
    return info.mode == "json" and isinstance(value, int | float) and not isinstance(value, bool)


def written_in(unit: str) -> PlainSerializer:
    """Let a number be written with its unit for people (`UNITS`), and bare for all else."""

    def write(value: float, info: SerializationInfo) -> str | float:
        return f"{value:.9f}".rstrip("0").rstrip(".") + unit if info.context == UNITS else value

    return PlainSerializer(write, when_used="json")


def _seconds(value: Any, info: ValidationInfo) -> Any:
    if without_unit(value, info):
        raise ValueError(f"its unit is missing: write {value:g}s for seconds")
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if found is None:
            raise ValueError  # the field says in words what it takes
        return float(found[1]) * _UNITS[found[2]]
    return value


Duration = Annotated[
    float,
    BeforeValidator(_seconds, json_schema_input_type=str),
    written_in("s"),
    Field(gt=0, json_schema_extra=takes("a duration: 500ms, 10s, 5m, 2h or 14d")),
]
"""Seconds, written as `500ms`, `10s`, `5m`, `2h` or `14d` ; a bare number is refused."""
