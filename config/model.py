"""What all parts of a profile share: strictness, durations, and saying that something is absent."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")


class Model(BaseModel):
    """A part of a profile: frozen, and with no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Absent(Model):
    """In the place of something that this plan does not have, with the reason.

    Checks that would need it are not applicable, and show the reason.
    """

    absent: str = Field(min_length=1)


def _seconds(value: Any) -> Any:
    if isinstance(value, str):
        found = _DURATION.fullmatch(value.strip())
        if found is None:
            raise ValueError("a duration is a number and a unit: 500ms, 10s, 5m, 2h or 14d")
        return float(found[1]) * _UNITS[found[2]]
    return value


Duration = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str | float), Field(gt=0)]
"""Seconds, written as `500ms`, `10s`, `5m`, `2h` or `14d` (a bare number is seconds)."""
