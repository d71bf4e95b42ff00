"""The green ledger: every run of one job on one branch, in order, and what each is worth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

from config.gates import Gate
from fixtures.github.values import Run, RunJob

Colour = Literal["green", "hollow", "red", "cancelled", "skipped", "absent", "neutral", "pending"]
_COLOURS: dict[str, Colour] = {
    "success": "green",
    "failure": "red",
    "timed_out": "red",
    "startup_failure": "red",
    "cancelled": "cancelled",
    "stale": "cancelled",
    "skipped": "skipped",
    "action_required": "skipped",
}
"""By conclusion; of any other, such as `neutral`, it is known that it is no success."""
_WORST = ("pending", "red", "cancelled", "absent", "skipped", "neutral", "hollow", "green")
_RUNNERS_OWN = ("Set up job", "Complete job", "Post *", "Initialize containers", "Stop containers")
"""Steps that the runner adds; that they ran proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One run as it counts for one job: its latest attempt.

    A job that a run does not list is `absent`, unless the run says what came of it. Pending
    ones are neither good nor bad.
    """

    run: int
    attempt: int
    job: int | None
    sha: str
    created: datetime
    ended: datetime | None
    colour: Colour
    conclusion: str
    """In GitHub's word; the status of what is not over."""
    why: str = ""
    """Why it is not worth what its conclusion says."""

    @property
    def at(self) -> datetime:
        """When it was over, or began."""
        return self.ended or self.created

    def __str__(self) -> str:
        attempt = f" attempt {self.attempt}" if self.attempt > 1 else ""
        told = self.conclusion if not self.why else f"{self.conclusion}, {self.why}"
        return f"run {self.run}{attempt} {self.colour} ({told}) {self.at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The runs of one job on one branch with one set of labels, from the oldest on."""

    context: str
    entries: tuple[Entry, ...]
    others: int = 0
    """How many ran on runners of other labels, and are not of it."""
    whole: bool = True
    """Whether there are no older runs than those that were looked at."""

    @property
    def completed(self) -> tuple[Entry, ...]:
        """Those that are over."""
        return tuple(one for one in self.entries if one.colour != "pending")

    @property
    def pending(self) -> tuple[Entry, ...]:
        """Those that are not over yet."""
        return tuple(one for one in self.entries if one.colour == "pending")

    def before(self, moment: datetime) -> "Ledger":
        """Return what was over before a moment."""
        kept = tuple(one for one in self.completed if one.at < moment)
        return Ledger(context=self.context, entries=kept, others=self.others, whole=self.whole)

    def after(self, moment: datetime) -> "Ledger":
        """Return what was over at a moment or later, and what is not over."""
        kept = tuple(one for one in self.entries if one.colour == "pending" or one.at >= moment)
        return Ledger(context=self.context, entries=kept, others=self.others)


def write_ledger(
    gate: Gate, runs: Iterable[Run], jobs: Iterable[RunJob], *, whole: bool = True
) -> Ledger:
    """Write the ledger of a job from a workflow's runs on one branch, in whatever order they come.

    A run counts once, with its latest attempt. Runs from before the job first appeared are none
    of its own.
    """
    latest: dict[int, Run] = {}
    for run in runs:
        if run.id not in latest or latest[run.id].attempt <= run.attempt:
            latest[run.id] = run
    listed: dict[int, list[RunJob]] = {}
    for job in jobs:
        listed.setdefault(job.run_id, []).append(job)
    found = [
        (run, _of_run(gate, run, listed.get(run.id, ())))
        for run in sorted(latest.values(), key=lambda run: (run.created, run.id))
    ]
    others = sum(entry is None for _, entry in found)
    entries = tuple(_since_it_appeared([entry for _, entry in found if entry is not None]))
    return Ledger(context=gate.context, entries=entries, others=others, whole=whole)


def _since_it_appeared(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Leave out what is before the first run that lists the job."""
    first = next((at for at, one in enumerate(entries) if one.job is not None), len(entries))
    return entries[first:]


def _of_run(gate: Gate, run: Run, jobs: Sequence[RunJob]) -> Entry | None:
    """Return what a run is worth for the job; None where it ran on other labels."""
    named = [job for job in jobs if job.name == gate.listed_as]
    newest = max((job.attempt for job in named), default=0)
    named = [job for job in named if job.attempt == newest]
    if named and not any(_is_on(gate, job) for job in named):
        return None
    if not named:
        return _without_job(run)
    judged = [_of_job(gate, run, job, jobs) for job in named if _is_on(gate, job)]
    return min(judged, key=lambda one: _WORST.index(one.colour))


def _is_on(gate: Gate, job: RunJob) -> bool:
    """Tell whether a job ran on the labels that count; one that never came so far has none."""
    wanted = {label.lower() for label in gate.labels}
    return not (wanted and job.labels) or {label.lower() for label in job.labels} == wanted


def _without_job(run: Run) -> Entry:
    over = run.status == "completed"
    colour: Colour = _COLOURS.get(run.conclusion or "", "neutral") if over else "pending"
    lists = "the run lists no such job"
    return Entry(
        run=run.id,
        attempt=run.attempt,
        job=None,
        sha=run.sha,
        created=run.created,
        ended=run.updated if over else None,
        colour="absent" if colour == "green" else colour,
        conclusion=(run.conclusion if over else None) or run.status,
        why=lists if over else "",
    )


def _of_job(gate: Gate, run: Run, job: RunJob, beside: Sequence[RunJob]) -> Entry:
    colour, why = _colour_of(gate, run, job, beside)
    over = colour != "pending"
    return Entry(
        run=run.id,
        attempt=run.attempt,
        job=job.id,
        sha=run.sha,
        created=run.created,
        ended=(job.completed or run.updated) if over else None,
        colour=colour,
        conclusion=(job.conclusion if over else None) or job.status,
        why=why,
    )


def _colour_of(gate: Gate, run: Run, job: RunJob, beside: Sequence[RunJob]) -> tuple[Colour, str]:
    if job.status != "completed" or job.conclusion is None:
        return "pending", ""
    if run.status != "completed" and job.attempt < run.attempt:
        return "pending", "a later attempt is under way"
    colour = _COLOURS.get(job.conclusion, "neutral")
    if colour == "green" and (why := hollow(gate, job, beside)):
        return "hollow", why
    return colour, ""


def hollow(gate: Gate, job: RunJob, beside: Iterable[RunJob] = ()) -> str:
    """Say why a green job proves nothing; empty where it proves something.

    `beside` are the jobs of the same run.
    """
    own = [one for one in job.steps if not _any_of(_RUNNERS_OWN, one.name)]
    ran = [one.name for one in own if one.conclusion == "success"]
    left_out = [one.name for one in own if one.conclusion == "skipped"]
    for pattern in gate.steps:
        if not any(fnmatchcase(name, pattern) for name in ran):
            return f"the step {pattern!r} did not run"
    if own and not ran:
        return "none of its steps ran"
    if left_out and (fast := [name for name in ran if _any_of(gate.fast_paths, name.lower())]):
        return f"it took the way of {fast[0]!r}, and left out {left_out[0]!r}"
    return _lonely(gate, job, list(beside))


def _lonely(gate: Gate, job: RunJob, beside: Sequence[RunJob]) -> str:
    """Say which job that has to run beside it did not."""
    for pattern in gate.with_jobs:
        named = [one for one in beside if one is not job and fnmatchcase(one.name, pattern)]
        if not any(one.conclusion == "success" for one in named):
            came = named[0].conclusion or named[0].status if named else "not in the run"
            return f"the job {pattern!r} beside it is {came}"
    return ""


def _any_of(patterns: Iterable[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def shown(entries: Iterable[Entry]) -> Iterator[str]:
    """Write the entries, a line each, from the newest to the oldest."""
    return (str(one) for one in reversed(tuple(entries)))
