"""The links of a chain, as a journal holds them: of each node what is expected, and observed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

BROKEN, ABSENT = "broken", "absent"
_WHOLE = frozenset({"agrees", "superseded", ABSENT})


@dataclass(frozen=True, slots=True)
class Link:
    """A node of a chain, in the words that it was recorded with; what is not told is empty."""

    node: str
    state: str
    """`agrees`, `superseded`, `broken`, `pending`, `unknown` or `absent`."""
    expected: str = ""
    observed: str = ""
    why: str = ""
    failure: str = ""
    evidence: str = ""
    mend: str = ""

    @property
    def is_broken(self) -> bool:
        return self.state == BROKEN


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of a target's chain, the most upstream one first."""

    target: str
    vantage: str
    links: tuple[Link, ...]
    closeout: tuple[str, ...] = ()
    """The arguments of what writes its closeout, `RUN` for the run's folder."""

    @property
    def first(self) -> Link | None:
        """The first link that is broken; where none is, the first that is not whole."""
        unwhole = [link for link in self.links if link.state not in _WHOLE]
        return next((link for link in unwhole if link.is_broken), next(iter(unwhole), None))

    @property
    def missing(self) -> tuple[str, ...]:
        """The nodes that are declared absent: nothing was looked at there."""
        return tuple(link.node for link in self.links if link.state == ABSENT)

    @property
    def told(self) -> str:
        """How it stands, in a few words."""
        first = self.first
        if first is None:
            return told_of_all([link.node for link in self.links], self.missing)
        if first.is_broken:
            more = sum(link.is_broken for link in self.links) - 1
            behind = f", and {more} more behind it" if more else ""
            return f"breaks at {first.node}{f' ({first.failure})' if first.failure else ''}{behind}"
        return f"is {'not known' if first.state == 'unknown' else first.state} at {first.node}"


def told_of_all(nodes: Sequence[str], missing: Sequence[str]) -> str:
    """Say of a chain of which nothing is wrong how much of it there is to look at."""
    if not missing:
        return "is whole"
    if len(missing) == len(nodes):
        return "is absent"
    there = [node for node in nodes if node not in missing]
    where = f"at {there[0]} alone" if len(there) == 1 else "as far as it goes"
    return f"agrees {where}: it has no {', '.join(missing)}"


_NAMES = tuple(one.name for one in fields(Link))


def read_links(found: Any) -> tuple[Link, ...]:
    """Return the links that a journal holds; none where it holds anything else."""
    if not isinstance(found, list) or not all(map(_is_link, found)):
        return ()
    return tuple(Link(**{name: str(one.get(name) or "") for name in _NAMES}) for one in found)


def _is_link(one: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(one.get("node"), str) and bool(one.get("state"))


def last_of_each(every: Sequence[Linked]) -> tuple[Linked, ...]:
    """Return the last look at each target from each vantage: it is the one that counts."""
    return tuple({(one.target, one.vantage): one for one in every}.values())
