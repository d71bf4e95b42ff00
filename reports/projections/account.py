"""A run as the lines of its journals tell it: what every projection is made from."""

from collections.abc import Iterable, Mapping, Sequence
from sys import intern
from typing import Any

from reports.comparisons import looked_from, read_comparisons
from reports.links import read_links
from reports.projections.told import Account, Check, Judged, Seen, Sighting, Worker
from reports.tables import read_tables
from reports.verdicts import read_diagnosis

_LONGEST = 1e9
"""Seconds; no run takes as long."""


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
        comparisons=read_comparisons(by_kind.get("comparison", ())),
        tables=read_tables(by_kind.get("table", ())),
        looked_from=looked_from([*by_kind.get("vantage", ()), *by_kind.get("plan", ())]),
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
        seconds=_seconds(said.get("seconds")),
        seen=tuple(_seen(one) for one in said.get("seen", ())),
        not_reached=tuple((said.get("unreached") or {}).get("saw", ())),
        reason=error.get("reason", ""),
        mend=error.get("mend", ""),
    )


def _seconds(told: Any) -> float | None:
    """Return a number of seconds; None for what cannot be one, and would break who writes it."""
    return told if type(told) in {int, float} and 0 <= told <= _LONGEST else None


_SHORT = 64
_DEEP = 6
SHOWN = frozenset({"transcript", "findings", "links"})
"""What is shown of an observation, where it is a field of it."""


def without_observations(line: dict[str, Any]) -> dict[str, Any]:
    """Leave of a line what projections show: what was seen may be the most of a journal."""
    seen = line.get("seen") if line["kind"] == "sighting.end" else None
    for one in seen if isinstance(seen, list) else ():
        if isinstance(one, dict) and isinstance(one.get("observation"), dict):
            one["transcript"] = transcript_of(one)
            one["findings"] = findings_of(one)
            one["links"] = links_of(one)
            del one["observation"]
    shared: dict[str, Any] = _shared(line, _DEEP)
    return shared


def _shared(value: Any, depth: int) -> Any:
    """Return the same with equal short texts as one: a line of ten thousand has few of its own.

    What lies deeper stays as it is: a journal that somebody wrote may be nested at will.
    """
    if isinstance(value, str):
        return intern(value) if len(value) < _SHORT else value
    if isinstance(value, dict) and depth:
        return {intern(name): _shared(told, depth - 1) for name, told in value.items()}
    if isinstance(value, list) and depth:
        return [_shared(one, depth - 1) for one in value]
    return value


def transcript_of(fields: Mapping[str, Any]) -> str:
    """Return what was seen at length: told beside the observation, or a field of it."""
    told = fields.get("transcript") or (fields.get("observation") or {}).get("transcript")
    return told if isinstance(told, str) else ""


def findings_of(fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what was seen at places of files: told beside the observation, or a field of it."""
    told = fields.get("findings") or (fields.get("observation") or {}).get("findings")
    return told if isinstance(told, dict) else None


def links_of(fields: Mapping[str, Any]) -> list[Any] | None:
    """Return the links of a chain: told beside the observation, or a field of it."""
    told = fields.get("links") or (fields.get("observation") or {}).get("links")
    return told if isinstance(told, list) else None


def _seen(fields: Mapping[str, Any]) -> Seen:
    return Seen(
        headline=str(fields.get("headline", "")),
        phases=tuple(
            (name, start, took)
            for name, start, took in fields.get("phases", ())
            if _seconds(start) is not None and _seconds(took) is not None
        ),
        transcript=transcript_of(fields),
        clock=_clock(fields.get("clock")),
        findings=findings_of(fields),
        links=read_links(links_of(fields)),
        closeout=_words(fields.get("closeout")),
    )


def _words(told: Any) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _clock(told: Any) -> tuple[str, float, float] | None:
    match told:
        case [str(host), int() | float() as ahead, int() | float() as within]:
            far = _seconds(abs(ahead)) is None or _seconds(within) is None
            return None if far else (host, ahead, within)
    return None


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
        seconds=_seconds(line.get("seconds")) or 0.0,
        place=line.get("place") or "",
        diagnoses=tuple(map(read_diagnosis, line.get("diagnoses", ()))),
        failure=line.get("class") or "",
    )
