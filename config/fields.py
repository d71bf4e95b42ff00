"""The fields of a part of a profile, told to people: what may stand there, and what it means."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from config.describing import described
from config.mistakes import Mistake, Place, ProfileError, listed, nearest
from config.wording import Grammar, Schema

_COMMAND = "python -m config fields"
_BLANKS = "    "


@cache
def _grammar() -> Grammar:
    return Grammar(described())


def fields_of(path: str) -> str:
    """Word the fields of the part at a dotted path, such as `lanes.pipeline`; of a list, of each.

    What may be one of several, as a vantage is of its kind, is told one by one. Raises
    `ProfileError` where there is no such part.
    """
    grammar = _grammar()
    way: tuple[str, ...] = ()
    parts = list(_parts(grammar.root, grammar))
    for name in filter(None, path.split(".")):
        found = [one["properties"][name] for one in parts if name in one["properties"]]
        below = [part for one in found for part in _parts(one, grammar)]
        if not below:
            raise ProfileError([Mistake(Place(path), "", _no_part(name, way, parts, grammar))])
        way, parts = (*way, name), below
    return "\n\n".join("\n".join(_whole(part, grammar, way)) for part in parts)


def _whole(part: Schema, grammar: Grammar, way: tuple[str, ...]) -> Iterator[str]:
    heading = ".".join(way) or "A profile"
    kind = part["properties"].get("kind", {}).get("const")
    named = f"{heading} of the kind {kind}" if kind else heading
    yield f"{named}: {_one_line(part.get('description', ''))}".rstrip(": ")
    yield ""
    needed = part.get("required", ())
    for name, field in part["properties"].items():
        yield from _told(name, field, grammar, (*way, name), is_needed=name in needed)


def _told(
    name: str, field: Schema, grammar: Grammar, way: tuple[str, ...], *, is_needed: bool
) -> Iterator[str]:
    yield f"{name}: {'needed' if is_needed else _default(field)}"
    yield f"{_BLANKS}{_takes(field, grammar)}"
    if text := field.get("description"):
        yield f"{_BLANKS}{_one_line(text)}"
    if any(_parts(field, grammar)):
        yield f"{_BLANKS}its fields: {_COMMAND} {'.'.join(way)}"


def _default(field: Schema) -> str:
    value: Any = field.get("default")
    if value in (None, [], {}, ""):
        return "may be left out"
    if str(field.get("x-takes", "")).startswith("a duration"):
        return f"{value:g}s if left out"
    return f"{json.dumps(value, ensure_ascii=False)} if left out"


def _takes(field: Schema, grammar: Grammar) -> str:
    """Say what may stand there; of a mapping its fields are told by themselves."""
    words = []
    for schema in grammar.flat(field):
        if _is_mapping(schema):
            words.append("a mapping")
        elif any(_is_mapping(one) for one in grammar.flat(schema.get("items", {}))):
            words.append("a list of mappings")
        elif schema.get("type") == "object" and "properties" not in schema:
            words.append("a mapping of names of your own")
        elif schema.get("type") != "null":
            words.append(grammar.describe(schema))
    return ", or ".join(dict.fromkeys(words))


def _parts(field: Schema, grammar: Grammar) -> Iterator[Schema]:
    """Find the mappings with fields of their own that may stand there, or in a list there."""
    for schema in grammar.flat(field):
        for one in (schema, *grammar.flat(schema.get("items", {}))):
            if _is_mapping(one):
                yield one


def _is_mapping(schema: Schema) -> bool:
    """Tell whether it has fields, and is not the reason of what is absent."""
    fields = schema.get("properties", {})
    return bool(fields) and list(fields) != ["absent"]


def _no_part(name: str, way: tuple[str, ...], parts: Sequence[Schema], grammar: Grammar) -> str:
    fields = {one: field for part in parts for one, field in part["properties"].items()}
    own = [one for one, field in fields.items() if any(_parts(field, grammar))]
    where = f"{'.'.join(way)} has" if way else "a profile has"
    what = "no fields below" if name in fields else "no field"
    there = listed(own, "and") if own else "none"
    return f"{where} {what} {name!r}{nearest(name, own)}; those with fields are {there}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
