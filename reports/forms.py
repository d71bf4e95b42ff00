"""The forms that a value takes when it is encoded, as patterns that find it there."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NAMED = {"<": "lt", ">": "gt", "&": "amp", '"': "quot", "'": "apos"}
_LETTERS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_BEGINNING = 40
_BACKSLASHES = r"\\\\{0,7}"
"""Text that is quoted again and again doubles its backslashes."""
_BREAK = rf"(?:(?:\r?\n|{_BACKSLASHES}r{_BACKSLASHES}n|{_BACKSLASHES}n)[ \t]*)?"
"""Base64 is wrapped into lines, at any column."""
_PADDING = r"(?:=|%(?:25){0,4}3[dD]|\\\\{0,7}u003[dD]){0,2}"

ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}|\\[^\s]|&(?:#|[a-z]{2,4};)")
"""What an encoding leaves in a text; without it only the plain forms need to be looked for."""


@dataclass(frozen=True)
class Form:
    """A family of encodings of one value."""

    pieces: tuple[str, ...]
    """One of these stands in every text that holds the form unescaped."""
    escapes: bool
    """Whether any of its characters may be escaped, so that no piece needs to stand there."""
    build: Callable[[int | None], str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text is first suspected: long values make long patterns."""
        return re.compile(self.build(None))

    @cached_property
    def beginning(self) -> re.Pattern[str]:
        """The pattern of the form's beginning: enough to suspect a text."""
        return re.compile(self.build(_BEGINNING))

    def may_be_in(self, text: str, *, escaped: bool) -> bool:
        """Tell quickly whether the text is worth a search."""
        if self.escapes and escaped:
            return self.beginning.search(text) is not None
        return any(piece in text for piece in self.pieces)

    def spans(self, text: str, *, escaped: bool) -> Iterator[tuple[int, int]]:
        """Find every occurrence, those that overlap too."""
        if not self.may_be_in(text, escaped=escaped):
            return
        at = 0
        while found := self.pattern.search(text, at):
            yield found.span()
            at = found.start() + 1


def forms(value: str) -> tuple[Form, ...]:
    """Return the forms of a value: itself with any of its characters escaped, and its base64.

    Escapes are percent-encoding, those of JSON, XML and shells, and any mixture and
    nesting of them; base64 is at each of the three offsets, in both alphabets.
    """
    longest = max(re.split(r"[\s']+", value), key=len)
    literal = Form((longest,), True, lambda end: "".join(map(_atom, value[:end])))  # noqa: FBT003
    raw = value.encode(errors="surrogateescape")
    return (literal, *(_base64(raw, offset) for offset in range(3)))


def _atom(char: str) -> str:
    """Write a pattern for a character in any of its spellings."""
    code = ord(char)
    raw = char.encode(errors="surrogateescape")
    units = char.encode("utf-16-be", errors="surrogatepass").hex()
    ways = [
        re.escape(char),
        "".join(rf"%(?:25){{0,4}}{_hex(f'{byte:02x}')}" for byte in raw),
        "".join(_BACKSLASHES + "u" + _hex(units[at : at + 4]) for at in range(0, len(units), 4)),
        "".join(_BACKSLASHES + "x" + _hex(f"{byte:02x}") for byte in raw),
        "".join(f"{_BACKSLASHES}{byte:03o}" for byte in raw),
        rf"&(?:amp;){{0,3}}#(?:0{{0,6}}{code}|[xX]0{{0,6}}{_hex(f'{code:x}')});",
    ]
    if code < 0x100:  # noqa: PLR2004
        ways.append(_BACKSLASHES + "x" + _hex(f"{code:02x}"))
    if code > 0xFFFF:  # noqa: PLR2004
        ways.append(_BACKSLASHES + "U" + _hex(f"{code:08x}"))
    if not char.isalnum():
        ways.append(_BACKSLASHES + re.escape(_LETTERS.get(char, char)))
    if char in _NAMED:
        ways.append(f"&(?:amp;){{0,3}}{_NAMED[char]};")
    if char == "'":  # shells end the quotes, quote it, and begin again; and all that once more
        ways.append("""['"\\\\]{0,40}?'['"\\\\]{0,40}?""")
    if char == " ":
        ways.append(r"\+")
    if char == "\n":
        ways.append("\r\n")
        return f"(?:{'|'.join(ways)})[ \\t]*"
    return f"(?:{'|'.join(ways)})"


def _hex(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


def _base64(raw: bytes, offset: int) -> Form:
    """Take the value as it is encoded after `offset` bytes of something else.

    Six bits make a character: those at either edge share theirs with a neighbour, so
    that one of a few stands there.
    """
    first, last = 8 * offset, 8 * (offset + len(raw))
    text = base64.b64encode(bytes(offset) + raw).decode()
    core = text[-(-first // 6) : last // 6]
    shared = [text[first // 6]] if first % 6 else []

    def build(end: int | None) -> str:
        before = "".join(f"(?:{_among(_suffixes(char, 6 - first % 6))})?" for char in shared)
        after = f"(?:{_among(_prefixes(text[last // 6], last % 6))})?" if last % 6 else ""
        middle = _BREAK.join(_among([char]) for char in core[:end])
        return before + _BREAK + middle + _BREAK + after + _PADDING

    return Form(_pieces(core), False, build)  # noqa: FBT003


def _suffixes(char: str, bits: int) -> list[str]:
    """Return the characters that end in the same bits."""
    value, mask = _ALPHABET.index(char), (1 << bits) - 1
    return [other for at, other in enumerate(_ALPHABET) if at & mask == value & mask]


def _prefixes(char: str, bits: int) -> list[str]:
    """Return the characters that begin with the same bits."""
    value, shift = _ALPHABET.index(char), 6 - bits
    return [other for at, other in enumerate(_ALPHABET) if at >> shift == value >> shift]


def _among(chars: list[str]) -> str:
    """Write a pattern for one of the characters, in either alphabet."""
    plain = "".join(char for char in chars if char.isalnum())
    ways = [f"[{plain}]" if len(plain) > 1 else plain] if plain else []
    if "+" in chars:
        ways += [_atom("+"), "-"]
    if "/" in chars:
        ways += [_atom("/"), "_"]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _pieces(core: str) -> tuple[str, ...]:
    """Return two parts of the text that no escape touches, and at most one line break.

    Of a long text the beginning is enough: lines are at least 60 characters long.
    """
    runs = sorted(re.split(r"[+/]", core[:60]), key=len)
    half = len(runs[-1]) // 2
    split = (runs[-1][:half], runs[-1][half:])
    return (runs[-1], runs[-2]) if len(runs) > 1 and len(runs[-2]) > half else split
