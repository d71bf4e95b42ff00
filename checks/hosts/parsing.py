"""A hosts file, line by line, as the C library reads it (hosts(5), glibc's nss_files)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

Family = Literal["IPv4", "IPv6"]
Fault = Literal[
    "address",
    "scope",
    "no-name",
    "name",
    "trailing-dot",
    "byte-order-mark",
    "nul",
    "not-utf-8",
    "carriage-return",
    "no-newline",
]

_ESCAPED = re.compile(r"\\(?:x([0-9a-f]{2})|\\)")
_BEFORE_NUL = re.compile(r"(?:[^\\]|\\\\|\\x(?!00))*")
_WORD_OR_BLANKS = re.compile(r"((?:[^\\ \t]|\\\\|\\x(?!0[b-d]))+)|(?:[ \t]|\\x0[b-d])+")
_CR_AT_END = re.compile(r"(?<!\\)(?:\\\\)*\\x0d$")
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_LONGEST_NAME = 253
_BOM = "\\xef\\xbb\\xbf"
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, and the column (from 1) of the line's text at which it begins."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and at which column."""

    fault: Fault
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with its number from 1; the text is escaped as `escape` does.

    `family` is None where the resolver does not read the address, and so passes over
    the line. `ended` is whether a newline follows.
    """

    number: int
    text: str
    ended: bool
    address: Word | None
    family: Family | None
    names: tuple[Word, ...]
    comment: Word | None
    problems: tuple[Problem, ...]

    @property
    def answers(self) -> bool:
        """Whether the resolver takes anything from this line."""
        return self.family is not None and bool(self.names)

    def gives(self, name: str) -> bool:
        """Whether the line answers for the name, which is compared without regard to case."""
        return self.answers and any(_lower(word.text) == _lower(name) for word in self.names)

    def __str__(self) -> str:
        return f"line {self.number}: {self.text.strip()}"


def escape(content: bytes) -> str:
    r"""Make text of any bytes, so that people can read it and `unescape` gives the bytes back.

    A backslash becomes `\\`; bytes that are no UTF-8 and characters that do not print,
    except tab and newline, become `\xNN`.
    """
    return "".join(_show(character) for character in content.decode("utf-8", "surrogateescape"))


def unescape(text: str) -> bytes:
    """Give back the bytes from which `escape` made the text."""
    content = bytearray()
    at = 0
    for found in _ESCAPED.finditer(text):
        content += text[at : found.start()].encode()
        content += bytes.fromhex(found[1]) if found[1] else b"\\"
        at = found.end()
    return bytes(content + text[at:].encode())


def parse(content: bytes) -> tuple[Line, ...]:
    """Read a hosts file; every byte of it is in exactly one line, and nothing is refused."""
    return parse_text(escape(content))


@lru_cache(maxsize=64)
def parse_text(text: str) -> tuple[Line, ...]:
    """Read a hosts file that `escape` has made text of."""
    parts = text.split("\n")
    ended = len(parts) - 1
    return tuple(
        _line(number, part, ended=number <= ended)
        for number, part in enumerate(parts, 1)
        if number <= ended or part
    )


def unparse(lines: tuple[Line, ...]) -> bytes:
    """Write the lines as the file that they were read from."""
    return b"".join(unescape(line.text) + (b"\n" if line.ended else b"") for line in lines)


def look_up(lines: tuple[Line, ...], name: str, family: Family) -> tuple[tuple[Line, str], ...]:
    """Find the lines that answer for a name, each with the address that it gives.

    The first one is the answer. Those after it answer as well where /etc/host.conf says
    `multi on`. As in glibc, an IPv4 address is also taken from `::1` and from mapped
    IPv6 addresses.
    """
    found = ((line, _address_for(line, family)) for line in lines if line.gives(name))
    return tuple((line, address) for line, address in found if address is not None)


def is_loopback(line: Line) -> bool:
    """Whether the line points at this host itself: 127.0.0.0/8, ::1, or nowhere (0.0.0.0, ::)."""
    if line.address is None or line.family is None:
        return False
    address = ip_address(line.address.text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    seen = mapped or address
    return seen.is_loopback or seen.is_unspecified


def _line(number: int, text: str, *, ended: bool) -> Line:
    found = _BEFORE_NUL.match(text)
    read = found[0] if found else ""
    entry, sharp, after = read.partition("#")
    words = tuple(
        Word(found[1], found.start() + 1) for found in _WORD_OR_BLANKS.finditer(entry) if found[1]
    )
    address, names = (words[0], words[1:]) if words else (None, ())
    family = _family(address.text) if address else None
    problems = list(_encoding(number, text))
    if text.startswith("\\x00", len(read)):
        why = "a NUL byte: the resolver reads no further on this line"
        problems.append(Problem("nul", len(read) + 1, why))
    if address is not None:
        problems += _of_entry(address, family, names)
    if not ended:
        problems.append(Problem("no-newline", len(text) + 1, "no newline ends the last line"))
    comment = Word(after, len(entry) + 2) if sharp else None
    return Line(number, text, ended, address, family, names, comment, tuple(problems))


def _of_entry(address: Word, family: Family | None, names: tuple[Word, ...]) -> list[Problem]:
    problems = []
    if family is None:
        scoped = _family(address.text.partition("%")[0]) == "IPv6" and "%" in address.text
        fault: Fault = "scope" if scoped else "address"
        why = "has a scope, which hosts files do not" if scoped else "is not an IP address"
        text = f"{address.text} {why}: the resolver passes over the line"
        problems.append(Problem(fault, address.column, text))
    if not names:
        problems.append(Problem("no-name", address.column, "an address without a name"))
    for word in names:
        if not _NAME.fullmatch(word.text) or len(word.text.rstrip(".")) > _LONGEST_NAME:
            problems.append(Problem("name", word.column, f"{word.text} is not a host name"))
        elif word.text.endswith("."):
            text = f"{word.text} answers only when it is asked for with its last dot"
            problems.append(Problem("trailing-dot", word.column, text))
    return problems


def _encoding(number: int, text: str) -> list[Problem]:
    problems = []
    if number == 1 and text.startswith(_BOM):
        why = "a byte order mark: it becomes a part of the first word"
        problems.append(Problem("byte-order-mark", 1, why))
    try:
        unescape(text).decode()
    except UnicodeDecodeError as error:
        column = len(escape(error.object[: error.start])) + 1
        problems.append(Problem("not-utf-8", column, "bytes that are not UTF-8"))
    if _CR_AT_END.search(text):
        problems.append(Problem("carriage-return", len(text) - 3, "ends with CR LF"))
    return problems


def _family(address: str) -> Family | None:
    try:
        return "IPv6" if isinstance(_strict(address), IPv6Address) else "IPv4"
    except ValueError:
        return None


def _strict(address: str) -> IPv4Address | IPv6Address:
    if "%" in address:
        raise ValueError(address)
    return ip_address(address)


def _address_for(line: Line, family: Family) -> str | None:
    address = _strict(line.address.text) if line.address else None
    if isinstance(address, IPv6Address) and family == "IPv4":
        mapped = IPv4Address("127.0.0.1") if address.is_loopback else address.ipv4_mapped
        return None if mapped is None else str(mapped)
    return str(address) if line.family == family else None


def _show(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character in "\t\n" or character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def _lower(name: str) -> str:
    """Lower A to Z only, as strcasecmp does in the C locale."""
    return name.translate(_LOWER)
