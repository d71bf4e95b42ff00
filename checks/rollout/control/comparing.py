"""A rendered object beside the live one: every field that is rendered has to be there, and equal.

A server-side dry run would tell the same and take more: it needs permission to write. What only
the live object has is taken for defaults, and for what controllers and admission add to it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from fixtures.github.tokens import marked

_UNCOMPARED = frozenset(
    {
        "status",
        "metadata.creationTimestamp",
        "metadata.resourceVersion",
        "metadata.uid",
        "metadata.generation",
        "metadata.managedFields",
        "metadata.namespace",
        "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
    }
)
_EXACT = ("rules", "subjects")
"""Lists of which nothing is a default: one that is rendered empty has to be so."""
_QUANTITY = re.compile(r"([+-]?[0-9.]+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|)")
_FACTORS = {
    "": Decimal(1),
    "m": Decimal("0.001"),
    **{unit: Decimal(1000) ** (power + 1) for power, unit in enumerate("kMGTPE")},
    **{f"{unit}i": Decimal(1024) ** (power + 1) for power, unit in enumerate("KMGTPE")},
}
_KEYS = ("name", "containerPort", "port", "mountPath", "key", "ip", "type")
"""By what the items of a list are known, as `kubectl explain` tells of merge keys."""
_MOST = 60
"""Characters that are shown of a value."""


def differences(rendered: Any, live: Any, path: str = "") -> Iterator[str]:
    """Walk what of the rendered object the live one has not, in words: its place, and both."""
    if path in _UNCOMPARED:
        return
    if _says_nothing(rendered):
        if path in _EXACT and live:
            yield f"{path} is {_shown(live)}, and nothing is rendered"
        return
    match rendered, live:
        case Mapping(), Mapping():
            for key, value in rendered.items():
                yield from differences(value, live.get(key), f"{path}.{key}" if path else str(key))
        case list(), list():
            yield from _of_lists(rendered, live, path)
        case _ if not _are_equal(rendered, live, path):
            yield f"{path} is {_shown(live)}, and {_shown(rendered)} is rendered"


def _of_lists(rendered: Sequence[Any], live: Sequence[Any], path: str) -> Iterator[str]:
    key = _key_of(rendered, live)
    if key is None:
        if len(rendered) != len(live):
            yield f"{path} has {len(live)} items, and {len(rendered)} are rendered"
            return
        for number, (one, other) in enumerate(zip(rendered, live, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
        return
    have = {one[key]: one for one in live}
    for one in rendered:
        here = f"{path}[{key}={one[key]}]"
        if one[key] in have:
            yield from differences(one, have[one[key]], here)
        else:
            yield f"{here} is not there"
    wanted = {one[key] for one in rendered}
    yield from (f"{path}[{key}={name}] is not rendered" for name in have if name not in wanted)


def _key_of(*lists: Sequence[Any]) -> str | None:
    """Return by which key all items of two lists are told apart; None where there is none.

    Accounts of two namespaces may be called the same, and so may ports of two protocols.
    """
    for key in _KEYS:
        if any(lists) and all(_tells_apart(key, one) for one in lists):
            return key
    return None


def _tells_apart(key: str, items: Sequence[Any]) -> bool:
    values = [one.get(key) for one in items if isinstance(one, Mapping)]
    plain = all(isinstance(value, str | int) for value in values)
    return len(values) == len(items) and plain and len(set(values)) == len(values)


def _says_nothing(value: Any) -> bool:
    return value is None or value in ({}, [])


def _are_equal(rendered: Any, live: Any, path: str) -> bool:
    if rendered == live:
        return type(rendered) is type(live) or not isinstance(rendered, bool)
    if live is None and rendered in (False, 0, ""):
        return True  # the API server leaves out what has the type's zero value
    if any(word in path for word in ("limits.", "requests.", "sizeLimit", "capacity.", "hard.")):
        quantities = _quantity(rendered), _quantity(live)
        return None not in quantities and quantities[0] == quantities[1]
    return False


def _quantity(value: Any) -> Decimal | None:
    found = _QUANTITY.fullmatch(str(value))
    try:
        return Decimal(found[1]) * _FACTORS[found[2]] if found else None
    except ArithmeticError:
        return None


def _shown(value: Any) -> str:
    text = "not there" if value is None else repr(value)
    return text if len(text) <= _MOST else f"{marked(text)[:_MOST]}…"
