"""What a run tells, put in order: checks, sightings, verdicts, and how it ended."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.comparisons import Comparison, in_order
from reports.links import Link
from reports.tables import Table
from reports.verdicts import Diagnosis


@dataclass(frozen=True, slots=True)
class Check:
    """A check that the run planned to judge."""

    id: str
    area: str
    layer: str
    target: str
    vantage: str
    sentence: str
    severity: str = "normal"
    markers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The check's own name, without its file and its case."""
        return self.id.rpartition("::")[2].partition("[")[0]

    def __str__(self) -> str:
        return f"{self.name}[{self.target}@{self.vantage}]"


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation, in the words that it was recorded with."""

    headline: str
    phases: tuple[tuple[str, float, float], ...]
    transcript: str
    clock: tuple[str, float, float] | None = None
    """Whose clock was heard, how many seconds it is ahead, and within how many."""
    findings: Mapping[str, Any] | None = None
    """What was seen at places of files, as `reports.findings.Findings` is written."""
    links: tuple[Link, ...] = ()
    """The nodes of a chain, if it is one."""
    closeout: tuple[str, ...] = ()
    """The arguments of what writes its closeout, `RUN` for the run's folder."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One sighting, from its beginning to its end, if it had one."""

    id: str
    probe: str
    target: str
    vantage: str
    by_hand: str
    began: str
    """When it was looked at; in a replay, when the run that is replayed did so."""
    ended: str | None
    seconds: float | None
    seen: tuple[Seen, ...]
    not_reached: tuple[str, ...]
    """What the layer below saw instead, where it never came to this sighting."""
    reason: str
    """Why the vantage could not look."""
    mend: str

    @property
    def headlines(self) -> tuple[str, ...]:
        """What was seen, or why nothing was."""
        if self.reason:
            return (f"could not look: {self.reason}",)
        if self.not_reached:
            return tuple(f"not reached: {headline}" for headline in self.not_reached)
        return tuple(seen.headline for seen in self.seen)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, with what it was made from."""

    check: Check
    at: str
    verdict: str
    sightings: tuple[Sighting, ...]
    reason: str
    mend: str
    expected: str
    saw: str
    remarks: tuple[str, ...]
    waiver: Mapping[str, Any] | None
    held_by: tuple[str, ...]
    seconds: float
    place: str
    diagnoses: tuple[Diagnosis, ...] = ()
    failure: str = ""
    """The class of a violation, such as CONFIG; empty where it has none."""

    @property
    def waived(self) -> bool:
        return self.waiver is not None

    @property
    def word(self) -> str:
        """The verdict, and whether its violation is waived."""
        return f"{self.verdict}, waived" if self.waived else self.verdict

    @property
    def began(self) -> str:
        """When the first of its sightings began; when it was judged, if it had none."""
        return min((sighting.began for sighting in self.sightings), default=self.at)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that judged a share of the checks."""

    name: str
    share: tuple[str, ...]
    """The ids of its checks, in the order in which it judges them."""
    ended: bool
    lost: str
    """How it was lost; empty if it was not."""


@dataclass(frozen=True)
class Account:
    """Everything that a journal tells, put in order."""

    begin: Mapping[str, Any]
    checks: tuple[Check, ...]
    sightings: Mapping[str, Sighting]
    verdicts: tuple[Judged, ...]
    vantages: tuple[Mapping[str, Any], ...]
    """What each vantage's network looks like from inside."""
    attachments: tuple[Mapping[str, Any], ...]
    canary: Mapping[str, Any] | None
    end: Mapping[str, Any] | None
    last: Mapping[str, Any]
    """The last line that was written."""
    length: int = 0
    """How many lines were written."""
    workers: tuple[Worker, ...] = ()
    interrupted: str = ""
    """What interrupted the run, in words."""
    seal: Mapping[str, Any] | None = None
    """Who sealed the run, and why, when it could not do so itself."""
    comparisons: tuple[Comparison, ...] = ()
    """What several vantages saw of each target that they looked at."""
    looked_from: tuple[str, ...] = ()
    """The vantages that checks are of, in the order of the profile."""
    tables: tuple[Table, ...] = ()
    """What checks show beside their verdicts."""

    @cached_property
    def counts(self) -> Counter[str]:
        """How many checks there are for each word of a verdict."""
        return Counter(judged.word for judged in self.verdicts)

    @cached_property
    def never_judged(self) -> tuple[Check, ...]:
        judged = {one.check.id for one in self.verdicts}
        return tuple(check for check in self.checks if check.id not in judged)

    @cached_property
    def in_flight(self) -> tuple[Sighting, ...]:
        """Sightings that began and never ended."""
        return tuple(one for one in self.sightings.values() if one.ended is None)

    @cached_property
    def in_flight_checks(self) -> tuple[Check, ...]:
        """The checks that were waiting, one in each process that broke off."""
        if not (self.sightings or self.verdicts):
            return ()
        missing = {check.id: check for check in self.never_judged}
        broke_off = self.end is None or bool(self.interrupted)
        rows = [one.share for one in self.workers if one.lost or (broke_off and not one.ended)]
        if broke_off and not self.workers:
            rows = [tuple(check.id for check in self.checks)]
        firsts = (next((one for one in row if one in missing), None) for row in rows)
        return tuple(missing[first] for first in firsts if first is not None)

    @cached_property
    def lost(self) -> Mapping[str, str]:
        """Of each check that was never judged because its worker was lost: the worker's name."""
        missing = {check.id for check in self.never_judged}
        return {
            check: worker.name
            for worker in self.workers
            if worker.lost
            for check in worker.share
            if check in missing
        }

    @property
    def channels(self) -> Mapping[str, str]:
        """Where pytest was told to write besides: paths by channel, such as `allure`."""
        return {name: path for name, path in (self.begin.get("channels") or {}).items() if path}

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """Why the run is not complete, in words; empty when it is."""
        told: list[str] = []
        if self.seal is not None:
            told.append(f"{self.seal.get('reason')}; sealed by {self.seal.get('by')}")
        elif self.end is None:
            told.append("the journal has no end: the run was killed, or could not write any more")
        if self.interrupted:
            told.append(self.interrupted)
        for worker in self.workers:
            if worker.lost:
                told.append(f"the worker {worker.name} was lost: {worker.lost}")
            elif worker.share and not (worker.ended or self.end is None or self.interrupted):
                told.append(f"the worker {worker.name} never said that it had ended")
        if not self.checks:
            told.append("it planned nothing")
        if self.never_judged:
            missing, planned = len(self.never_judged), len(self.checks)
            told.append(f"{missing} of {planned} planned checks were never judged")
        return tuple(told)

    def in_order(self, vantages: Iterable[str]) -> tuple[str, ...]:
        """Return vantages in the order of the profile, each once."""
        return in_order(vantages, self.looked_from)

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(check.area for check in self.checks))
