"""The filter of a text that comes in pieces: it holds back only what may begin a secret."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from reports import documents, shapes, styled
from reports.contents import LARGEST
from reports.redaction import Redactor
from reports.shapes import Edit
from reports.styled import Styled

LONGEST = LARGEST
"""Characters that are held back at most; more is dropped whole."""
_BEFORE = 512
"""Characters already let go that tell what the next ones are."""
_NEAR = 16_384
"""Characters in which a secret may overlap another one."""


class Stream:
    """Filters one stream of text; control sequences within it hide nothing, and stay."""

    def __init__(self, redactor: Redactor) -> None:
        """Take what knows the secrets; another may take its place at any time."""
        self.redactor = redactor
        self.by_name_only = False
        """Whether what is secret by its shape alone is shown."""
        self._before = ""
        self._held = Styled("")
        self._cut = ""
        self._dropping: _Dropping | None = None

    def feed(self, raw: str) -> str:
        """Take the next piece, and return what may be shown."""
        raw = self._cut + raw
        end = styled.unfinished(raw)
        self._cut = raw[end:]
        self._held += Styled.of(raw[:end])
        dropped = self._drop()
        if self._dropping:
            return dropped
        at = self._safe(self._held.text)
        free, self._held = self._held.parted(at)
        return dropped + self._shown(free) + self._withheld()

    def finish(self) -> str:
        """Return what was held back: nothing follows that could make a secret of it."""
        left, self._held = self._held, Styled("")
        cut, self._cut = self._cut, ""
        if self._dropping:
            self._dropping = None
            return ""
        at, mark = self.redactor.begun(left.text)
        if at < len(left.text):
            left = left.edited([(at, len(left.text), mark)])
        return self._shown(left) + cut

    @property
    def _line(self) -> str:
        """What was let go of the line that has not ended yet."""
        return self._before[self._before.rfind("\n") + 1 :]

    def _safe(self, text: str) -> int:
        """Return how much of the text no further piece can change."""
        if self.by_name_only:
            return self._unparted(text, self.redactor.begins_at(text))
        seen, line = self._before + text, self._line
        at = min(
            self.redactor.begins_at(text),
            shapes.open_at(seen) - len(self._before),
            documents.open_at(line + text) - len(line),
        )
        return self._unparted(text, max(at, 0))

    def _unparted(self, text: str, at: int) -> int:
        """Step back where a whole secret would be parted, and with it what overlaps it."""
        if at in (0, len(text)):
            return at
        near = max(0, at - _NEAR)
        edits = self.redactor.edits(text[near:])
        whole = [(near + start, near + end) for start, end, _ in edits]
        line = len(self._line)
        blocks = documents.blocks(self._line + text)
        whole += [(block.start - line, block.end - line) for block in blocks if block.closed]
        for start, end in sorted(whole, reverse=True):
            if start < at < end:
                at = max(start, 0)
        return at

    def _shown(self, free: Styled) -> str:
        shown = self._filtered(free)
        self._before = (self._before + shown.text)[-_BEFORE:]
        return str(shown)

    def _filtered(self, free: Styled) -> Styled:
        before, line, hide = self._before, self._line, self.redactor.hide
        if not self.redactor.suspects(before + free.text):
            return free
        free = free.edited(_after(self.redactor.edits(before + free.text), len(before)))
        if self.by_name_only:
            return free
        free = free.edited(_after(self.redactor.coded(before + free.text), len(before)))
        free = free.edited(_after(documents.quoted(line + free.text, hide), len(line)))
        free = free.edited(_after(documents.in_blocks(line + free.text, hide), len(line)))
        for find in shapes.FINDERS:
            seen = before + free.text
            free = free.edited(_after(shapes.edits(find(seen), seen, hide), len(before)))
        return free

    def _withheld(self) -> str:
        """Give up on what is longer than can be held back: it is dropped, to its end."""
        text = self._held.text
        if len(text) <= LONGEST:
            return ""
        self._dropping = _Dropping(
            in_line=not text.endswith("\n"),
            block=documents.open_block(self._line + text),
            key=text.startswith("-----BEGIN"),
        )
        dropped = self._held.edited([(0, len(text), self.redactor.hide(shapes.OVERLONG, text))])
        self._before = (self._before + dropped.text)[-_BEFORE:]
        self._held = Styled("")
        return str(dropped)

    def _drop(self) -> str:
        """Drop more of what was too long, and return the colours that were set within it."""
        if self._dropping is None:
            return ""
        at, self._dropping = self._dropping.go_on(self._held.text)
        dropped, self._held = self._held.parted(at)
        return "".join(control for _, control in dropped.controls)


@dataclass(frozen=True)
class _Dropping:
    """What is too long to be held back, and was dropped so far."""

    in_line: bool
    block: documents.Block | None
    key: bool

    def go_on(self, text: str) -> tuple[int, Self | None]:
        """Return how much of the text belongs to it, and what may follow; None if it has ended."""
        at = 0
        if self.in_line:
            at = text.find("\n") + 1
            if not at:
                return len(text), self
            if not self.block and not self.key:
                return at - 1, None
        while at < len(text):
            end = text.find("\n", at)
            whole = end >= 0
            if not self._belongs(text[at : end if whole else None], whole=whole):
                return at, None
            if not whole:
                long = len(text) - at > LONGEST
                return len(text) if long else at, replace(self, in_line=long)
            at = end + 1
        return at, replace(self, in_line=False)

    def _belongs(self, line: str, *, whole: bool) -> bool:
        if self.block and documents.belongs(line, self.block, whole=whole):
            return True
        return self.key and shapes.is_key_line(line)


def _after(edits: Iterable[Edit], at: int) -> Iterator[Edit]:
    """Leave out what lies before a place, and count from there."""
    for start, end, instead in edits:
        if end > at:
            yield max(start - at, 0), end - at, instead
