"""What documents of clusters hold that is secret: those of a kubeconfig and of a Secret."""

import json
import re
from collections.abc import Callable
from typing import Any

from reports.nesting import ensure_flat

Hide = Callable[[str, str], str]
"""Called with what a secret is and its text; returns what stands in its place."""

LARGEST = 1 << 17
"""Characters of a document that are still parsed; more is dropped whole."""
UNREADABLE = "unreadable-document"
QUOTE = r"\\{0,8}[\"']"
LEAD = r"(?:E(?=[ \t])|[|>])?[ \t]*(?:[+?][ \t]+)?"
"""What test reports, quotations and differences put before each line."""
_KIND = (
    rf"(?:{QUOTE}kind{QUOTE}\s*:\s*{QUOTE}(?:OF){QUOTE}"
    rf"|(?:^{LEAD}[ \t-]*|\\{{1,8}}n[ \t-]*|[\"'])kind:[ \t]*(?:{QUOTE})?(?:OF)(?:{QUOTE})?"
    r"[ \t]*(?:\#.*)?(?:\r?$|\\{1,8}[nr]|[\"']))"
)
_SECRET = re.compile(_KIND.replace("OF", "Secret|SecretList"), re.MULTILINE)
_CONFIG = re.compile(_KIND.replace("OF", "Config"), re.MULTILINE)
_CLIENT_KEY = re.compile(rf"client-key-data(?:{QUOTE})?[ \t]*:[ \t]*[^\s]")
_SECRET_FIELD = re.compile(r"(?:\b|(?<=\\n))(?:data|stringData)\b")


def is_document(text: str) -> bool:
    """Tell whether a document that holds secrets may stand in the text."""
    if "client-key-data" in text and _CLIENT_KEY.search(text):
        return True
    if "kind" not in text:
        return False
    if "Secret" in text and _SECRET.search(text) and _SECRET_FIELD.search(text):
        return True
    return "Config" in text and "users" in text and _CONFIG.search(text) is not None


def hide_contents(fields: dict[Any, Any], hide: Hide) -> dict[Any, Any] | None:
    """Hide what a Secret or a kubeconfig holds; returns None for another mapping."""
    kind = fields.get("kind")
    if kind == "Secret":
        return _hide_secret(fields, hide)
    if kind == "SecretList" and isinstance(fields.get("items"), list):
        items = [
            _hide_secret(item, hide) if isinstance(item, dict) else item for item in fields["items"]
        ]
        return fields | {"items": items}
    if isinstance(fields.get("users"), list) and (kind == "Config" or "contexts" in fields):
        return fields | {"users": [_hide_user(user, hide) for user in fields["users"]]}
    return None


def hide_leaves(value: Any, hide: Hide, what: str) -> Any:
    """Hide every scalar below, and keep the names of fields."""
    if isinstance(value, dict):
        return {name: hide_leaves(below, hide, what) for name, below in value.items()}
    if isinstance(value, list):
        return [hide_leaves(below, hide, what) for below in value]
    if value is None or value == "":
        return value
    return hide(what, value.decode("latin-1") if isinstance(value, bytes) else str(value))


def hide_in_document(text: str, hide: Hide) -> str:
    """Hide the contents of JSON or YAML documents; text that is neither is dropped whole."""
    if len(text) > LARGEST:
        return hide(UNREADABLE, text)
    seen: list[object] = []
    try:
        if text.lstrip()[:1] in ("{", "["):
            try:
                walked = _walk(json.loads(text), hide, seen)
            except json.JSONDecodeError:
                return _hidden_yaml(text, hide)
            indent = 2 if "\n" in text.strip() else None
            if not seen:
                return hide(UNREADABLE, text)
            return json.dumps(walked, ensure_ascii=False, indent=indent)
        return _hidden_yaml(text, hide)
    except (ValueError, RecursionError):
        return hide(UNREADABLE, text)


def _hide_secret(secret: dict[Any, Any], hide: Hide) -> dict[Any, Any]:
    hidden = {
        field: hide_leaves(secret[field], hide, "kubernetes-secret")
        for field in ("data", "stringData")
        if field in secret
    }
    return secret | hidden


def _hide_user(user: Any, hide: Hide) -> Any:
    if not isinstance(user, dict) or "user" not in user:
        return hide_leaves(user, hide, "kubeconfig")
    return user | {"user": hide_leaves(user["user"], hide, "kubeconfig")}


def _hidden_yaml(text: str, hide: Hide) -> str:
    try:
        import yaml  # noqa: PLC0415 - a process that only filters has it when it needs it
    except ImportError:
        return hide(UNREADABLE, text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    seen: list[object] = []
    try:
        ensure_flat(text)
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            return hide(UNREADABLE, text)
        documents = list(yaml.load_all(text, Loader=loader))
        hidden = [_walk(document, hide, seen) for document in documents]
    except yaml.YAMLError:
        return hide(UNREADABLE, text)
    if not seen:
        return hide(UNREADABLE, text)
    if hidden == documents:
        return text
    return str(yaml.safe_dump_all(hidden, sort_keys=False, allow_unicode=True))


def _walk(value: Any, hide: Hide, seen: list[object]) -> Any:
    if isinstance(value, dict):
        hidden = hide_contents(value, hide)
        if hidden is not None:
            seen.append(hidden)
        return {name: _walk(below, hide, seen) for name, below in (hidden or value).items()}
    if isinstance(value, list):
        return [_walk(below, hide, seen) for below in value]
    if isinstance(value, str) and is_document(value):
        seen.append(value)
        return hide_in_document(value, hide)
    return value
