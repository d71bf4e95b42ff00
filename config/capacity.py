"""What the way to an endpoint must be able to carry: opt-in, since it takes minutes."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from config.mistakes import listed
from config.model import Duration, Model, OrAbsent, takes, without_unit, written_in
from config.paths import RepositoryPath, UrlPath

_UNITS = {"bit/s": 1.0, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9}
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(bit/s|kbit/s|Mbit/s|Gbit/s)")
_MOST = 8 * 1024 * 1024


def _bits_per_second(value: Any, info: ValidationInfo) -> Any:
    if without_unit(value, info):
        raise ValueError(f"its unit is missing: write {value:g}bit/s for bits per second")
    if isinstance(value, str):
        found = _RATE.fullmatch(value.strip())
        if found is None:
            raise ValueError  # the field says in words what it takes
        return float(found[1]) * _UNITS[found[2]]
    return value


Rate = Annotated[
    float,
    BeforeValidator(_bits_per_second, json_schema_input_type=str),
    written_in("bit/s"),
    Field(gt=0, json_schema_extra=takes("a rate: 70kbit/s, 2Mbit/s or 1Gbit/s")),
]
"""Bits per second, written as `70kbit/s` or `2Mbit/s` ; a bare number is refused."""


class Transfer(Model):
    """A page to load, or a path that takes what is sent to it, and how fast that must be."""

    path: UrlPath
    at_least: Rate = 70e3
    bytes: int = Field(default=256 * 1024, ge=1024, le=_MOST)
    """How many are moved. Too few say nothing; at 70 kbit/s, 256 KiB take half a minute."""


class LongPoll(Model):
    """A path whose answer the server holds back."""

    path: UrlPath
    lasts: Duration = 50.0
    """For how long the server holds it."""


class Clone(Model):
    """A small repository that git clones, one commit deep."""

    path: RepositoryPath
    deadline: Duration = 60.0


class Capacity(Model):
    """What must get through; each of the four is looked at where it is given, by `-m slow`."""

    download: OrAbsent[Transfer] | None = None
    upload: OrAbsent[Transfer] | None = None
    """It is sent with POST: the path must take the whole of it, and only then answer 2xx."""
    long_poll: OrAbsent[LongPoll] | None = None
    clone: OrAbsent[Clone] | None = None

    @model_validator(mode="before")
    @classmethod
    def _something(cls, value: Any, info: ValidationInfo) -> Any:
        if info.mode == "json" and value == {}:
            names = listed(cls.model_fields, "or")
            raise ValueError(f"nothing stands here to look at: name {names}, or leave it away")
        return value
