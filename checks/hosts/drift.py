"""What became different in a hosts file between two observations of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from checks.hosts.file import HostsFileSeen


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    `line` is its number in the later file, or in the earlier one where the line is gone;
    None where it is not a matter of lines.
    """

    what: str
    line: int | None = None

    def __str__(self) -> str:
        return self.what if self.line is None else f"line {self.line}: {self.what}"


def drift(before: HostsFileSeen, now: HostsFileSeen) -> tuple[Difference, ...]:
    """Compare two observations of one hosts file; empty where nothing differs.

    The time of modification is not compared: the same content written again is the same.
    """
    return (*_provenance(before, now), *_lines(before, now))


def _provenance(before: HostsFileSeen, now: HostsFileSeen) -> Iterator[Difference]:
    if before.owner != now.owner:
        yield Difference(f"the owner was {before.owner}, and is {now.owner}")
    if before.mode != now.mode:
        yield Difference(f"the mode was {before.mode:04o}, and is {now.mode:04o}")
    if before.content == now.content and before.sha256 != now.sha256:
        yield Difference(f"the sha256 was {before.sha256}, and is {now.sha256}")


def _lines(before: HostsFileSeen, now: HostsFileSeen) -> Iterator[Difference]:
    was = [(line.text, line.ended) for line in before.lines]
    is_now = [(line.text, line.ended) for line in now.lines]
    matcher = SequenceMatcher(None, was, is_now, autojunk=False)
    for action, start, end, begin, stop in matcher.get_opcodes():
        if action == "equal":
            continue
        for index in range(start, end):
            yield Difference(f"gone: {_say(*was[index])}", index + 1)
        for index in range(begin, stop):
            yield Difference(f"new: {_say(*is_now[index])}", index + 1)


def _say(text: str, ended: bool) -> str:  # noqa: FBT001 - a line's own two parts
    return (text.strip() or "a blank line") + ("" if ended else " (no newline ends it)")
