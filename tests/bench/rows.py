"""A row of the table, and how it is measured: by turns, ours and the other, and by medians."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Literal, SupportsFloat, TypeVar

from tests.bench.machine import MissingError

Better = Literal["higher", "lower"]
Measured = TypeVar("Measured", bound=SupportsFloat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was measured. `target` bounds the ratio where there is a peer, else the value."""

    name: str
    value: float
    unit: str
    better: Better
    target: float | None = None
    peer: str | None = None
    peer_version: str | None = None
    peer_value: float | None = None
    ratio: float | None = None
    """Ours by the peer's; None where there is no peer, or where it is not on this machine."""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or nothing to hold against it."""
        measured = self.value if self.peer is None else self.ratio
        if self.target is None or measured is None:
            return None
        return measured >= self.target if self.better == "higher" else measured <= self.target


@dataclass(frozen=True, slots=True)
class Peer:
    """What is compared with; `missing` says how to get it where it is not on this machine."""

    name: str
    version: str | None = None
    missing: str = ""


@dataclass(slots=True)
class Bench:
    """Where a family of rows works, how often, and what it found missing."""

    folder: Path
    """Empty, and its own."""
    rounds: int
    missing: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Tell what is under way; the table comes at the end."""
        print(f"  {text}", flush=True)  # noqa: T201 - it is a program

    def without(self, name: str, error: MissingError) -> Peer:
        """Note what is missing, and return the peer that cannot be compared with."""
        self.missing.append(str(error))
        return Peer(name, missing=str(error))

    def by_turns(self, **measure: Callable[[], Measured]) -> Mapping[str, Sequence[Measured]]:
        """Measure all of them in each round, one after the other."""
        found: dict[str, list[Measured]] = {name: [] for name in measure}
        for at in range(1, self.rounds + 1):
            for name, one in measure.items():
                found[name].append(one())
            told = ", ".join(f"{name} {float(values[-1]):.4g}" for name, values in found.items())
            self.say(f"round {at} of {self.rounds}: {told}")
        return found


def compared(
    name: str,
    ours: Sequence[float],
    peer: Peer,
    theirs: Sequence[float] | None,
    *,
    unit: str,
    better: Better,
    target: float | None = None,
    note: str = "",
) -> Row:
    """Make a row of what was measured by turns: the ratio is the median of the rounds' ratios."""
    return Row(
        name=name,
        value=median(ours),
        unit=unit,
        better=better,
        target=target,
        peer=peer.name,
        peer_version=peer.version,
        peer_value=median(theirs) if theirs else None,
        ratio=median(a / b for a, b in zip(ours, theirs, strict=True)) if theirs else None,
        note="; ".join(part for part in (note, peer.missing) if part),
    )
