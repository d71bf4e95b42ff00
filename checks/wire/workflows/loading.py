"""YAML of workflow files: read with places, and refused where GitHub refuses it.

Bounds are GitHub's own (actions/runner, ParseOptions and YamlObjectReader): a file of 1,048,576
characters, 50 levels, 50,000 nodes, aliases counted as what they stand for. Merge keys (`<<`) are
not followed: GitHub reads anchors and aliases, and no merge keys.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from checks.wire.workflows.comments import Span, comments_of
from checks.wire.workflows.nodes import Node, Scalar
from checks.wire.workflows.scalars import scalar_of, tagged
from checks.wire.workflows.seen import Comment, Finding, Place
from checks.wire.workflows.wording import number_text

CHARACTERS = 1024 * 1024
DEPTH = 50
NODES = 50_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
_BLOCK = ("|", ">")
_COLLECTION_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_NO_MORE = "GitHub reads no more"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as it was read: `root` is None where nothing could be."""

    path: str
    source: str
    root: Node | None
    comments: tuple[Comment, ...]
    findings: tuple[Finding, ...]

    def place(self, node: Node) -> Place:
        return Place(path=self.path, line=node.line, column=node.column)


class _StopError(Exception):
    """Reading on would make no sense; what is wrong is among the findings."""


class _AnotherDocumentError(Exception):
    """A second document begins, and the first has been read."""


def load(raw: bytes, path: str) -> Loaded:
    """Read a workflow file or an action's; what is wrong with it becomes findings."""
    composer = _Composer(path)
    source = _decoded(raw, composer)
    if source is None:
        return Loaded(path, "", None, (), tuple(composer.findings))
    try:
        for event in yaml.parse(source, Loader=_LOADER):
            composer.take(event)
    except _AnotherDocumentError:
        pass  # the first is read
    except _StopError:
        composer.root = None
    except yaml.YAMLError as error:
        composer.root = None
        composer.findings.append(_syntax(error, source, path))
    if composer.root is None and not composer.findings:
        composer.wrong("empty", 1, 1, "the file is empty")
    comments = comments_of(source, composer.spans, path)
    return Loaded(path, source, composer.root, comments, tuple(composer.findings))


def _decoded(raw: bytes, composer: "_Composer") -> str | None:
    """Return the text; what is no text of YAML is replaced, and told."""
    if len(raw) > 4 * CHARACTERS or len(raw.decode("utf-8", "replace")) > CHARACTERS:
        words = f"the file has more than {CHARACTERS:,} characters: GitHub reads none so large"
        composer.wrong("too-large", 1, 1, words)
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        words = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
        composer.wrong("not-utf-8", *_at(before, len(before)), words)
        text = raw.decode("utf-8", "replace")
    text = text.removeprefix("\ufeff")
    pattern = _CONTROL if text.isascii() else re.compile(f"{_CONTROL.pattern}|{_C1.pattern}")
    odd = pattern.search(text)
    if odd is not None:
        words = f"the character {odd[0]!a} cannot stand in YAML"
        composer.wrong("control-character", *_at(text, odd.start()), words)
        text = pattern.sub("\ufffd", text)
    return text


def _at(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _syntax(error: yaml.YAMLError, source: str, path: str) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = source.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    tab = text.find("\t")
    if tab >= 0 and (not text[:tab].strip(" -") or tab == column - 1):
        words = "a tab stands where YAML takes spaces only"
        place = Place(path=path, line=line, column=tab + 1)
        return Finding(rule="tab", place=place, text=words)
    context = getattr(error, "context", None)
    problem = getattr(error, "problem", None) or str(error)
    words = f"this is not YAML: {problem}" + (f" ({context})" if context else "")
    return Finding(rule="yaml", place=Place(path=path, line=line, column=column), text=words)


@dataclass(slots=True)
class _Open:
    """A list or a mapping that has not ended: of a mapping, `key` waits for its value."""

    node: Node
    key: Node | None = None
    names: dict[str, Node] = field(default_factory=dict)


class _Composer:
    """Builds the tree from events, without recursion."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Node | None = None
        self.findings: list[Finding] = []
        self.spans: list[Span] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}
        self._nodes = 0

    def wrong(self, rule: str, line: int, column: int, words: str) -> None:
        place = Place(path=self.path, line=line, column=column)
        self.findings.append(Finding(rule=rule, place=place, text=words))

    def take(self, event: Event) -> None:
        """Take the next event; raises `_StopError` where it makes no sense to go on."""
        match event:
            case DocumentStartEvent() if self.root is not None:
                words = "a second document begins here: GitHub reads one"
                self.wrong("several-documents", *_mark(event), words)
                raise _AnotherDocumentError
            case AliasEvent():
                node = self._named(event)
                self._count(event, node.size)
                self._add(node, event)
            case ScalarEvent():
                self._count(event, 1)
                self._add(self._scalar(event), event)
            case CollectionStartEvent():
                self._count(event, 1)
                self._begin(event)
            case CollectionEndEvent():
                self._end(event)

    def _stop(self, rule: str, event: Event, words: str) -> NoReturn:
        self.wrong(rule, *_mark(event), words)
        raise _StopError

    def _count(self, event: Event, size: int) -> None:
        self._nodes += size
        if self._nodes > NODES:
            words = (
                f"more than {NODES:,} nodes, each alias counted as what it stands for: {_NO_MORE}"
            )
            self._stop("too-many-nodes", event, words)

    def _named(self, event: AliasEvent) -> Node:
        node = self._anchors.get(event.anchor or "")
        if node is None:
            words = f"the alias *{event.anchor} has no anchor &{event.anchor} above it"
            self._stop("unknown-anchor", event, words)
        if any(one.node is node for one in self._open):
            self._stop("recursive-anchor", event, f"the anchor &{event.anchor} contains itself")
        return node

    def _scalar(self, event: ScalarEvent) -> Node:
        style = event.style or ""
        node = Node("scalar", *_mark(event), *_span(event), text=event.value, style=style)
        node.value = self._value(event)
        self.spans.append((node.start, node.end, node.style in _BLOCK))
        self._remember(event, node)
        return node

    def _value(self, event: ScalarEvent) -> Scalar:
        try:
            if event.tag is not None and event.tag != "!":
                return tagged(event.value, event.tag, is_plain=not event.style)
            return event.value if event.style or event.tag else scalar_of(event.value)
        except ValueError as error:
            self.wrong("scalar", *_mark(event), str(error))
            value: str = event.value
            return value

    def _remember(self, event: NodeEvent, node: Node) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _begin(self, event: CollectionStartEvent) -> None:
        kind = "mapping" if isinstance(event, MappingStartEvent) else "list"
        node = Node(kind, *_mark(event), *_span(event))  # type: ignore[arg-type]
        if event.tag not in _COLLECTION_TAGS:
            self.wrong("tag", *_mark(event), f"the tag {event.tag!r} is none that GitHub reads")
        self._remember(event, node)
        self._open.append(_Open(node))
        if len(self._open) > DEPTH:
            self._stop("too-deep", event, f"deeper than {DEPTH} levels: GitHub reads none so deep")

    def _end(self, event: Event) -> None:
        done = self._open.pop()
        done.node.end = _span(event)[1]
        self._add(done.node, event)

    def _add(self, node: Node, event: Event) -> None:
        if not self._open:
            self.root = node
            return
        above = self._open[-1]
        above.node.size += node.size
        above.node.height = max(above.node.height, node.height + 1)
        if len(self._open) + node.height > DEPTH + 1:
            self._stop("too-deep", event, f"deeper than {DEPTH} levels: GitHub reads none so deep")
        if above.node.kind == "list":
            above.node.items.append(node)
        elif above.key is None:
            above.key = node
        else:
            self._pair(above, above.key, node)
            above.key = None

    def _pair(self, above: _Open, key: Node, value: Node) -> None:
        if key.kind != "scalar":
            self.wrong("key-not-text", key.line, key.column, "this key is not text")
            return
        if key.text == "<<" and not key.style:
            words = "a merge key (<<): GitHub reads anchors and aliases, and no merge keys"
            self.wrong("merge-key", key.line, key.column, words)
            return
        if not isinstance(key.value, str):
            key.text = _key_text(key.value)
        first = above.names.setdefault(key.text.lower(), key)
        if first is not key:
            same = (
                "" if first.text == key.text else f" as {first.text!r} (GitHub takes both for one)"
            )
            words = f"the key {key.text!r} stands here again, after line {first.line}{same}"
            self.wrong("duplicate-key", key.line, key.column, words)
            return
        above.node.pairs.append((key, value))


def _key_text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else number_text(float(value))


def _mark(event: Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


def _span(event: Event) -> tuple[int, int]:
    start: Any = event.start_mark
    end: Any = event.end_mark
    return start.index, end.index
