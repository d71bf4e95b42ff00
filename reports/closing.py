"""How a run ends: its exit status in a number and in words, and the last screen."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reports import comparisons
from reports.following import closeouts_of, following_of, shown, typed
from reports.lines import Line
from reports.projections.replayed import Replayed
from reports.projections.text import visible
from reports.sealed import NOT_SEALED, Sealed
from reports.verdicts import Verdict
from reports.wrapping import UNBOUNDED, wrapped

INCONCLUSIVE = 6
_WORDS = {
    0: "something was upheld, and nothing worse",
    1: "something was violated",
    2: "the run was interrupted",
    NOT_SEALED: "the run could not be sealed",
    4: "the command or the profile is wrong",
    5: "nothing was upheld at all",
    INCONCLUSIVE: "nothing was violated, but something could not be judged",
}
_NAMED = 4
"""How many targets the last screen names of each sentence; the record names all."""
_LAYERS = 12
"""How many layers it names of each area."""
_PROSE = 88
"""Columns that a list of names takes at most."""
_LABEL = 8
"""Characters of a label at the left edge of the last screen, at least."""
_COPIED = frozenset({"record", "log", "head", "verify", "closeout", "unsealed"})
"""Labels of what is copied from the last screen: it stays on one line."""
_LISTED = 8
"""How many checks are listed below each reason; the record lists all."""
_FOR_PYTEST_TO_SAY = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)


def exit_status(lines: Sequence[Line], said: int, failed: int, missing: int) -> int:
    """Return the exit status of a run of which pytest said `said`, and counted failures.

    `missing` checks were planned, and never judged.
    """
    if said in _FOR_PYTEST_TO_SAY:
        return int(said)
    words = Counter(line.word for line in lines)
    if words[Verdict.VIOLATED] or failed > sum(line.counts_as_failed for line in lines):
        return 1
    if words[Verdict.INCONCLUSIVE] or missing:
        return INCONCLUSIVE
    return 0 if words[Verdict.UPHELD] else 5


def in_words(status: int, said: int, lines: Sequence[Line]) -> str:
    """Say what an exit status means; pytest's own 3 is not ours."""
    if said == pytest.ExitCode.INTERNAL_ERROR:
        return "the suite itself broke; please report this with the run"
    if status == 1 and not any(line.word == Verdict.VIOLATED for line in lines):
        return "a test that is no check failed"
    return _WORDS.get(status, "the run broke; this is a defect of the suite")


def without_output(status: int, words: str, unwritten: str) -> tuple[int, str]:
    """Return both for a run of which something that was asked for is not there: no success."""
    return status or NOT_SEALED, f"{words}; but {unwritten}"


def counted(words: Mapping[str, int]) -> str:
    """Say how often each verdict was made."""
    order = ("upheld", "violated", "violated, waived", "inconclusive", "not-applicable")
    return ", ".join(f"{words[word]} {word.replace('-', ' ')}" for word in order if words.get(word))


def screen(
    lines: Sequence[Line],
    *,
    profile: str,
    planned: int,
    sealed: Sealed,
    notes: Sequence[tuple[str, str]],
    beside: Path,
    of: Replayed | None = None,
    width: int = UNBOUNDED,
) -> str:
    """Compose the last screen: what was proved, what broke, where it is written, what is next.

    `notes` are labelled rows to show before those that say where the evidence is. Paths
    are shown relative to `beside`, where they lie below it. `of` is the run that is replayed.
    Prose is wrapped at the width; paths and commands are not.
    """
    words = Counter(line.word for line in lines)
    looked = [line for line in lines if line.judgement.verdict is not Verdict.NOT_APPLICABLE]
    names = (line.subject.vantage for line in looked or lines)
    vantages = ", ".join(comparisons.in_order(names, sealed.vantages))
    parts = [
        *(_of_replay(of) if of else ()),
        *wrapped(_judged(lines, profile, vantages, words), width),
        *_missing(planned - len(lines)),
        *_areas(lines, width),
        *_broken(lines, sealed.vantages),
        *comparisons.screen(sealed.comparisons, sealed.vantages),
        "",
    ]
    rows: list[tuple[str, str]] = [*notes, *_written(lines, sealed, beside)]
    if sealed.manifest is not None:
        following = ["to look now, leave --replay away: this proves nothing of today"]
        if of is None and len(lines) != planned:
            seen = f"--replay={shlex.quote(shown(sealed.folder, beside))}"
            following = [
                "run it again: an INCOMPLETE run proves nothing of what it did not judge",
                f"{typed('pytest', beside)} {seen} judges what it had seen",
            ]
        elif of is None:
            programs = typed("pytest", beside), typed("python", beside)
            chained = bool(sealed.linked) and len({line.subject.area for line in lines}) == 1
            room = width and width - _LABEL - 1
            following = following_of(profile, words, *programs, width=room, chained=chained)
            run = shown(sealed.folder, beside)
            told = closeouts_of(sealed.linked, run, programs[1])
            rows += [("closeout" if not at else "", text) for at, text in enumerate(told)]
        rows += [("next" if not at else "", text) for at, text in enumerate(following)]
    rows.append(("exit", f"{sealed.exit_status}: {sealed.exit_words}"))
    return "\n".join([*parts, *(line for row in rows for line in _row(*row, width))])


def _row(label: str, text: str, width: int) -> list[str]:
    first = f"{label:<{_LABEL + 1}}"
    if label in _COPIED or text[:1].isspace():
        return [f"{first}{text}"]
    return wrapped(visible(text), width, first)


def _judged(lines: Sequence[Line], profile: str, vantages: str, words: Mapping[str, int]) -> str:
    if not lines:
        return f"Profile {profile}: nothing was judged."
    return f"Profile {profile}, from {vantages}: {len(lines)} checks, {counted(words)}."


def _of_replay(of: Replayed) -> list[str]:
    """Say first of all that nothing was looked at, and when it was."""
    return [
        f"REPLAY of {of.folder}: nothing was looked at now.",
        f"What is judged was seen from {of.since} to {of.until}.",
        *(f"Of that run: {told}." for told in of.evidence),
        "",
    ]


def unjudged(lines: Sequence[Line], width: int = UNBOUNDED) -> str:
    """Tell what could not be judged: each reason once, its mend and cause, and its checks.

    Reasons are wrapped at the width.
    """
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        if line.judgement.verdict is Verdict.INCONCLUSIVE:
            causes = ", ".join(one.cause for one in line.diagnoses)
            told = f"cause: {causes}" if causes else ""
            key = (line.judgement.reason, line.judgement.mend, told)
            grouped.setdefault(key, []).append(line.check)
    return "\n\n".join(
        "\n".join([*_told("? ", reason, width), *_beneath((mend, cause), width), *_some(checks)])
        for (reason, mend, cause), checks in grouped.items()
    )


def _told(first: str, text: str, width: int) -> list[str]:
    """Return the lines of what somebody else said perhaps: nothing in it moves the cursor."""
    shown = visible(text)
    if width == UNBOUNDED:
        return [f"{first}{shown}"]
    rest = " " * len(first)
    parts = enumerate(shown.splitlines() or [""])
    return [line for at, part in parts for line in wrapped(part, width, rest if at else first)]


def _beneath(told: Sequence[str], width: int) -> list[str]:
    return [line for one in told if one for line in _told("  ", one, width)]


def _some(checks: Sequence[str]) -> list[str]:
    shown = [f"    {check}" for check in checks[:_LISTED]]
    more = len(checks) - len(shown)
    return [*shown, f"    and {more} more, in the record"] if more else shown


def _written(lines: Sequence[Line], sealed: Sealed, beside: Path) -> list[tuple[str, str]]:
    """Return the rows that say where the evidence is."""
    remarks = sum(len(line.remarks) for line in lines)
    rows = [("remarks", f"{remarks}, in the record")] if remarks else []
    rows += [("trouble", problem) for problem in sealed.problems]
    if sealed.manifest is None:
        return [*rows, ("unsealed", shown(sealed.folder, beside))]
    folder = shlex.quote(shown(sealed.folder, beside))
    return [
        *rows,
        ("record", shown(sealed.record, beside)),
        ("log", shown(sealed.copy or sealed.log, beside)),
        ("head", sealed.head),
        ("", "note the head elsewhere: only against it does a cut-off end show"),
        ("verify", f"{typed('python', beside)} -m reports verify {folder}"),
    ]


def _missing(count: int) -> list[str]:
    """Say how many planned checks were never judged."""
    return [f"INCOMPLETE: {count} more were planned, and never judged."] if count else []


def _areas(lines: Sequence[Line], columns: int) -> list[str]:
    """Say of each area what was judged, of which targets, and what came of it."""
    areas: dict[str, list[Line]] = {}
    for line in lines:
        areas.setdefault(line.subject.area, []).append(line)
    told: list[str] = []
    width = max(_LABEL, *map(len, areas), 0) + 1
    for area, judged in sorted(areas.items()):
        layers = dict.fromkeys(line.subject.layer.replace("_", " ") for line in judged)
        targets = list(dict.fromkeys(line.subject.target for line in judged))
        told.append(f"  {area:<{width}}{counted(Counter(line.word for line in judged))}")
        judged_of = f"{_listed([*layers], _LAYERS)}: of {_listed(targets)}"
        told += wrapped(judged_of, min(columns or _PROSE, _PROSE), " " * (2 + width))
    return told


def _broken(lines: Sequence[Line], vantages: Sequence[str]) -> list[str]:
    """Name each layer that broke, and what stands above it."""
    broken: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.judgement.verdict is Verdict.VIOLATED:
            broken.setdefault((line.subject.area, line.subject.layer), []).append(line)
    told: list[str] = []
    counted_already: set[str] = set()
    for (area, layer), violated in broken.items():
        names = {line.name for line in violated}
        above = {line.check for line in lines if not names.isdisjoint(line.judgement.held_by)}
        told += ["", f"Broke at {area}/{layer}:"]
        told += _sentences(violated, vantages)
        causes = dict.fromkeys(one.cause for line in violated for one in line.diagnoses)
        told += [f"  cause: {', '.join(causes)}"] if causes else []
        if more := len(above - counted_already):
            told.append(f"  {more} more could not be judged because of it")
        counted_already |= above
    return told


def _sentences(violated: Sequence[Line], vantages: Sequence[str]) -> list[str]:
    """Name each sentence that is violated, once, with the targets of which it does not hold."""
    sentences: dict[str, dict[str, list[str]]] = {}
    for line in violated:
        targets = sentences.setdefault(f"{line.subject.sentence}: {line.word}", {})
        targets.setdefault(line.subject.vantage, []).append(line.subject.target)
    return [
        f"  {said}, from {vantage}: {_listed(targets[vantage])}"
        for said, targets in sentences.items()
        for vantage in comparisons.in_order(targets, vantages)
    ]


def _listed(named: Sequence[str], most: int = _NAMED) -> str:
    if len(named) <= most:
        return ", ".join(named)
    return f"{', '.join(named[:most])} and {len(named) - most} more"
