"""What several vantages saw of one target, compared: as a journal holds it, and in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.projections.text import count, one_line

_LISTED = 8
"""How many targets the last screen names; the record names all."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first layer at which vantages differ of a target, and what is equal before it.

    Text alone, so that a journal holds it as it is, and whoever reads one can show it.
    """

    target: str
    vantages: tuple[str, ...]
    """Those that looked at it."""
    equal: tuple[str, ...]
    """The layers that are equal, from the lowest on, with what was seen there."""
    layer: str = ""
    """The first layer that differs; empty where none does."""
    saw: Mapping[str, str] = field(default_factory=dict)
    """What was seen of that layer, by vantage."""
    beside: tuple[str, ...] = ()
    """What is not the same besides, and may explain it."""
    unseen: tuple[str, ...] = ()
    """What one of them could not look at, and why."""
    blind: tuple[str, ...] = ()
    """Vantages that could not look at anything, and why."""
    sightings: tuple[str, ...] = ()
    """Ids of the sightings that the difference was seen by."""
    instead: str = ""
    """What is said where no layer is equal: what was compared."""
    sizes: tuple[str, ...] = ()
    """How large packets may be, where that is not the same."""

    @property
    def differs(self) -> bool:
        """Whether any layer does."""
        return bool(self.layer)

    @property
    def compared(self) -> bool:
        """Whether there was anything to compare it with."""
        return len(self.vantages) > 1

    @property
    def seen(self) -> tuple[str, ...]:
        """What was seen of the layer that differs: a line for all vantages that saw the same."""
        places: dict[str, list[str]] = {}
        for vantage, words in self.saw.items():
            places.setdefault(words, []).append(vantage)
        return tuple(f"{', '.join(names)}: {words}" for words, names in places.items())

    @property
    def below(self) -> tuple[str, ...]:
        """What is shown below the name of the layer: what was seen, and what is so besides."""
        return (*self.seen, *self.sizes, *self.beside, *self.unseen)


def read_comparison(fields: Mapping[str, Any]) -> Comparison:
    """Return the comparison that a journal's line holds; what it leaves out is empty."""

    def texts(name: str) -> tuple[str, ...]:
        return tuple(map(str, fields.get(name) or ()))

    return Comparison(
        target=str(fields.get("target", "")),
        vantages=texts("vantages"),
        equal=texts("equal"),
        layer=str(fields.get("layer") or ""),
        saw={str(name): str(words) for name, words in (fields.get("saw") or {}).items()},
        instead=str(fields.get("instead") or ""),
        sizes=texts("sizes"),
        beside=texts("beside"),
        unseen=texts("unseen"),
        blind=texts("blind"),
        sightings=texts("sightings"),
    )


def read_comparisons(lines: Iterable[Mapping[str, Any]]) -> tuple[Comparison, ...]:
    """Return what a run's lines hold of comparisons: the same order, however many wrote them."""
    read = (read_comparison(line) for line in lines if line["kind"] == "comparison")
    return tuple(sorted(read, key=lambda one: (one.target, one.vantages)))


def looked_from(lines: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the names of the vantages that checks are of, in the order of the profile."""
    recorded: dict[str, None] = {}
    planned: dict[str, None] = {}
    for line in lines:
        if line["kind"] == "vantage":
            recorded[str(line.get("vantage"))] = None
        elif line["kind"] == "plan":
            planned |= {str(one.get("vantage") or ""): None for one in line.get("checks", ())}
    looked = [name for name in planned if name in recorded]  # what is absent has no vantage
    return in_order(looked or [name for name in planned if name], [*recorded])


def in_order(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """Return each name once, in this order; those that are not in it come last."""
    once = dict.fromkeys(names)
    return (*(name for name in order if name in once), *(n for n in once if n not in order))


def named(names: Sequence[str]) -> str:
    """Write names as a sentence does: `a`, `a and b`, `a, b and c`."""
    *most, last = names or ("",)
    return f"{', '.join(most)} and {last}" if most else last


def told_first(one: Comparison) -> str:
    """Say which layer differs first, and what is equal before it."""
    before = f"; equal before it: {', '.join(one.equal)}" if one.equal else ""
    if not before and one.instead:
        before = f"; {one.instead}"
    return f"{one.target} from {named(one.vantages)} differs first at {one.layer}{before}"


def told_equal(comparisons: Sequence[Comparison]) -> list[str]:
    """Say of how many targets no layer differs, and what was not looked at from everywhere."""
    groups: dict[tuple[tuple[str, ...], ...], list[Comparison]] = {}
    blind: dict[str, list[str]] = {}
    for one in comparisons:
        if not one.differs and one.vantages:
            groups.setdefault((one.vantages, one.sizes, one.unseen), []).append(one)
        for reason in one.blind:
            blind.setdefault(reason, []).append(one.target)
    return [
        *(_same(alike[0], [one.target for one in alike]) for alike in groups.values()),
        *(f"{reason} (of {_targets(targets)})" for reason, targets in blind.items()),
    ]


def _same(one: Comparison, targets: Sequence[str]) -> str:
    if not one.compared:
        return f"{_targets(targets)} looked at from {one.vantages[0]} alone: nothing to compare"
    places = f"{len(one.vantages)} vantages ({', '.join(one.vantages)})"
    sizes = f" that matters to them ({', '.join(one.sizes)})" if one.sizes else ""
    unseen = f" in what was looked at; {'; '.join(one.unseen)}" if one.unseen else ""
    return f"{_targets(targets)} looked at from {places}: no difference{sizes}{unseen}"


def told_nothing(comparisons: Iterable[Comparison], vantages: Sequence[str]) -> str:
    """Say that nothing was compared, where a run looked from several vantages; else nothing."""
    if len(vantages) < 2 or any(one.compared for one in comparisons):  # noqa: PLR2004 - it takes two
        return ""
    return f"nothing could be compared: no target was looked at from two of {', '.join(vantages)}"


def _targets(targets: Sequence[str]) -> str:
    return targets[0] if len(targets) == 1 else count(len(targets), "target")


def screen(comparisons: Sequence[Comparison], vantages: Sequence[str]) -> list[str]:
    """Return the lines of the last screen; none where all was judged from one vantage."""
    nothing = told_nothing(comparisons, vantages)
    if not comparisons and not nothing:
        return []
    differing = [one for one in comparisons if one.differs]
    told = ["", "Between vantages:"]
    for one in differing[:_LISTED]:
        told.append(f"  {one_line(told_first(one))}")
        told += [f"    {one_line(line)}" for line in one.below]
    told += _more(differing, "that differ")
    same = [*([nothing] if nothing else ()), *told_equal(comparisons)]
    told += [f"  {one_line(line)}" for line in same[:_LISTED]]
    return [*told, *_more(same, "to be said")]


def _more(every: Sequence[object], which: str) -> list[str]:
    more = len(every) - _LISTED
    return [f"  and {more} more {which}, in the record"] if more > 0 else []
