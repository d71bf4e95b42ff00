"""What a text holds that nobody sees; without it, what stands around it stands side by side."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_CHARS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff\udc80-\udc9f"
)
"""Controls but tabs and line ends, and what Unicode lets be ignored: soft hyphens, characters
of no width, marks of direction, selectors; and bytes that are controls where UTF-8 is not."""
_UNSEEN = re.compile(f"[{_CHARS}]")
_CONTROLS = bytes(code for code in range(128) if _UNSEEN.match(chr(code)))
_SLASHES = r"\\{1,8}"
_HEX = r"[0-9A-Fa-f]"
_BYTE = rf"(?:%(?:25){{0,4}}|{_SLASHES}x)"
_ESC = rf"(?:\x1b|{_BYTE}1[bB]|{_SLASHES}(?:u001[bB]|033)|#x1B|&(?:amp;){{0,3}}#(?:27|[xX]1[bB]);)"
_CSI = rf"(?:{_ESC}(?:\[|%(?:25){{0,4}}5[bB])|\x9b|{_SLASHES}(?:x|u00)9[bB])"
_SEQUENCE = (
    rf"{_CSI}[0-?]{{0,64}}[ -/]{{0,8}}(?:[@-~]|\Z)|{_ESC}[ -/]{{1,8}}(?:[0-~]|\Z)"
    rf"|{_ESC}[PX^_][^\x00-\x1f\x7f-\x9f\\]{{0,2048}}(?:\x9c|{_ESC}\\{{1,8}}|\Z)|{_ESC}[0-OQ-WYZ`-~]"
    rf"|(?:{_ESC}\]|\x9d)[^\x00-\x1f\x7f-\x9f\\]{{0,2048}}"
    rf"(?:\x07|\x9c|{_SLASHES}(?:x|u00)07|{_ESC}\\{{1,8}}|\Z)"
)
"""Colours, and other sequences of a terminal (ECMA-48, 5.4 and 5.6), as they are or escaped."""
_ESCAPED = (
    rf"(?P<bytes>{_BYTE}(?:[cCdD]{_HEX}{_BYTE}[89abAB]{_HEX}"
    rf"|[eE]{_HEX}(?:{_BYTE}[89abAB]{_HEX}){{2}}|[fF]{_HEX}(?:{_BYTE}[89abAB]{_HEX}){{3}}))"
    rf"|(?:{_BYTE}|#x)(?P<byte>{_HEX}{{2}})"
    rf"|(?P<plain>{_SLASHES}(?:[bf]|U000[eE]0{_HEX}{{3}}"
    rf"|u[dD][bB]4[0-3]{_SLASHES}u[dD][c-fC-F]{_HEX}{{2}}))"
    rf"|{_SLASHES}u(?P<unit>{_HEX}{{4}})"
    rf"|&(?:amp;){{0,3}}#(?:[xX](?P<hex>{_HEX}{{1,8}})|(?P<decimal>\d{{1,10}}));"
)
"""One character as JSON, Python, XML, URLs and pytest write it."""
_FIRST = rf"[%\\#&{_CHARS}](?!(?<=\\)\")"
"""How any of it begins; no escape is one of a quote."""
_AS_IT_IS = rf"(?P<sequence>{_SEQUENCE})|[{_CHARS}]"
_OR_ESCAPED = rf"(?:{_AS_IT_IS}|{_ESCAPED})"
_ALONE = rf"(?:[{_CHARS}]|{_ESCAPED})"
_DIGITS = rf"{_BYTE}({_HEX}{{2}})"
_compiled = cache(re.compile)  # by the first text that holds any of it: few do
_HINTS = ("%", "\\x", "\\u", "\\b", "\\f", "\\0", "\\U", "&#", "&amp;", "#x")


@dataclass(frozen=True)
class Seen:
    """A text without what nobody sees in it."""

    text: str
    before: list[int]
    """Before which of its characters something was left out,"""
    lost: list[int]
    """and how much up to there."""

    def begin(self, at: int) -> int:
        """Return where in the whole text a character stands; its end is the whole's."""
        nth = bisect_right(self.before, at)
        return at + (self.lost[nth - 1] if nth else 0)

    def end(self, at: int) -> int:
        """Return where in the whole text a part ends, without what nobody sees after it."""
        nth = bisect_left(self.before, at)
        return at + (self.lost[nth - 1] if nth else 0)


def seen(text: str, *, escaped: bool) -> Iterator[Seen]:
    """Yield what is seen of a text, where that is not all of it.

    A terminal may follow a sequence, or show what stands after its first character: both
    are told. `escaped` says whether any of it may be written as an escape.
    """
    escaped = escaped and any(hint in text for hint in _HINTS)
    if not (escaped or _has_unseen(text)):
        return
    spans, sequences = [], False
    for found in _each(_OR_ESCAPED if escaped else _AS_IT_IS, text):
        if _is_unseen(found):
            spans.append(found.span())
            sequences = sequences or found.lastgroup == "sequence"
    if spans:
        yield _without(text, spans)
    if sequences:
        alone = _each(_ALONE, text)
        yield _without(text, [one.span() for one in alone if _is_unseen(one)])


def _each(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """Find each match of a pattern: only where one may begin, since most of a text is no place."""
    compiled, at = _compiled(pattern), 0
    for place in _compiled(_FIRST).finditer(text):
        if place.start() >= at and (found := compiled.match(text, place.start())):
            yield found
            at = found.end()


def _has_unseen(text: str) -> bool:
    if not text.isascii():
        return _UNSEEN.search(text) is not None
    return len(text.encode().translate(None, _CONTROLS)) < len(text)


def _is_unseen(found: re.Match[str]) -> bool:
    """Tell whether an escape stands for a character that nobody sees."""
    kind = found.lastgroup
    if kind in (None, "sequence", "plain"):
        return True
    if kind == "bytes":
        raw = bytes.fromhex("".join(_compiled(_DIGITS).findall(found[0])))
        char = raw.decode(errors="replace")
    else:
        code = int(found[kind], 10 if kind == "decimal" else 16)
        char = chr(min(code, 0x10FFFF))
    return _UNSEEN.match(char) is not None


def _without(text: str, spans: list[tuple[int, int]]) -> Seen:
    parts: list[str] = []
    before: list[int] = []
    lost: list[int] = []
    at = length = 0
    for start, end in spans:
        parts.append(text[at:start])
        length += start - at
        at = end
        before.append(length)
        lost.append(at - length)
    return Seen("".join([*parts, text[at:]]), before, lost)
