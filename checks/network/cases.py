"""What the network area looks at: each endpoint, layer by layer, from each of its vantages."""

from collections.abc import Iterator
from typing import Any

from checks.network.capacity import capacity_of
from checks.network.container import look_at_container
from checks.network.probe import Sampling, sample
from checks.wire.connections import Peer
from checks.wire.endpoints import (
    addresses_for,
    advertisement_for,
    answer_for,
    ask_for,
    asked_beside,
    connections_for,
    exchanges_for,
    refs_for,
    replies_for,
    responses_for,
    vantages_for,
)
from config.endpoints import Endpoint, Samples
from config.model import Absent
from config.schema import Profile, networks
from config.vantages import DockerVantage, PodmanVantage
from fixtures.sightings import Case, Sighting

_SLACK = 1.0
"""Seconds beyond the last attempt's own deadline."""


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of every container, and of every endpoint and request for each vantage."""
    yield from _containers(profile)
    if isinstance(profile.endpoints, Absent):
        yield Case("endpoints", "none", absent=profile.endpoints)
        return
    for endpoint in profile.endpoints:
        for vantage in vantages_for(profile, endpoint.vantages):
            yield Case(str(endpoint), vantage, dict(_endpoint(profile, endpoint, vantage)))
            yield from _requests(profile, endpoint, vantage)


def _containers(profile: Profile) -> Iterator[Case]:
    for spec in profile.vantages:
        if isinstance(spec, DockerVantage | PodmanVantage):
            name = spec.container or str(spec.compose)
            seen = Sighting(look_at_container, name, spec.name)
            yield Case(name, spec.name, {"container": seen})


def _endpoint(profile: Profile, endpoint: Endpoint, vantage: str) -> Iterator[tuple[str, Any]]:
    yield "endpoint", endpoint
    yield "known", networks(profile, endpoint)
    yield from asked_beside(profile)
    yield "answer", answer_for(profile, endpoint, vantage)
    beside = vantages_for(profile, endpoint.vantages)[0]
    if vantage != beside:
        yield from (("control", answer_for(profile, endpoint, beside)), ("beside", beside))
    yield "addresses", addresses_for(profile, endpoint, vantage)
    yield "connections", connections_for(profile, endpoint, vantage)
    yield "replies", replies_for(profile, endpoint, vantage)
    if again := exchanges_for(profile, endpoint, vantage):
        yield "again", again
    if profile.forbidden:
        yield "forbidden", tuple(str(network) for network in profile.forbidden)
    if isinstance(endpoint.http, Absent):
        yield from (("http", endpoint.http), ("responses", endpoint.http))
    if isinstance(endpoint.git, Absent):
        yield from (("advertised", endpoint.git), ("refs", endpoint.git))
    elif endpoint.git is not None:
        yield "advertised", advertisement_for(profile, endpoint, endpoint.git, vantage)
        yield "refs", refs_for(profile, endpoint, endpoint.git, vantage)
    if endpoint.samples is not None:
        yield "samples", endpoint.samples
        yield "attempts", _attempts(profile, endpoint, endpoint.samples, vantage)
    yield from capacity_of(profile, endpoint, vantage)


def _requests(profile: Profile, endpoint: Endpoint, vantage: str) -> Iterator[Case]:
    for request in () if isinstance(endpoint.http, Absent) else endpoint.http:
        arguments = {
            "http": request,
            "responses": responses_for(profile, endpoint, request, vantage),
            "tolerance": profile.clock_tolerance,
            **dict(asked_beside(profile)),
        }
        if request.carries:
            arguments["carries"] = request.carries
        yield Case(str(ask_for(endpoint, request)), vantage, arguments)


def _attempts(profile: Profile, endpoint: Endpoint, samples: Samples, vantage: str) -> Sighting:
    return Sighting(
        sample,
        Peer(endpoint.host, endpoint.port),
        vantage,
        (Sampling(samples.count, samples.interval, profile.deadlines.tls),),
        needs=(addresses_for(profile, endpoint, vantage),),
        deadline=(samples.count - 1) * samples.interval + profile.deadlines.tls + _SLACK,
    )
