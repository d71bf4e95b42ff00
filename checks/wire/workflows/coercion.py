"""Values of expressions, and how GitHub turns one kind into another.

As in actions/runner, EvaluationResult and ExpressionUtility: equality is loose as JavaScript's
`==`, but for texts, which ignore case, and for lists and objects, which equal only themselves.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.wire.workflows.wording import number_text


@dataclass(frozen=True, slots=True)
class Unsure:
    """A value that is not known: why, and whether it is true as a condition, if that is."""

    why: str
    truth: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Partly:
    """An object of which some members are known; of the others it is said why not."""

    known: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """What `.*` makes of a list or an object."""

    items: list[Any] = field(default_factory=list)


Value = Any
"""None, a boolean, a number, a text, a list, a dict, or one of the above."""

_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0x[0-9a-fA-F]{1,8}|0o[0-7]{1,11}")


def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_primitive(value: Value) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def truth_of(value: Value) -> bool | None:
    """Tell whether a value is true as a condition; None where that is not known."""
    if isinstance(value, Unsure):
        return value.truth
    if is_number(value):
        return not (value == 0 or math.isnan(value))
    return value not in (None, False, "") if is_primitive(value) else True


def number_of(value: Value) -> float:
    """Return a value as a number; not a number, for lists, objects and texts of none."""
    if value is None or isinstance(value, bool | int | float):
        return float(value or 0)
    return _number_in(value.strip()) if isinstance(value, str) else math.nan


def _number_in(text: str) -> float:
    if not text:
        return 0.0
    if _NUMBER.fullmatch(text):
        return float(text)
    if _BASED.fullmatch(text):
        number = int(text[2:], 16 if text[1] == "x" else 8)
        return float(number - (1 << 32) if number >= 1 << 31 else number)
    return {"Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)


def text_of(value: Value) -> str:
    """Return a value as a text; a list is `Array` and an object `Object`, as GitHub has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return number_text(float(value))
    if isinstance(value, str):
        return value
    return "Array" if isinstance(value, list | Filtered) else "Object"


def are_equal(left: Value, right: Value) -> bool:
    """Compare as `==` does; neither may be unsure."""
    if isinstance(left, str) and isinstance(right, str):
        return folded(left) == folded(right)
    if left is None and right is None:
        return True
    if isinstance(left, bool) and isinstance(right, bool):
        return left is right
    if is_primitive(left) and is_primitive(right):
        return number_of(left) == number_of(right)
    return left is right


def is_greater(left: Value, right: Value) -> bool:
    """Compare as `>` does; neither may be unsure."""
    if isinstance(left, str) and isinstance(right, str):
        return folded(left) > folded(right)
    if is_primitive(left) and is_primitive(right):
        return (left is not None or right is not None) and number_of(left) > number_of(right)
    return False


def folded(text: str) -> str:
    """Return a text as it is compared: without regard to case, the dotless i apart."""
    return _DOTLESS.join(part.upper() for part in text.split(_DOTLESS))


def member(of: Mapping[str, Value], name: str) -> tuple[bool, Value]:
    """Look a member up, whatever its case; tell whether there is one."""
    if name in of:
        return True, of[name]
    wanted = name.lower()
    return next(((True, of[key]) for key in of if key.lower() == wanted), (False, None))


def unsure_in(value: Value) -> Unsure | None:
    """Return the first that is not known of a value and all in it; None if all is."""
    if isinstance(value, Unsure):
        return value
    if isinstance(value, Partly):
        return Unsure(value.why)
    if isinstance(value, dict):
        return next((found for one in value.values() if (found := unsure_in(one))), None)
    if isinstance(value, list | Filtered):
        items = value if isinstance(value, list) else value.items
        return next((found for one in items if (found := unsure_in(one))), None)
    return None
