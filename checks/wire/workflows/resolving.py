"""Nodes with expressions in them, resolved to values."""

from checks.wire.workflows.coercion import Unsure, Value, member, text_of
from checks.wire.workflows.evaluation import Contexts
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.texts import has_expression, parts_of, value_of

_INSERT = "insert"


def resolved(node: Node | None, contexts: Contexts) -> Value:
    """Return a node's value, its expressions evaluated; parts that are not known are `Unsure`."""
    if node is None:
        return None
    if node.kind == "list":
        return [resolved(one, contexts) for one in node.items]
    if node.kind == "mapping":
        return _mapping(node, contexts)
    if isinstance(node.value, str) and has_expression(node.value):
        return value_of(node.value, contexts)
    return node.value


def _mapping(node: Node, contexts: Contexts) -> Value:
    """Resolve a mapping; `${{ insert }}` as a key puts the members of its value in its place."""
    found: dict[str, Value] = {}
    for key, one in node.pairs:
        value = resolved(one, contexts)
        if not has_expression(key.text):
            found[key.text] = value
        elif _is_insert(key.text) and isinstance(value, dict):
            found.update({name: item for name, item in value.items() if not member(found, name)[0]})
        else:
            name = value_of(key.text, contexts)
            if isinstance(name, Unsure) or _is_insert(key.text):
                return Unsure(name.why if isinstance(name, Unsure) else "is inserted")
            found[text_of(name)] = value
    return found


def _is_insert(text: str) -> bool:
    parts = parts_of(text)
    return len(parts) == 1 and parts[0].text.strip() == _INSERT
