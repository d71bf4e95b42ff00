"""Fields of what a status command told, by their paths: absent is told apart from null.

A path is keys with dots between: `summary.ci.pipelineRun.status`; a number is an item of a list.
It begins below the command's prefix where the answer is wrapped. What has another type than a
field is known to have is inconclusive, and the reason names the field: a tool that changed its
words tells nothing.
"""

import json
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from checks.rollout.told.reading import read_object
from checks.rollout.told.seen import Told
from reports.verdicts import Inconclusive

_TRUTHS = {"true": True, "false": False}
_MEND = "look at what the tool writes, and at the field's name in it"
_SHOWN = 80


class Missing(Enum):
    """In the place of a field that is not there: null is another thing."""

    FIELD = "absent"

    def __str__(self) -> str:
        return self.value


MISSING: Final = Missing.FIELD


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes or no: JSON's, or the word of a Kubernetes condition. `raw` is as it was written."""

    holds: bool | None
    """None for `Unknown`, and for null."""
    raw: str


def dig(told: Told, path: str) -> Any:
    """Return the value at a path, of any type; `MISSING` where there is none."""
    value = _answer(told)
    for key in path.split(".") if path else ():
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return MISSING
    return value


def first_of(told: Told, *paths: str) -> tuple[str, Any]:
    """Return the first of several spellings of a field that is there, and its value.

    Without one: the first path, and `MISSING`.
    """
    for path in paths:
        if (value := dig(told, path)) is not MISSING:
            return path, value
    return paths[0], MISSING


def text_at(told: Told, path: str) -> str | Missing | None:
    """Return the text at a path; raises `Inconclusive` for what is no text."""
    value: str | Missing | None = dig(told, path)
    if value is MISSING or value is None or isinstance(value, str):
        return value
    raise wrong_shape(told, path, value, "a text")


def truth_at(told: Told, path: str) -> Truth | Missing:
    """Return the yes or no at a path; raises `Inconclusive` for what is neither."""
    value = dig(told, path)
    if isinstance(value, bool):
        return Truth(value, str(value).lower())
    if isinstance(value, Missing):
        return value
    if value is None or (isinstance(value, str) and value.lower() == "unknown"):
        return Truth(None, shown(value))
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return Truth(_TRUTHS[value.lower()], shown(value))
    raise wrong_shape(told, path, value, "true or false")


def number_at(told: Told, path: str) -> float | Missing | None:
    """Return the number at a path; raises `Inconclusive` for what is none."""
    value = dig(told, path)
    if value is MISSING or value is None:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise wrong_shape(told, path, value, "a number")


def items_at(told: Told, path: str) -> list[Any] | Missing | None:
    """Return the list at a path; raises `Inconclusive` for what is none."""
    value = dig(told, path)
    if value is MISSING or value is None or isinstance(value, list):
        return value
    raise wrong_shape(told, path, value, "a list")


def listed_at(told: Told, path: str) -> list[Any]:
    """Return the list at a path, an empty one where it is absent or null; see `items_at`."""
    found = items_at(told, path)
    return found if isinstance(found, list) else []


def keys_at(told: Told, path: str) -> dict[str, Any] | Missing | None:
    """Return the object at a path; raises `Inconclusive` for what is none."""
    value = dig(told, path)
    if value is MISSING or value is None or isinstance(value, dict):
        return value
    raise wrong_shape(told, path, value, "an object")


def required(told: Told, path: str, value: Any) -> Any:
    """Return the value of a field; raises `Inconclusive` where it is absent or null."""
    if value is MISSING or value is None:
        said = "absent" if value is MISSING else "null"
        raise Inconclusive(f"{told.worded}, {path} is {said}", _MEND)
    return value


def shown(value: Any) -> str:
    """Write a value as JSON has it, shortened: for failures, where the raw value counts."""
    text = str(value) if isinstance(value, Missing) else json.dumps(value, ensure_ascii=False)
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text


def wrong_shape(told: Told, path: str, value: Any, wanted: str) -> Inconclusive:
    """Return what is raised for a field of another type than it is known to have."""
    return Inconclusive(f"{told.worded}, {path} is {shown(value)}, and not {wanted}", _MEND)


def _answer(told: Told) -> Any:
    value = _document(told.document)
    if told.prefix and isinstance(value, dict) and isinstance(value.get(told.prefix), dict):
        return value[told.prefix]
    return value


@lru_cache(maxsize=64)
def _document(text: str) -> Any:
    """Read the document; what hides secrets may have made of it something that is no JSON."""
    try:
        return read_object(text)
    except ValueError as error:
        raise Inconclusive(f"what a tool told cannot be read again: {error}", _MEND) from error
