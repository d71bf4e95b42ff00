"""What a plan cites, looked up: runs with their jobs on GitHub, logs in the tree."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from checks.gates.plans.document import Asked, PlanSeen
from checks.gates.plans.words import day_of_name, times_in
from checks.wire.github.asking import gh, show
from fixtures.github.values import Run, RunJob
from fixtures.github.ways import import_client
from fixtures.repositories import Source, Tree, Unread
from fixtures.repositories.trees import open_tree
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

if TYPE_CHECKING:
    from fixtures.github.client import GitHub

MOST = 100
"""Runs, and logs, of one plan that are looked up."""
_ENDS = 256 * 1024
"""Bytes at each end of a log that are searched for times."""
_LEADING = 4
"""Characters before a time with which a line begins."""
_UTC_STAMP = re.compile(r"\dZ")


@observation
class CitedRuns:
    """The runs that a plan cites, as GitHub knows them."""

    kind: Literal["plan-runs"] = "plan-runs"
    plan: str
    runs: tuple[Run, ...]
    jobs: tuple[RunJob, ...]
    absent: tuple[int, ...]
    """Those that GitHub does not know."""
    elsewhere: tuple[int, ...]
    """Those of other repositories."""
    left: tuple[int, ...]
    """Those beyond the bound, which were not looked up."""
    at: datetime

    @property
    def headline(self) -> str:
        beside = f", {len(self.elsewhere)} of other repositories" if self.elsewhere else ""
        beside += f", {len(self.left)} not looked up" if self.left else ""
        return f"{self.plan}: {len(self.runs)} runs found, {len(self.absent)} absent{beside}"

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"run {run.id} {run.path} {run.sha[:12]} {run.created:%Y-%m-%dT%H:%M:%SZ}"
            f" {run.conclusion or run.status}"
            for run in self.runs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFound:
    """A log that is cited, and what its name and its text say of the day; times are UTC."""

    cited: str
    line: int
    path: str | None
    """Where it lies; None where there is none."""
    unread: str
    """Why it could not be read; empty if it was."""
    day: date | None
    """The day in its name."""
    first: datetime | None
    last: datetime | None
    days: tuple[date, ...]
    """The days of its first and its last time: in UTC, and in the plan's zone unless the name
    bears a `Z`."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.path or self.cited}"


@observation
class CitedLogs:
    """The logs that a plan cites, as they lie in the tree."""

    kind: Literal["plan-logs"] = "plan-logs"
    plan: str
    logs: tuple[LogFound, ...]
    left: int
    at: datetime

    @property
    def headline(self) -> str:
        absent = sum(one.path is None for one in self.logs)
        return f"{self.plan}: {len(self.logs) - absent} logs found, {absent} absent"

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"{one}: {one.unread or f'name {one.day}, text {one.first} to {one.last}'}"
            for one in self.logs
        )


@prepared_by(import_client)
@by_hand(lambda source, _: gh(source, "/actions/runs/RUN"), here=True)
async def look_up_runs(
    source: Source, vantage: Vantage, asked: Asked, plan: PlanSeen, *, deadline: float
) -> CitedRuns:
    """Look up the runs that a plan cites, each with the jobs of its latest attempt."""
    from fixtures.github.client import github_of  # noqa: PLC0415 - httpx, as everywhere here

    cited = plan.citations.runs
    own = (source.repository or "").lower()
    foreign = {one.run for one in cited if one.repository and one.repository.lower() != own}
    ids = [one for one in plan.citations.run_ids if one not in foreign]
    runs: list[Run] = []
    jobs: list[RunJob] = []
    absent: list[int] = []
    async with github_of(source, vantage, deadline=deadline) as github:
        for number in ids[:MOST]:
            found = await _run(github, number)
            if found is None:
                absent.append(number)
                continue
            runs.append(found[0])
            jobs += found[1]
    return CitedRuns(
        plan=asked.path,
        runs=tuple(runs),
        jobs=tuple(jobs),
        absent=tuple(absent),
        elsewhere=tuple(sorted(foreign)),
        left=tuple(ids[MOST:]),
        at=datetime.now(UTC),
    )


async def _run(github: "GitHub", number: int) -> tuple[Run, tuple[RunJob, ...]] | None:
    """Return a run and its jobs; None where runs can be read, and this one is not there."""
    from fixtures.github import actions  # noqa: PLC0415
    from fixtures.github.answers import NotFoundError  # noqa: PLC0415

    try:
        run = await actions.read_run(github, number)
    except NotFoundError:
        await actions.list_runs(github, most=1)  # which fails where runs may not be seen
        return None
    return run, await actions.list_jobs(github, run.id, run.attempt)


@prepared_by(import_client)
@by_hand(lambda source, asked: show(source, asked.path))
async def look_up_logs(
    source: Source, vantage: Vantage, asked: Asked, plan: PlanSeen, *, deadline: float
) -> CitedLogs:
    """Look for the logs that a plan cites: beside the plan, and from the root of the tree."""
    tree = await open_tree(source, vantage, deadline=deadline)
    cited = {one.path: one.line for one in reversed(plan.citations.logs)}
    chosen = sorted(cited.items(), key=lambda one: one[1])[:MOST]
    paths = await _found(tree, asked, [path for path, _ in chosen], deadline)
    wanted = [(path, place, line) for path, line in chosen for place in paths[path]]
    contents = await tree.read_all([place for _, place, _ in wanted], deadline=deadline)
    logs = [
        _log(path, line, place, content, asked.offset)
        for (path, place, line), content in zip(wanted, contents, strict=True)
    ]
    logs += [_log(path, line, None, None, asked.offset) for path, line in chosen if not paths[path]]
    return CitedLogs(
        plan=asked.path,
        logs=tuple(sorted(logs, key=lambda one: (one.line, one.path or ""))),
        left=max(0, len(cited) - MOST),
        at=datetime.now(UTC),
    )


async def _found(
    tree: Tree, asked: Asked, paths: Sequence[str], deadline: float
) -> dict[str, list[str]]:
    """Return where each cited path lies; several places only of one with a `*`."""
    files = {one.path for one in await tree.entries(deadline=deadline)} if paths else set()
    beside = posixpath.dirname(asked.path)
    found: dict[str, list[str]] = {}
    for path in paths:
        places = [posixpath.normpath(posixpath.join(beside, path)), posixpath.normpath(path)]
        if "*" in path or "?" in path:
            fits = [one for one in sorted(files) if any(fnmatchcase(one, at) for at in places)]
            found[path] = fits[:MOST]
        else:
            found[path] = [bare for one in places if (bare := one.lstrip("/")) in files][:1]
    return found


def _log(
    cited: str, line: int, path: str | None, content: bytes | Unread | None, zone: timezone
) -> LogFound:
    times = _times(content, zone) if isinstance(content, bytes) else []
    unread = content.why if isinstance(content, Unread) else ""
    if path is not None and content is None:
        unread = "it leaves the tree"
    name = posixpath.basename(path or cited)
    ends = [times[0], times[-1]] if times else []
    zones = (UTC,) if _UTC_STAMP.search(name) else (zone, UTC)
    days = [one.astimezone(of).date() for one in ends for of in zones]
    return LogFound(
        cited=cited,
        line=line,
        path=path,
        unread=unread,
        day=day_of_name(name),
        first=ends[0] if ends else None,
        last=ends[1] if ends else None,
        days=tuple(dict.fromkeys(days)),
    )


def _times(content: bytes, zone: timezone) -> list[datetime]:
    """Return the times at which lines begin, or else all that stand anywhere, in their order."""
    ends = content if len(content) <= 2 * _ENDS else content[:_ENDS] + b"\n" + content[-_ENDS:]
    text = re.sub(r"[^\x20-\x7e\n]", " ", ends.decode("utf-8", "replace"))
    lines = [list(times_in(line, zone)) for line in text.split("\n")]
    leading = [found[0][1] for found in lines if found and found[0][0] <= _LEADING]
    return leading or [at for found in lines for _, at in found]
