"""Secret values in files that are there for all to read: found by their shape, and never quoted."""

import re
from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.rollout.catalog.manifests import NoDocumentsError, documents_in, named, objects_in
from reports import contents, shapes

_TOKENS = {
    "github-token": r"gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}",
    "gitlab-token": r"glpat-[\w-]{20,}",
    "provider-key": r"sk-[A-Za-z0-9_-]{20,}",
    "aws-key": r"AKIA[0-9A-Z]{16}",
    "slack-token": r"xox[abprs]-[\w-]{10,}",
    "jwt": r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
}
_TOKEN = re.compile(
    "|".join(rf"(?P<{name.replace('-', '_')}>(?<![\w-])(?:{one}))" for name, one in _TOKENS.items())
)
_NAMED = re.compile(
    r"(?<![\w-])[\w-]{0,40}(?P<name>api[_-]?key|access[_-]?token|auth[_-]?token|secret[_-]?key"
    r"|client[_-]?secret|passw(?:or)?d)\\?[\"']?[ \t]*[:=][ \t]*\\?[\"']?"
    r"(?P<value>[^\s\"',;}\]\\]{8,})",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"\$[({A-Za-z_]|<[^>]*>|\{\{|\*{3}|x{4,}|redacted|changeme|example|placeholder|%s",
    re.IGNORECASE,
)
_SECRET_ENV = re.compile(r"(?:TOKEN|SECRET|PASSW(?:OR)?D|API_?KEY|CREDENTIALS?)$", re.IGNORECASE)
_NAME = re.compile(
    r"[a-z][a-z0-9]*(?:[-._][a-z0-9]+)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|/.*|\./.*|[0-9.]+"
)
"""Names of objects, keys and variables, paths and numbers: they point to a secret, and are none."""
_CREDENTIALS = ("token", "password", "client-key-data")
_HEX = re.compile(r"(?=.*[0-9])[0-9a-fA-F]{12,}|(?=.*[0-9].*[a-z].*[0-9])[a-z0-9]{16,}")
_LONGEST_LOGIN, _SHORTEST, _DEEPEST = 20, 12, 60


@dataclass(frozen=True, slots=True)
class Leak:
    """A place at which a secret value stands; `what` is its shape. The value is kept nowhere."""

    path: str
    line: int
    """Counted from 1; 0 where the object is known, and not the line."""
    what: str
    of: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.what}" + (f" of {self.of}" if self.of else "")


def leaks_in(path: str, content: bytes) -> tuple[Leak, ...]:
    """Find the secret values of a file."""
    if b"\0" in content[:8000]:
        return tuple(_by_shape(path, content.decode("latin-1")))
    text = content.decode("utf-8", "replace")
    found = dict.fromkeys((*_by_document(path, content, text), *_by_shape(path, text)))
    return tuple(found)


def _by_document(path: str, content: bytes, text: str) -> Iterator[Leak]:
    """Find Secrets that hold something, kubeconfigs with credentials, and literal variables."""
    if "kind" not in text and "users" not in text:
        return
    try:
        documents = documents_in(content)
    except NoDocumentsError:
        if contents.is_document(text):
            yield Leak(path, 0, "kubernetes-secret or kubeconfig that cannot be read as YAML")
        return
    for document in documents:
        if isinstance(document, dict) and _logs_in(document):
            yield Leak(path, 0, "kubeconfig")
        for one in objects_in(document):
            yield from _of_object(path, one)


def _of_object(path: str, one: Mapping[str, Any]) -> Iterator[Leak]:
    if one.get("kind") == "Secret" and any(one.get(key) for key in ("data", "stringData")):
        yield Leak(path, 0, "kubernetes-secret", named(one))
    for name in _literal(one, 0):
        yield Leak(path, 0, f"literal value of the variable {name}", named(one))
    for text in _texts(one, 0):
        if contents.is_document(text):
            yield from _by_document(path, text.encode(), text)


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Walk the texts of an object: a ConfigMap may hold a whole document."""
    if isinstance(value, str) and "\n" in value:
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for below in value.values() if isinstance(value, dict) else value:
            yield from _texts(below, depth + 1)


def _logs_in(document: dict[str, Any]) -> bool:
    users = document.get("users")
    if not isinstance(users, list):
        return False
    held = [
        one["user"] for one in users if isinstance(one, dict) and isinstance(one.get("user"), dict)
    ]
    return any(_is_value(str(user.get(key) or "")) for user in held for key in _CREDENTIALS)


def _literal(value: Any, depth: int) -> Iterator[str]:
    """Find variables, named as secrets are, whose value stands in the manifest."""
    if isinstance(value, dict):
        match value:
            case {"name": str(name), "value": str(literal)} if _SECRET_ENV.search(name):
                if _is_value(literal) and not _is_name(literal):
                    yield name
        if depth < _DEEPEST:
            for below in value.values():
                yield from _literal(below, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _literal(one, depth + 1)


def _by_shape(path: str, text: str) -> Iterator[Leak]:
    starts = [0, *(at.end() for at in re.finditer("\n", text))]

    def leak(what: str, at: int) -> Leak:
        return Leak(path, bisect(starts, at), what)

    for find in shapes.FINDERS:
        for found in find(text):
            if found.sure and _is_secret(found.what, text[found.start : found.end]):
                yield leak(found.what, found.start)
    for token in _TOKEN.finditer(text):
        yield leak(str(token.lastgroup).replace("_", "-"), token.start())
    for value in _NAMED.finditer(text):
        if _is_random(value["value"]):
            yield leak(value["name"].lower(), value.start("value"))


def _is_secret(what: str, value: str) -> bool:
    """Tell whether what has a secret's shape is one, and not a place for it."""
    if what == "userinfo":
        _, colon, password = value.partition(":")
        return _is_value(password) if colon else len(value) >= _LONGEST_LOGIN and _is_value(value)
    return _is_value(value)


def _is_value(value: str) -> bool:
    return bool(value.strip()) and _PLACEHOLDER.search(value) is None


def _is_random(value: str) -> bool:
    """Tell a value from a name, a path or a word: it has letters and digits, and is long."""
    mixed = re.search(r"[A-Za-z]", value) and re.search(r"[0-9]", value)
    return bool(mixed) and len(value) >= _SHORTEST and not _is_name(value) and _is_value(value)


def _is_name(value: str) -> bool:
    words = re.split(r"[-._]", value)
    return _NAME.fullmatch(value) is not None and not any(_HEX.fullmatch(word) for word in words)
