"""What may stand where in a profile, in words: read from the models' own JSON Schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from config.document import Document
from config.mistakes import Mistake, Path, found, listed, nearest, written
from config.vantages import TAGS

Schema = dict[str, Any]
_TAGS = ("<given>", "<absent>", "<word>", *TAGS)
_PLAIN = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}
_VALUES = ("value", "token", "password", "secret", "key")


def mistakes_of(
    error: ValidationError, document: Document, adapter: TypeAdapter[Any]
) -> list[Mistake]:
    """Turn what pydantic refused into mistakes with their places."""
    grammar = _grammar_of(adapter)
    mistakes = []
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"] if part not in _TAGS)
        if detail["type"] == "extra_forbidden":
            words = _unknown(path, _fields(detail["loc"][-2:-1], path, grammar))
            mistakes.append(Mistake(document.keys[path], written(path), words))
        elif detail["type"] != "too_short" or not detail["input"]:
            # A list whose items were refused is called too short too.
            words = _words(path, detail, *_within(detail["loc"], path, grammar))
            mistakes.append(Mistake(document.place(path), written(path), words))
    return mistakes


@cache
def _grammar_of(adapter: TypeAdapter[Any]) -> "Grammar":
    return Grammar(adapter.json_schema())


def _fields(within: Path, path: Path, grammar: "Grammar") -> list[str]:
    """Return the fields that may stand beside an unknown one, which lies within a tag or a key."""
    match within:
        case ("<absent>",):
            return ["absent"]
        case (str() as tag,) if tag in TAGS:
            return list(TAGS[tag].model_fields)
    return grammar.fields(path[:-1])


def _within(loc: Path, path: Path, grammar: "Grammar") -> tuple["Grammar", Path]:
    """Return the grammar of the kind that was meant, and the path in it; else the whole's own."""
    tags = [at for at, part in enumerate(loc) if part in TAGS]
    below = tuple(part for part in loc[tags[-1] :] if part not in _TAGS) if tags else ()
    if not below or below == ("kind",):
        return grammar, path
    model = TAGS[str(loc[tags[-1]])]
    return Grammar(model.model_json_schema()), below


def _words(path: Path, detail: ErrorDetails, grammar: "Grammar", below: Path) -> str:
    kind, value, takes = detail["type"], detail["input"], grammar.takes(below)
    reason = str(detail.get("ctx", {}).get("error", ""))
    if kind == "missing":
        return f"this field is missing; allowed: {takes}"
    if kind == "value_error" and isinstance(value, dict):
        return reason
    stands = found(value)
    if path[:1] == ("secrets",):
        stands, reason = "what stands here is not shown", ""
    else:
        stands += _meant(value, grammar.choices(below))
    if reason:
        stands += f" ({reason})"
    if kind == "too_short":
        takes += ", with at least one item"
    if kind == "string_type" and isinstance(value, bool | int | float):
        takes += " (in quotes it is text)"
    return f"{stands}; allowed: {takes}"


def _meant(value: Any, choices: list[str]) -> str:
    if isinstance(value, str):
        return nearest(value, choices)
    keys = value if isinstance(value, dict) else ()
    return next(filter(None, (nearest(key, ["absent"]) for key in keys)), "")


def _unknown(path: Path, fields: list[str]) -> str:
    name = str(path[-1])
    if path[0] == "secrets" and name.casefold() in _VALUES:
        return (
            "a secret's value does not belong in a profile (it is not shown);"
            " allowed: env or file, which name where it is found"
        )
    known = listed(fields, "and")
    if fields == ["absent"]:
        return "nothing else may stand beside absent"
    return f"no field has this name{nearest(name, fields)}; the fields here are {known}"


class Grammar:
    """What a JSON Schema allows at a path."""

    def __init__(self, schema: Schema) -> None:
        self.root = schema

    def fields(self, path: Path) -> list[str]:
        """Return the names of the fields that a mapping at the path may have."""
        names = (name for schema in self._at(path) for name in schema.get("properties", ()))
        return list(dict.fromkeys(names))

    def choices(self, path: Path) -> list[str]:
        """Return the words among which the field at the path has its value."""
        return [
            choice
            for schema in self._at(path)
            for choice in schema.get("enum", [schema.get("const")])
            if isinstance(choice, str)
        ]

    def takes(self, path: Path) -> str:
        """Say what may stand at the path."""
        words = dict.fromkeys(self.describe(schema) for schema in self._at(path))
        return ", or ".join(words)

    def _at(self, path: Path) -> list[Schema]:
        schemas = list(self.flat(self.root))
        for part in path:
            schemas = [
                flat
                for schema in schemas
                if (below := self._below(schema, part)) is not None
                for flat in self.flat(below)
            ]
        return schemas

    def _below(self, schema: Schema, part: str | int) -> Schema | None:
        if isinstance(part, int):
            below = schema.get("items")
        else:
            below = schema.get("properties", {}).get(part, schema.get("additionalProperties"))
        return below if isinstance(below, dict) else None

    def flat(self, schema: Schema) -> Iterator[Schema]:
        """Walk what may stand for a schema: what it refers to, and each of its alternatives."""
        if "x-takes" in schema:
            yield schema
        elif "$ref" in schema:
            yield from self.flat(self.root["$defs"][schema["$ref"].rpartition("/")[2]])
        else:
            alternatives = schema.get("anyOf", schema.get("oneOf"))
            for one in alternatives or ():
                yield from self.flat(one)
            if alternatives is None:
                yield schema

    def describe(self, schema: Schema) -> str:
        """Say in words what one schema takes."""
        match schema:
            case {"x-takes": str() as words}:
                pass
            case {"enum": choices}:
                words = listed(map(repr, choices))
            case {"const": choice}:
                words = repr(choice)
            case {"type": "integer", "minimum": least}:
                most = f" to {schema['maximum']}" if "maximum" in schema else ""
                words = f"a whole number from {least}{most}"
            case {"type": "array", "items": items}:
                each = dict.fromkeys(self.describe(one) for one in self.flat(items))
                words = f"a list (of {' or '.join(each)})"
            case {"type": "object", "required": ["absent"]}:
                words = "{absent: REASON}"
            case {"type": "object"}:
                names = schema.get("properties", ["any"])
                words = f"a mapping with the fields {listed(names, 'and')}"
            case {"type": str() as plain} if plain in _PLAIN:
                words = _PLAIN[plain]
            case _:
                words = "text that is not empty" if "minLength" in schema else "text"
        return words
