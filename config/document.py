"""YAML read strictly: every value with its place, and no construct that surprises.

Only `true` and `false` are booleans (YAML 1.1 reads `on:` as one), numbers are decimal and
finite, and all else is text, dates too. Tags, duplicate keys, several documents and keys
that are not text are mistakes; anchors, aliases and merge keys are followed, within limits.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from config.mistakes import Mistake, Path, Place, ProfileError, credentials, written

DEPTH = 40
NODES = 100_000

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its parser is used: libyaml's where PyYAML was built with it."""

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,399})")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class _Node:
    """A value and its place; `size` is the number of values that it expands to."""

    place: Place
    value: Any
    text: str | None = None
    """What a scalar was written as."""
    plain: bool = False
    keys: dict[str, Place] = field(default_factory=dict)
    children: list["_Node"] = field(default_factory=list)
    """What was read of a list or mapping so far: of a mapping, keys and values in turn."""
    size: int = 1
    height: int = 1
    open: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document: its plain value, and where each part of it stands."""

    file: str
    value: Any
    places: dict[Path, Place]
    """Of values."""
    keys: dict[Path, Place]
    """Of the keys of mappings."""
    mistakes: list[Mistake]
    """Those that did not keep the rest from being read."""

    def place(self, path: Path) -> Place:
        """Return the place of the value at the path, or of what would hold it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return Place(self.file, 1, 1)


def _odd(text: str) -> re.Match[str] | None:
    """Find what is no character of YAML (1.2, 5.1); most texts need no set of all the others."""
    return (_CONTROL if text.isascii() else _unprintable()).search(text)


@cache
def _unprintable() -> re.Pattern[str]:
    return re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_document(text: str, file: str, loader: Any = LOADER, *, samples: bool = False) -> Document:
    """Read the one document of a YAML text; raises `ProfileError` where it cannot be read.

    What has the shape of a secret is a mistake, unless the file holds `samples` of such text.
    """
    composer = _Composer(file)
    for spot in islice(credentials(text), 0 if samples else 10):
        composer.mistakes.append(
            Mistake(
                _at(text, spot, file),
                "",
                "this has the shape of a secret (not shown); a profile names where a secret"
                " is found (env or file) and never its value",
            )
        )
    odd = _odd(text)
    if odd is not None:
        words = f"the character {odd[0]!a} cannot stand in YAML"
        raise ProfileError([*composer.mistakes, Mistake(_at(text, odd.start(), file), "", words)])
    try:
        for event in yaml.parse(text, Loader=loader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise ProfileError([*composer.mistakes, _syntax(error, text, file)]) from None
    except yaml.YAMLError as error:
        mistake = Mistake(Place(file), "", f"this is not YAML: {error}")
        raise ProfileError([*composer.mistakes, mistake]) from None
    if composer.root is None or composer.root.value is None:
        mistake = Mistake(Place(file, 1, 1), "", "the file is empty; allowed: a mapping")
        raise ProfileError([*composer.mistakes, mistake])
    document = Document(file, _value(composer.root), {}, {}, composer.mistakes)
    for path, node in _walk((), composer.root):
        document.places[path] = node.place
        document.keys.update({(*path, key): place for key, place in node.keys.items()})
    return document


def _at(text: str, offset: int, file: str) -> Place:
    before = text[:offset]
    return Place(file, before.count("\n") + 1, offset - before.rfind("\n"))


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    lines = text.split("\n")
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    tab = line.find("\t")
    if tab >= 0 and (not line[:tab].strip(" -") or tab == place.column - 1):
        words = "a tab stands here; allowed: spaces"
        return Mistake(Place(file, place.line, tab + 1), "", words)
    context = f" ({error.context})" if error.context else ""
    return Mistake(place, "", f"this is not YAML: {error.problem}{context}")


def _value(node: _Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _value(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [_value(child) for child in node.value]
    return node.value


def _walk(path: Path, node: _Node) -> Iterator[tuple[Path, _Node]]:
    yield path, node
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _walk((*path, key), child)
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _walk((*path, index), child)


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text


class _Composer:
    """Builds the tree from events: without recursion, so that no depth can break it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: _Node | None = None
        self.mistakes: list[Mistake] = []
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}

    def take(self, event: Event) -> None:
        """Take the next event; raises `ProfileError` where it makes no sense to go on."""
        mark = event.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        match event:
            case DocumentStartEvent() if self.root is not None:
                self._stop(place, "a second document begins here; allowed: one document")
            case AliasEvent():
                self._add(self._named(event.anchor, place), place)
            case ScalarEvent():
                plain = not event.style
                value = _scalar(event.value) if plain else event.value
                self._begin(event, _Node(place, value, event.value, plain))
            case MappingStartEvent():
                self._begin(event, _Node(place, {}, open=True))
            case SequenceStartEvent():
                self._begin(event, _Node(place, [], open=True))
            case MappingEndEvent() | SequenceEndEvent():
                self._end(self._open.pop())

    def _stop(self, place: Place, words: str) -> None:
        self._wrong(place, words)
        raise ProfileError(self.mistakes)

    def _wrong(self, place: Place, words: str) -> None:
        self.mistakes.append(Mistake(place, written(tuple(self._path())), words))

    def _path(self) -> Iterator[str | int]:
        """Yield the path at which the next value stands, or that of a mapping which ends."""
        for node in self._open:
            if isinstance(node.value, list):
                yield len(node.children)
            elif len(node.children) % 2:
                yield node.children[-1].text or "?"

    def _named(self, anchor: str | None, place: Place) -> _Node:
        node = self._anchors.get(anchor or "")
        if node is None:
            node = _Node(place, None)
            self._stop(place, f"the alias *{anchor} has no anchor &{anchor} above it")
        if node.open:
            self._stop(place, f"the anchor &{anchor} contains itself")
        return node

    def _begin(self, event: ScalarEvent | CollectionStartEvent, node: _Node) -> None:
        if event.tag is not None:
            self._wrong(node.place, "a tag stands here; allowed: plain values")
        if node.text is not None and _odd(node.text):
            self._wrong(node.place, "a control character is written here; allowed: plain text")
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if not node.open:
            self._add(node, node.place)
            return
        self._open.append(node)
        if len(self._open) > DEPTH:
            self._stop(node.place, f"the nesting is deeper than {DEPTH} levels")

    def _end(self, node: _Node) -> None:
        node.open = False
        if isinstance(node.value, list):
            node.value = node.children
        else:
            self._fill(node)
        self._add(node, node.place)

    def _add(self, node: _Node, place: Place) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.children.append(node)
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        if parent.size > NODES:
            self._stop(place, f"more than {NODES} values are made here, of aliases or without")
        if parent.height > DEPTH:
            self._stop(place, f"the nesting is deeper than {DEPTH} levels")

    def _fill(self, mapping: _Node) -> None:
        merged: list[_Node] = []
        for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=True):
            if key.text is None or (key.plain and key.value is None):
                self._wrong(key.place, "this key is not text; allowed: the name of a field")
            elif key.text in mapping.keys:
                first = mapping.keys[key.text]
                words = f"the key {key.text!r} stands here again, after line {first.line}"
                self._wrong(key.place, words)
            else:
                mapping.keys[key.text] = key.place
                if key.plain and key.text == "<<":
                    merged = value.value if isinstance(value.value, list) else [value]
                else:
                    mapping.value[key.text] = value
        for other in merged:
            self._merge(mapping, other)

    def _merge(self, mapping: _Node, other: _Node) -> None:
        if not isinstance(other.value, dict):
            self._wrong(other.place, "what << merges is no mapping; allowed: aliases of mappings")
            return
        for key in other.value.keys() - mapping.value.keys():
            mapping.value[key] = other.value[key]
            mapping.keys[key] = other.keys[key]
