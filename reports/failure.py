"""How a verdict reads: in pytest's reports, and in words on the terminal."""

import textwrap
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter

from reports.lines import Line
from reports.projections.text import visible
from reports.recorder import Recorder
from reports.verdicts import Diagnosis, Verdict
from reports.wrapping import wrapped

_INDENT = 11
_IN_FULL = 3
"""How many violations of one sentence are told in full."""


@dataclass
class Told(TerminalRepr):
    """A judgement in words; pytest prints it where a traceback would stand."""

    text: str
    reprcrash: ReprFileLocation

    def toterminal(self, tw: TerminalWriter) -> None:
        copied = False
        for line in self.text.splitlines():
            label = line[:_INDENT].strip()
            copied = label == "by hand" or (copied and not label)
            tone = {"bold": label in ("sentence", "cause"), "red": label in ("expected", "saw")}
            for part in [line] if copied or not _has_terminal(tw) else _wrapped(line, tw.fullwidth):
                tw.line(part, **tone)

    def __str__(self) -> str:
        return self.text


def _has_terminal(tw: TerminalWriter) -> bool:
    return tw._file.isatty()  # noqa: SLF001


def _wrapped(line: str, width: int) -> list[str]:
    """Wrap a row between words, below where its words begin; a traceback stays as it is."""
    words = line[_INDENT:].split()
    if len(line) <= width or len(line) - len(line.lstrip()) not in (2, _INDENT):
        return [line]
    if max(map(len, words), default=0) > width - _INDENT:  # it would be ragged, and no shorter
        return [line]
    return wrapped(line[_INDENT:], width, line[:_INDENT], " " * _INDENT)


def untraced(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """Make the report of a phase that raised something, without a traceback."""
    ended = copy(call)
    ended.excinfo = None
    report = pytest.TestReport.from_item_and_call(item, ended)
    report.outcome = "failed"
    return report


def reshape(
    reports: Sequence[pytest.TestReport],
    line: Line,
    recorder: Recorder,
    sightings: Sequence[str],
    *,
    told_before: int,
    tracebacks: bool,
) -> str:
    """Make a check's reports say what its verdict says, in the one that decides.

    Returns the words that are shown, empty for an upheld check. What the heading says
    already is left out where the same sentence was `told_before` of enough other targets.
    `tracebacks` adds those of exceptions that nobody foresaw.
    """
    deciding = next((one for one in reports if one.when == "call"), reports[0])
    traceback = next((str(one.longrepr) for one in reports if one.failed), "")
    for report in reports:
        report.user_properties.append(("verdict", line.word))
        report.__dict__.pop("wasxfail", None)
        report.outcome, report.longrepr = "passed", None
    path, number, _ = deciding.location
    location = (path, (number or 0) + 1)
    match line.judgement.verdict:
        case Verdict.UPHELD:
            return ""
        case Verdict.NOT_APPLICABLE:
            told = visible(f"not applicable: {line.judgement.reason}")
            deciding.outcome, deciding.longrepr = "skipped", (*location, told)
            return told
        case Verdict.INCONCLUSIVE:
            deciding.when = "setup"  # an error in JUnit, not a failure
            if line.judgement.held_by:  # `-x` is to stop where it broke, not at what stands on it
                deciding.__dict__["wasxfail"] = line.judgement.mend
    shown = traceback if tracebacks and line.judgement.surprise else ""
    deciding.outcome = "failed"
    brief = told_before >= _IN_FULL
    deciding.longrepr = _tell(line, recorder, sightings, location, shown, brief=brief)
    if line.waiver:
        deciding.outcome = "skipped"
        deciding.__dict__["wasxfail"] = f"waived until {line.waiver.until}: {line.waiver.reason}"
    return str(deciding.longrepr)


def _tell(
    line: Line,
    recorder: Recorder,
    sightings: Sequence[str],
    location: tuple[str, int],
    traceback: str,
    *,
    brief: bool,
) -> Told:
    """Word what was expected and seen, from where, when, and how to see it by hand."""
    judgement, subject = line.judgement, line.subject
    at = recorder.seen_at(sightings)
    rows = [("sentence", f"{subject.sentence}: {line.word}")]
    if judgement.verdict is Verdict.VIOLATED:
        rows += [("class", judgement.failure)]
        rows += [("expected", judgement.expected), ("saw", judgement.saw)]
        rows += [("mend", judgement.mend)]
        named = [_diagnosed(one, judgement.saw) for one in line.diagnoses]
        rows += [row for told in named for row in (told[:1] if brief else told)]
    else:
        rows += [("reason", judgement.reason), ("mend", judgement.mend)]
        rows += [("cause", f"{one.cause}: {one.contrast}") for one in line.diagnoses]
    rows += [
        ("target", subject.target),
        ("from", subject.vantage),
        ("at", f"{at:%Y-%m-%dT%H:%M:%SZ} ({at.astimezone():%H:%M:%S %Z} here)" if at else ""),
        ("by hand", "\n".join(recorder.commands(sightings))),
        ("check", judgement.place or f"{location[0]}:{location[1]}"),
    ]
    if brief:
        rows = [row for row in rows if row[0] not in ("sentence", "target", "check")]
    text = "\n".join(_row(label, value) for label, value in rows if value)
    if traceback:
        text += "\n\n" + visible(traceback)
    seen = judgement.saw or judgement.reason
    return Told(text, ReprFileLocation(*location, visible(seen).partition("\n")[0]))


def _diagnosed(diagnosis: Diagnosis, saw: str) -> list[tuple[str, str]]:
    """Word a diagnosis, the cause first; what the check itself saw is not repeated as its proof."""
    return [
        ("cause", f"{diagnosis.cause}: {diagnosis.contrast}"),
        ("proof", "\n".join(fact for fact in diagnosis.facts if fact not in saw)),
        ("remedy", diagnosis.remedy),
        ("undo", diagnosis.undo),
    ]


def _row(label: str, value: str) -> str:
    first, *rest = visible(value).splitlines() or [""]
    lines = [f"  {label:<{_INDENT - 2}}{first}"]
    lines += [textwrap.indent(line.strip(), " " * _INDENT) for line in rest]
    return "\n".join(lines)
