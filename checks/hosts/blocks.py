"""The managed block of a hosts file: where it is, what it pins, and when it was written."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from fixtures.vantages.hosts_file import Line

_PLACE = "{stamp}"
_OFFSET = re.compile(r"(?:[+-]00:?00|Z|UTC)$", re.IGNORECASE)
_DIGITS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class Pin:
    """A name, the address that a line gives it, and the line's number."""

    name: str
    address: str
    number: int


@dataclass(frozen=True, slots=True)
class Managed:
    """A block as it stands in a file: the line of its marker, and the lines that follow."""

    stamp: str
    opening: Line
    entries: tuple[Line, ...]

    @property
    def numbers(self) -> range:
        """The numbers of the lines that belong to the block."""
        return range(self.opening.number, self.opening.number + len(self.entries) + 1)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """What the block pins, line by line."""
        return tuple(
            Pin(word.text, line.address.text, line.number)
            for line in self.entries
            if line.answers and line.address
            for word in line.names
        )


def find_blocks(lines: tuple[Line, ...], marker: str) -> tuple[Managed, ...]:
    """Find the blocks that the marker opens, each to its first blank line or comment."""
    pattern = re.compile(
        r"(?P<stamp>.*?)".join(
            re.escape(part) for part in marker.lstrip("# ").rstrip().split(_PLACE, 1)
        )
    )
    found = []
    for index, line in enumerate(lines):
        opens = pattern.fullmatch(_comment(line))
        if line.address is None and opens:
            stamp = opens.groupdict().get("stamp") or ""
            found.append(Managed(stamp, line, _entries(lines[index + 1 :])))
    return tuple(found)


def without_blocks(lines: tuple[Line, ...], marker: str) -> tuple[Line, ...]:
    """Return the lines that belong to no block of the marker's."""
    taken = {number for block in find_blocks(lines, marker) for number in block.numbers}
    return tuple(line for line in lines if line.number not in taken)


def read_stamp(stamp: str) -> datetime | None:
    """Read a block's UTC time in any of the usual spellings; None where it is not one."""
    bare = _OFFSET.sub("", stamp.strip()).strip()
    if re.search(r"[+-]\d\d:?\d\d$", bare) and ":" in bare[:-6]:
        return None
    digits = re.sub(r"\.\d+$", "", bare)
    digits = re.sub(r"[-:T _]", "", digits)
    try:
        return datetime.strptime(digits, _DIGITS[len(digits)]).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None


def spellings(stamp: str) -> tuple[str, ...]:
    """Return how a stamp may be written in a file's name: as it is, and in compact forms."""
    moment = read_stamp(stamp)
    if moment is None:
        return (stamp,)
    compact = ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d-%H%M%S", "%Y%m%d%H%M%S")
    extended = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H-%M-%SZ")
    return tuple(dict.fromkeys((stamp, *(moment.strftime(form) for form in (*compact, *extended)))))


def _comment(line: Line) -> str:
    return line.comment.text.removesuffix("\\x0d").strip() if line.comment else ""


def _entries(after: tuple[Line, ...]) -> tuple[Line, ...]:
    entries = []
    for line in after:
        if line.address is None:
            break
        entries.append(line)
    return tuple(entries)
