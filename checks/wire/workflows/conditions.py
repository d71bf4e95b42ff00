"""Conditions (`if`), as GitHub reads them: with or without `${{ }}`, and `success()` before."""

from checks.wire.workflows.coercion import Unsure, Value, truth_of
from checks.wire.workflows.evaluation import Contexts, evaluate
from checks.wire.workflows.expressions import Call, Expression, ExpressionError, parse, walk
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.texts import has_expression, parts_of, value_of

STATUSES = ("success", "always", "failure", "cancelled")


def expression_of(text: str) -> str | None:
    """Return the one expression of a condition; None for a text with expressions among words.

    Such a text is made first, and holds whatever they say. Raises `ExpressionError`.
    """
    if not has_expression(text):
        return text.strip()
    parts = parts_of(text)
    return parts[0].text.strip() if len(parts) == 1 else None


def holds(node: Node | None, contexts: Contexts) -> bool | Unsure:
    """Tell whether a job's condition holds; `Unsure` where that is not known."""
    text = "" if node is None or node.value is None else node.text
    try:
        value = _value(text, contexts)
    except ExpressionError as error:
        return Unsure(f"its condition is no expression: {error}")
    truth = truth_of(value)
    if truth is not None:
        return truth
    return value if isinstance(value, Unsure) else Unsure("its condition is not known")


def _value(text: str, contexts: Contexts) -> Value:
    success = contexts.statuses.get("success", True)
    only = expression_of(text)
    if only is None:
        return _both(success, value_of(text, contexts))
    if not only:
        return success
    tree = parse(only)
    value = evaluate(tree, contexts)
    return value if asks_status(tree) else _both(success, value)


def asks_status(tree: Expression) -> bool:
    """Tell whether a condition calls a status function: `success() &&` is not put before then."""
    return any(isinstance(one, Call) and one.name.lower() in STATUSES for one in walk(tree))


def _both(first: Value, second: Value) -> Value:
    truths = truth_of(first), truth_of(second)
    if False in truths:
        return False
    if None not in truths:
        return True
    return first if truths[0] is None else second
