"""What a plan cites, each with its place: runs with what it says of them, and logs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

from checks.gates.plans.markdown import Line
from checks.gates.plans.words import (
    BARE_SHA,
    CLAIM,
    FURTHER,
    HEADS,
    JOB,
    KINDS,
    LOG,
    NAMED,
    SHA,
    SLASHED,
    URL,
    times_in,
)

_NUMBER = re.compile(r"(?<![\w#.:/-])`?(\d{3,20})`?(?![\w:-]|\.\d)")
T = TypeVar("T")
_MOST = 200
"""Runs of one line that are read."""
_NEAR = 200
_ATTACHED = 60
"""Characters behind a run within which prose says what came of it."""
_LISTED = re.compile(r"[\s`,，、;；/&]*(?:和|及|与|and)?[\s`,，、;；/&]*")
_JOB_BEHIND = re.compile(r"^[\s`)\]]*(?:--)?job[\s:=]{0,3}\d+", re.IGNORECASE)
_BREAK = re.compile(r"[。；;！!?？]|\.\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCited:
    """A run that a plan names, and what it says of it; None where it says nothing."""

    run: int
    line: int
    column: int
    section: int
    heading: str
    repository: str | None
    """OWNER/NAME of its URL."""
    jobs: tuple[int, ...]
    conclusion: str | None
    sha: str | None
    """The commit that it names, as many digits as it gives."""
    times: tuple[datetime, ...]

    def __str__(self) -> str:
        return f"line {self.line}: run {self.run}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCited:
    """A log that a plan names by its path; `*` stands for any text in it."""

    path: str
    line: int
    column: int
    section: int
    runs: tuple[int, ...]
    """The runs that the same line names."""
    kinds: tuple[str, ...]
    """What its name and its line say that it is of: `preparation`, `clean-up`."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.path}"


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    run: int
    job: int | None = None
    repository: str | None = None


def runs_in(line: Line, zone: timezone) -> Iterator[RunCited]:
    """Yield the runs that a line cites, each once."""
    mentions = _merged(_mentions(line))
    jobs = _jobs(line, mentions)
    claims = _claims(line, mentions)
    shas = _paired(_shas(line), mentions)
    times = _times(line, mentions, zone)
    for at, mention in enumerate(mentions):
        yield RunCited(
            run=mention.run,
            line=line.number,
            column=mention.start + 1,
            section=line.section,
            heading=line.heading,
            repository=mention.repository,
            jobs=(mention.job,) if mention.job else jobs[at],
            conclusion=claims[at],
            sha=shas[at],
            times=times[at],
        )


def logs_in(line: Line, runs: Sequence[RunCited]) -> Iterator[LogCited]:
    """Yield the logs that a line cites; names with a gap to fill are none."""
    found = [one for one in LOG.finditer(line.text) if not _is_pattern(line.text, one)]
    for one in found:
        label = _label(line.text, one.start()) if len(found) > 1 else line.text
        yield LogCited(
            path=one[0],
            line=line.number,
            column=one.start() + 1,
            section=line.section,
            runs=tuple(dict.fromkeys(run.run for run in runs)),
            kinds=_kinds(one[0]) or _kinds(label) or _kinds(line.head_at(one.start())),
        )


def _is_pattern(text: str, found: re.Match[str]) -> bool:
    gap = re.search(r"[{}<>]|YYYY|\.\.\.|^//", found[0])
    return gap is not None or text[: found.start()].endswith("://")


def _label(text: str, at: int) -> str:
    """Return what is written before a log: back to the one before it, or to a separator."""
    return re.split(r"[,，;；、|]|\.log", text[max(0, at - _NEAR) : at])[-1]


def _kinds(text: str) -> tuple[str, ...]:
    return tuple(name for name, words in KINDS.items() if re.search(words, text, re.IGNORECASE))


def _mentions(line: Line) -> Iterator[_Mention]:
    text = line.text
    for found in URL.finditer(text):
        job = int(found["job"]) if found["job"] else None
        yield _Mention(found.start(), found.end(), int(found["run"]), job, found["repository"])
    bare = URL.sub(lambda found: " " * len(found[0]), text)
    for named in NAMED.finditer(bare):
        yield from _listed(bare, named)
    for cell in line.cells:
        if HEADS["run"].search(cell.head):
            text = bare[cell.at : cell.at + len(cell.text)]
            if (number := _NUMBER.search(text)) is not None:
                yield from _listed(text, number, cell.at, job=bool(HEADS["job"].search(cell.head)))


def _listed(
    text: str, found: re.Match[str], offset: int = 0, *, job: bool = False
) -> Iterator[_Mention]:
    """Yield the run of a match, and those that are listed behind it: `1, 2 and 3`."""
    slashed = SLASHED.match(text, found.end())
    if slashed and not FURTHER.match(text, slashed.end()) and (job or "job" in text.lower()):
        yield _Mention(
            found.start() + offset, slashed.end() + offset, int(found[1]), int(slashed[1])
        )
        return
    yield _Mention(found.start() + offset, found.end() + offset, int(found[1]))
    at = found.end()
    while further := FURTHER.match(text, at):
        yield _Mention(further.start(1) + offset, further.end() + offset, int(further[1]))
        at = further.end()


def _merged(mentions: Iterator[_Mention]) -> list[_Mention]:
    """Return each run of a line once, in order; `[run 1](…/runs/1/job/2)` is one mention."""
    merged: dict[int, _Mention] = {}
    for one in sorted(mentions, key=lambda one: one.start):
        if (first := merged.get(one.run)) is None:
            merged[one.run] = one
            continue
        merged[one.run] = _Mention(
            first.start,
            max(first.end, one.end),
            one.run,
            first.job or one.job,
            first.repository or one.repository,
        )
    return list(merged.values())[:_MOST]


def _jobs(line: Line, mentions: Sequence[_Mention]) -> list[tuple[int, ...]]:
    """Return the jobs of each run: all of a line that names but one run."""
    found = [(one.start(), int(one[1])) for one in JOB.finditer(line.text)]
    for cell in line.cells:
        if HEADS["job"].search(cell.head) and not HEADS["run"].search(cell.head):
            found += [(cell.at + one.start(), int(one[1])) for one in _NUMBER.finditer(cell.text)]
    runs = {one.run for one in mentions}
    others = list(dict.fromkeys(one for one in found if one[1] not in runs))
    if len(mentions) == 1:
        return [tuple(dict.fromkeys(job for _, job in others))]
    return [(job,) if job else () for job in _paired(others, mentions)]


def _shas(line: Line) -> list[tuple[int, str]]:
    found = [(one.start(), one[1].lower()) for one in SHA.finditer(line.text)]
    for cell in line.cells:
        sha = BARE_SHA.search(cell.text) if HEADS["commit"].search(cell.head) else None
        if sha is not None and (cell.at + sha.start(), sha[0]) not in found:
            found.append((cell.at + sha.start(), sha[0]))
    return sorted(dict(found).items())


def _claims(line: Line, mentions: Sequence[_Mention]) -> list[str | None]:
    """Return what is said of each run: in its column, or right behind it."""
    if line.fenced or not mentions:
        return [None] * len(mentions)
    for cell in line.cells:
        if HEADS["conclusion"].search(cell.head):
            found = [(cell.at + one.start(), _word(one)) for one in CLAIM.finditer(cell.text)]
            return _paired(found[:1] if len(mentions) == 1 else found, mentions)
    if line.cells:
        return [None] * len(mentions)
    said = [_said(line.text, at, mentions) for at in range(len(mentions))]
    for at in reversed(range(len(mentions) - 1)):
        between = line.text[mentions[at].end : mentions[at + 1].start]
        if said[at] is None and _LISTED.fullmatch(between):
            said[at] = said[at + 1]
    return said


def _times(line: Line, mentions: Sequence[_Mention], zone: timezone) -> list[tuple[datetime, ...]]:
    """Return the times that are said of each run: all of a line that names but one."""
    found = list(times_in(line.text, zone))
    if len(mentions) == 1:
        return [tuple(at for _, at in found)]
    return [(at,) if at else () for at in _paired(found, mentions)]


def _said(text: str, at: int, mentions: Sequence[_Mention]) -> str | None:
    """Return what prose says of a run: a sign right before it, or words right behind it."""
    sign = CLAIM.fullmatch((_last_word(text[: mentions[at].start]) or [""])[0])
    return _word(sign) if sign is not None else _behind(text, at, mentions)


def _last_word(before: str) -> list[str]:
    return re.findall(r"\S+", before[-40:].rstrip(" [*`(（").replace("\ufe0f", ""))[-1:]


def _behind(text: str, at: int, mentions: Sequence[_Mention]) -> str | None:
    """Return what prose says right behind a run, or a sign right before it says."""
    end = mentions[at + 1].start if at + 1 < len(mentions) else len(text)
    behind = text[mentions[at].end : min(end, mentions[at].end + _ATTACHED)]
    behind = _JOB_BEHIND.sub("", _BREAK.split(behind)[0])
    found = re.match(
        r"[\s`)\]）】]*(?:\([^()]{0,40}\)|（[^（）]{0,40}）)?"
        r"[\s`)\]）】:：,，=—–>|-]*"
        r"(?:attempt \d+|job \d+|is|was|are|were|all|has|ended|concluded|结论|结果|为|已|全部|均)?"
        r"[\s:：(（=—-]*",
        behind,
    )
    claim = CLAIM.match(behind, found.end() if found else 0) or _in_brackets(behind)
    return _word(claim) if claim is not None else None


def _in_brackets(behind: str) -> re.Match[str] | None:
    """Return what stands in brackets at once behind a run: `run 1 (failure, 2 min)`."""
    inside = re.match(r"[\s`)\]]*[(（]([^()（）]{1,60})[)）]", behind)
    return CLAIM.search(inside[1]) if inside else None


def _word(found: re.Match[str]) -> str:
    return str(found.lastgroup)


def _paired(found: Sequence[tuple[int, T]], mentions: Sequence[_Mention]) -> list[T | None]:
    """Give each run what is said of it: one for all, one for each, or what stands behind it."""
    values = {value for _, value in found}
    if len(values) == 1:
        return [next(iter(values))] * len(mentions)
    if len(found) == len(mentions):
        return [value for _, value in sorted(found, key=lambda one: one[0])]
    given: list[T | None] = []
    for at, mention in enumerate(mentions):
        end = mentions[at + 1].start if at + 1 < len(mentions) else 1 << 30
        given.append(next((value for where, value in found if mention.end <= where < end), None))
    return given
