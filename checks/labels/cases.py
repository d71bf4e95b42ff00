"""What is looked at of runner labels and of runners' hosts, and judged."""

from collections.abc import Iterator
from typing import Any

from checks.labels.registering import Registering, find_registrations
from checks.labels.runner_host import RunnerAt, look_at_runner
from checks.labels.toolchain import CacheAt, ToolAt, ask_tool, look_into_cache
from checks.wire.github.runs import RunsOf, look_at_runs
from checks.wire.github.sightings import ASKING, RUNS, queued_of, runners_of
from checks.wire.repositories import vantage_of
from checks.wire.workflows.sightings import workflows_of
from config.labels import Labels, RunnerHost
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import source_of
from fixtures.sightings import Case, Sighting

_SEARCHING = 60.0


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of each repository, and one of each host that carries a runner of it."""
    if isinstance(profile.repositories, Absent):
        yield Case("labels", "profile", absent=profile.repositories)
        return
    for repository in profile.repositories or ():
        vantage, labels = vantage_of(profile, repository), repository.labels
        if isinstance(labels, Absent):
            yield Case(repository.name, vantage, absent=labels)
            continue
        yield Case(repository.name, vantage, _arguments(profile, repository, vantage, labels))
        for host in labels.hosts:
            yield Case(f"{repository.name}/{host}", host.vantage, _of_host(labels, host))


def _arguments(
    profile: Profile, repository: Repository, vantage: str, labels: Labels
) -> dict[str, Any]:
    source = source_of(repository)
    given: dict[str, Any] = {
        "labels": labels,
        "workflows": workflows_of(profile, repository, vantage),
        "runners": runners_of(repository, vantage),
        "queued": queued_of(repository, vantage),
        "queue_limit": 900.0
        if isinstance(repository.workflows, Absent)
        else repository.workflows.queue_limit,
    }
    if labels.retired:
        of = Registering(source, labels.registering)
        given["retired"] = labels.retired
        given["registrations"] = Sighting(find_registrations, of, vantage, deadline=_SEARCHING)
    if labels.hosted_only is not None:
        given["hosted_only"] = labels.hosted_only
    if labels.releases:
        given["known_releases"] = labels.releases
    if labels.intended:
        given["intended"] = labels.intended
        runs = RunsOf(source, most=RUNS)
        given["runs"] = Sighting(look_at_runs, runs, vantage, deadline=ASKING)
    return given


def _of_host(labels: Labels, host: RunnerHost) -> dict[str, Any]:
    at = RunnerAt(host.name, host.directory, host.service, host.tmux, host.container)
    given: dict[str, Any] = {"host": host, "runner": Sighting(look_at_runner, at, host.vantage)}
    if labels.releases:
        given["releases"] = labels
    if host.tools:
        tools = (ToolAt(tool, host.directory) for tool in host.tools)
        given["tools"] = tuple(Sighting(ask_tool, tool, host.vantage) for tool in tools)
    if host.tool_cache:
        folder = host.tool_cache_folder or f"{host.directory}/_work/_tool"
        places = (CacheAt(folder, one.tool, one.version, one.arch) for one in host.tool_cache)
        given["cached"] = tuple(Sighting(look_into_cache, one, host.vantage) for one in places)
    return given
