"""What one part of a profile says of another: names that must be there, and only once.

These look at the plain YAML and pass over what has a wrong shape: that is another mistake,
and all of them are to be reported at once.
"""

from collections.abc import Iterator, Sequence
from types import EllipsisType
from typing import Any

from config.lanes.failures import NODES, PENDING, Failure
from config.mistakes import Path, found, listed, nearest

_NEXT = (*NODES, *PENDING, "default", *(one.value for one in Failure))
Pattern = tuple[str | EllipsisType, ...]
_VANTAGES_OF_LANES: tuple[Pattern, ...] = (
    ("clusters", ..., "vantage"),
    ("lanes", ..., "vantage"),
    ("lanes", ..., "health", ..., "vantages", ...),
    ("lanes", ..., "told", ..., "vantage"),
    ("lanes", ..., "control", "vantage"),
    ("lanes", ..., "observability", "vantage"),
)
_SECRETS_OF_LANES: tuple[Pattern, ...] = (
    ("lanes", ..., "registry", "secret"),
    ("lanes", ..., "observability", "secret"),
    ("lanes", ..., "secrets", "dsn", ..., "secret"),
    ("lanes", ..., "secrets", "present", ..., "same_as"),
    ("lanes", ..., "secrets", "providers", ..., "same_as"),
    ("lanes", ..., "secrets", "private", ..., "secrets", ...),
)


def strays(profile: Any, sets: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yield the places of names that nothing has, or that stand twice, and what is wrong there.

    `sets` are the names in the profile's file of address ranges.
    """
    vantages = [name for _, name in strings(profile, ("vantages", ..., "name"))] or ["here"]
    yield from _unknown(profile, ("endpoints", ..., "vantages", ...), vantages, "vantage")
    yield from _unknown(profile, ("hosts", "vantages", ...), vantages, "vantage")
    yield from _unknown(profile, ("repositories", ..., "vantage"), vantages, "vantage")
    hosts = ("repositories", ..., "labels", "hosts", ..., "vantage")
    yield from _unknown(profile, hosts, vantages, "vantage")
    yield from _unknown(profile, ("endpoints", ..., "ranges", ...), sets, "range")
    secrets = [name for _, name in strings(profile, ("secrets", ..., "name"))]
    yield from _unknown(profile, ("repositories", ..., "github", "token"), secrets, "secret")
    yield from _of_lanes(profile, vantages, secrets)
    yield from _twice(strings(profile, ("vantages", ..., "name")))
    yield from _twice(strings(profile, ("secrets", ..., "name")))
    yield from _twice(strings(profile, ("repositories", ..., "name")))
    yield from _twice(strings(profile, ("trusted_resolvers", ..., "name")))
    yield from _twice(strings(profile, ("hosts", "block", "names", ...)))
    yield from _endpoints(profile)


def _of_lanes(
    profile: Any, vantages: Sequence[str], secrets: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    for pattern in _VANTAGES_OF_LANES:
        yield from _unknown(profile, pattern, vantages, "vantage")
    for pattern in _SECRETS_OF_LANES:
        yield from _unknown(profile, pattern, secrets, "secret")
    clusters = [name for _, name in strings(profile, ("clusters", ..., "name"))]
    yield from _unknown(profile, ("lanes", ..., "cluster"), clusters, "cluster")
    repositories = [name for _, name in strings(profile, ("repositories", ..., "name"))]
    github = ("lanes", ..., "source", "github")
    yield from _unknown(profile, github, repositories, "repository")
    yield from _twice(strings(profile, ("clusters", ..., "name")))
    yield from _twice(strings(profile, ("lanes", ..., "name")))
    yield from _next_commands(profile)


def _next_commands(profile: Any) -> Iterator[tuple[Path, str]]:
    """Yield the keys of next commands that nothing would ever ask for."""
    lanes = profile.get("lanes") if isinstance(profile, dict) else None
    for at, lane in enumerate(lanes if isinstance(lanes, list) else ()):
        commands = lane.get("next") if isinstance(lane, dict) else None
        for key in commands if isinstance(commands, dict) else ():
            if isinstance(key, str) and key not in _NEXT:
                meant = nearest(key, _NEXT)
                others = listed((*NODES, *PENDING, "default"))
                may = f"allowed: a class of failure, as source-ref-missing, {others}"
                yield ("lanes", at, "next", key), f"no failure of a lane is called so{meant}; {may}"


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
    names = set(known)
    for path, name in strings(profile, pattern):
        if name not in names:
            may = f"allowed: {listed(map(repr, known))}" if known else "it names none"
            stands = f"{found(name)}, and the profile has no such {what}"
            yield path, f"{stands}{nearest(name, known)}; {may}"


def _twice(names: Iterator[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    seen = set()
    for path, name in names:
        if name in seen:
            yield path, f"{found(name)} a second time; allowed: once"
        seen.add(name)


def _endpoints(profile: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(profile, dict) and profile.get("endpoints") == []:
        words = "allowed: endpoints, or {absent: REASON}"
        yield ("endpoints",), f"an empty list stands here, and would prove nothing; {words}"
    everywhere = [name for _, name in strings(profile, ("vantages", ..., "name"))] or ["here"]
    seen: set[tuple[str, str, str]] = set()
    for path, host in strings(profile, ("endpoints", ..., "host")):
        endpoint = profile["endpoints"][path[1]]
        named = [name for _, name in strings(endpoint, ("vantages", ...))]
        port = str(endpoint.get("port", 443))
        keys = {(host.casefold(), port, vantage) for vantage in named or everywhere}
        if keys & seen:
            yield path, f"{found(host)} a second time; allowed: each host and port once"
        seen |= keys
