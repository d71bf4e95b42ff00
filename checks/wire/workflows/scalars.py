"""Plain scalars as GitHub reads them: YAML 1.2's core schema, numbers as doubles.

YAML 1.2.2, 10.3.2; as in actions/runner, YamlObjectReader: `on`, `yes` and `no` are text,
hexadecimal and octal numbers are of 32 bits, and dates and `1_000` are text.
"""

import math
import re

from checks.wire.workflows.nodes import Scalar

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_EXACT = 15
"""Digits that a double holds exactly."""
_BITS = 1 << 32
_SIGN = 1 << 31
_TAG = "tag:yaml.org,2002:"


def scalar_of(text: str) -> Scalar:
    """Return what a plain scalar means; raises `ValueError` for a number out of range."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) <= _EXACT else float(text)
    if _BASED.fullmatch(text):
        return _based(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def tagged(text: str, tag: str, *, is_plain: bool) -> Scalar:
    """Return what a scalar with a tag means; raises `ValueError` where GitHub reads none such."""
    if tag == f"{_TAG}str":
        return text
    kinds: dict[str, tuple[type, ...]] = {
        f"{_TAG}bool": (bool,),
        f"{_TAG}int": (int, float),
        f"{_TAG}float": (int, float),
        f"{_TAG}null": (type(None),),
    }
    if tag not in kinds:
        raise ValueError(f"the tag {tag!r} is none that GitHub reads")
    value = scalar_of(text) if is_plain else text
    if not isinstance(value, kinds[tag]) or (isinstance(value, bool) and bool not in kinds[tag]):
        raise ValueError(f"{text!r} is not of its tag {tag!r}")
    return value


def _based(text: str) -> int:
    digits = text[2:].lstrip("0") or "0"
    if len(digits) > 11:  # noqa: PLR2004 - more than 32 bits have in octal
        raise ValueError(f"the number {text[:20]!r} has more than 32 bits")
    number = int(digits, 16 if text[1] == "x" else 8)
    if number >= _BITS:
        raise ValueError(f"the number {text!r} has more than 32 bits")
    return number - _BITS if number >= _SIGN else number
