"""What is secret by its shape: headers, parts of URLs, private keys, cluster documents."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from reports import documents
from reports.contents import UNREADABLE, Hide, hide_contents, hide_leaves, is_document

Edit = tuple[int, int, str]
"""Where something begins and ends, and what stands there instead."""

OPEN, CLOSE = "\u2039secret:", "\u203a"
"""How every mark begins and ends."""
_HEADERS = r"(?:proxy-authorization|authorization|set-cookie2?|cookie2?|x-(?:[a-z0-9]+-){0,8}token)"
_HEADER = re.compile(_HEADERS, re.IGNORECASE)
_MARK = rf"{OPEN}[^{CLOSE}#]{{0,400}}#[0-9a-f]{{6}}{CLOSE}"
"""It holds what no value may, so that nothing is read in two ways: far sides can write it too."""
_QUOTE = r"\\{0,8}[\"']"
_QUOTED = re.compile(
    rf"(?<![\w-])(?P<name>{_HEADERS}){_QUOTE}\s*(?:[:,=]|=>)\s*b?(?P<quote>{_QUOTE})",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"(?P<before>{_QUOTE})?(?<![\w-])(?P<name>{_HEADERS})[ \t]*:[ \t]*(?=\S)", re.IGNORECASE
)
_LINE_END = re.compile(r"[\r\n]|\\{1,8}[rn]|\Z")
_USERINFO = re.compile(rf"://(?P<value>(?:{_MARK}|[^\s/?#\"'<>`])+)(?:@|\Z)")
_LOGIN = re.compile(r"[^\[\]:@]+:(?!\d{0,5}\Z).+")
"""A name and a password, of which the text's end cuts off where to: no host and port."""
_SHELL_SCHEMES = ("ssh", "scp", "rsync", "sftp")
_NAMES = (
    r"[a-zA-Z0-9_.\-]{0,40}(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key)|sig|jwt"
)
_PARAMETER = re.compile(
    rf"(?:[?&;#]|%3[fF]|%26|\\u0026)(?P<name>{_NAMES})"
    rf"(?:=|%3[dD])(?P<value>(?:{_MARK}|[^&#\s\"'<>\\;`])+)",
    re.IGNORECASE,
)
_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BEGUN = re.compile(
    r"(?<!-)-{1,5}\Z|-----B(?:E(?:G(?:I(?:N(?: [A-Z0-9 ]{0,60}-{0,4})?)?)?)?)?\Z"
)
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = re.compile(r"[ \t>|E+?-]*(?:\S*|[\w-]+: .*|-----END[A-Z0-9 -]*)\s*\Z|.*[\w+/=]{40}")
OVERLONG = "overlong"
_NAME = re.compile(
    rf"{OVERLONG}|userinfo|private-key|kubeconfig|kubernetes-secret|{UNREADABLE}|{_HEADERS}|{_NAMES}",
    re.IGNORECASE,
)
_WIDEST_BEGIN = 100
_LONGEST_KEY = 1 << 16
_KINDS = frozenset({"Secret", "SecretList", "Config"})


@dataclass(frozen=True)
class Found:
    """Something secret by its shape, and where it stands."""

    what: str
    start: int
    end: int
    open: bool = False
    """Whether it reaches the text's end, and what follows may belong to it."""
    sure: bool = True
    """Whether it is secret even if nothing follows."""


def suspects(text: str) -> bool:
    """Tell quickly whether any shape may stand in the text."""
    low = text.lower()
    return (
        "authorization" in low
        or "cookie" in low
        or "-token" in low
        or any(found.sure for found in _userinfos(text))
        or (("=" in text or "%3" in text) and _PARAMETER.search(text) is not None)
        or "PRIVATE KEY" in text
        or is_document(text)
    )


def suspects_words(words: list[str]) -> bool:
    """Tell quickly whether a structure of these words may be a cluster document."""
    if "kind" in words and not _KINDS.isdisjoint(words):
        return True
    return "users" in words and "contexts" in words


def is_header(name: object) -> bool:
    """Tell whether a header of that name carries a credential."""
    return isinstance(name, str) and _HEADER.fullmatch(name) is not None


def open_at(text: str) -> int:
    """Return where a secret begins whose end has not come yet, or the text's length."""
    return min(
        (found.start for find in FINDERS for found in find(text) if found.open),
        default=len(text),
    )


def hide_in_text(text: str, hide: Hide) -> str:
    """Hide what has a secret's shape in plain text."""
    text = edited(text, documents.quoted(text, hide))
    text = edited(text, documents.edits(text, hide))
    for find in FINDERS:
        text = edited(text, edits(find(text), text, hide))
    return text


def is_name(what: str) -> bool:
    """Tell whether that is what some shape is called in its mark."""
    return _NAME.fullmatch(what) is not None


def edits(found: Iterator[Found], text: str, hide: Hide) -> Iterator[Edit]:
    """Hide what was found."""
    for one in found:
        if one.sure:
            yield one.start, one.end, hide(one.what, text[one.start : one.end])


def edited(text: str, made: Iterator[Edit]) -> str:
    """Return the text with the edits made, which are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, instead in made:
        parts += [text[at:start], instead]
        at = end
    return "".join([*parts, text[at:]])


def hide_in_mapping(fields: dict[Any, Any], hide: Hide) -> dict[Any, Any]:
    """Hide the values of credential headers, and the contents of cluster documents."""
    if (hidden := hide_contents(fields, hide)) is not None:
        return hidden
    if is_header(fields.get("name")) and isinstance(fields.get("value"), str):
        return fields | {"value": hide(fields["name"].lower(), fields["value"])}
    return {
        name: hide_leaves(value, hide, name.lower()) if is_header(name) else value
        for name, value in fields.items()
    }


def _keys(text: str) -> Iterator[Found]:
    """Find private keys: to their last line, or as far as lines look like a key's."""
    at = 0
    while begun := _KEY.search(text, at):
        ended = _KEY_END.search(text, begun.end(), begun.end() + _LONGEST_KEY)
        at = ended.end() if ended else _key_goes_to(text, begun.end())
        yield Found("private-key", begun.start(), at, open=not ended and at == len(text))
    if partly := _KEY_BEGUN.search(text, max(at, len(text) - _WIDEST_BEGIN)):
        yield Found("private-key", partly.start(), len(text), open=True, sure=False)


def is_key_line(line: str) -> bool:
    """Tell whether a line, or the beginning of one, may be a further line of a private key."""
    return _KEY_LINE.match(line) is not None


def _key_goes_to(text: str, at: int) -> int:
    """Return where the lines of a key without an end do end; the first is taken as it is."""
    first = text.find("\n", at)
    at = text.find("\n", first + 1) if first >= 0 else -1
    while at >= 0:
        end = text.find("\n", at + 1)
        if not is_key_line(text[at + 1 : end if end >= 0 else None]):
            return at + 1
        at = end
    return len(text)


def _userinfos(text: str) -> Iterator[Found]:
    """Find who logs in, with any password; a mere user name of a shell login stays."""
    for found in _USERINFO.finditer(text) if "://" in text else ():
        before = text[max(0, found.start() - 8) : found.start()].lower()
        if ":" in found["value"] or not before.endswith(_SHELL_SCHEMES):
            closed = found.end() > found.end("value")
            sure = closed or _LOGIN.fullmatch(found["value"]) is not None
            yield Found("userinfo", *found.span("value"), open=not closed, sure=sure)


def _parameters(text: str) -> Iterator[Found]:
    for found in _PARAMETER.finditer(text) if "=" in text or "%3" in text else ():
        yield Found(found["name"].lower(), *found.span("value"), open=found.end() == len(text))


def _quoted_headers(text: str) -> Iterator[Found]:
    return _headers(text, _QUOTED, lambda found: _closing(text, found.end(), found["quote"]))


def _plain_headers(text: str) -> Iterator[Found]:
    return _headers(text, _PLAIN, _end_of_line)


def _headers(
    text: str, pattern: re.Pattern[str], end_of: Callable[[re.Match[str]], int]
) -> Iterator[Found]:
    """Find what follows each match, up to the end that `end_of` finds."""
    at = 0
    while found := pattern.search(text, at):
        at = max(end_of(found), found.end())
        if at > found.end():
            yield Found(found["name"].lower(), found.end(), at, open=at == len(text))


def _end_of_line(found: re.Match[str]) -> int:
    """Find the end of a header: that of its line, or the quote that closes around it."""
    text, at, quote = found.string, found.end(), found["before"]
    closed = _closing(text, at, quote) if quote else len(text)
    ended = _LINE_END.search(text, at, closed)
    return ended.start() if ended else closed


def _closing(text: str, at: int, quote: str) -> int:
    """Find the quote that closes: the same one, behind as many backslashes, in the same line."""
    closed = re.compile(rf"(?<!\\){re.escape(quote)}|[\r\n]").search(text, at)
    return closed.start() if closed else len(text)


FINDERS = (_keys, _userinfos, _parameters, _quoted_headers, _plain_headers)
"""Each looks at a text that has no more of what those before it found."""
