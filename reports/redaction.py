"""What is secret, and the filter that everything passes before it is written down."""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reports import coded, shapes
from reports.sought import Hidden, Sought
from reports.written import Written

_SHORTEST = 4
_OWN_WORDS = (
    " attachment by_hand canary.looked-for canary.planted cause chains check checks class clock"
    " closeout columns contrast counts diagnoses digest error exit expected facts headline held_by"
    " host in_flight inconclusive interrupted journal kind lag mend mono needs not-applicable"
    " observation outside phases place plan previous probe profile reason remarks remedy run.begin"
    " run.end rows sealed seconds seen sentence sighting.begin sighting.end status suite table"
    " target title transcript undo unreached upheld vantage verdict violated waiver zone"
)
"""Keys and words of the journal, of which no secret may be a part."""
_MARK = re.compile(shapes.OPEN + r"([^\u203a#]{0,400})#[0-9a-f]{6}" + shapes.CLOSE)
_SCHEME = re.compile(r"(?:basic|bearer|digest|token|negotiate)?\s*", re.IGNORECASE)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class RedactionError(Exception):
    """A registered secret cannot be hidden; the message says which, and what to do."""


class Redactor:
    """Replaces secrets by marks: those registered by name in any of their forms, others by shape.

    A mark is `secret:NAME#a1b2c3` in single angle quotation marks; its digits are an HMAC of
    the value with a key of this redactor alone, so that equal values can be seen to be
    equal. What was redacted once is not changed by the same redactor again.
    """

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        absent: Iterable[str] = (),
        *,
        key: bytes | None = None,
    ) -> None:
        """Take secrets by name; `absent` are the names of those that have no value here.

        `key` is that of another redactor of the same run. Raises `RedactionError` for a
        value that is too short or too ordinary to be hidden.
        """
        self._key = os.urandom(32) if key is None else key
        self._issued: set[str] = set()
        self._hidden: tuple[Hidden, ...] = ()
        self._sought = Sought(())
        self.absent = tuple(absent)
        for name, value in (values or {}).items():
            self.register(name, value)

    @property
    def key(self) -> bytes:
        """The key of the marks: two redactors that share it make equal marks of equal values."""
        return self._key

    @property
    def registered(self) -> tuple[tuple[str, str], ...]:
        """The registered secrets by name, for a redactor of another process of the run."""
        return tuple((hidden.name, hidden.value) for hidden in self._hidden)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the registered secrets."""
        return tuple(dict.fromkeys(hidden.name for hidden in self._hidden))

    def register(self, name: str, value: str) -> None:
        """Hide one more value, without the white space around it; raises `RedactionError`."""
        value = value.strip()
        if len(value) < _SHORTEST:
            raise RedactionError(
                f"the secret {name} is {'empty' if not value else 'too short'}: hiding it would"
                f" destroy everything that is written; give it at least {_SHORTEST} characters,"
                " or take it out of the profile"
            )
        if value.casefold() in _OWN_WORDS:
            raise RedactionError(
                f"the value of the secret {name} is a word of the journal itself: hiding it would"
                " destroy what is written; choose a less ordinary value"
            )
        for other in {name, *self.names}:
            if value in f"{shapes.OPEN}{other}#":
                raise RedactionError(
                    f"the value of the secret {name} is part of the mark that replaces {other};"
                    " name it otherwise, or choose a less ordinary value"
                )
        for hidden in self._hidden:
            if hidden.value in f"{shapes.OPEN}{name}#":
                raise RedactionError(
                    f"the name of the secret {name} contains the value of {hidden.name};"
                    " name it otherwise"
                )
        self._hidden = tuple(
            sorted((*self._hidden, Hidden(name, value)), key=lambda one: -len(one.value))
        )
        self._sought = Sought(self._hidden)
        self._mark(name, value)  # another process of the run may have issued it

    def redact(self, text: str) -> str:
        """Return the text with marks in the place of secrets; JSON stays JSON."""
        if not self.suspects(text):
            return text
        if text[:1] in ("{", "["):
            try:
                loaded = json.loads(text)
                return _encode(self.redact_json(loaded))
            except (ValueError, RecursionError):
                pass  # it only looked like JSON
        return self._in_text(text)

    def redact_json(self, value: Any) -> Any:
        """Return the value with every string below it redacted, in keys too.

        A number that contains a secret becomes its mark. Raises `RecursionError` for a
        value too deep to be written.
        """
        match value:
            case Written():
                return value
            case str():
                return coded.rewritten(value, self.redact) or self.redact(value)
            case bool() | None:
                return value
            case int() | float():
                text = str(value)
                return self.redact(text) if self._sought.may_be_in(text) else value
            case dict():
                hidden = shapes.hide_in_mapping(value, self.hide)
                return {
                    self.redact(str(key)): self.redact_json(below) for key, below in hidden.items()
                }
            case list() | tuple():
                return self._in_sequence(value)
            case _:
                raise TypeError(f"{type(value).__name__} is not JSON")

    def contains(self, text: str) -> list[str]:
        """Return the names of the registered secrets that are in the text, in any form."""
        found = {rank for _, _, rank in self._sought.spans(text)}
        return [hidden.name for rank, hidden in enumerate(self._hidden) if rank in found]

    def suspects_json(self, value: Any) -> bool:
        """Tell quickly whether anything in the value may have to be hidden."""
        strings: list[str] = []
        _collect(value, strings)
        return shapes.suspects_words(strings) or self.suspects("\n".join(strings))

    def suspects(self, text: str) -> bool:
        """Tell quickly whether anything in the text may have to be hidden."""
        return (
            self._sought.may_be_in(text)
            or shapes.suspects(text)
            or any(True for _ in self.coded(text))
        )

    def begins_at(self, text: str) -> int:
        """Return where the text's end may begin a registered secret, or the text's length."""
        return self._sought.begins_at(text)

    def begun(self, text: str) -> tuple[int, str]:
        """Return where a secret begins that the text's end cuts off, and the mark for it."""
        at, rank = self._sought.begun(text)
        if at == len(text):
            return at, ""
        hidden = self._hidden[rank]
        return at, self._mark(hidden.name, hidden.value)

    def _in_sequence(self, values: list[Any] | tuple[Any, ...]) -> list[Any]:
        match values:
            case [str() as name, str() as value] if shapes.is_header(name):
                return [name, self.hide(name.lower(), self.redact(value))]
            case _:
                return [self.redact_json(value) for value in values]

    def redact_registered(self, text: str) -> str:
        """Return the text without registered secrets; what is secret by shape alone stays."""
        return shapes.edited(text, self.edits(text)) if self._sought.may_be_in(text) else text

    def edits(self, text: str) -> Iterator[shapes.Edit]:
        """Hide registered secrets; where two overlap, both are hidden by the longer one's mark."""
        kept = [found.span() for found in _MARK.finditer(text) if found[0] in self._issued]
        spans = sorted(
            (start, end, rank)
            for start, end, rank in self._sought.spans(text)
            if not any(first <= start and end <= last for first, last in kept)
        )
        marks: dict[int, str] = {}
        for start, end, rank in _merged(spans):
            if rank not in marks:
                marks[rank] = self._mark(self._hidden[rank].name, self._hidden[rank].value)
            yield start, end, marks[rank]

    def coded(self, text: str) -> Iterator[shapes.Edit]:
        """Hide base64 of texts in which something has to be hidden: escaped there, or a shape."""
        for start, end, inner in coded.texts(text):
            hidden = self.redact(inner)
            if hidden != inner and (mark := _MARK.search(hidden)):
                yield start, end, self._mark(mark[1], text[start:end])

    def hide(self, what: str, text: str) -> str:
        """Hide what has a secret's shape, unless it is hidden already."""
        rest = _MARK.sub(lambda found: "" if self._is_mark(found) else found[0], text)
        if rest != text and _SCHEME.fullmatch(rest):
            return text
        return self._mark(what, text) if text.strip() else text

    def _in_text(self, text: str) -> str:
        text = shapes.edited(text, self.edits(text))
        text = shapes.edited(text, self.coded(text))
        return shapes.hide_in_text(text, self.hide)

    def _is_mark(self, found: re.Match[str]) -> bool:
        """Tell a mark of this run from text that only looks like one.

        Another process of the run may have hidden what has a shape: its digits cannot be
        known here, but its name can.
        """
        return found[0] in self._issued or shapes.is_name(found[1])

    def _mark(self, name: str, value: str) -> str:
        for attempt in range(16):
            told = f"{attempt}\0{value}".encode(errors="surrogatepass")
            digits = hmac.new(self._key, told, hashlib.sha256).hexdigest()[:6]
            mark = f"{shapes.OPEN}{name}#{digits}{shapes.CLOSE}"
            if not any(hidden.value in mark for hidden in self._hidden):
                break
        self._issued.add(mark)
        return mark


def _merged(spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join spans that overlap; the lowest rank, which is the longest value, names them."""
    merged: list[tuple[int, int, int]] = []
    for start, end, rank in spans:
        if merged and start < merged[-1][1]:
            first, last, best = merged[-1]
            merged[-1] = (first, max(last, end), min(best, rank))
        else:
            merged.append((start, end, rank))
    return merged


def _collect(value: Any, into: list[str]) -> None:
    """Collect what JSON says of a value, keys too, but for what was redacted before."""
    if isinstance(value, str):
        into.append(value)
    elif isinstance(value, Written):
        return
    elif isinstance(value, dict | list | tuple):
        if isinstance(value, dict):
            into += map(str, value)
            value = value.values()
        for below in value:
            if type(below) is str:
                into.append(below)
            elif below is not None:
                _collect(below, into)
    elif not isinstance(value, bool):
        into.append(str(value))
