"""What a mirror's status must and must not say. All pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from checks.rollout.mirror.fields import (
    Field,
    commits_of,
    exact_fetch_of,
    field_of,
    in_sync_of,
    says_yes,
)
from checks.rollout.mirror.seen import UpstreamSeen
from checks.rollout.told.fields import dig, shown
from checks.rollout.told.seen import Told
from checks.wire.refs import RefsSeen
from config.lanes import Lane
from config.lanes.mirror import Mirror

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s]+):(?!//)")
_GIVEN_UP = re.compile(r"\bretr(?:y|ies)\b.*\b(?:exhausted|stopped)\b", re.IGNORECASE)
_EXHAUSTED = re.compile(r"\b(?:exhausted|stopped)\b", re.IGNORECASE)
_EXHAUSTED_KEY = re.compile(r"exhausted|stopped|gaveup", re.IGNORECASE)
_DEEPEST = 40
_LINE = 160


@dataclass(frozen=True, slots=True)
class Both:
    """A branch as the mirror has it, and as its upstream does; None: nobody could look."""

    alike: bool | None
    how: Literal["direct", "cached"]
    words: str


def both_have(refs: RefsSeen, upstream: UpstreamSeen, ref: str, stage: str) -> Both:
    """Compare a branch of the mirror with its upstream's, or with the mirror's cache of that.

    The cache is what the mirror itself shows below `stage`, where its upstream was not reached.
    """
    local = refs.commit_of(ref)
    if upstream.reached:
        github = upstream.commit_of(ref)
        words = f"the mirror has {ref} at {local}, its upstream at {github}"
        return Both(local == github if local or github else None, "direct", words)
    staged = f"{stage.rstrip('/')}/{ref.removeprefix('refs/')}"
    cached = refs.commit_of(staged)
    words = (
        f"the mirror has {ref} at {local}, and {staged} at {cached};"
        f" its upstream could not be asked: {upstream.why}"
    )
    return Both(None if cached is None else local == cached, "cached", words)


def missing_fields(told: Told, lane: Lane) -> list[str]:
    """Return which fields a status lacks, or holds no full commit id in."""
    found = []
    for name, field in commits_of(told, lane).items():
        if not field.is_there:
            found.append(f"{name} is {shown(field.value)}")
        elif field.commit is None:
            found.append(f"{field.path} is {shown(field.value)}, and no full commit id")
    found += [
        f"{field.path} is {shown(field.value)}"
        for field in (field_of(told, "pendingFlush"), in_sync_of(told))
        if not field.is_there
    ]
    return found


def optional_missing(told: Told, lane: Lane) -> list[str]:
    """Return which fields it lacks that only one of its command lines tells."""
    named = {"exactFetch": exact_fetch_of(told, lane)}
    return [f"{name} is not told" for name, field in named.items() if not field.is_there]


def exhausted_in(told: Told) -> list[str]:
    """Return what a status, or what the command wrote beside it, says of retries given up."""
    lines = (line.strip() for line in told.transcript.splitlines())
    said = [line[:_LINE] for line in lines if _GIVEN_UP.search(line) and line[0] not in '{["']
    return said + [
        f"{path} is {shown(value)}"
        for path, key, value in _leaves(dig(told, ""), "", 0)
        if (isinstance(value, str) and _EXHAUSTED.search(value))
        or (_EXHAUSTED_KEY.search(key) and value not in (None, False, 0, "", "false", "False"))
    ]


def transport_faults(told: Told, mirror: Mirror) -> list[str]:
    """Return what of the mirror's way to GitHub is another one than the lane declares."""
    mode = field_of(told, "githubTransport.mode")
    found = []
    if mode.is_there and mode.value != mirror.transport:
        found.append(f"{mode.path} is {shown(mode.value)}, and the lane's is {mirror.transport}")
    url = transport_url(told)
    wanted = mirror.upstream
    if url.is_there and wanted and _server(str(url.value)) != _server(wanted):
        found.append(f"{url.path} is {shown(url.value)}, and the lane's is {wanted}")
    text = told.document + told.transcript
    found += [f"it names {word}" for word in mirror.forbidden if word in text]
    return found


def transport_url(told: Told) -> Field:
    """Return the field that tells by which URL the mirror reaches GitHub."""
    return field_of(told, "githubTransport.url", "githubTransport.remote")


def partial_faults(told: Told) -> list[str]:
    """Return what is not recovered of a flush that did only a part: it pushed, and fetched not.

    Raises `Inconclusive` for a field of another type than it is known to have.
    """
    partial = field_of(told, "partialSuccess")
    if not partial.is_there or partial.value in (False, "", "false", "False", "none"):
        return []
    found = [
        f"{name} is {shown(field.value)}"
        for name in ("partialSuccessRecovered", "ok")
        if says_yes(told, field := field_of(told, name)) is not True
    ]
    recovery = field_of(told, "postPushRecovery")
    found += [] if recovery.is_there else ["postPushRecovery is not told"]
    return [f"{partial.path} is {shown(partial.value)}", *found] if found else []


def unlabelled(told: Told, mirror: Mirror) -> list[str]:
    """Return what of GitHub's fields is not labelled as the cache that it is."""
    cached = field_of(told, "refSources.githubFieldsAreMirrorStageCache")
    found = [] if says_yes(told, cached) else [f"{cached.path} is {shown(cached.value)}"]
    return found + [
        f"refSources.{name} is {shown(value)}, and not below {mirror.stage}"
        for name, value in _sources(told)
        if not is_cached(value, mirror.stage)
    ]


def is_cached(ref: str, stage: str) -> bool:
    """Tell whether a ref is of the mirror's cache of GitHub."""
    return ref.startswith(f"{stage.rstrip('/')}/")


def _sources(told: Told) -> list[tuple[str, str]]:
    sources = field_of(told, "refSources").value
    return [
        (name, value)
        for name, value in (sources.items() if isinstance(sources, dict) else ())
        if name.startswith("github") and isinstance(value, str)
        if name != "githubFieldsAreMirrorStageCache"
    ]


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}".lstrip("."), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for below in value:
            yield from _leaves(below, path, depth + 1)
    else:
        yield path, path.rpartition(".")[2], value


def _server(url: str) -> Sequence[str]:
    """Return how a remote is reached: scheme, host and port; not which repository it is."""
    if "://" not in url and (found := _SCP.match(url)):
        return ("ssh", found["host"])
    parts = urlsplit(url)
    return (parts.scheme, parts.netloc)
