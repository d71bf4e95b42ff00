"""What is wrong with a line of a hosts file, and where in it."""

import re
from dataclasses import dataclass
from typing import Literal

from fixtures.vantages.escaping import escape, unescape
from fixtures.vantages.hosts_file import Line, family_of

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

_CR_AT_END = re.compile(r"(?<!\\)(?:\\\\)*\\x0d$")
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_LONGEST_NAME = 253
_BOM = "\\xef\\xbb\\xbf"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line, and at which column."""

    fault: Fault
    column: int
    text: str


def problems_of(line: Line) -> tuple[Problem, ...]:
    """Return what is wrong with a line: its encoding, then its entry, then its end."""
    return (*_of_encoding(line), *_of_address(line), *_of_names(line), *_of_end(line))


def _of_encoding(line: Line) -> list[Problem]:
    problems = []
    if line.number == 1 and line.text.startswith(_BOM):
        why = "a byte order mark: it becomes a part of the first word"
        problems.append(Problem("byte-order-mark", 1, why))
    try:
        unescape(line.text).decode()
    except UnicodeDecodeError as error:
        column = len(escape(error.object[: error.start])) + 1
        problems.append(Problem("not-utf-8", column, "bytes that are not UTF-8"))
    if _CR_AT_END.search(line.text):
        problems.append(Problem("carriage-return", len(line.text) - 3, "ends with CR LF"))
    if len(line.read) < len(line.text):
        why = "a NUL byte: the resolver reads no further on this line"
        problems.append(Problem("nul", len(line.read) + 1, why))
    return problems


def _of_address(line: Line) -> list[Problem]:
    address = line.address
    if address is None or line.family is not None:
        return []
    bare, scope, _ = address.text.partition("%")
    scoped = bool(scope) and family_of(bare) == "IPv6"
    fault: Fault = "scope" if scoped else "address"
    why = "has a scope, which hosts files do not" if scoped else "is not an IP address"
    text = f"{address.text} {why}: the resolver passes over the line"
    return [Problem(fault, address.column, text)]


def _of_names(line: Line) -> list[Problem]:
    if line.address is not None and not line.names:
        return [Problem("no-name", line.address.column, "an address without a name")]
    problems = []
    for word in line.names:
        if not _NAME.fullmatch(word.text) or len(word.text.rstrip(".")) > _LONGEST_NAME:
            problems.append(Problem("name", word.column, f"{word.text} is not a host name"))
        elif word.text.endswith("."):
            text = f"{word.text} answers only when it is asked for with its last dot"
            problems.append(Problem("trailing-dot", word.column, text))
    return problems


def _of_end(line: Line) -> list[Problem]:
    if line.ended:
        return []
    return [Problem("no-newline", len(line.text) + 1, "no newline ends the last line")]
