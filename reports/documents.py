"""Documents of clusters, kubeconfig and Secret, wherever they stand in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.contents import LEAD, QUOTE, UNREADABLE, Hide, hide_in_document, is_document

_LEADING = re.compile(LEAD)
_FIELDS = "data|stringData|users|clusters|contexts|items"
_BEGIN = re.compile(
    rf"^(?P<lead>{LEAD})(?:-[ \t]+)*"
    r"(?:apiVersion:[ \t]|kind:[ \t]*[\"']?(?:Secret|SecretList|List|Config)\b"
    rf"|(?:{_FIELDS}):[ \t]*(?:\r?$|[{{\[&!|>]))"
    rf"|(?P<brace>\{{)[ \t]*(?:\r?\n{LEAD})?{QUOTE}",
    re.MULTILINE,
)
_WORDS = ("apiVersion:", "kind:", *(f"{field}:" for field in _FIELDS.split("|")))
_PARTS = sorted({re.escape(word[:end]) for word in _WORDS for end in range(1, len(word) + 1)})
_MAY_BEGIN = re.compile(
    rf"^{LEAD}(?:-[ \t]+)*(?:{'|'.join(reversed(_PARTS))})[ \t]*(?:(?<=:)[\"']?[A-Z][A-Za-z]*"
    rf"|(?<=:[ \t])[\"']?[A-Z][A-Za-z]*)?\r?\Z|\{{[ \t]*(?:\r?\n{LEAD})?\\{{0,8}}\Z",
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
    rf"{LEAD}(?:[-+?][ \t]+)*"
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
    hidden = hide_in_document(bare, hide)
    if hidden == bare:
        return text
    ending = text[len(text.rstrip()) :]
    first = lead if text.startswith(lead) else ""
    return first + hidden.rstrip("\n").replace("\n", f"\n{lead}") + ending


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
