"""A plan as it is read: its runs, its logs, its milestones, and what it calls consecutive."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timezone

from checks.gates.plans.citations import LogCited, RunCited, logs_in, runs_in
from checks.gates.plans.markdown import Line, read_lines
from checks.gates.plans.words import CLAIM, CONSECUTIVE, HEADS, MILESTONE, days_in

MOST = 2_000
"""Citations of one document that are read."""
LINES = 20_000
"""Lines of one document that are read."""
_CLAIMS = 200
_DONE = re.compile(r"✅|☑|✔|\[[xX]\]|\bdone\b|\bcompleted?\b|已?完成|达成", re.IGNORECASE)
_NOT_DONE = re.compile(r"⏳|🟡|❌|\[ \]|\bnot done\b|\bopen\b|未完成|进行中|待", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSaid:
    """What a plan says of a milestone."""

    name: str
    line: int
    text: str
    due: date | None
    done: bool
    done_on: date | None
    runs: tuple[int, ...]
    """The runs that its line names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consecutive:
    """Runs that a plan calls consecutive greens."""

    line: int
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """All that a plan cites and promises."""

    runs: tuple[RunCited, ...]
    logs: tuple[LogCited, ...]
    milestones: tuple[MilestoneSaid, ...]
    streaks: tuple[Consecutive, ...]
    whole: bool
    """Whether no more is cited than was read."""

    @property
    def run_ids(self) -> tuple[int, ...]:
        """The ids of its runs, each once, in order."""
        return tuple(dict.fromkeys(one.run for one in self.runs))


def read_plan_text(text: str, zone: timezone = UTC) -> Citations:
    """Read a plan; times without a zone are of this one."""
    runs: list[RunCited] = []
    logs: list[LogCited] = []
    milestones: dict[str, MilestoneSaid] = {}
    streaks: list[Consecutive] = []
    claims = 0
    every = list(read_lines(text))
    lines = every[:LINES]
    for line in lines:
        own = list(runs_in(line, zone))
        runs += own
        logs += logs_in(line, own)
        for said in _milestones(line, own):
            known = milestones.get(said.name)
            milestones[said.name] = said if known is None else _merged(known, said)
        claims += (claimed := CONSECUTIVE.search(line.text) is not None)
        if claimed and claims <= _CLAIMS and (streak := _streak(lines, line)):
            streaks.append(streak)
        if len(runs) + len(logs) > MOST:
            break
    return Citations(
        runs=tuple(runs[:MOST]),
        logs=tuple(logs[:MOST]),
        milestones=tuple(milestones.values()),
        streaks=tuple(streaks),
        whole=len(runs) + len(logs) <= MOST and len(every) <= LINES and claims <= _CLAIMS,
    )


def _streak(lines: Sequence[Line], line: Line) -> Consecutive | None:
    """Return the runs of a claim: of its own line, or of the list or table right below it."""
    ids = [one.run for one in runs_in(line, UTC)]
    if len(ids) > 1:
        return Consecutive(line=line.number, runs=tuple(ids))
    for below in lines[line.number : line.number + 30]:
        found = [one.run for one in runs_in(below, UTC)]
        if not found and (ids or below.section != line.section) and not below.text.startswith("|"):
            break
        ids += found
    distinct = tuple(dict.fromkeys(ids))
    return Consecutive(line=line.number, runs=distinct) if len(distinct) > 1 else None


def _milestones(line: Line, runs: Sequence[RunCited]) -> Iterator[MilestoneSaid]:
    """Yield what a line says of a milestone, if it begins with one and bears a day."""
    lead = line.cells[0].text if line.cells else line.text[:40]
    found = MILESTONE.search(lead)
    days = list(days_in(line.text))
    if line.fenced or found is None or not (days or _DONE.search(line.text)):
        return
    due, done_on = _due_and_done(line, days)
    yield MilestoneSaid(
        name=found[0],
        line=line.number,
        text=line.text.strip()[:300],
        due=due,
        done=_is_done(line) or done_on is not None,
        done_on=done_on,
        runs=tuple(one.run for one in runs),
    )


def _is_done(line: Line) -> bool:
    for cell in line.cells:
        if HEADS["conclusion"].search(cell.head):
            claim = CLAIM.search(cell.text)
            says = claim is not None and claim.lastgroup == "success"
            return not _NOT_DONE.search(cell.text) and bool(says or _DONE.search(cell.text))
    text = " ".join(cell.text for cell in line.cells[1:]) if line.cells else line.text
    return bool(_DONE.search(text)) and not _NOT_DONE.search(text)


def _due_and_done(line: Line, days: Sequence[tuple[int, date]]) -> tuple[date | None, date | None]:
    """Tell the day for which it was promised from the one on which it was done."""
    due = done = None
    if line.cells:
        for at, day in days:
            head = line.head_at(at)
            if HEADS["done"].search(head):
                done = done or day
            elif HEADS["due"].search(head):
                due = due or day
        return due, done
    sign = _DONE.search(line.text) if _is_done(line) else None
    behind = [day for at, day in days if sign is not None and at > sign.start()]
    if sign is not None and len(days) > 1 and behind:
        return days[0][1], behind[-1]
    return (days[0][1] if days else None), None


def _merged(known: MilestoneSaid, said: MilestoneSaid) -> MilestoneSaid:
    """Return what two lines say of one milestone: what the first leaves open, the second tells."""
    return MilestoneSaid(
        name=known.name,
        line=known.line,
        text=known.text,
        due=known.due or said.due,
        done=known.done or said.done,
        done_on=known.done_on or said.done_on,
        runs=tuple(dict.fromkeys((*known.runs, *said.runs))),
    )
