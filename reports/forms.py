"""The forms that a value takes when it is encoded, as patterns that find it there."""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from reports.runs import is_telling

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NAMED = {"<": "lt", ">": "gt", "&": "amp", '"': "quot", "'": "apos"}
_LETTERS = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_QUOTES = "\\'\""
_LONG = 128
"""Characters of a value from which on its parts are looked for, and not the whole."""
_BEGINNING = 40
_BEGUN = 4
"""Characters of a value that are hidden where a text ends after them."""
_CUT = 6
"""Characters of a value that are hidden beside dots that stand for the rest."""
_WIDEST = 96
"""Characters that one character takes when it is escaped again and again."""
_BACKSLASHES = r"\\\\{0,7}"
"""Text that is quoted again and again doubles its backslashes."""
_BREAK = rf"(?:(?:\r?\n|{_BACKSLASHES}r{_BACKSLASHES}n|{_BACKSLASHES}n)[ \t]*)?"
"""Base64 is wrapped into lines, at any column."""
_PADDING = r"(?:=|%(?:25){0,4}3[dD]|\\\\{0,7}u003[dD]){1,2}"
_UNFINISHED = r"(?:%[0-9A-Fa-f]{0,11}|\\{1,16}[0-9A-Za-z]{0,8}|&[#0-9A-Za-z;]{0,40}|#x?|\r)"
"""What may be the beginning of an escaped character."""

ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}|\\[^\s]|&(?:#|[a-z]{2,4};)|#x[0-9A-F]{2}")
"""What an encoding leaves in a text; without it only the plain forms need to be looked for."""


@dataclass(frozen=True)
class Form:
    """A family of encodings of one value."""

    plain: str
    """The form itself, unescaped."""
    pieces: tuple[str, ...]
    """One of these stands in every text that holds the form unescaped."""
    escapes: bool
    """Whether any of its characters may be escaped, so that no piece needs to stand there."""
    atoms: tuple[str, ...]
    """A pattern for each of its characters."""
    before: str = ""
    joint: str = ""
    after: str = ""

    def may_be_in(self, text: str, *, escaped: bool) -> bool:
        """Tell quickly whether the text is worth a search."""
        if self.escapes and escaped:
            return self._beginning.search(text) is not None or self._may_be_cut(text, escaped=True)
        return any(piece in text for piece in self.pieces) or self._may_be_cut(text, escaped=False)

    def spans(self, text: str, *, escaped: bool) -> Iterator[tuple[int, int]]:
        """Find every occurrence, those that overlap too."""
        if not self.may_be_in(text, escaped=escaped):
            return
        yield from _each(self._pattern, text)
        if self._may_be_cut(text, escaped=escaped):
            yield from _each(self._cut, text)

    def begins_at(self, text: str) -> int:
        """Return where the text's end may be the beginning of the form, or the text's length."""
        at = max(0, len(text) - _WIDEST * len(self.atoms))
        hint = self._hint.search(text, at)
        if hint is None:
            return len(text)
        if hint.end() == len(text):
            return hint.start()
        return min(
            self.is_begun_at(text, hint.start()),
            found.start() if (found := self._last_hint.search(text, hint.start())) else len(text),
        )

    def is_begun_at(self, text: str, at: int = 0) -> int:
        """Return the same, where so much of the form is there that it has to be hidden."""
        at = max(at, len(text) - _WIDEST * len(self.atoms))
        found = self._begun.search(text, at)
        return found.start() if found else len(text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Compiled when a text is first suspected: long values make long patterns."""
        return re.compile(self.before + self.joint.join(self.atoms) + self.after)

    @cached_property
    def _beginning(self) -> re.Pattern[str]:
        return re.compile(self.joint.join(self.atoms[:_BEGINNING]))

    @cached_property
    def _hint(self) -> re.Pattern[str]:
        """The first few characters: at the text's end, or anywhere if they are `_BEGUN`."""
        return re.compile(_started(self.atoms[:_BEGUN], self.joint, 0, rf"{_UNFINISHED}?\Z"))

    @cached_property
    def _last_hint(self) -> re.Pattern[str]:
        first = self.atoms[: _BEGUN - 1]
        return re.compile(_started(first, self.joint, 0, rf"{_UNFINISHED}?\Z", whole=r"\Z"))

    @cached_property
    def _begun(self) -> re.Pattern[str]:
        whole = rf"{self.after}\Z" if self.after else "(?!)"
        return re.compile(
            _started(self.atoms, self.joint, _BEGUN, rf"{_UNFINISHED}?\Z", whole=whole)
        )

    @cached_property
    def _cut(self) -> re.Pattern[str]:
        started = _started(self.atoms, self.joint, _CUT, r"(?=\.\.\.|\u2026)", whole="(?!)")
        ended = _ended(self.atoms, self.joint, _CUT) + self.after
        return re.compile(rf"{started}|(?:(?<=\.\.\.)|(?<=\u2026)){ended}")

    def _may_be_cut(self, text: str, *, escaped: bool) -> bool:
        if len(self.atoms) <= _CUT or not ("..." in text or "\u2026" in text):
            return False
        ends = (self.plain[:_CUT], self.plain[-_CUT:])
        return escaped or any(end in text for end in ends)


def forms(value: str) -> tuple[Form, ...]:
    """Return the forms of a value: itself with any of its characters escaped, and its base64.

    Escapes are percent-encoding, those of JSON, XML, shells and names of DNS, any mixture and
    nesting of them; base64 is at each of the three offsets, in both alphabets. A long value
    has none, if its parts tell enough of it.
    """
    if len(value) > _LONG and is_telling(value):
        return ()
    pieces = (max(re.split(r"[\s'\x00-\x1f]+", value), key=len),)
    literal = Form(value, pieces, escapes=True, atoms=tuple(_atoms(value)))
    raw = value.encode(errors="surrogateescape")
    return (literal, *(_base64(raw, offset) for offset in range(3)))


def _each(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while found := pattern.search(text, at):
        yield found.span()
        at = found.start() + 1


def _started(atoms: Sequence[str], joint: str, least: int, end: str, *, whole: str = "") -> str:
    """Write a pattern for the first of the atoms, at least `least`, and what stands at the end.

    `whole` stands after all of them.
    """
    rest = whole
    for at in range(len(atoms) - 1, -1, -1):
        stop = f"{end}|" if at >= max(least, 1) else ""
        rest = f"(?:{stop}{joint if at else ''}{atoms[at]}{rest})"
    return rf"(?:{_UNFINISHED}\Z|{rest})" if least == 0 else rest


def _ended(atoms: Sequence[str], joint: str, least: int) -> str:
    """Write a pattern for the last of the atoms, at least `least`, as many as there are."""
    rest = ""
    for atom in atoms[1:-least]:
        rest = f"(?:{rest}{atom}{joint})?"
    return rest + joint.join(atoms[-least:])


def _atoms(value: str) -> Iterator[str]:
    for quotes, chars in groupby(value, _QUOTES.__contains__):
        run = "".join(chars)
        if quotes and len(run) > 1:
            yield _quotes(run)
        else:
            yield from map(_atom, run)


def _quotes(run: str) -> str:
    """Write a pattern for quotes and backslashes in a row, which quoting multiplies.

    One pattern for all of them is looser than one for each, and does not try every way to
    share out a long row of backslashes.
    """
    codes = sorted({f"{ord(char):02x}" for char in run})
    named = "".join(f"|{_NAMED[char]}" for char in set(run) & _NAMED.keys())
    numbers = "|".join(f"0{{0,6}}{int(code, 16)}|[xX]0{{0,6}}{_hex(code)}" for code in codes)
    hexadecimal = "|".join(map(_hex, codes))
    octal = "|".join(f"{int(code, 16):03o}" for code in codes)
    ways = (
        r"[\\'\"]",
        rf"(?<=\\)(?:u00(?:{hexadecimal})|x(?:{hexadecimal})|{octal})",
        rf"%(?:25){{0,4}}(?:{hexadecimal})",
        rf"&(?:amp;){{0,3}}(?:#(?:{numbers}){named});",
    )
    least = 0 if "'" in run else len(run)
    return f"(?:{'|'.join(ways)}){{{least},{_WIDEST * len(run)}}}"


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
        "".join(f"{_BACKSLASHES}(?:{byte:03o}|{byte:03})" for byte in raw),
        rf"&(?:amp;){{0,3}}#(?:0{{0,6}}{code}|[xX]0{{0,6}}{_hex(f'{code:x}')});",
    ]
    if code < 0x100:  # noqa: PLR2004
        ways.append(_BACKSLASHES + "x" + _hex(f"{code:02x}"))
    if code > 0xFFFF:  # noqa: PLR2004
        ways.append(_BACKSLASHES + "U" + _hex(f"{code:08x}"))
    if code < 0x20 and char not in _LETTERS:  # noqa: PLR2004 - not in XML, where pytest writes it so
        ways.append(f"#x{code:02X}")
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
    before = "".join(f"(?:{_among(_suffixes(char, 6 - first % 6))}{_BREAK})?" for char in shared)
    ending = [_among(_prefixes(text[last // 6], last % 6))] if last % 6 else []
    return Form(
        core,
        _pieces(core),
        escapes=False,
        atoms=tuple(_among([char]) for char in core),
        before=before,
        joint=_BREAK,
        after="".join(f"(?:{_BREAK}{char})?" for char in ending) + f"(?:{_BREAK}{_PADDING})?",
    )


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
