"""Observations to JSON and back, by kind."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import (
    Annotated,
    Any,
    Protocol,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_type_hints,
)

from pydantic import ConfigDict, Field, TypeAdapter


class Observation(Protocol):
    """What a sighting saw: a frozen value that says in one line what it is.

    Where they apply it also has `phases`, tuples of name, start and seconds, and
    `transcript`, what was seen at length, and `clock`, whose clock was heard, how many seconds
    it is ahead and within how many; logs and reports show them. What was seen at places of files
    it has as `findings`, of the class `reports.findings.Findings`: they are shown as SARIF. The
    bytes that it rests on it has as a field `asides`, of `reports.asides.Aside`: they are moved
    into files of the run. The nodes of a chain, with what is expected of each and what was
    observed, it has as `links`, with the fields of `reports.links.Link`: they are shown as a table.
    What writes the closeout of what was seen, once the run is finished, it has as `closeout`: the
    arguments of `python -m`, with `RUN` for the run's folder.
    """

    @property
    def kind(self) -> str: ...

    @property
    def headline(self) -> str:
        """What was seen, in one line for a log and a table."""


T = TypeVar("T")
_STRICT = ConfigDict(
    extra="forbid",
    strict=True,
    allow_inf_nan=False,
    ser_json_bytes="base64",
    val_json_bytes="base64",
)
_kinds: dict[str, type] = {}


class UnknownKindError(ValueError):
    """A journal names a kind of observation that this version does not know."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def observation(cls: type[T]) -> type[T]:
    """Make the class a frozen dataclass, and register it by the literal of its field `kind`.

    Fields are plain: text, numbers, booleans, bytes, UTC datetimes, tuples, other
    frozen dataclasses. Raises `ValueError` for a kind that is already taken.
    """
    frozen = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    (kind,) = get_args(get_type_hints(frozen)["kind"])
    taken = _kinds.get(kind)
    if taken is not None and taken.__qualname__ != frozen.__qualname__:
        raise ValueError(f"the kind {kind!r} is taken by {taken.__qualname__}")
    frozen.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
    _kinds[kind] = frozen
    return frozen


def encode(seen: Observation | tuple[Observation, ...]) -> str:
    """Write an observation, or a tuple of them, as JSON."""
    if isinstance(seen, tuple):
        return "[" + ",".join(encode(one) for one in seen) + "]"
    return _adapter(seen.kind).dump_json(seen).decode()


def decode(text: str) -> Observation | tuple[Observation, ...]:
    """Read back what `encode` wrote; raises `ValueError` for anything else."""
    if len(_kinds) > 1:  # of one alone there is no union
        one, several = _every(tuple(_kinds.values()))
        with suppress(ValueError):
            seen: Observation | tuple[Observation, ...]
            seen = (several if text.startswith("[") else one).validate_json(text)
            return seen
    return _read_one_by_one(text)  # which tells of what kind it is, and what is wrong


def kinds() -> Iterable[str]:
    """Return the kinds that are registered."""
    return tuple(_kinds)


def words() -> Iterable[str]:
    """Return the words that every observation is made of: kinds, names of fields, and choices."""
    return tuple(dict.fromkeys(word for kind in _kinds for word in _words(_adapter(kind))))


def type_of(kind: str) -> type:
    """Return the class of a kind; raises `UnknownKindError`."""
    if kind not in _kinds:
        raise UnknownKindError(f"no observation is of the kind {kind!r}")
    return _kinds[kind]


def _words(adapter: TypeAdapter[Any]) -> Iterable[str]:
    schemas: list[Any] = [adapter.json_schema()]
    while schemas:
        match schemas.pop():
            case dict() as schema:
                yield from schema.get("properties", ())
                yield from (one for one in schema.get("enum", ()) if isinstance(one, str))
                schemas += schema.values()
                if isinstance(schema.get("const"), str):
                    yield schema["const"]
            case list() as several:
                schemas += several


def _read_one_by_one(text: str) -> Observation | tuple[Observation, ...]:
    loaded = json.loads(text)
    if isinstance(loaded, list):
        return tuple(_read(one) for one in loaded)
    return _read(loaded)


def _read(fields: Any) -> Observation:
    kind = fields.get("kind") if isinstance(fields, dict) else None
    if not isinstance(kind, str):
        raise UnknownKindError(f"no observation is of the kind {kind!r}")
    seen: Observation = _adapter(kind).validate_json(json.dumps(fields))
    return seen


@lru_cache(maxsize=1)
def _every(kinds: tuple[type, ...]) -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    """Return what reads an observation of any of the kinds, and what reads a tuple of them."""
    every: Any = Union[kinds]  # noqa: UP007 - no other way to write one of a tuple
    any_kind: Any = Annotated[every, Field(discriminator="kind")]
    return TypeAdapter(any_kind), TypeAdapter(tuple[any_kind, ...])


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(type_of(kind))
