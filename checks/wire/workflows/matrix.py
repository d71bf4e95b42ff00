"""A job's matrix, expanded as GitHub does it (actions/runner, MatrixBuilder).

The first key varies slowest. `exclude` and `include` are compared loosely, `'12'` is 12. What
`include` adds to a combination is not shown in its name; one that matches none is a leg of its
own, its keys of the matrix first.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.wire.workflows.coercion import (
    Unsure,
    Value,
    are_equal,
    is_primitive,
    member,
    text_of,
    unsure_in,
)

LEGS = 256
LIMIT = f"GitHub's limit is {LEGS} jobs per matrix in a workflow run"
_TRIED = 100_000
"""Combinations that are gone through, where `exclude` may leave fewer."""
_COMPARED = 200_000
"""How often a combination is compared with an element of `include` or `exclude`."""


@dataclass(frozen=True, slots=True)
class Combination:
    """A leg of a matrix: its values, and those which its name shows."""

    values: Mapping[str, Value]
    shown: tuple[Value, ...]


class MatrixError(ValueError):
    """A matrix that GitHub refuses."""


class ShapeError(MatrixError):
    """A matrix that is not built of lists and mappings as one is."""


class TooLargeError(MatrixError):
    """A matrix of more legs than GitHub makes."""


def combinations(matrix: Value) -> list[Combination] | Unsure:
    """Return a matrix's legs, in GitHub's order; none for one that leaves no leg.

    Raises `MatrixError` for what is no matrix, and for one of more than `LEGS` legs: it is
    counted, not built.
    """
    if isinstance(matrix, Unsure):
        return matrix
    if not isinstance(matrix, dict):
        raise ShapeError("a matrix is a mapping")
    vectors = {key: one for key, one in matrix.items() if key not in ("include", "exclude")}
    include, exclude = matrix.get("include"), matrix.get("exclude")
    for value in (*vectors.values(), include, exclude):
        if isinstance(value, Unsure):
            return value
    if (unsure := unsure_in([include, exclude])) and exclude:
        return unsure
    _validate(vectors, include, exclude)
    return _expanded(vectors, list(include or []), list(exclude or []))


def _validate(vectors: Mapping[str, Value], include: Value, exclude: Value) -> None:
    if not vectors and not include:
        raise ShapeError("the matrix has no values")
    for key, values in vectors.items():
        if not isinstance(values, list):
            raise ShapeError(f"matrix.{key} is no list")
        if not values:
            raise ShapeError(f"matrix.{key} has no values")
    _validate_filters(include, exclude)
    for one in exclude or ():
        for key in one:
            if not member(vectors, key)[0]:
                raise MatrixError(f"matrix.exclude has {key!r}, which is no key of the matrix")


def _validate_filters(include: Value, exclude: Value) -> None:
    for name, filters in (("include", include), ("exclude", exclude)):
        if filters is not None and not isinstance(filters, list):
            raise ShapeError(f"matrix.{name} is no list")
        for one in filters or ():
            if not isinstance(one, dict | Unsure) or not one:
                raise ShapeError(f"matrix.{name} has an element that is no mapping with values")


def _expanded(
    vectors: dict[str, Value], include: list[Value], exclude: list[Value]
) -> list[Combination] | Unsure:
    count = math.prod(len(one) for one in vectors.values()) if vectors else 0
    if count > (_TRIED if exclude else LEGS):
        raise TooLargeError(f"the matrix makes {count:,} combinations{_before(exclude)}: {LIMIT}")
    compared = 0
    matched: set[int] = set()
    legs: list[Combination] = []
    for chosen in itertools.product(*vectors.values()) if vectors else ():
        values = dict(zip(vectors, chosen, strict=True))
        compared += len(include) + len(exclude)
        if compared > _COMPARED:
            raise TooLargeError(f"include and exclude are compared over {_COMPARED:,} times")
        hits = [_matches(one, values) for one in exclude]
        if None in hits:
            return Unsure("what is excluded is known when it runs")
        if True in hits:
            continue
        extra = _extra(values, vectors, include, matched)
        if isinstance(extra, Unsure):
            return extra
        legs.append(Combination({**values, **extra}, tuple(_leaves(list(chosen)))))
        _bound(len(legs))
    for number, one in enumerate(include):
        if number not in matched:
            legs.append(_own(one, vectors))
    _bound(len(legs))
    return legs


def _before(exclude: list[Value]) -> str:
    return " before exclude" if exclude else ""


def _bound(count: int) -> None:
    if count > LEGS:
        raise TooLargeError(f"the matrix makes more than {LEGS} jobs: {LIMIT}")


def _extra(
    values: dict[str, Value], vectors: Mapping[str, Value], include: list[Value], matched: set[int]
) -> dict[str, Value] | Unsure:
    extra: dict[str, Value] = {}
    for number, one in enumerate(include):
        if isinstance(one, Unsure):
            return one
        wanted = {key: value for key, value in one.items() if member(vectors, key)[0]}
        hit = _matches(wanted, values)
        if hit is None:
            return Unsure("what include adds to is known when it runs")
        if hit:
            matched.add(number)
            extra.update({key: value for key, value in one.items() if key not in wanted})
    return extra


def _own(one: Value, vectors: Mapping[str, Value]) -> Combination:
    if isinstance(one, Unsure):
        return Combination({}, (one,))
    values = dict(sorted(one.items(), key=lambda pair: not member(vectors, pair[0])[0]))
    return Combination(values, tuple(_leaves(list(values.values()))))


def _matches(wanted: Mapping[str, Value], values: Mapping[str, Value]) -> bool | None:
    """Tell whether every leaf of a filter equals what stands there; None where not known."""
    return _fits(dict(wanted), dict(values))


def _fits(wanted: Value, found: Value) -> bool | None:
    if isinstance(wanted, Unsure) or isinstance(found, Unsure):
        return None
    if isinstance(wanted, dict):
        pairs = [
            (one, member(found, key)[1] if isinstance(found, dict) else None)
            for key, one in wanted.items()
        ]
    elif isinstance(wanted, list):
        listed = found if isinstance(found, list) else []
        pairs = list(itertools.zip_longest(wanted, listed[: len(wanted)]))
    else:
        return are_equal(found, wanted)
    fits = [_fits(one, other) for one, other in pairs]
    return False if False in fits else None if None in fits else True


def _leaves(value: Value) -> Iterator[Value]:
    """Yield what a name shows of a value: the texts, numbers and booleans in it, in order."""
    if isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    elif isinstance(value, Unsure) or (is_primitive(value) and text_of(value)):
        yield value
