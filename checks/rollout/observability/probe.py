"""Asking Prometheus: instant queries, and what it scrapes."""

import re
import shlex
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn

from checks.rollout.observability.seen import Queried, ScrapeTarget, Series, Server, Targets
from checks.rollout.source.seen import Target
from fixtures.github.ways import import_client
from fixtures.prometheus import Answer, PromQLError, prometheus_at
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage

COMMIT = "{{commit}}"
_MOST = 5000
"""Series, and targets, that are kept of an answer."""
_PAIR = 2
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|Inf|inf)|NaN|nan"
)
"""As Go writes one: Python reads more."""
_LATE = 300.0
"""Seconds by which an answer's time may differ from this host's."""


def _query_command(server: Server, promql: str) -> str:
    words = ["curl", "-sS", "--get", f"{server.url.rstrip('/')}/api/v1/query"]
    return shlex.join([*words, "--data-urlencode", f"query={promql}"]) + _bearer(server)


def _targets_command(server: Server, _jobs: tuple[str, ...]) -> str:
    url = f"{server.url.rstrip('/')}/api/v1/targets?state=active"
    return shlex.join(["curl", "-sS", url]) + _bearer(server)


def _bearer(server: Server) -> str:
    return ' --oauth2-bearer "$TOKEN"' if server.secret else ""


@prepared_by(import_client)
@by_hand(_query_command)
async def ask_promql(server: Server, vantage: Vantage, promql: str, *, deadline: float) -> Queried:
    """Evaluate an instant query. Raises `VantageError`, also for a query that is wrong."""
    at, began = datetime.now(UTC), time.monotonic()
    async with prometheus_at(server.url, server.secret, vantage, deadline=deadline) as prometheus:
        answer = await prometheus.query(promql)
    of, series = _series(promql, answer.data)
    _ensure_of_now(server, promql, answer.data)
    return Queried(
        url=server.url,
        promql=promql,
        of=of,
        series=series,
        warnings=answer.warnings,
        infos=answer.infos,
        seconds=time.monotonic() - began,
        at=at,
    )


@prepared_by(import_client)
@by_hand(_query_command)
async def ask_promql_of_commit(
    server: Server, vantage: Vantage, promql: str, target: Target, *, deadline: float
) -> Queried:
    """Do the same for a query that names the commit that is to be proved."""
    asked = promql.replace(COMMIT, target.commit)
    return await ask_promql(server, vantage, asked, deadline=deadline)


@prepared_by(import_client)
@by_hand(_targets_command)
async def list_targets(
    server: Server, vantage: Vantage, jobs: tuple[str, ...], *, deadline: float
) -> Targets:
    """List the active targets of some scrape jobs. Raises `VantageError`."""
    at = datetime.now(UTC)
    async with prometheus_at(server.url, server.secret, vantage, deadline=deadline) as prometheus:
        answer = await prometheus.targets()
    every = _targets(server, answer)
    kept = tuple(one for one in every if one.job in jobs)
    if len(kept) > _MOST:
        raise SourceError(
            f"{server.url} has {len(kept)} targets of {', '.join(jobs)}, more than {_MOST}",
            "name jobs in the lane's observability that have fewer",
        )
    return Targets(url=server.url, jobs=jobs, targets=kept, active=len(every), at=at)


def _series(
    promql: str, data: Mapping[str, Any]
) -> tuple[Literal["vector", "scalar"], tuple[Series, ...]]:
    of, found = data.get("resultType"), data.get("result")
    if not isinstance(found, list):
        _unknown(promql, "there is no list under `result`")
    if of == "scalar":
        return "scalar", (Series((), _value(promql, found)),)
    if of != "vector":
        raise PromQLError(promql, f"it answers with a {of}, not with a vector or a scalar")
    if len(found) > _MOST:
        raise PromQLError(promql, f"it answers {len(found)} series, more than {_MOST}")
    return "vector", tuple(_one(promql, one) for one in found)


def _one(promql: str, one: Any) -> Series:
    metric = one.get("metric") if isinstance(one, dict) else None
    if not isinstance(metric, dict):
        _unknown(promql, "a series has no labels")
    labels = tuple(sorted((str(name), str(text)) for name, text in metric.items()))
    if "value" not in one and ("histogram" in one):
        return Series(labels, None)
    return Series(labels, _value(promql, one.get("value")))


def _value(promql: str, pair: Any) -> str:
    if not isinstance(pair, list) or len(pair) != _PAIR or not isinstance(pair[1], str):
        _unknown(promql, "a series has no value")
    if not _NUMBER.fullmatch(pair[1]):
        _unknown(promql, "a value is no number")
    return str(pair[1])


def _ensure_of_now(server: Server, promql: str, data: Mapping[str, Any]) -> None:
    """Refuse an answer of another time: of an instant query, each value is of when it was asked."""
    found, now = data["result"], time.time()
    pairs = [found] if data["resultType"] == "scalar" else [_pair(one) for one in found]
    for moment in (pair[0] for pair in pairs):
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            _unknown(promql, "a value has no time")
        if not now - _LATE <= moment <= now + _LATE:  # also for what is no number
            raise SourceError(
                f"{server.url} answers {promql!r} as of {_worded(moment)}, and not as of now",
                "look at its clock and at this host's, and whether something caches its answers",
            )


def _pair(one: Mapping[str, Any]) -> list[Any]:
    pair = one["value"] if "value" in one else one["histogram"]
    return pair if isinstance(pair, list) and pair else [None]


def _worded(moment: float) -> str:
    try:
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return str(moment)[:40]


def _targets(server: Server, answer: Answer) -> list[ScrapeTarget]:
    active = answer.data.get("activeTargets")
    if not isinstance(active, list):
        _unknown(server.url, "there is no list under `activeTargets`")
    return [_target(server, one) for one in active]


def _target(server: Server, one: Any) -> ScrapeTarget:
    labels = one.get("labels") if isinstance(one, dict) else None
    if not isinstance(labels, dict) or not isinstance(one.get("health"), str):
        _unknown(server.url, "a target has no labels, or no health")
    return ScrapeTarget(
        job=str(labels.get("job", one.get("scrapePool", ""))),
        instance=str(labels.get("instance", "")),
        labels=tuple(sorted((str(name), str(text)) for name, text in labels.items())),
        health=one["health"],
        error=str(one.get("lastError", "")),
        scraped=str(one.get("lastScrape", "")),
    )


def _unknown(asked: str, why: str) -> NoReturn:
    raise SourceError(
        f"the answer to {asked!r} has another shape than Prometheus' has: {why}",
        "look at the version of Prometheus, and whether something else answers in its place",
    )
