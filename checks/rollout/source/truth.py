"""What a deploy.json may hold: what is to run; nothing that a build writes, and no secret."""

import json
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from checks.rollout.source.seen import Misplaced
from fixtures.clusters.plain_json import each_once, whole
from reports import shapes

_DEEPEST = 60
_REVISION = "a revision of GitOps or Argo CD"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_PLACE = re.compile(r"\$\{?\w+\}?|\{\{.*\}\}|<.*>")
_BUILT_KEYS = {
    "digest": r"(?:image|repository|manifest|env)?_?digest",
    "an image's tag": r"(?:env_?)?image_?tag|env_?tag",
    "publish state": r"publish(?:ed|_?(?:status|state|at))?|build_?status|built_?at",
    "reuse evidence": r"reuse(?:d|_?(?:evidence|status|reason))?|unsafe_?reuse|cache_?hit",
    "a run's id": r"(?:pipeline|task)_?run(?:_?(?:id|name|uid))?",
    _REVISION: r"(?:gitops|argo(?:cd)?|synced?)_?(?:revision|commit|sha)",
    "an environment's identity": r"env_?identity|boot_?commit",
    "a generated manifest": r"manifests?|rendered|desired_?state",
}
_BUILT_KEY = [(what, re.compile(key, re.IGNORECASE)) for what, key in _BUILT_KEYS.items()]
_PART = frozenset({"tag", "digest", "revision", "commit", "sha", "status", "state", "identity"})
"""Keys that say of what they are only by what they stand below: `image: {tag: …}`."""
_DIGEST = re.compile(r"\bsha256:[0-9a-f]{64}\b")
_IMAGE = re.compile(r"^(?:[a-z0-9.-]+(?::[0-9]+)?/)[a-z0-9._/-]+:(?P<tag>[\w.-]+)$")
_SECRET_KEY = re.compile(
    r"(?:^|_)(?:password|passwd|token|secret|api_?key|private_?key|secret_?key|dsn|credentials?"
    r"|client_?secret|kubeconfig|database_?url)$",
    re.IGNORECASE,
)
_VALUE_KEY = re.compile(r"(?:^|_)(?:password|passwd|private_?key|dsn|database_?url)$")
"""Keys that refer to nothing: what stands there is the value."""
_REFERENCE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|[\w.-]+\.\w+")
"""The name of an object, or of a file in a Secret."""
_VARIABLE = re.compile(r"|[A-Z][A-Z0-9_]*|\$\{?\w+\}?|\{\{.*\}\}|<.*>")
"""Nothing, the name of a variable or of a key, or a place for one."""
_TOKEN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}"
    r"|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})"
)
_PASSWORD = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:(?!\$|<|\{\{)[^\s/@]+@")
_RANDOM = re.compile(r"(?<![A-Za-z0-9])(?=[a-zA-Z]*[0-9])(?=[0-9]*[a-zA-Z])[A-Za-z0-9]{16,}")
"""A long word of letters and digits: names of objects are of shorter ones."""


def read_truth(content: bytes) -> tuple[dict[str, Any], str]:
    """Return the object that the file holds, and why it is none; never its text."""
    try:
        text = whole(content.decode("utf-8-sig"))
        found = json.loads(text, object_pairs_hook=each_once)
    except (ValueError, RecursionError) as error:
        if not isinstance(error, json.JSONDecodeError | UnicodeError | RecursionError):
            return {}, str(error)
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        return {}, f"it is no JSON{place}"
    return (found, "") if isinstance(found, dict) else ({}, "it is no JSON object")


def walk(value: Any, place: str = "", depth: int = 0) -> Iterator[tuple[str, str, Any]]:
    """Walk what an object holds: the field's path, its key, and what is there."""
    below: Iterator[tuple[str, str, Any]]
    if isinstance(value, dict):
        below = ((f"{place}.{key}".lstrip("."), str(key), one) for key, one in value.items())
    elif isinstance(value, list):
        key = place.rpartition(".")[2]
        below = ((f"{place}.{index}", key, one) for index, one in enumerate(value))
    else:
        return
    for path, key, one in below:
        yield path, key, one
        if depth < _DEEPEST:
            yield from walk(one, path, depth + 1)


def built_in(truth: Any) -> Iterator[Misplaced]:
    """Find what a build writes: digests, tags, ids of runs, publish states, manifests."""
    for path, key, value in walk(truth):
        what = _built_key(path, key)
        if what and value not in (None, "", [], {}) and not _is_setting(what, value):
            yield Misplaced(path, what)
        elif isinstance(value, str) and _DIGEST.search(value):
            yield Misplaced(path, "an image's digest")
        elif isinstance(value, str) and _IMAGE.match(value):
            yield Misplaced(path, "an image's tag")
        elif isinstance(value, dict) and {"apiVersion", "kind"} <= value.keys():
            yield Misplaced(path, "a generated manifest")


def _built_key(path: str, key: str) -> str | None:
    """Return what of a build a field is by its key, or by that and the key above it."""
    worded = _snake(key)
    above = next((one for one in path.split(".")[-2::-1] if not one.isdecimal()), "")
    names = [worded, f"{_snake(above)}_{worded}"] if worded in _PART else [worded]
    known = (what for what, one in _BUILT_KEY if any(one.fullmatch(name) for name in names))
    return next(known, None)


def _is_setting(what: str, value: Any) -> bool:
    """Tell what somebody decides from what a build writes: a branch, or a place for a value."""
    if not isinstance(value, str):
        return False
    if what == _REVISION and _COMMIT.fullmatch(value) is None:
        return True
    return _PLACE.fullmatch(value) is not None


def undeclared_in(truth: Any, declared: Sequence[str]) -> Iterator[str]:
    """Find fields that no declared path means: `services.*.replicas`; `*` is any one key."""
    for path, _, value in walk(truth):
        if declared and not isinstance(value, dict | list) and not _is_declared(path, declared):
            yield path


def secrets_in(truth: Any) -> Iterator[Misplaced]:
    """Find values of secrets: by their shape, or by the field's name; a reference is none."""
    for path, key, value in walk(truth):
        if isinstance(value, str) and (what := secret_of(key, value)):
            yield Misplaced(path, what)
        elif isinstance(value, dict) and _is_filled_secret(value):
            yield Misplaced(path, "the content of a Secret")


def secret_of(key: str, value: str) -> str:
    """Return what kind of secret a field's value is; empty where it is none."""
    if any(found.sure for find in shapes.FINDERS for found in find(value)):
        return "a credential, by its shape"
    if _TOKEN.search(value) or _PASSWORD.search(value):
        return "a token or a password, by its shape"
    worded = _snake(key)
    if not _SECRET_KEY.search(worded) or _VARIABLE.fullmatch(value):
        return ""
    refers = _REFERENCE.fullmatch(value) and not _RANDOM.search(value)
    if refers and not _VALUE_KEY.search(worded):
        return ""
    return "the value of a secret, by its field's name"


def _is_filled_secret(value: dict[str, Any]) -> bool:
    held = any(value.get(name) for name in ("data", "stringData"))
    return held and value.get("kind") == "Secret"


def _is_declared(path: str, declared: Sequence[str]) -> bool:
    keys = path.split(".")
    for one in declared:
        wanted = one.split(".")
        fits = all(map(fnmatchcase, keys, wanted)) if len(keys) >= len(wanted) else False
        if fits and (len(keys) == len(wanted) or wanted[-1] == "**"):
            return True
    return False


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).replace("-", "_").lower()
