"""The difference between vantages: the first layer at which they do not see the same target alike.

What is compared is what was asked in the same way, at the same address where both looked at it.
Times, ports and the order of addresses are no difference, nor are other addresses that are the
name's own and serve it. How a vantage resolves names, and how large its packets may be, differs
nearly everywhere, and is named where what stands on it differs.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

from checks.causes.layers import Layer
from checks.causes.sides import Side, differing, side_of
from checks.causes.telling import (
    equal_at,
    equal_names,
    instead,
    named,
    others,
    replied,
    resolved,
    same_resolver,
    saw_at,
    sizes,
    unseen,
)
from checks.wire.names import NoAnswer
from fixtures.comparing import View, compares
from reports.comparisons import Comparison

Agree = Callable[[Side, Side], bool]
Classes = list[list[Side]]
"""Sides that agree, together."""
_ABOVE_NAMES = (Layer.ROUTE, Layer.TCP, Layer.TLS, Layer.HTTP, Layer.GIT)


@compares
def compare(target: str, views: Sequence[View]) -> Iterator[Comparison]:
    """Compare what vantages saw of a target; those that agree are compared further.

    Where fewer than two of them saw anything, why the others did not.
    """
    sides = [side_of(view) for view in views]
    looked = [side for side in sides if side.looked]
    blind = [side for side in sides if not side.looked]
    if len(looked) < 2:  # noqa: PLR2004 - it takes two
        if reasons := tuple(unseen(blind)):
            yield Comparison(target, tuple(side.vantage for side in looked), (), blind=reasons)
        return
    yield from _walk(target, looked, blind)


def _walk(target: str, sides: Sequence[Side], blind: Sequence[Side]) -> Iterator[Comparison]:
    told = Comparison(target, tuple(side.vantage for side in sides), equal_names(sides))
    told = replace(told, unseen=tuple(unseen(sides)), blind=tuple(unseen(blind)))
    told, classes = (
        _at_names(told, sides) or _above_names(told, sides) or _at_last(told, sides) or (told, [])
    )
    if not told.differs:
        equal = _equal_until(sides, None)
        told = replace(told, equal=equal, sizes=sizes(sides), beside=others(sides))
    elif not told.equal:
        told = replace(told, instead=instead(sides, Layer(told.layer)))
    yield told
    for alike in classes:
        if len(alike) > 1:
            yield from (one for one in _walk(target, alike, ()) if one.differs)


def _equal_until(sides: Sequence[Side], end: Layer | None) -> tuple[str, ...]:
    """Return the layers that are equal below one; all of them for None."""
    last = _ABOVE_NAMES.index(end) if end is not None else None
    above = (text for layer in _ABOVE_NAMES[:last] for text in equal_at(sides, layer))
    return (*equal_names(sides), *above)


def _at_names(told: Comparison, sides: Sequence[Side]) -> tuple[Comparison, Classes] | None:
    """Compare what the name is; where that differs, and how it is resolved, the latter is first."""
    classes = _classes(sides, _agree_on_names)
    if len(classes) < 2:  # noqa: PLR2004 - all agree
        return None
    layer, say, equal = Layer.NAMES, named, same_resolver(sides)
    if _resolve_otherwise(sides, classes):
        layer, say = Layer.RESOLVER, partial(resolved, sides)
    saw = {side.vantage: say(side) for side in sides if side.answer is not None}
    ids = _sightings(sides, Layer.NAMES)
    return replace(told, layer=layer, equal=equal, saw=saw, sightings=ids), classes


def _resolve_otherwise(sides: Sequence[Side], classes: Classes) -> bool:
    """Tell whether those that disagree on a name ask otherwise for it, each of them in DNS."""
    if any(side.resolver is None or side.pinned for side in sides):
        return False
    return all(
        one.resolver != other.resolver
        for at, alike in enumerate(classes)
        for others_ in classes[at + 1 :]
        for one, other in product(alike, others_)
    )


def _above_names(told: Comparison, sides: Sequence[Side]) -> tuple[Comparison, Classes] | None:
    """Compare, from the lowest layer on, what was seen at the addresses that all look at."""
    for layer in _ABOVE_NAMES:
        classes = _classes(sides, partial(_agree_at, layer))
        if len(classes) > 1:
            saw, ids = saw_at(sides, layer)
            made = replace(told, layer=layer, equal=_equal_until(sides, layer), saw=saw)
            besides = others(sides)
            return replace(made, sizes=sizes(sides), beside=besides, sightings=ids), classes
    return None


def _at_last(told: Comparison, sides: Sequence[Side]) -> tuple[Comparison, Classes] | None:
    """Compare what was given to some alone, and what nameservers reply beside the resolver."""
    for agree, say in ((_agree_elsewhere, named), (_agree_on_replies, replied)):
        classes = _classes(sides, agree)
        if len(classes) > 1:
            saw = {side.vantage: say(side) for side in sides}
            ids = _sightings(sides, Layer.NAMES)
            equal = same_resolver(sides)
            return replace(told, layer=Layer.NAMES, equal=equal, saw=saw, sightings=ids), classes
    return None


def _classes(sides: Sequence[Side], agree: Agree) -> Classes:
    """Put each side to the first others of which it agrees with all."""
    classes: Classes = []
    for side in sides:
        fitting = (alike for alike in classes if all(agree(side, other) for other in alike))
        alike = next(fitting, None)
        if alike is None:
            classes.append([side])
        else:
            alike.append(side)
    return classes


def _agree_on_names(one: Side, other: Side) -> bool:
    """Tell whether two sides look at the same thing by the name."""
    if one.answer is None or other.answer is None:
        return True
    if isinstance(one.answer, NoAnswer) or isinstance(other.answer, NoAnswer):
        return _code(one) == _code(other)
    return bool(one.addresses & other.addresses) or _serve_alike(one, other)


def _serve_alike(one: Side, other: Side) -> bool:
    """Tell whether two sides that were given nothing in common are as well off by it.

    All of it must be the name's own, with certificates of the same issuer, or fail alike. What
    is pinned in a hosts file was meant.
    """
    wrong = one.troubles(one.addresses)
    if one.pinned or other.pinned or wrong != other.troubles(other.addresses):
        return False
    strange = one.issuers and other.issuers and not {*one.issuers} & {*other.issuers}
    own = one.addresses <= one.own and other.addresses <= other.own
    return bool(wrong) or (own and not strange)


def _code(side: Side) -> str:
    return side.answer.code if isinstance(side.answer, NoAnswer) else ""


def _agree_at(layer: Layer, one: Side, other: Side) -> bool:
    return not differing(one, other, layer)


def _agree_elsewhere(one: Side, other: Side) -> bool:
    """Tell whether addresses that only one side was given serve no worse than what both were."""
    common = one.addresses & other.addresses
    if not common:
        return True
    mine, theirs = one.troubles(one.addresses - common), other.troubles(other.addresses - common)
    return mine <= other.troubles(other.addresses) and theirs <= one.troubles(one.addresses)


def _agree_on_replies(one: Side, other: Side) -> bool:
    """Tell whether nameservers that were asked directly replied alike, in the same ways."""
    common = one.replies.keys() & other.replies.keys()
    return all(one.replies[way] == other.replies[way] for way in common)


def _sightings(sides: Sequence[Side], layer: Layer) -> tuple[str, ...]:
    return tuple(one for side in sides for one in side.sightings.get(layer, {}))
