"""What is secret by its shape: headers, parts of URLs, private keys, cluster documents."""

import re
from collections.abc import Callable
from typing import Any

Hide = Callable[[str, str], str]
"""Called with what a secret is and its text; returns what stands in its place."""

OPEN, CLOSE = "\u2039secret:", "\u203a"
"""How every mark begins and ends."""
_HEADERS = r"(?:proxy-authorization|authorization|set-cookie2?|cookie2?|x-(?:[a-z0-9]+-){0,8}token)"
_HEADER = re.compile(_HEADERS, re.IGNORECASE)
_MARK = rf"{OPEN}[^{CLOSE}]*{CLOSE}"
_QUOTE = r"\\{0,8}[\"']"
_QUOTED = re.compile(
    rf"(?<![\w-])(?P<name>{_HEADERS}){_QUOTE}\s*(?:[:,=]|=>)\s*b?(?P<quote>{_QUOTE})",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"(?P<before>{_QUOTE})?(?<![\w-])(?P<name>{_HEADERS})[ \t]*:[ \t]*(?=\S)", re.IGNORECASE
)
_LINE_END = re.compile(r"[\r\n]|\\{1,8}[rn]|\Z")
_USERINFO = re.compile(rf"://((?:{_MARK}|[^\s/?#\"'<>`])+)@")
_SHELL_SCHEMES = ("ssh", "scp", "rsync", "sftp")
_PARAMETER = re.compile(
    r"(?:[?&;#]|%3[fF]|%26|\\u0026)"
    r"(?P<name>[a-zA-Z0-9_.\-]{0,40}(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)"
    r"|sig|jwt)"
    rf"(?:=|%3[dD])(?P<value>(?:{_MARK}|[^&#\s\"'<>\\;`])+)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"-----BEGIN (?P<what>[A-Z0-9 ]{0,40})PRIVATE KEY(?: BLOCK)?-----"
    r".*?(?:-----END (?P=what)PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_KIND = (
    r"(?:{q}kind{q}\s*:\s*{q}(?:{of}){q}|^[ \t-]*kind:[ \t]*[\"']?(?:{of})[\"']?[ \t]*(?:#.*)?$)"
)
_SECRET = re.compile(_KIND.format(q=_QUOTE, of="Secret|SecretList"), re.MULTILINE)
_SECRET_FIELD = re.compile(r"\b(?:data|stringData)\b")
_CONFIG = re.compile(_KIND.format(q=_QUOTE, of="Config"), re.MULTILINE)
_KINDS = frozenset({"Secret", "SecretList", "Config"})
_LARGEST = 1_000_000
"""Characters of a document that are still parsed; more is dropped whole."""


def suspects(text: str) -> bool:
    """Tell quickly whether any shape may stand in the text."""
    low = text.lower()
    return (
        "authorization" in low
        or "cookie" in low
        or "-token" in low
        or ("@" in text and _USERINFO.search(text) is not None)
        or (("=" in text or "%3" in text) and _PARAMETER.search(text) is not None)
        or "PRIVATE KEY" in text
        or _is_document(text)
    )


def suspects_words(words: list[str]) -> bool:
    """Tell quickly whether a structure of these words may be a cluster document."""
    if "kind" in words and not _KINDS.isdisjoint(words):
        return True
    return "users" in words and "contexts" in words


def _is_document(text: str) -> bool:
    if "client-key-data" in text:
        return True
    if "kind" not in text:
        return False
    if "Secret" in text and _SECRET.search(text) and _SECRET_FIELD.search(text):
        return True
    return "Config" in text and "users" in text and _CONFIG.search(text) is not None


def is_header(name: object) -> bool:
    """Tell whether a header of that name carries a credential."""
    return isinstance(name, str) and _HEADER.fullmatch(name) is not None


def hide_in_text(text: str, hide: Hide) -> str:
    """Hide what has a secret's shape in plain text."""
    if _is_document(text):
        text = _document(text, hide)
    text = _KEY.sub(lambda found: hide("private-key", found[0]), text)
    text = _USERINFO.sub(lambda found: _userinfo(found, hide), text)
    text = _PARAMETER.sub(lambda found: _parameter(found, hide), text)
    return _headers(text, hide)


def _userinfo(found: re.Match[str], hide: Hide) -> str:
    """Hide who logs in, with any password; a mere user name of a shell login stays."""
    before = found.string[max(0, found.start() - 8) : found.start()].lower()
    if ":" not in found[1] and before.endswith(_SHELL_SCHEMES):
        return found[0]
    return f"://{hide('userinfo', found[1])}@"


def _parameter(found: re.Match[str], hide: Hide) -> str:
    kept = found[0][: found.start("value") - found.start()]
    return kept + hide(found["name"].lower(), found["value"])


def _headers(text: str, hide: Hide) -> str:
    if _HEADER.search(text) is None:
        return text
    return _each(_PLAIN, _each(_QUOTED, text, hide, _quoted_end), hide, _plain_end)


def _each(
    pattern: re.Pattern[str], text: str, hide: Hide, end_of: Callable[[re.Match[str]], int]
) -> str:
    """Hide what follows each match, up to the end that `end_of` finds."""
    parts: list[str] = []
    at = 0
    while found := pattern.search(text, at):
        end = max(end_of(found), found.end())
        value = text[found.end() : end]
        parts += [text[at : found.end()], hide(found["name"].lower(), value) if value else ""]
        at = end
    return "".join([*parts, text[at:]])


def _quoted_end(found: re.Match[str]) -> int:
    return _closing(found.string, found.end(), found["quote"])


def _plain_end(found: re.Match[str]) -> int:
    """Find the end of a header: that of its line, or the quote that closes around it."""
    ended = _LINE_END.search(found.string, found.end())
    line = ended.start() if ended else len(found.string)
    return (
        min(line, _closing(found.string, found.end(), found["before"])) if found["before"] else line
    )


def _closing(text: str, at: int, quote: str) -> int:
    """Find the quote that closes: the same one, behind as many backslashes."""
    pattern = re.compile(rf"(?<!\\){re.escape(quote)}")
    closed = pattern.search(text, at)
    return closed.start() if closed else len(text)


def hide_in_mapping(fields: dict[Any, Any], hide: Hide) -> dict[Any, Any]:
    """Hide the values of credential headers, and the contents of cluster documents."""
    kind = fields.get("kind")
    if kind == "Secret":
        return _hide_contents(fields, hide)
    if kind == "SecretList" and isinstance(fields.get("items"), list):
        items = [
            _hide_contents(item, hide) if isinstance(item, dict) else item
            for item in fields["items"]
        ]
        return fields | {"items": items}
    if isinstance(fields.get("users"), list) and (kind == "Config" or "contexts" in fields):
        return fields | {"users": [_hide_user(user, hide) for user in fields["users"]]}
    if is_header(fields.get("name")) and isinstance(fields.get("value"), str):
        return fields | {"value": hide(fields["name"].lower(), fields["value"])}
    return {
        name: hide_leaves(value, hide, name.lower()) if is_header(name) else value
        for name, value in fields.items()
    }


def _hide_contents(secret: dict[Any, Any], hide: Hide) -> dict[Any, Any]:
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


def hide_leaves(value: Any, hide: Hide, what: str) -> Any:
    """Hide every scalar below, and keep the names of fields."""
    if isinstance(value, dict):
        return {name: hide_leaves(below, hide, what) for name, below in value.items()}
    if isinstance(value, list):
        return [hide_leaves(below, hide, what) for below in value]
    if value is None or value == "":
        return value
    return hide(what, value.decode("latin-1") if isinstance(value, bytes) else str(value))


def _document(text: str, hide: Hide) -> str:
    """Hide the contents of YAML documents; text that is none is dropped whole."""
    import yaml  # noqa: PLC0415 - the filter of the terminal has it only when it needs it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if len(text) > _LARGEST or any(
            isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)
        ):
            return hide("unreadable-document", text)
        documents = list(yaml.load_all(text, Loader=loader))
        hidden = [_walk(document, hide) for document in documents]
    except (yaml.YAMLError, ValueError, RecursionError):
        return hide("unreadable-document", text)
    if hidden == documents:
        return text
    return yaml.safe_dump_all(hidden, sort_keys=False, allow_unicode=True)


def _walk(value: Any, hide: Hide) -> Any:
    if isinstance(value, dict):
        return {name: _walk(below, hide) for name, below in hide_in_mapping(value, hide).items()}
    if isinstance(value, list):
        return [_walk(below, hide) for below in value]
    return value
