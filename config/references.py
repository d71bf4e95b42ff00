"""What one part of a profile says of another: names that must be there, and only once.

These look at the plain YAML and pass over what has a wrong shape: that is another mistake,
and all of them are to be reported at once.
"""

from collections.abc import Iterator, Sequence
from types import EllipsisType
from typing import Any

from config.mistakes import Path, found, listed, nearest

Pattern = tuple[str | EllipsisType, ...]


def strays(profile: Any, sets: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yield the places of names that nothing has, or that stand twice, and what is wrong there.

    `sets` are the names in the profile's file of address ranges.
    """
    vantages = [name for _, name in strings(profile, ("vantages", ..., "name"))] or ["here"]
    yield from _unknown(profile, ("endpoints", ..., "vantages", ...), vantages, "a vantage")
    yield from _unknown(profile, ("hosts", "vantages", ...), vantages, "a vantage")
    yield from _unknown(profile, ("endpoints", ..., "ranges", ...), sets, "a known range")
    yield from _twice(strings(profile, ("vantages", ..., "name")))
    yield from _twice(strings(profile, ("secrets", ..., "name")))
    yield from _twice(strings(profile, ("hosts", "block", "names", ...)))
    yield from _endpoints(profile)


def strings(value: Any, pattern: Pattern, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts at all paths that fit the pattern, in which `...` is any item of a list."""
    match pattern, value:
        case (), str():
            yield path, value
        case (EllipsisType(), *rest), list():
            for index, item in enumerate(value):
                yield from strings(item, tuple(rest), (*path, index))
        case (str() as key, *rest), dict() if key in value:
            yield from strings(value[key], tuple(rest), (*path, key))


def _unknown(
    profile: Any, pattern: Pattern, known: Sequence[str], what: str
) -> Iterator[tuple[Path, str]]:
    for path, name in strings(profile, pattern):
        if name not in known:
            may = f"{listed(map(repr, known))} may stand here" if known else "the profile names none"
            yield path, f"{found(name)}, and it is not {what} of this profile{nearest(name, known)}; {may}"


def _twice(names: Iterator[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    seen = set()
    for path, name in names:
        if name in seen:
            yield path, f"{found(name)} a second time; each name may stand once"
        seen.add(name)


def _endpoints(profile: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(profile, dict) and profile.get("endpoints") == []:
        yield (
            ("endpoints",),
            "an empty list stands here, and would prove nothing; endpoints, or {absent: REASON},"
            " may stand here",
        )
    everywhere = [name for _, name in strings(profile, ("vantages", ..., "name"))] or ["here"]
    seen = set()
    for path, host in strings(profile, ("endpoints", ..., "host")):
        endpoint = profile["endpoints"][path[1]]
        named = [name for _, name in strings(endpoint, ("vantages", ...))]
        port = str(endpoint.get("port", 443))
        keys = {(host.casefold(), port, vantage) for vantage in named or everywhere}
        if keys & seen:
            yield path, f"{found(host)} a second time; each host and port may stand once"
        seen |= keys
