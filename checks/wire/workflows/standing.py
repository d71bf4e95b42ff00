"""Expressions where they stand: whether each is one, and may use what it uses there."""

from collections.abc import Iterator
from contextlib import suppress

from checks.wire.workflows.availability import CONTEXTS, Allowed, allowed_at
from checks.wire.workflows.conditions import STATUSES
from checks.wire.workflows.expressions import (
    Call,
    Context,
    Expression,
    ExpressionError,
    Literal,
    parse,
    walk,
)
from checks.wire.workflows.functions import ARITY
from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Finding, Place
from checks.wire.workflows.texts import Part, has_expression, parts_of

_OPEN = "${{"
_CONDITIONS = (("if",), ("pre-if",), ("post-if",))
_LIMITED = {"hashfiles": "hashFiles", **{one: one for one in STATUSES}}


def findings_of_expressions(loaded: Loaded, *, is_action: bool = False) -> list[Finding]:
    """Return what is wrong with the expressions of a file, each at its place."""
    if loaded.root is None:
        return []
    found: list[Finding] = []
    seen: set[tuple[int, bool]] = set()
    for path, node in loaded.root.below():
        for key, _ in node.pairs:
            if has_expression(key.text):
                allowed = allowed_at((*path, key.text), is_action=is_action)
                found += _of_value(loaded, key, allowed, is_key=True)
        is_asked = path[-1:] in _CONDITIONS or has_expression(node.text)
        if is_asked and node.kind == "scalar" and isinstance(node.value, str):
            allowed = allowed_at(path, is_action=is_action)
            if (id(node), allowed is None) not in seen:  # an alias is judged once
                seen.add((id(node), allowed is None))
                found += _of_value(loaded, node, allowed)
    return found


def _of_value(
    loaded: Loaded, node: Node, allowed: Allowed | None, *, is_key: bool = False
) -> Iterator[Finding]:
    text = node.text
    if allowed is not None and allowed.is_condition and not has_expression(text):
        if text.strip():
            yield from _of_expression(loaded, node, Part(text, is_expression=True, at=0), allowed)
        return
    if not has_expression(text):
        return
    try:
        parts = parts_of(text)
    except ExpressionError as error:
        words = str(error)
        yield _finding(loaded, node, error.offset, "expression", words)
        return
    expressions = [one for one in parts if one.is_expression]
    if len(parts) == 1 and _is_text(parts[0]):
        return  # it is put in its place at once, wherever it stands
    if allowed is None:
        words = "no expression may stand here: GitHub evaluates none"
        yield _finding(
            loaded, node, expressions[0].at - len(_OPEN), "expression-not-allowed", words
        )
        return
    for part in expressions:
        if not (is_key and part.text.strip() == "insert"):
            yield from _of_expression(loaded, node, part, allowed)
    if allowed.is_condition and len(parts) > 1:
        words = (
            "this condition always holds: the text around ${{ }} makes it a text, and a text that"
            " is not empty is true; put all of it into one ${{ }}"
        )
        yield _finding(loaded, node, 0, "condition-always-true", words, is_warning=True)


def _is_text(part: Part) -> bool:
    """Tell whether an expression is a text and nothing else: `${{ '{{ }}' }}`."""
    with suppress(ExpressionError):
        tree = parse(part.text.strip())
        return isinstance(tree, Literal) and isinstance(tree.value, str)
    return False


def _of_expression(loaded: Loaded, node: Node, part: Part, allowed: Allowed) -> Iterator[Finding]:
    space = len(part.text) - len(part.text.lstrip())
    try:
        tree = parse(part.text.strip())
    except ExpressionError as error:
        yield _finding(loaded, node, part.at + space + error.offset, "expression", str(error))
        return
    for offset, rule, words in misuses(tree, allowed):
        yield _finding(loaded, node, part.at + space + offset, rule, words)


def misuses(tree: Expression, allowed: Allowed) -> Iterator[tuple[int, str, str]]:
    """Yield what an expression may not use: where in it, the rule, and the words."""
    for one in walk(tree):
        match one:
            case Context(name, at):
                if name.lower() not in CONTEXTS:
                    yield at, "unknown-context", f"there is no context {name!r}"
                elif name.lower() not in allowed.contexts:
                    words = f"the context {name!r} may not stand here; {_may(allowed)}"
                    yield at, "context", words
            case Call(name, arguments, at):
                fault = _fault(name, len(arguments), allowed)
                if fault is not None:
                    yield at, "function", fault


def _may(allowed: Allowed) -> str:
    return f"allowed: {', '.join(sorted(allowed.contexts))}"


def _fault(name: str, count: int, allowed: Allowed) -> str | None:
    """Say what is wrong with a call; None where nothing is."""
    key = name.lower()
    bounds = ARITY.get(key) or allowed.functions.get(key)
    if bounds is None:
        if key in _LIMITED:
            return f"the function {_LIMITED[key]}() may not stand here"
        return f"there is no function {name}()"
    least, most = bounds
    if count < least:
        return f"{name}() takes at least {least} arguments, and has {count}"
    if count > most:
        return f"{name}() takes at most {most} arguments, and has {count}"
    if key == "case" and count % 2 == 0:
        return "case() takes pairs of a predicate and a value, and a last value"
    return None


def _finding(
    loaded: Loaded, node: Node, offset: int, rule: str, words: str, *, is_warning: bool = False
) -> Finding:
    level = "warning" if is_warning else "error"
    return Finding(rule=rule, place=place_in(loaded, node, offset), text=words, level=level)  # type: ignore[arg-type]


def place_in(loaded: Loaded, node: Node, offset: int) -> Place:
    """Return where a character of a scalar stands in the file.

    It is found by the expressions before it: the scalar's own place, where its text was written
    with escapes that hide them.
    """
    text, source = node.text, loaded.source
    opening = text.rfind(_OPEN, 0, offset + len(_OPEN))
    if opening < 0:
        at = source.find(text[:40], node.start, node.end) if text else -1
        return _at(
            loaded,
            node,
            at + offset if at >= 0 and source[at : at + offset] == text[:offset] else node.start,
        )
    at = node.start - 1
    for _ in range(text.count(_OPEN, 0, opening) + 1):
        at = source.find(_OPEN, at + 1, node.end)
        if at < 0:
            return loaded.place(node)
    moved = at + offset - opening
    is_same = source[at:moved] == text[opening:offset]
    return _at(loaded, node, moved if is_same else at)


def _at(loaded: Loaded, node: Node, index: int) -> Place:
    line = node.line + loaded.source.count("\n", node.start, index)
    before = loaded.source.rfind("\n", 0, index)
    return Place(path=loaded.path, line=line, column=index - before)
