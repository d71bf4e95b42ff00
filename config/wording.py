"""What may stand where in a profile, in words: read from the models' own JSON Schema."""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from config.document import Document
from config.mistakes import Mistake, Path, found, listed, nearest, written

Schema = dict[str, Any]
_TAGS = ("<given>", "<absent>", "<word>", "<local>", "<lab>")
_VALUES = ("value", "token", "password", "secret", "key")


def mistakes_of(error: ValidationError, document: Document, adapter: TypeAdapter[Any]) -> list[Mistake]:
    """Turn what pydantic refused into mistakes with their places."""
    grammar = Grammar(adapter.json_schema())
    return [
        Mistake(_place(path, detail, document), written(path), words)
        for detail in error.errors(include_url=False)
        for path in [tuple(part for part in detail["loc"] if part not in _TAGS)]
        if (words := _words(path, detail, grammar))
    ]


def _place(path: Path, detail: ErrorDetails, document: Document) -> Any:
    if detail["type"] == "extra_forbidden" and path in document.keys:
        return document.keys[path]
    return document.place(path)


def _words(path: Path, detail: ErrorDetails, grammar: "Grammar") -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    secret = path[:1] == ("secrets",)
    may = f"{grammar.takes(path)} may stand here"
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), grammar.fields(path[:-1]), secret=secret)
    if kind == "missing":
        return f"this field is missing; {may}"
    if kind == "too_short" and value:
        return ""  # its items were refused, each with its own mistake
    reason = str(context.get("error", ""))
    if kind == "value_error" and isinstance(value, dict):
        return reason
    stands = "what stands here is not shown" if secret else found(value)
    if kind == "too_short":
        return f"{stands}; at least one may stand here: {grammar.takes(path)}"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return f"{stands}; {may}: in quotes it is text"
    return f"{stands} ({reason}); {may}" if reason and not secret else f"{stands}; {may}"


def _unknown(name: str, fields: list[str], *, secret: bool) -> str:
    if secret and name.casefold() in _VALUES:
        return (
            "a secret's value does not belong in a profile (it is not shown);"
            " env or file may stand here, and name where it is found"
        )
    return f"no field has this name{nearest(name, fields)}; the fields here are {listed(fields)}"


class Grammar:
    """What a JSON Schema allows at a path."""

    def __init__(self, schema: Schema) -> None:
        self._root = schema

    def fields(self, path: Path) -> list[str]:
        """Return the names of the fields that a mapping at the path may have."""
        return [name for schema in self._at(path) for name in schema.get("properties", ())]

    def takes(self, path: Path) -> str:
        """Say what may stand at the path."""
        words = dict.fromkeys(self._describe(schema) for schema in self._at(path))
        return " or ".join(words) or "something else"

    def _at(self, path: Path) -> list[Schema]:
        schemas = list(self._flat(self._root))
        for part in path:
            schemas = [
                flat
                for schema in schemas
                if (below := self._below(schema, part)) is not None
                for flat in self._flat(below)
            ]
        return schemas

    def _below(self, schema: Schema, part: str | int) -> Schema | None:
        if isinstance(part, int):
            below = schema.get("items")
        else:
            below = schema.get("properties", {}).get(part, schema.get("additionalProperties"))
        return below if isinstance(below, dict) else None

    def _flat(self, schema: Schema) -> Iterator[Schema]:
        if "x-takes" in schema:
            yield schema
        elif "$ref" in schema:
            yield from self._flat(self._root["$defs"][schema["$ref"].rpartition("/")[2]])
        else:
            alternatives = schema.get("anyOf", schema.get("oneOf"))
            for one in alternatives or ():
                yield from self._flat(one)
            if alternatives is None:
                yield schema

    def _describe(self, schema: Schema) -> str:
        if "x-takes" in schema:
            return str(schema["x-takes"])
        if "const" in schema or "enum" in schema:
            return " or ".join(repr(one) for one in schema.get("enum", [schema.get("const")]))
        match schema.get("type"):
            case "integer":
                return f"a whole number from {schema.get('minimum', 0)}" + (
                    f" to {schema['maximum']}" if "maximum" in schema else ""
                )
            case "array":
                items = dict.fromkeys(self._describe(one) for one in self._flat(schema["items"]))
                return f"a list ({' or '.join(items)} each)"
            case "object" if schema.get("required") == ["absent"]:
                return "{absent: REASON}"
            case "object":
                return f"a mapping with the fields {listed(schema.get('properties', ['any']))}"
            case "null":
                return "nothing"
        return "text"
