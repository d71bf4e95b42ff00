"""What a run is told while it goes on: written to its journal, and kept for its messages."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from reports.journal import stamp
from reports.projections.account import SHOWN
from reports.run import Run
from reports.written import Written


class Recorder:
    """Writes each step to the journal, and remembers of each sighting what a message needs."""

    def __init__(self, run: Run, *, plain_ids: bool = False) -> None:
        """Take the run that is written, and whether nothing in its checks' ids had to be hidden."""
        self.run = run
        self.plain_ids = plain_ids
        self._begun: dict[str, dict[str, Any]] = {}
        self._ended: dict[str, dict[str, Any]] = {}
        self._began: dict[str, datetime] = {}
        self._over: dict[str, datetime] = {}

    def append(self, kind: str, /, **fields: Any) -> None:
        """Write one line; what it says of a sighting is kept."""
        self.run.append(kind, **fields)
        if kind == "sighting.begin":
            self._begun[fields["sighting"]] = fields
            self._began[fields["sighting"]] = datetime.now(UTC)
        elif kind == "sighting.end":
            self._ended[fields["sighting"]] = _shown(fields)
            self._over[fields["sighting"]] = datetime.now(UTC)

    def judge(self, fields: Mapping[str, Any], seconds: float, *, told_nothing: bool) -> None:
        """Write a verdict; one that tells nothing bears ids alone, which the plan holds too."""
        append = self.run.append_plain if told_nothing and self.plain_ids else self.run.append
        append("verdict", **fields, seconds=seconds)

    def redact(self, text: str, /) -> str:
        """Return the text without what is secret in this run."""
        return self.run.redact(text)

    def attach_packed(self, name: str, packed: bytes, media_type: str, /) -> str:
        """Write a file of what is compressed; see `Run.attach_packed`."""
        return self.run.attach_packed(name, packed, media_type)

    def commands(self, sightings: Iterable[str]) -> tuple[str, ...]:
        """Return the commands that repeat the sightings by hand, each once."""
        begun = (self._begun.get(one) for one in sightings)
        return tuple(dict.fromkeys(line["by_hand"] for line in begun if line and line["by_hand"]))

    def seen_at(self, sightings: Iterable[str]) -> datetime | None:
        """Return when the first of the sightings was looked at, in UTC; now, if none was begun.

        In a replay it is when the run that is replayed looked; None where it did not.
        """
        begun = [
            self._begun[one].get("looked_at", self._began[one])
            for one in sightings
            if one in self._begun
        ]
        looked = [
            at if isinstance(at, datetime) else datetime.fromisoformat(at) for at in begun if at
        ]
        return min(looked, default=None if begun else datetime.now(UTC))

    def lines_of(self, sighting: str) -> list[dict[str, Any]]:
        """Return what was written of a sighting as lines: its begin, and its end if it had one."""
        lines = []
        if sighting in self._begun:
            at = stamp(self._began[sighting])
            lines.append({"kind": "sighting.begin", "at": at, **self._begun[sighting]})
        if sighting in self._ended:
            at = stamp(self._over[sighting])
            lines.append({"kind": "sighting.end", "at": at, **self._ended[sighting]})
        return lines


def _shown(ended: Mapping[str, Any]) -> dict[str, Any]:
    """Leave of a sighting's end what projections show: what was seen may be large."""
    if "seen" not in ended:
        return dict(ended)
    return {**ended, "seen": [_told(one) for one in ended["seen"]]}


def _told(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Leave an observation out, but for fields of it that are shown."""
    observation = seen.get("observation")
    if not isinstance(observation, Written):
        return dict(seen)
    shown = SHOWN & observation.names
    value = observation.value if shown else {}
    told = {name: value[name] for name in shown}
    return {name: what for name, what in seen.items() if name != "observation"} | told
