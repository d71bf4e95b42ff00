"""Texts with expressions in them: `a-${{ matrix.os }}`."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from checks.wire.workflows.coercion import Partly, Unsure, Value, text_of
from checks.wire.workflows.evaluation import Contexts, dotted, evaluate
from checks.wire.workflows.expressions import (
    Context,
    Expression,
    ExpressionError,
    Index,
    parse,
    walk,
)
from checks.wire.workflows.seen import Leg, Text, Unknown

_OPEN = "${{"
_RUNS = "is known when it runs"
_ENDING = re.compile(r"'|\}\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: as it stands, or an expression; `at` is where its text begins."""

    text: str
    is_expression: bool
    at: int


@lru_cache(maxsize=8192)
def parts_of(text: str) -> tuple[Part, ...]:
    """Split a text at its expressions; raises `ExpressionError` for one without an end."""
    found: list[Part] = []
    reached = 0
    while (start := text.find(_OPEN, reached)) >= 0:
        if start > reached:
            found.append(Part(text[reached:start], is_expression=False, at=reached))
        end = _end(text, start + len(_OPEN))
        if end is None:
            raise ExpressionError(start, "${{ has no end (}})")
        at = start + len(_OPEN)
        found.append(Part(text[at:end], is_expression=True, at=at))
        reached = end + 2
    if reached < len(text):
        found.append(Part(text[reached:], is_expression=False, at=reached))
    return tuple(found)


def _end(text: str, start: int) -> int | None:
    """Return where `}}` stands outside of quotes."""
    is_quoted = False
    for one in _ENDING.finditer(text, start):
        if one[0] == "'":
            is_quoted = not is_quoted
        elif not is_quoted:
            return one.start()
    return None


def has_expression(text: str) -> bool:
    return _OPEN in text


def value_of(text: str, contexts: Contexts) -> Value:
    """Return the value of a text: of one that is a single expression, that expression's."""
    try:
        parts = parts_of(text)
        if len(parts) == 1 and parts[0].is_expression:
            return evaluate(parse(parts[0].text.strip()), contexts)
        values = [_part(one, contexts) for one in parts]
    except ExpressionError as error:
        return Unsure(f"not an expression: {error}")
    for one in values:
        if isinstance(one, Unsure):
            return Unsure(one.why, True if any(_is_written(part) for part in parts) else None)
    return "".join(text_of(one) for one in values)


def _is_written(part: Part) -> bool:
    return not part.is_expression


def _part(part: Part, contexts: Contexts) -> Value:
    return evaluate(parse(part.text.strip()), contexts) if part.is_expression else part.text


def evaluate_text(text: str, contexts: Contexts | Mapping[str, Value]) -> Text:
    """Return what a text says with these contexts; `Unknown` with the text and why."""
    if not has_expression(text):
        return text
    known = contexts if isinstance(contexts, Contexts) else Contexts(contexts)
    value = value_of(text, known)
    return Unknown(text=text, why=value.why) if isinstance(value, Unsure) else text_of(value)


def contexts_of(leg: Leg, env: Iterable[tuple[str, str]] = ()) -> Mapping[str, Value]:
    """Return the contexts that a leg's steps have: `matrix`, and `env` as far as it is written.

    `env` are the pairs of the job and then of the step; the later of one name counts.
    """
    matrix: dict[str, Value] = json.loads(leg.values)
    matrix.update({key: Unsure(f"matrix.{key} {_RUNS}") for key in leg.unknown})
    known: dict[str, Value] = {}
    for name, text in env:
        found = evaluate_text(text, {"matrix": matrix})
        known[name] = Unsure(found.why) if isinstance(found, Unknown) else found
    return {"matrix": matrix, "env": Partly(known, _RUNS)}


def contexts_in(text: str) -> frozenset[str]:
    """Return what a text's expressions refer to, in lower case: `matrix.os`, `needs.a.outputs.*`.

    Each as far as it is named: a computed member is `*`. What is no expression refers to nothing.
    """
    try:
        trees = [parse(one.text.strip()) for one in parts_of(text) if one.is_expression]
    except ExpressionError:
        return frozenset()
    return frozenset(one for tree in trees for one in references(tree))


def references(tree: Expression) -> frozenset[str]:
    """Return what an expression refers to, each as far as it is named."""
    found: set[str] = set()
    inner: set[int] = set()
    for one in walk(tree):
        if isinstance(one, Index):
            inner.add(id(one.of))
        if isinstance(one, Index | Context) and id(one) not in inner:
            path = dotted(one)
            if path is not None:
                found.add(path)
    return frozenset(found)
