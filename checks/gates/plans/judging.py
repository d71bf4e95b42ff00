"""Where a plan and what it cites differ."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from checks.gates.plans.citations import LogCited, RunCited
from checks.gates.plans.lookups import CitedRuns, LogFound
from checks.gates.plans.reading import Citations, MilestoneSaid
from config.gates import Milestone
from fixtures.github.values import Run, RunJob

_AROUND = timedelta(minutes=2)
"""What a time may be off by that is written to the minute."""
_LIKE = {"failure": ("failure", "timed_out", "startup_failure"), "success": ("success",)}


def wrong_conclusions(citations: Citations, found: CitedRuns) -> Iterator[str]:
    """Say where a plan tells another conclusion than a run's, or than that of the job it names."""
    runs, jobs = _by_id(found)
    for one in citations.runs:
        run = runs.get(one.run)
        if run is None or one.conclusion is None:
            continue
        job = jobs.get(one.jobs[0]) if len(one.jobs) == 1 else None
        what, saw = ("its job", job) if job is not None else ("it", run)
        came = saw.conclusion if saw.status == "completed" else "pending"
        if came not in _LIKE.get(one.conclusion, (one.conclusion,)):
            yield f"{one}: the plan says {one.conclusion}, and {what} is {came}"


def wrong_commits(citations: Citations, found: CitedRuns) -> Iterator[str]:
    """Say where a plan tells another commit than the one that a run was of."""
    runs, _ = _by_id(found)
    for one in citations.runs:
        run = runs.get(one.run)
        if run is not None and one.sha is not None and not run.sha.startswith(one.sha):
            was = run.sha[: max(12, len(one.sha))]
            yield f"{one}: the plan says {one.sha}, and it was of {was}"


def wrong_times(citations: Citations, found: CitedRuns) -> Iterator[str]:
    """Say where a plan tells a time at which a run was not."""
    runs, _ = _by_id(found)
    for one in citations.runs:
        run = runs.get(one.run)
        for at in one.times if run is not None else ():
            if run is not None and not run.created - _AROUND <= at <= run.updated + _AROUND:
                yield (
                    f"{one}: the plan says {at:%Y-%m-%dT%H:%M:%SZ}, and it went from"
                    f" {run.created:%Y-%m-%dT%H:%M:%SZ} to {run.updated:%Y-%m-%dT%H:%M:%SZ}"
                )


def wrong_jobs(citations: Citations, found: CitedRuns) -> Iterator[str]:
    """Say where a plan names a job that is not one of the run's latest attempt."""
    _, jobs = _by_id(found)
    known = {run.id for run in found.runs}
    for one in citations.runs:
        for number in one.jobs if one.run in known else ():
            job = jobs.get(number)
            if job is None or job.run_id != one.run:
                yield f"{one}: the run has no job {number} in its latest attempt"


def wrong_streaks(citations: Citations, listed: Sequence[Run], found: CitedRuns) -> Iterator[str]:
    """Say where runs that a plan calls consecutive are not green, or leave out others.

    `listed` are the runs of the workflows that are known, those between them too.
    """
    runs, _ = _by_id(found)
    for streak in citations.streaks:
        own = [runs[one] for one in streak.runs if one in runs]
        for run in own:
            if run.status != "completed" or run.conclusion != "success":
                yield f"line {streak.line}: run {run.id} is {run.conclusion or run.status}"
        for one in between(own, listed):
            yield (
                f"line {streak.line}: run {one.id} of the same workflow and branch is left out:"
                f" {one.conclusion or one.status}, {one.created:%Y-%m-%dT%H:%M:%SZ}"
            )


def between(own: Sequence[Run], listed: Sequence[Run]) -> Iterator[Run]:
    """Yield the completed runs that lie between others of one workflow and branch."""
    ids = {run.id for run in own}
    if len({(run.workflow_id, run.branch) for run in own}) != 1:
        return
    first, last = (end(run.created for run in own) for end in (min, max))
    for run in sorted(listed, key=lambda run: (run.created, run.id)):
        same = (run.workflow_id, run.branch) == (own[0].workflow_id, own[0].branch)
        if same and run.id not in ids and run.status == "completed" and first < run.created < last:
            yield run


def undocumented(citations: Citations, found: CitedRuns, kinds: Sequence[str]) -> Iterator[str]:
    """Say which cited run stands without its job, its commit, or the logs that belong to it."""
    mentions: dict[int, list[RunCited]] = {}
    for one in citations.runs:
        mentions.setdefault(one.run, []).append(one)
    elsewhere = set(found.elsewhere)
    for number, said in mentions.items():
        if number in elsewhere:
            continue
        lacking = [] if any(one.jobs for one in said) else ["a job id"]
        lacking += [] if any(one.sha for one in said) else ["a commit"]
        logs = _logs_of(said, citations)
        lacking += [
            f"a log of the {kind}" for kind in kinds if not any(_is_of(log, kind) for log in logs)
        ]
        if lacking:
            yield f"{said[0]}: {', '.join(lacking)} is not recorded with it"


def _logs_of(said: Sequence[RunCited], citations: Citations) -> list[LogCited]:
    """Return a run's logs: of its own lines, or of its sections where no run is named with them."""
    lines, sections = {one.line for one in said}, {one.section for one in said}
    number = said[0].run
    return [
        log
        for log in citations.logs
        if log.line in lines or number in log.runs or (log.section in sections and not log.runs)
    ]


def _is_of(log: LogCited, kind: str) -> bool:
    return kind in log.kinds or kind.lower() in log.path.lower()


def disagreeing(log: LogFound) -> str:
    """Say how a log's name and its text disagree on the day; empty where they do not."""
    if log.day is None or not log.days or log.day in log.days:
        return ""
    return (
        f"{log}: its name says {log.day}, its text {log.first:%Y-%m-%dT%H:%M:%SZ} to"
        f" {log.last:%Y-%m-%dT%H:%M:%SZ}"
    )


def incomparable(log: LogFound) -> str:
    """Say why a log's name and text cannot be compared; empty where they can."""
    if log.path is None or (log.day is not None and log.days):
        return ""
    if log.unread:
        return f"{log} cannot be read: {log.unread}"
    return f"{log} has no day in its {'name' if log.day is None else 'text'}"


def milestones(
    expected: Sequence[Milestone], citations: Citations, found: CitedRuns | None
) -> dict[str, MilestoneSaid]:
    """Return the milestones of a plan, by name, with what the profile expects of them.

    One that is done on a day that nobody says was done when its last run ended.
    """
    every = {one.name: one for one in citations.milestones}
    for one in expected:
        said = every.get(one.name)
        every[one.name] = MilestoneSaid(
            name=one.name,
            line=said.line if said else 0,
            text=said.text if said else "",
            due=one.due,
            done=one.done is not None or (said.done if said else False),
            done_on=one.done or (said.done_on if said else None),
            runs=said.runs if said else (),
        )
    runs = {run.id: run for run in found.runs} if found else {}
    return {name: _dated(one, runs) for name, one in every.items()}


def _dated(one: MilestoneSaid, runs: Mapping[int, Run]) -> MilestoneSaid:
    ended = [runs[number].updated.date() for number in one.runs if number in runs]
    if not one.done or one.done_on is not None or not ended:
        return one
    return MilestoneSaid(
        name=one.name,
        line=one.line,
        text=one.text,
        due=one.due,
        done=True,
        done_on=max(ended),
        runs=one.runs,
    )


def late(one: MilestoneSaid, today: date) -> str:
    """Say by how much a milestone is late; empty where it is not, or nobody can tell."""
    if one.due is None:
        return ""
    if one.done_on is not None and one.done_on > one.due:
        return f"{one.name} was due on {one.due}, and done on {one.done_on}"
    if not one.done and one.due < today:
        return f"{one.name} was due on {one.due}, and is not done"
    return ""


def _by_id(found: CitedRuns) -> tuple[dict[int, Run], dict[int, RunJob]]:
    return {run.id: run for run in found.runs}, {job.id: job for job in found.jobs}
