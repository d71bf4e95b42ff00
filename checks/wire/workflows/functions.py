"""The functions that expressions have everywhere (actions/runner, Sdk/Expressions/Functions)."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from checks.wire.workflows.coercion import (
    Filtered,
    Value,
    are_equal,
    folded,
    is_number,
    is_primitive,
    text_of,
)
from checks.wire.workflows.wording import number_text

LONGEST = 200_000
"""Characters of a text that a function makes here."""
_DEEPEST = 60
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})(?::[^}]*)?\}|[{}]")


def _contains(search: Value, item: Value) -> bool:
    if is_primitive(search):
        return is_primitive(item) and folded(text_of(item)) in folded(text_of(search))
    items = search.items if isinstance(search, Filtered) else search
    return isinstance(items, list) and any(are_equal(one, item) for one in items)


def _starts_with(text: Value, with_: Value) -> bool:
    both = is_primitive(text) and is_primitive(with_)
    return both and folded(text_of(text)).startswith(folded(text_of(with_)))


def _ends_with(text: Value, with_: Value) -> bool:
    both = is_primitive(text) and is_primitive(with_)
    return both and folded(text_of(text)).endswith(folded(text_of(with_)))


def _format(template: Value, *arguments: Value) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] is None:
            raise ValueError(f"its text has a brace that opens or ends nothing: {template}")
        if int(found[1]) >= len(arguments):
            raise ValueError(f"its text asks for more than is given: {template}")
        return text_of(arguments[int(found[1])])

    text = text_of(template)
    most = max((len(text_of(one)) for one in arguments), default=0)
    if len(text) + text.count("{") * most > LONGEST:
        raise ValueError(f"it may make a text of more than {LONGEST:,} characters")
    return _PLACEHOLDER.sub(fill, text)


def _join(items: Value, separator: Value = ",") -> str:
    if is_primitive(items):
        return text_of(items)
    found = items.items if isinstance(items, Filtered) else items
    if not isinstance(found, list):
        return ""
    between = text_of(separator) if is_primitive(separator) else ","
    texts = [text_of(one) for one in found]
    return _bounded(between, texts)


def _bounded(between: str, texts: list[str]) -> str:
    if sum(map(len, texts)) + len(between) * len(texts) > LONGEST:
        raise ValueError(f"it makes a text of more than {LONGEST:,} characters")
    return between.join(texts)


def _to_json(value: Value) -> str:
    return "".join(_written(value, ""))


def _written(value: Value, indent: str) -> list[str]:
    """Write as GitHub does: indented by two, and numbers as in texts."""
    inner = f"{indent}  "
    if isinstance(value, list | Filtered):
        items = value if isinstance(value, list) else value.items
        parts = [[inner, *_written(one, inner)] for one in items]
        return _enclosed("[", parts, indent, "]")
    if isinstance(value, dict):
        named = [
            [inner, json.dumps(key, ensure_ascii=False), ": ", *_written(one, inner)]
            for key, one in value.items()
        ]
        return _enclosed("{", named, indent, "}")
    if is_number(value):
        return [number_text(float(value))]
    if is_primitive(value):
        return [json.dumps(value, ensure_ascii=False)]
    raise ValueError("not all of it is known")


def _enclosed(start: str, parts: list[list[str]], indent: str, end: str) -> list[str]:
    if not parts:
        return [start, end]
    lines = [start]
    for number, part in enumerate(parts):
        lines += [",\n" if number else "\n", *part]
    return [*lines, "\n", indent, end]


def _from_json(text: Value) -> Value:
    source = text_of(text)
    if len(source) > LONGEST:
        raise ValueError(f"its text has more than {LONGEST:,} characters")
    if not source.strip():
        raise ValueError("its text is empty")
    if _depth(source) > _DEEPEST:
        raise ValueError(f"its text is deeper than {_DEEPEST} levels")
    try:
        return json.loads(source, parse_int=float)
    except json.JSONDecodeError as error:
        raise ValueError(f"its text is no JSON: {error}") from None


def _depth(source: str) -> int:
    deepest = depth = 0
    for one in source:
        if one in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif one in "]}":
            depth -= 1
    return deepest


def _case(*_: Value) -> Value:
    raise ValueError("its predicates are evaluated in turn")


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "case": _case,
    "contains": _contains,
    "endswith": _ends_with,
    "format": _format,
    "fromjson": _from_json,
    "join": _join,
    "startswith": _starts_with,
    "tojson": _to_json,
}
ARITY: Mapping[str, tuple[int, int]] = {
    "case": (3, 255),
    "contains": (2, 2),
    "endswith": (2, 2),
    "format": (1, 255),
    "fromjson": (1, 1),
    "join": (1, 2),
    "startswith": (2, 2),
    "tojson": (1, 1),
}
"""How many arguments each takes, at least and at most."""
