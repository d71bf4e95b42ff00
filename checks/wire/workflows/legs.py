"""The legs of a job: their names, labels and conditions, in one situation.

Names are made as actions/runner makes them (JobNameBuilder, WorkflowTemplateEvaluator): a job
without a name is called by its id; the values of its matrix follow in parentheses, and what is
then over 100 characters ends in `...`. A name with an expression is what that says, nothing
added; where it says nothing, the id and the values stand.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.wire.workflows.coercion import (
    Unsure,
    Value,
    is_primitive,
    member,
    text_of,
    unsure_in,
)
from checks.wire.workflows.evaluation import Contexts
from checks.wire.workflows.functions import FUNCTIONS
from checks.wire.workflows.matrix import Combination
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.resolving import resolved
from checks.wire.workflows.seen import Text, Unknown
from checks.wire.workflows.situations import Situation, named
from checks.wire.workflows.texts import has_expression, parts_of, value_of

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A leg in one situation."""

    name: Text
    matrix: tuple[tuple[str, Value], ...]
    labels: tuple[Text, ...]
    group: Text | None
    condition: bool | Unsure
    event: str
    contexts: Contexts
    own_name: Text


def contexts_of_leg(
    situation: Situation, legs: list[Combination], number: int, strategy: Value
) -> Contexts:
    """Return what is known in a leg; a job without a matrix has one leg and no `matrix`."""
    options = strategy if isinstance(strategy, dict) else {}
    parallel = member(options, "max-parallel")[1]
    return situation.contexts(
        matrix=dict(legs[number].values) if legs else None,
        strategy={
            "fail-fast": options.get("fail-fast", True),
            "job-index": number,
            "job-total": len(legs) or 1,
            "max-parallel": (len(legs) or 1) if parallel is None else parallel,
        },
    )


def name_of(job_id: str, node: Node | None, leg: Combination | None, contexts: Contexts) -> Text:
    """Return a leg's name, without that of who calls it."""
    text = "" if node is None or node.value is None else text_of(node.value)
    literal = _literal(text)
    if literal is not None:
        return _built(literal or job_id, leg)
    value = value_of(text, contexts)
    if isinstance(value, Unsure):
        return Unknown(text=text, why=value.why)
    return text_of(value) or _built(job_id, leg)


def _literal(text: str) -> str | None:
    """Return a name without expressions; one that is a text in an expression is that text."""
    if not has_expression(text):
        return text
    value = value_of(text, Contexts()) if text.count("${{") == 1 else None
    try:
        only = parts_of(text)[0].text.strip() if len(parts_of(text)) == 1 else ""
    except ValueError:
        return None
    is_quoted = only.startswith("'") and only.replace("''", "").count("'") in (0, 2)
    return value if is_quoted and only.endswith("'") and isinstance(value, str) else None


def _built(name: str, leg: Combination | None) -> Text:
    shown = leg.shown if leg is not None else ()
    texts = ["…" if isinstance(one, Unsure) else text_of(one) for one in shown]
    whole = f"{name} ({', '.join(texts)})" if texts else name
    unsure = next((one for one in shown if isinstance(one, Unsure)), None)
    if unsure is not None:
        return Unknown(text=whole, why=unsure.why)
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 3]}..."


def runner_of(node: Node | None, contexts: Contexts) -> tuple[tuple[Text, ...], Text | None]:
    """Return the labels of `runs-on`, and its group."""
    if node is None:
        return (), None
    value = resolved(node, contexts)
    if isinstance(value, dict):
        group = member(value, "group")[1]
        texts = _labels(member(value, "labels")[1], node.get("labels") or node)
        return texts, None if group is None else _text(group, node.get("group") or node)
    return _labels(value, node), None


def _labels(value: Value, node: Node) -> tuple[Text, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        return (_text(value, node),)
    nodes = node.items if len(node.items) == len(value) else [node] * len(value)
    return tuple(_text(one, other) for one, other in zip(value, nodes, strict=True))


def _text(value: Value, node: Node) -> Text:
    if isinstance(value, Unsure):
        return Unknown(text=node.text, why=value.why)
    if not is_primitive(value):
        return Unknown(text=node.text, why="it is no text")
    return text_of(value)


def pairs_of(values: Iterable[tuple[str, Value]]) -> tuple[tuple[str, str], ...]:
    """Return the values of a matrix as texts; lists and objects as JSON, the unknown left out."""
    return tuple((key, _pair(one)) for key, one in values if unsure_in(one) is None)


def _pair(value: Value) -> str:
    if is_primitive(value):
        return text_of(value)
    return json.dumps(json.loads(FUNCTIONS["tojson"](value)), ensure_ascii=False)


def values_of(values: Iterable[tuple[str, Value]]) -> str:
    """Return the values of a matrix as JSON; the unknown are left out."""
    known = {key: one for key, one in values if unsure_in(one) is None}
    return json.dumps(json.loads(FUNCTIONS["tojson"](known)), ensure_ascii=False)


def full_name(situation: Situation, name: Text) -> Text:
    return named(name, situation.prefix)


def called_matrix(
    situation: Situation, values: Mapping[str, Value]
) -> tuple[tuple[str, Value], ...]:
    """Return the values of the matrices of who calls, and of the leg itself, which hide them."""
    kept = [pair for pair in situation.matrix if not member(values, pair[0])[0]]
    return (*kept, *values.items())
