"""The hosts that carry runners: the runner itself, its tools, its tool cache."""

from datetime import timedelta

from checks.labels.runner_host import RunnerMissing, RunnerSeen
from checks.labels.toolchain import CachedToolSeen, ToolMissing, ToolSeen
from checks.labels.versions import newer, numbers, outdated
from config.labels import Labels, RunnerHost
from fixtures.subjects import holds
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as

_SLACK = timedelta(seconds=5)
"""By how much a start may be logged before that of what keeps it running: clocks are read apart."""


@holds(RunnerMissing)
@fails_as(FailureClass.INFRA)
def check_runner_is_installed(runner: RunnerSeen | RunnerMissing, host: RunnerHost) -> None:
    saw = []
    if isinstance(runner, RunnerMissing):
        saw = [runner.headline]
    elif runner.runner is None:
        saw = [f"{runner.directory}/.runner is not there, or names no runner: not registered"]
    elif host.runner is not None and runner.runner != host.runner:
        saw = [f"{runner.directory}/.runner says that it is {runner.runner}"]
    assert not saw, expected(f"the runner {host.runner or ''} registered there", saw=saw)


@fails_as(FailureClass.INFRA)
def check_runner_listens_since_its_start(runner: RunnerSeen, host: RunnerHost) -> None:
    saw = [*_not_kept(runner), *_not_listening(runner, host.listens_within)]
    what = f"a runner that listens for jobs within {host.listens_within:g} s of its start"
    assert not saw, expected(what, saw=saw)


def _not_kept(runner: RunnerSeen) -> list[str]:
    if runner.keeper is None or runner.keeper.runs:
        return []
    return [f"the {runner.keeper}"]


def _not_listening(runner: RunnerSeen, within: float) -> list[str]:
    log = f"{runner.directory}/_diag/{runner.log}"
    if runner.log is None or runner.started is None:
        return [f"no log of a start below {runner.directory}/_diag"]
    kept = runner.keeper.since if runner.keeper and runner.keeper.runs else None
    if kept is not None and runner.started < kept - _SLACK:
        told = f"{runner.started:%Y-%m-%dT%H:%M:%SZ}, and the {runner.keeper} since {kept}"
        return [f"{log} tells of a start at {told}: nothing was logged since"]
    if runner.listening is None:
        if runner.at - runner.started < timedelta(seconds=within):
            raise Inconclusive(f"{log} began a moment ago", f"look again in {within:g} s")
        return [f"{log} never says 'Listening for Jobs' since {runner.started:%Y-%m-%dT%H:%M:%SZ}"]
    took = (runner.listening - runner.started).total_seconds()
    return [f"{log}: it took {took:g} s"] if not 0 <= took <= within else []


@fails_as(FailureClass.INFRA)
def check_runner_is_recent_enough_for_jobs(
    runner: RunnerSeen, releases: Labels, remark: Remark
) -> None:
    if runner.version is None:
        raise Inconclusive(
            f"no log below {runner.directory}/_diag says the runner's version",
            "start the runner, and let it write its log",
        )
    behind = outdated(runner.version, releases.releases, releases.behind, runner.at)
    what = f"at most {releases.behind / 86400:g} days behind: GitHub gives no jobs to older ones"
    assert not behind, expected(what, saw=[f"{runner.directory} runs {runner.version}", behind])
    if waiting := newer(runner.version, releases.releases):
        remark(f"{waiting[0].version} came out on {waiting[0].date}; it runs {runner.version}")


@holds(ToolMissing)
@fails_as(FailureClass.INFRA)
def check_toolchain_is_recent_enough(
    tools: tuple[ToolSeen | ToolMissing, ...], host: RunnerHost
) -> None:
    saw = []
    for tool in tools:
        least = host.tools.get(tool.tool, "0")
        if isinstance(tool, ToolMissing) or tool.version is None:
            saw.append(f"{tool.headline}; {least} is the least")
        elif numbers(tool.version) < numbers(least):
            saw.append(f"{tool.tool} {tool.version}; {least} is the least")
    assert not saw, expected("each tool at its least version", saw=saw)


@fails_as(FailureClass.INFRA)
def check_tool_cache_holds_what_jobs_need(cached: tuple[CachedToolSeen, ...]) -> None:
    saw = [one.headline for one in cached if not (one.entries and one.complete)]
    assert not saw, expected("each tool in the runner's cache, marked complete", saw=saw)
