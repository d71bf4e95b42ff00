"""Expressions evaluated as far as they can be without running: known, or unsure and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checks.wire.workflows.coercion import (
    Filtered,
    Partly,
    Unsure,
    Value,
    are_equal,
    is_greater,
    is_primitive,
    member,
    number_of,
    text_of,
    truth_of,
    unsure_in,
)
from checks.wire.workflows.expressions import (
    Call,
    Context,
    Expression,
    Index,
    Literal,
    Operation,
)
from checks.wire.workflows.functions import FUNCTIONS

_LARGEST_INDEX = (1 << 31) - 1
_WHEN_IT_RUNS = "is known when it runs"


@dataclass(frozen=True, slots=True)
class Contexts:
    """What is known where an expression stands: contexts and status functions, by name."""

    named: Mapping[str, Value] = field(default_factory=dict)
    statuses: Mapping[str, Value] = field(default_factory=dict)

    def with_(self, **more: Value) -> "Contexts":
        """Return these and more contexts."""
        return Contexts({**self.named, **more}, self.statuses)


def evaluate(tree: Expression, contexts: Contexts) -> Value:
    """Return the value of an expression; `Unsure` where it is not known or cannot be made."""
    match tree:
        case Literal(value):
            return value
        case Context(name):
            known, found = member(contexts.named, name)
            return found if known else Unsure(f"{name} {_WHEN_IT_RUNS}")
        case Index():
            return _indexed(tree, contexts)
        case Call():
            return _called(tree, contexts)
        case Operation():
            return _operated(tree, contexts)


def _operated(tree: Operation, contexts: Contexts) -> Value:
    if tree.operator in ("&&", "||"):
        return _logical(tree.operands, contexts, stops_at=tree.operator == "||")
    if tree.operator == "!":
        value = evaluate(tree.operands[0], contexts)
        truth = truth_of(value)
        return value if truth is None else not truth
    left, right = (evaluate(one, contexts) for one in tree.operands)
    for side in (left, right):
        if isinstance(side, Unsure):
            return Unsure(side.why)
    return _compared(tree.operator, left, right)


def _logical(operands: tuple[Expression, ...], contexts: Contexts, *, stops_at: bool) -> Value:
    """Return the first value that is false (of `&&`) or true (of `||`), or else the last."""
    unsure: Unsure | None = None
    value: Value = None
    for operand in operands:
        value = evaluate(operand, contexts)
        truth = truth_of(value)
        if truth is stops_at:
            return value if unsure is None else Unsure(unsure.why, truth)
        if truth is None and unsure is None:
            unsure = value
    return value if unsure is None else unsure


def _compared(operator: str, left: Value, right: Value) -> bool:
    if operator in ("==", "!="):
        return are_equal(left, right) is (operator == "==")
    if operator.startswith("<"):
        left, right = right, left
    return is_greater(left, right) or (operator.endswith("=") and are_equal(left, right))


def _indexed(tree: Index, contexts: Contexts) -> Value:
    of = evaluate(tree.of, contexts)
    by = evaluate(tree.by, contexts) if tree.by is not None else None
    for one in (of, by):
        if isinstance(one, Unsure):
            return Unsure(_told(tree, one))
    several = of.items if isinstance(of, Filtered) else [of]
    found = [inner for one in several for inner in _at(one, tree, by)]
    if tree.by is None or isinstance(of, Filtered):
        return next((one for one in found if isinstance(one, Unsure)), Filtered(found))
    return found[0] if found else None


def _told(tree: Index, unsure: Unsure) -> str:
    """Say of a member what is said of its context: `needs.build.outputs.x is known when …`."""
    path = dotted(tree)
    if path is None or not unsure.why.endswith(_WHEN_IT_RUNS):
        return unsure.why
    return f"{path} {_WHEN_IT_RUNS}"


def _at(of: Value, tree: Index, by: Value) -> list[Value]:
    """Return the member, as a list of one or of none; all of them where `*` stands."""
    if isinstance(of, Partly):
        known, found = (False, None) if tree.by is None else member(of.known, text_of(by))
        return [found if known else Unsure(f"{dotted(tree) or 'a member'} {of.why}")]
    if isinstance(of, dict):
        return list(of.values()) if tree.by is None else _member(of, by)
    if isinstance(of, list):
        return of if tree.by is None else _element(of, number_of(by))
    return []


def _member(of: Mapping[str, Value], by: Value) -> list[Value]:
    known, found = member(of, text_of(by)) if is_primitive(by) else (False, None)
    return [found] if known else []


def _element(items: list[Value], index: float) -> list[Value]:
    if not 0 <= index <= _LARGEST_INDEX or int(index) >= len(items):
        return []
    return [items[int(index)]]


def _called(tree: Call, contexts: Contexts) -> Value:
    name = tree.name.lower()
    known, status = member(contexts.statuses, name)
    if known and not tree.arguments:
        return status
    function: Callable[..., Value] | None = FUNCTIONS.get(name)
    if function is None:
        return Unsure(f"{tree.name}() {_WHEN_IT_RUNS}")
    if name == "case":
        return _case(tree, contexts)
    values = [evaluate(one, contexts) for one in tree.arguments]
    unsure = unsure_in(values)
    if unsure is not None:
        return Unsure(unsure.why)
    try:
        return function(*values)
    except (ValueError, TypeError) as error:
        return Unsure(f"{tree.name}() fails: {error}")


def _case(tree: Call, contexts: Contexts) -> Value:
    *pairs, last = tree.arguments or (Literal(None, 0),)
    for predicate, chosen in zip(pairs[::2], pairs[1::2], strict=False):
        value = evaluate(predicate, contexts)
        if isinstance(value, Unsure):
            return Unsure(value.why)
        if value is True:
            return evaluate(chosen, contexts)
        if value is not False:
            return Unsure("case() fails: a predicate is no boolean")
    return evaluate(last, contexts)


def dotted(tree: Expression) -> str | None:
    """Return what is referred to, such as `needs.build.outputs.*`; None for what is computed."""
    match tree:
        case Context(name):
            return name.lower()
        case Index(of, None):
            above = dotted(of)
            return f"{above}.*" if above else None
        case Index(of, Literal(str() as name)):
            above = dotted(of)
            return f"{above}.{name.lower()}" if above else None
        case Index(of, _):
            above = dotted(of)
            return f"{above}.*" if above else None
    return None
