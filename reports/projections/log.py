"""The log: what was done, seen and concluded, a step a line, to be read by eye and by grep."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.projections.account import account
from reports.projections.between import nothing_compared, told_comparison
from reports.projections.links import told_links
from reports.projections.replayed import Replayed, replayed
from reports.projections.tables import told_table
from reports.projections.text import count, local, one_line, read, visible
from reports.projections.told import Account, Judged, Sighting
from reports.verdicts import Diagnosis

_WORDS = {
    "upheld": "OK",
    "violated": "FAIL",
    "inconclusive": "INCONCLUSIVE",
    "not-applicable": "NOT-APPLICABLE",
}
_MARKER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Log:
    """The text of a log, the name of its file, and where in it each check stands."""

    name: str
    text: str
    line_of: Mapping[str, int]
    """Line numbers by check id, the first line being 1."""


@dataclass
class _Paper:
    lines: list[str] = field(default_factory=list)
    line_of: dict[str, int] = field(default_factory=dict)

    def step(self, at: str, text: str) -> None:
        """Write a step: no other line begins with a bracket."""
        self.lines.append(f"[{at}] {one_line(text)}")

    def output(self, text: str, mark: str = "    ") -> None:
        self.lines += [f"{mark}{line}".rstrip() for line in visible(text).split("\n")]


def project(lines: Sequence[Mapping[str, Any]]) -> Log:
    """Write the log of a journal's lines."""
    return write(account(lines), lines)


def write(told: Account, lines: Sequence[Mapping[str, Any]]) -> Log:
    """Write the log of a journal's lines, whose account was made before."""
    paper = _Paper()
    paper.lines += _head(told)
    judging = _judging(told.verdicts)
    verdicts = iter(told.verdicts)
    planted: Mapping[str, Any] | None = None
    for line in lines:
        match line["kind"]:
            case "sighting.end" if line["sighting"] in told.sightings:
                sighting = told.sightings[line["sighting"]]
                _write_sighting(paper, sighting, judging.get(sighting.id, []))
            case "verdict":
                _write_verdict(paper, next(verdicts))
            case "canary.planted":
                planted = line
            case _:
                _write_event(paper, line)
    for sighting in told.in_flight:
        _write_in_flight(paper, sighting)
    if planted is not None:
        _write_canary(paper, planted)
    if nothing := nothing_compared(told):
        paper.step(told.last["at"], f"=== (between vantages) {nothing}")
    _write_end(paper, told)
    return Log(name_of(told), "\n".join(paper.lines) + "\n", paper.line_of)


def name_of(told: Account) -> str:
    """Name the log `<area>-<UTC stamp>.log`.

    A run of several areas is named by the marker that it was selected with (`-m network`
    selects tls too), and `touchstone` where there is no such single marker.
    """
    at = read(told.begin["at"]).strftime("%Y%m%dT%H%M%SZ") if "at" in told.begin else "unknown"
    if len(told.areas) == 1 and _MARKER.fullmatch(told.areas[0]):
        return f"{told.areas[0]}-{at}.log"
    return f"{_marker(told.begin.get('argv', ())) or 'touchstone'}-{at}.log"


def _marker(argv: Sequence[str]) -> str | None:
    """Return the last `-m` of a command line, when it is a single marker."""
    found = None
    for before, argument in zip(["", *argv], argv, strict=False):
        if before == "-m":
            found = argument
        elif argument.startswith("-m") and argument != "-m":
            found = argument.removeprefix("-m")
    return found if found and _MARKER.fullmatch(found) and found != "not" else None


def _head(told: Account) -> list[str]:
    begin = told.begin
    profile, suite = begin.get("profile") or {}, begin.get("suite")
    zone = begin.get("zone") or {}
    at = begin.get("at", "")
    beside = f" ({local(at, zone['offset'])})" if at and zone.get("offset") else ""
    ci = begin.get("ci")
    of = replayed(begin)
    looked = begin if of is None else of.begin
    order = "by when a sighting ended; >>> bears when it began"
    if of is not None:
        order = "as planned; >>> and <<< bear when it was looked at, === when it was judged again"
    rows = [
        *(_of_replay(of) if of else ()),
        ("run", f"{begin.get('run', 'unknown')}, attempt {begin.get('attempt', 1)}"),
        ("began", f"{at}{beside}"),
        ("host", f"{begin.get('host', 'unknown')}, {begin.get('system', '')}"),
        ("profile", f"{profile.get('name')} {profile.get('digest')} {profile.get('path', '')}"),
        ("ranges", _ranges(profile.get("ranges"))),
        ("suite", _suite(suite)),
        ("command", shlex.join(begin.get("argv", ()))),
        ("versions", ", ".join(f"{n} {v}" for n, v in (looked.get("versions") or {}).items())),
        ("variables", " ".join(f"{n}={v}" for n, v in (looked.get("variables") or {}).items())),
        ("ci", f"run {ci.get('run')}, attempt {ci.get('attempt')}" if ci else ""),
        ("planned", count(len(told.checks), "check")),
        ("order", order),
    ]
    rows += [("vantage", _vantage(one)) for one in told.vantages]
    return [f"# {name:<9} {one_line(value)}" for name, value in rows if value]


def _of_replay(of: Replayed) -> list[tuple[str, str]]:
    """Say whose observations are judged again, and where and when they were made."""
    return [
        ("replay", f"of {of.folder}, head {of.head}: NOTHING WAS LOOKED AT NOW"),
        ("looked", f"{of.since} to {of.until}, on {of.begin.get('host') or 'an unknown host'}"),
        ("by", shlex.join(of.begin.get("argv") or ())),
        *(("evidence", told) for told in of.evidence),
    ]


def _ranges(ranges: Mapping[str, Any] | None) -> str:
    if not ranges:
        return ""
    return f"{ranges.get('name')} of {ranges.get('dated')}, sha256 {ranges.get('digest')}"


def _vantage(line: Mapping[str, Any]) -> str:
    """Say how a vantage resolves names, and how large its packets may be."""
    resolv = (line.get("files") or {}).get("/etc/resolv.conf") or ""
    asked = [one.strip() for one in resolv.splitlines() if one.startswith("nameserver")]
    sizes = [f"{name} {size}" for name, size in (line.get("interfaces") or {}).items()]
    told = [f"{line.get('vantage')} ({line.get('vantage_kind')})", *asked]
    told += [f"trusts {path} too" for path in line.get("authorities") or {}]
    return ", ".join([*told, f"MTU {' '.join(sizes)}"] if sizes else told)


def _suite(suite: Mapping[str, Any] | None) -> str:
    if not suite:
        return "commit unknown"
    changed = ", with changes that are not committed" if suite.get("dirty") else ""
    return f"commit {suite.get('commit')}{changed}"


def _judging(verdicts: Iterable[Judged]) -> dict[str, list[Judged]]:
    judging: dict[str, list[Judged]] = {}
    for judged in verdicts:
        for sighting in judged.sightings:
            judging.setdefault(sighting.id, []).append(judged)
    return judging


def _write_sighting(paper: _Paper, sighting: Sighting, judging: list[Judged]) -> None:
    step = f"({sighting.vantage}:{sighting.probe} {sighting.target})"
    paper.step(sighting.began, f">>> {step} {sighting.by_hand}".rstrip())
    for headline in sighting.headlines:
        paper.output(headline)
    for seen in sighting.seen:
        for line in told_links(seen.links):
            paper.output(line, "    - ")
        if seen.transcript:
            paper.output(seen.transcript.rstrip("\n"), "    | ")
    took = f"{sighting.seconds:.3f} s" if sighting.seconds is not None else ""
    paper.step(sighting.ended or "", f"<<< {step} {_word(sighting, judging)} {took}".rstrip())


def _word(sighting: Sighting, judging: list[Judged]) -> str:
    """Say of a sighting the worst that was said of the sentences about it."""
    if sighting.reason or sighting.not_reached:
        return "INCONCLUSIVE"
    for word in ("violated", "inconclusive", "violated, waived"):
        named = [str(judged.check) for judged in judging if judged.word == word]
        if named:
            return f"{_word_of(word)} ({', '.join(named)})"
    return "OK" if any(judged.verdict == "upheld" for judged in judging) else "SEEN"


def _word_of(verdict: str) -> str:
    plain, waived, _ = verdict.partition(", waived")
    return _WORDS.get(plain, plain) + waived


def _write_verdict(paper: _Paper, judged: Judged) -> None:
    check = judged.check
    word = _word_of(judged.word)
    step = f"({check.vantage}:{check.name} {check.target})"
    paper.step(judged.at, f"=== {step} {word} {check.sentence}".rstrip())
    paper.line_of[check.id] = len(paper.lines)
    rows = [
        ("expected", judged.expected),
        ("saw", judged.saw),
        ("class", judged.failure),
        *(row for one in judged.diagnoses for row in told_diagnosis(one, judged)),
        ("reason", judged.reason),
        ("see", ", ".join(judged.held_by)),
        ("mend", judged.mend),
        *(("remark", remark) for remark in judged.remarks),
        ("waived", told_waiver(judged.waiver)),
        ("place", judged.place),
    ]
    for name, text in rows:
        if text:
            first, *rest = visible(text).split("\n")
            paper.lines.append(f"    {name + ':':<9} {first}".rstrip())
            paper.lines += [f"              {line}".rstrip() for line in rest]


def _write_event(paper: _Paper, line: Mapping[str, Any]) -> None:
    """Write what happened besides looking and judging."""
    match line["kind"]:
        case "comparison":
            _write_told(paper, line, "between vantages", told_comparison(line))
        case "table":
            _write_told(paper, line, "table", told_table(line))
        case "wait":
            paper.step(line["at"], f"--- (wait) {line.get('told', '')}")
        case "worker.lost":
            paper.step(line["at"], f"--- the worker {line['worker']} was lost: {line['reason']}")
        case "run.interrupted":
            paper.step(line["at"], f"--- interrupted by {line['by']}")
        case "run.lost":
            paper.step(line["at"], f"--- {line['reason']}; sealed by {line['by']}")


def _write_told(
    paper: _Paper, line: Mapping[str, Any], what: str, told: tuple[str, list[str]]
) -> None:
    step, below = told
    paper.step(line["at"], f"=== ({what}) {step}")
    for text in below:
        paper.output(one_line(text))


def told_diagnosis(diagnosis: Diagnosis, judged: Judged) -> list[tuple[str, str]]:
    """Say what the cause is, how that is known, what to do, and how to take it back.

    What is the verdict's own reason and mend is not told twice.
    """
    rows = [
        ("cause", diagnosis.cause),
        ("proof", "\n".join(diagnosis.facts)),
        ("contrast", diagnosis.contrast),
        ("remedy", diagnosis.remedy),
        ("undo", diagnosis.undo),
    ]
    own = {judged.reason, judged.mend}
    return [(name, text) for name, text in rows if name == "cause" or text not in own]


def told_waiver(waiver: Mapping[str, Any] | None) -> str:
    """Say who accepted a violation, why, and until when."""
    if waiver is None:
        return ""
    return (
        f"{waiver.get('reason')} (approved by {waiver.get('approved_by')},"
        f" until {waiver.get('until')})"
    )


def _write_canary(paper: _Paper, line: Mapping[str, Any]) -> None:
    paper.step(line["at"], "--- a planted secret, in all of its forms: each must be hidden")
    for form, value in (line.get("forms") or {}).items():
        paper.output(f"{form}: {value}")


def _write_in_flight(paper: _Paper, sighting: Sighting) -> None:
    step = f"({sighting.vantage}:{sighting.probe} {sighting.target})"
    paper.step(sighting.began, f">>> {step} {sighting.by_hand}".rstrip())
    paper.output("in flight when the journal ended")


def _write_end(paper: _Paper, told: Account) -> None:
    """End with one line that names every failure."""
    failed = [str(one.check) for one in told.verdicts if one.word == "violated"]
    unclear = [str(one.check) for one in told.verdicts if one.verdict == "inconclusive"]
    parts = []
    if told.gaps:
        parts.append(f"INCOMPLETE: {'; '.join(told.gaps)}")
    if failed:
        parts.append(f"{len(failed)} FAIL: {', '.join(failed)}")
    if unclear:
        parts.append(f"{len(unclear)} INCONCLUSIVE: {', '.join(unclear)}")
    if waived := told.counts["violated, waived"]:
        parts.append(f"{waived} waived")
    if not parts:
        parts.append("no failures")
    parts.append(f"{told.counts['upheld']} OK, {told.counts['not-applicable']} NOT-APPLICABLE")
    exit_ = (told.end or {}).get("exit")
    if exit_:
        parts.append(f"exit {exit_.get('status')}, {exit_.get('words')}")
    paper.step(told.last.get("at", ""), "END " + "; ".join(parts))
