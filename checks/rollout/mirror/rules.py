"""What a mirror's status must and must not say. All pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from checks.rollout.mirror.fields import commits_of, exact_fetch_of, field_of, in_sync_of
from checks.rollout.told.fields import dig, shown
from checks.rollout.told.seen import Told
from config.lanes import Lane
from config.lanes.mirror import Mirror

_EXHAUSTED = re.compile(r"\b(?:exhausted|stopped)\b", re.IGNORECASE)
_EXHAUSTED_KEY = re.compile(r"exhausted|stopped|gaveup", re.IGNORECASE)
_RECOVERED = "push-succeeded-fetch-failed"
_DEEPEST = 40


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
    """Return what a status says of retries that were given up."""
    return [
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
    url = field_of(told, "githubTransport.url", "githubTransport.remote")
    wanted = mirror.upstream
    if url.is_there and wanted and _server(str(url.value)) != _server(wanted):
        found.append(f"{url.path} is {shown(url.value)}, and the lane's is {wanted}")
    text = told.document + told.transcript
    found += [f"it names {word}" for word in mirror.forbidden if word in text]
    return found


def partial_faults(told: Told) -> list[str]:
    """Return what is not recovered of a flush that pushed, and could not fetch after it."""
    partial = field_of(told, "partialSuccess")
    if partial.value != _RECOVERED:
        return []
    wanted = {"partialSuccessRecovered": True, "ok": True}
    found = [
        f"{name} is {shown(field.value)}"
        for name, value in wanted.items()
        if (field := field_of(told, name)).value != value
    ]
    recovery = field_of(told, "postPushRecovery")
    return found + ([] if recovery.is_there else ["postPushRecovery is not told"])


def unlabelled(told: Told, mirror: Mirror) -> list[str]:
    """Return what of GitHub's fields is not labelled as the cache that it is."""
    cached = field_of(told, "refSources.githubFieldsAreMirrorStageCache")
    found = [] if cached.value is True else [f"{cached.path} is {shown(cached.value)}"]
    sources = field_of(told, "refSources").value
    for name, value in sources.items() if isinstance(sources, dict) else ():
        of_github = name.startswith("github") and isinstance(value, str)
        if of_github and not value.startswith(f"{mirror.stage.rstrip('/')}/"):
            found.append(f"refSources.{name} is {shown(value)}, and not below {mirror.stage}")
    return found


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
    parts = urlsplit(url)
    return (parts.scheme, parts.netloc)
