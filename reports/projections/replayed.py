"""What the first line of a run says of the run that it replays: nothing was looked at but by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """The run that looked, and what is known of its evidence."""

    folder: str
    head: str
    """The digest of its journal's last line."""
    sealed: bool
    gaps: tuple[str, ...]
    """Why it is not complete, in words; empty when it is."""
    until: str
    """When its last line was written."""
    begin: Mapping[str, Any]
    """Its first line: where, when and with what it looked."""
    through: tuple[str, ...]
    """The folders of the replays between it and this one, the oldest first."""

    @property
    def since(self) -> str:
        return str(self.begin.get("at", ""))

    @property
    def evidence(self) -> tuple[str, ...]:
        """What has to be known of its evidence, in words; empty when it is whole."""
        unsealed = () if self.sealed else ("it was never sealed",)
        incomplete = (f"it is INCOMPLETE: {'; '.join(self.gaps)}",) if self.gaps else ()
        through = (f"it is replayed from {' and '.join(self.through)}",) if self.through else ()
        return (*incomplete, *unsealed, *through)


def replayed(begin: Mapping[str, Any]) -> Replayed | None:
    """Read which run another one replays, from its first line; None where it replays none."""
    told = begin.get("replay")
    if not isinstance(told, Mapping):
        return None
    before = told.get("begin")
    return Replayed(
        folder=str(told.get("folder", "unknown")),
        head=str(told.get("head", "unknown")),
        sealed=bool(told.get("sealed")),
        gaps=_texts(told.get("gaps")),
        until=str(told.get("until", "")),
        begin=before if isinstance(before, Mapping) else {},
        through=_texts(told.get("through")),
    )


def _texts(told: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list | tuple) else ()
