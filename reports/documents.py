"""Documents of clusters, kubeconfig and Secret, wherever they stand in a text."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Hide = Callable[[str, str], str]
"""Called with what a secret is and its text; returns what stands in its place."""

LARGEST = 1 << 17
"""Characters of a document that are still parsed; more is dropped whole."""
UNREADABLE = "unreadable-document"
_QUOTE = r"\\{0,8}[\"']"
_LEAD = r"(?:E(?=[ \t])|[|>])?[ \t]*(?:[+?][ \t]+)?"
"""What test reports, quotations and differences put before each line."""
_LEADING = re.compile(_LEAD)
_FIELDS = "data|stringData|users|clusters|contexts|items"
_KIND = (
    rf"(?:{_QUOTE}kind{_QUOTE}\s*:\s*{_QUOTE}(?:OF){_QUOTE}"
    rf"|(?:^{_LEAD}[ \t-]*|\\{{1,8}}n[ \t-]*|[\"'])kind:[ \t]*(?:{_QUOTE})?(?:OF)(?:{_QUOTE})?"
    r"[ \t]*(?:\#.*)?(?:\r?$|\\{1,8}[nr]|[\"']))"
)
_SECRET = re.compile(_KIND.replace("OF", "Secret|SecretList"), re.MULTILINE)
_CONFIG = re.compile(_KIND.replace("OF", "Config"), re.MULTILINE)
_CLIENT_KEY = re.compile(rf"client-key-data(?:{_QUOTE})?[ \t]*:[ \t]*[^\s]")
_SECRET_FIELD = re.compile(r"(?:\b|(?<=\\n))(?:data|stringData)\b")
_BEGIN = re.compile(
    rf"^(?P<lead>{_LEAD})(?:-[ \t]+)*"
    r"(?:apiVersion:[ \t]|kind:[ \t]*[\"']?(?:Secret|SecretList|List|Config)\b"
    rf"|(?:{_FIELDS}):[ \t]*(?:\r?$|[{{\[&!|>]))"
    rf"|(?P<brace>\{{)[ \t]*(?:\r?\n{_LEAD})?{_QUOTE}",
    re.MULTILINE,
)
_WORDS = ("apiVersion:", "kind:", *(f"{field}:" for field in _FIELDS.split("|")))
_PARTS = sorted({re.escape(word[:end]) for word in _WORDS for end in range(1, len(word) + 1)})
_MAY_BEGIN = re.compile(
    rf"^{_LEAD}(?:-[ \t]+)*(?:{'|'.join(reversed(_PARTS))})[ \t]*(?:(?<=:)[\"']?[A-Z][A-Za-z]*"
    rf"|(?<=:[ \t])[\"']?[A-Z][A-Za-z]*)?\r?\Z|\{{[ \t]*(?:\r?\n{_LEAD})?\\{{0,8}}\Z",
    re.MULTILINE,
)
_WIDEST = 100
"""Characters of the first words of a document."""
_LINE = re.compile(r"[ \t#}\]]|-(?:--)?(?:\s|\Z)|[\w.$/\"'-]+:(?:\s|\Z)|\.\.\.\s*\Z")
_LINE_BEGUN = re.compile(r"[ \t#}\]]|-(?:--)?\s|-{1,3}\Z|[\w.$/\"'-]*:?\Z|[\w.$/\"'-]+:\s")
_NESTED = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|(?P<open>[{\[])|(?P<close>[}\]])|(?P<end>\n)"
)
_NESTED_LINE = re.compile(
    rf"{_LEAD}(?:[-+?][ \t]+)*"
    r"(?:[\"'{}\[\],:\\]|-?\d[\d.eE+-]*\s*(?:[,\]}:]|\Z)|b[\"']|(?:true|false|null|True|False|None)\b|\s*\Z)"
)
_QUOTED = re.compile(rf"(?<=[\"'])(?:---\\+n)?(?:apiVersion|kind|{_FIELDS}):(?:[ \t\\]|\Z)[^\r\n]*")


@dataclass(frozen=True)
class Block:
    """A part of a text that reads like a document."""

    start: int
    end: int
    lead: str
    """What stands before each of its lines."""
    closed: bool
    """Whether more text cannot make it longer."""


def is_document(text: str) -> bool:
    """Tell whether a document that holds secrets may stand in the text."""
    if "client-key-data" in text and _CLIENT_KEY.search(text):
        return True
    if "kind" not in text:
        return False
    if "Secret" in text and _SECRET.search(text) and _SECRET_FIELD.search(text):
        return True
    return "Config" in text and "users" in text and _CONFIG.search(text) is not None


def blocks(text: str) -> Iterator[Block]:
    """Find what reads like documents, from left to right."""
    at = 0
    while begun := _BEGIN.search(text, at):
        block = _nested(text, begun) if begun["brace"] else _lines(text, begun)
        yield block
        at = max(block.end, begun.end())


def open_at(text: str) -> int:
    """Return where a document begins whose end has not come yet, or the text's length."""
    block = open_block(text)
    return min(block.start if block else len(text), _first_words_at(text), _open_quotation_at(text))


def open_block(text: str) -> Block | None:
    """Return the document that the text's end cuts off, if there is one."""
    return next((block for block in blocks(text) if not block.closed), None)


def belongs(line: str, block: Block, *, whole: bool) -> bool:
    """Tell whether a line, or if it is not whole any that begins so, may belong to a document."""
    return _goes_on(line, block.lead, whole=whole) or _NESTED_LINE.match(line) is not None


def _goes_on(line: str, lead: str, *, whole: bool) -> bool:
    if not line.strip():
        return True
    if not line.startswith(lead):
        return line.rstrip() == lead.rstrip() or (not whole and lead.startswith(line))
    rest = line[len(lead) :]
    return (_LINE if whole else _LINE_BEGUN).match(rest) is not None


def quoted(text: str, hide: Hide) -> Iterator[tuple[int, int, str]]:
    """Hide documents in quotes, their line ends escaped: they are dropped to the line's end."""
    if is_document(text):
        for found in _QUOTED.finditer(text):
            if is_document(text[found.start() - 1 : found.end()]):
                yield *found.span(), hide(UNREADABLE, found[0])


def in_blocks(text: str, hide: Hide) -> Iterator[tuple[int, int, str]]:
    """Hide the documents of a text, each in its place."""
    if is_document(text):
        for block in blocks(text):
            shown = text[block.start : block.end]
            if is_document(shown):
                yield block.start, block.end, hide_in_block(shown, block.lead, hide)


def edits(text: str, hide: Hide) -> Iterator[tuple[int, int, str]]:
    """Hide the documents of a text, each in its place; one that has no clear bounds, whole."""
    if not is_document(text):
        return
    found = list(blocks(text))
    telling = any(is_document(text[block.start : block.end]) for block in found)
    between: list[str] = []
    at = 0
    for block in found:
        between.append(text[at : block.start])
        at = block.end
    if not telling or is_document("\n".join([*between, text[at:]])):
        yield 0, len(text), hide(UNREADABLE, text)
        return
    yield from in_blocks(text, hide)


def hide_in_block(text: str, lead: str, hide: Hide) -> str:
    """Hide the contents of a document; one that cannot be read is dropped whole."""
    if not is_document(text):
        return text
    bare = re.sub(
        rf"^(?:{re.escape(lead)}|{re.escape(lead.rstrip())}$)", "", text, flags=re.MULTILINE
    )
    hidden = _hidden(bare, hide)
    if hidden == bare:
        return text
    ending = text[len(text.rstrip()) :]
    first = lead if text.startswith(lead) else ""
    return first + hidden.rstrip("\n").replace("\n", f"\n{lead}") + ending


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


def _lines(text: str, begun: re.Match[str]) -> Block:
    """Follow a document line by line, to the first that cannot be one of its."""
    start, lead = begun.start(), begun["lead"]
    at = text.find("\n", begun.end())
    while at >= 0:
        end = text.find("\n", at + 1)
        line = text[at + 1 : end if end >= 0 else None]
        if not _goes_on(line, lead, whole=end >= 0):
            return Block(start, at + 1, lead, closed=True)
        at = end
    return Block(start, len(text), lead, closed=False)


def _nested(text: str, begun: re.Match[str]) -> Block:
    """Follow braces until they close, or a line follows that cannot be within them."""
    start = begun.start("brace")
    line = text.rfind("\n", 0, start) + 1
    found = _LEADING.match(text, line)
    lead = found[0].rstrip(" ") if found and found.end() <= start else ""
    depth = 0
    for token in _NESTED.finditer(text, start):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth == 0:
            return Block(start, token.end(), lead, closed=True)
        if token.lastgroup == "end" and not _NESTED_LINE.match(
            text[token.end() : _line_end(text, token.end())]
        ):
            return Block(start, token.end(), lead, closed=True)
    return Block(start, len(text), lead, closed=False)


def _first_words_at(text: str) -> int:
    found = _MAY_BEGIN.search(text, max(0, len(text) - _WIDEST))
    return found.start() if found else len(text)


def _open_quotation_at(text: str) -> int:
    line = max(text.rfind("\n"), text.rfind("\r")) + 1
    found = _QUOTED.search(text, line)
    return found.start() if found else len(text)


def _line_end(text: str, at: int) -> int | None:
    end = text.find("\n", at)
    return end if end >= 0 else None


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


def _hidden(text: str, hide: Hide) -> str:
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


def _hidden_yaml(text: str, hide: Hide) -> str:
    try:
        import yaml  # noqa: PLC0415 - a process that only filters has it when it needs it
    except ImportError:
        return hide(UNREADABLE, text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    seen: list[object] = []
    try:
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
        return _hidden(value, hide)
    return value
