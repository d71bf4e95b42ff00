"""What a lane's Secrets offer to its checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from checks.rollout.secrets import sightings
from checks.rollout.secrets.seen import RunnerOf
from checks.rollout.told.sightings import told_by
from config.lanes import Lane
from config.lanes.secrets import LaneSecrets, NamedSecret
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Case, Sighting

_ARGUMENTS = {
    "present": ("secret_present", "secret_seen"),
    "obsolete": ("secret_obsolete", "secret_seen"),
    "providers": ("secret_provider", "secret_seen", "runner_of", "runner_jobs"),
    "before_sync": ("secret_before_sync", "secret_seen", "sync_seen"),
    "dsn": ("dsn", "dsn_seen"),
    "private": ("config_compared",),
    "published": ("published_searched",),
}
"""What the checks of each field of the lane's secrets ask for."""


def offer(profile: Profile, lane: Lane, _vantage: str) -> Mapping[str, Any]:
    """Offer what is of the lane as a whole, and of what it has none, why."""
    offered: dict[str, Any] = {}
    if isinstance(lane.told, Absent):
        offered["told_printed"] = lane.told
    if isinstance(lane.secrets, Absent):
        every = {name for names in _ARGUMENTS.values() for name in names} | {"secret_compared"}
        return offered | dict.fromkeys(every, lane.secrets)
    for field, names in _ARGUMENTS.items():
        if (why := _why_none(lane.secrets, field)) is not None:
            offered |= dict.fromkeys(names, why)
    if not any(one.same_as for one in _compared(lane.secrets)):
        offered["secret_compared"] = Absent(absent="the lane names no source of a Secret")
    if not isinstance(lane.secrets.published, Absent) and lane.secrets.published:
        paths = lane.secrets.published
        offered["published_searched"] = sightings.published_of(profile, lane, paths)
    return offered | _runners(profile, lane, lane.secrets)


def cases(profile: Profile, lane: Lane) -> Iterator[Case]:
    """Make a case of each Secret, connection string, private file and command."""
    if not isinstance(lane.told, Absent):
        for command in lane.told:
            told = told_by(profile, lane, command)
            yield _case(lane, command.name, told_printed=told)
    if isinstance(lane.secrets, Absent):
        return
    yield from _of_secrets(profile, lane, lane.secrets)
    for dsn in _several(lane.secrets.dsn):
        seen = sightings.dsn_of(profile, lane, dsn)
        yield _case(lane, dsn.secret, dsn=dsn, dsn_seen=seen)
    for private in _several(lane.secrets.private):
        for secret in private.secrets:
            compared = sightings.config_of(profile, lane, private, secret)
            yield _case(lane, secret, config_compared=compared)


def _of_secrets(profile: Profile, lane: Lane, secrets: LaneSecrets) -> Iterator[Case]:
    beside: dict[str, Any] = {"before_sync": {"sync_seen": sightings.sync_of(profile, lane)}}
    for field in ("present", "obsolete", "providers", "before_sync"):
        for secret in _several(getattr(secrets, field)):
            seen = sightings.secret_of(profile, lane, secret)
            own = {_ARGUMENTS[field][0]: secret, "secret_seen": seen, **beside.get(field, {})}
            yield _case(lane, secret.name, **own)
    for secret in _compared(secrets):
        if secret.same_as is not None:
            compared = sightings.comparison_of(profile, lane, secret)
            yield _case(lane, secret.name, secret_compared=compared)


def _runners(profile: Profile, lane: Lane, secrets: LaneSecrets) -> dict[str, Any]:
    jobs = sightings.runner_jobs_of(profile, lane)
    if not _several(secrets.providers):
        return {}
    if isinstance(jobs, Absent) or isinstance(lane.runtime, Absent):
        return dict.fromkeys(("runner_of", "runner_jobs"), jobs)
    if isinstance(lane.runtime.runner, Absent):
        return dict.fromkeys(("runner_of", "runner_jobs"), lane.runtime.runner)
    runner = lane.runtime.runner
    names = tuple(one.name for one in _several(secrets.providers))
    expected = RunnerOf(lane.runtime.namespace, runner.selector, names, runner.writable_home)
    return {"runner_of": expected, "runner_jobs": jobs}


def _case(lane: Lane, name: str, **arguments: Any) -> Case:
    seen = [one for one in arguments.values() if isinstance(one, Sighting)]
    vantage = seen[0].vantage if seen else "profile"
    return Case(f"{lane.name}:{name}", vantage, {"lane": lane, **arguments})


def _why_none(secrets: LaneSecrets, field: str) -> Absent | None:
    """Return why there is nothing of a field; None where there is something."""
    told = getattr(secrets, field)
    if isinstance(told, Absent):
        return told
    return None if told else Absent(absent=f"the lane names nothing in `secrets: {field}`")


def _several(told: Any) -> tuple[Any, ...]:
    return () if isinstance(told, Absent) else tuple(told)


def _compared(secrets: LaneSecrets) -> tuple[NamedSecret, ...]:
    """Return the Secrets that may have a source, each once whatever else is said of it."""
    every = (secrets.present, secrets.providers, secrets.before_sync)
    told = [one for some in every for one in _several(some)]
    return tuple({(one.name, one.namespace, one.key, one.same_as): one for one in told}.values())
