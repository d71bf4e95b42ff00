"""A run as the lines of its journal tell it: what every projection is made from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


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
    workers: tuple["Worker", ...] = ()
    interrupted: str = ""
    """What interrupted the run, in words."""
    seal: Mapping[str, Any] | None = None
    """Who sealed the run, and why, when it could not do so itself."""

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

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(check.area for check in self.checks))


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that judged a share of the checks."""

    name: str
    share: tuple[str, ...]
    """The ids of its checks, in the order in which it judges them."""
    ended: bool
    lost: str
    """How it was lost; empty if it was not."""


class AccountError(ValueError):
    """The chain of a journal may hold, but its lines are not those of a run."""


def account(lines: Sequence[Mapping[str, Any]]) -> Account:
    """Put the lines of a journal in order; what a line may leave out is empty.

    Raises `AccountError` for a line that does not say what every line of its kind says.
    """
    try:
        return _account(lines)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise AccountError(
            f"the journal is not one that this version can read: {type(error).__name__} {error}"
        ) from error


def _account(lines: Sequence[Mapping[str, Any]]) -> Account:
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        by_kind.setdefault(line["kind"], []).append(line)
    checks = tuple(
        _check(fields) for line in by_kind.get("plan", ()) for fields in line.get("checks", ())
    )
    sightings = _sightings(by_kind.get("sighting.begin", ()), by_kind.get("sighting.end", ()))
    known = {check.id: check for check in checks}
    return Account(
        begin=_last(by_kind, "run.begin") or {},
        checks=checks,
        sightings=sightings,
        verdicts=tuple(_judged(line, known, sightings) for line in by_kind.get("verdict", ())),
        vantages=tuple(by_kind.get("vantage", ())),
        attachments=tuple(by_kind.get("attachment", ())),
        canary=_last(by_kind, "canary.looked-for"),
        end=_last(by_kind, "run.end"),
        last=lines[-1] if lines else {},
        length=len(lines),
        workers=_workers(by_kind),
        interrupted=_interrupted(by_kind),
        seal=_last(by_kind, "run.lost"),
    )


def _workers(by_kind: Mapping[str, list[Mapping[str, Any]]]) -> tuple[Worker, ...]:
    ended = {
        line["worker"] for line in by_kind.get("worker.end", ()) if not line.get("interrupted")
    }
    lost = {line["worker"]: str(line.get("reason", "")) for line in by_kind.get("worker.lost", ())}
    return tuple(
        Worker(
            name=line["worker"],
            share=tuple(line.get("checks", ())),
            ended=line["worker"] in ended,
            lost=lost.get(line["worker"], ""),
        )
        for line in by_kind.get("worker.share", ())
    )


def _interrupted(by_kind: Mapping[str, list[Mapping[str, Any]]]) -> str:
    line = _last(by_kind, "run.interrupted")
    if line is not None:
        return f"the run was interrupted by {line.get('by')}"
    end = _last(by_kind, "run.end") or {}
    return "the run was interrupted" if end.get("interrupted") else ""


def _last(by_kind: Mapping[str, list[Mapping[str, Any]]], kind: str) -> Mapping[str, Any] | None:
    return by_kind[kind][-1] if kind in by_kind else None


def _check(fields: Mapping[str, Any]) -> Check:
    names = ("id", "area", "layer", "target", "vantage", "sentence")
    return Check(
        **{name: str(fields.get(name, "")) for name in names},
        severity=str(fields.get("severity") or "normal"),
        markers=tuple(map(str, fields.get("markers", ()))),
    )


def _sightings(
    begun: Iterable[Mapping[str, Any]], ended: Iterable[Mapping[str, Any]]
) -> dict[str, Sighting]:
    ends = {line["sighting"]: line for line in ended}
    return {line["sighting"]: _sighting(line, ends.get(line["sighting"])) for line in begun}


def _sighting(begin: Mapping[str, Any], end: Mapping[str, Any] | None) -> Sighting:
    said = end or {}
    error = said.get("error") or {}
    return Sighting(
        id=begin["sighting"],
        probe=begin.get("probe", ""),
        target=begin.get("target", ""),
        vantage=begin.get("vantage", ""),
        by_hand=begin.get("by_hand", ""),
        began=begin.get("looked_at") or begin["at"],
        ended=said.get("looked_at") or said.get("at"),
        seconds=said.get("seconds"),
        seen=tuple(_seen(one) for one in said.get("seen", ())),
        not_reached=tuple((said.get("unreached") or {}).get("saw", ())),
        reason=error.get("reason", ""),
        mend=error.get("mend", ""),
    )


def transcript_of(fields: Mapping[str, Any]) -> str:
    """Return what was seen at length: told beside the observation, or a field of it."""
    told = fields.get("transcript") or (fields.get("observation") or {}).get("transcript")
    return told if isinstance(told, str) else ""


def _seen(fields: Mapping[str, Any]) -> Seen:
    return Seen(
        headline=str(fields.get("headline", "")),
        phases=tuple((name, start, took) for name, start, took in fields.get("phases", ())),
        transcript=transcript_of(fields),
    )


def _judged(
    line: Mapping[str, Any], checks: Mapping[str, Check], sightings: Mapping[str, Sighting]
) -> Judged:
    check = line["check"]
    return Judged(
        check=checks.get(check) or _check({"id": check, "sentence": check}),
        at=line["at"],
        verdict=line["verdict"],
        sightings=tuple(sightings[one] for one in line.get("sightings", ()) if one in sightings),
        reason=line.get("reason") or "",
        mend=line.get("mend") or "",
        expected=line.get("expected") or "",
        saw=line.get("saw") or "",
        remarks=tuple(line.get("remarks", ())),
        waiver=line.get("waiver"),
        held_by=tuple(line.get("held_by", ())),
        seconds=line.get("seconds") or 0.0,
        place=line.get("place") or "",
    )
