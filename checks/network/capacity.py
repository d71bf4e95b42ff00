"""What is moved to and from an endpoint to see what its way can carry, as the profile asks."""

from collections.abc import Iterator
from typing import Any

from checks.network.clones import TIDY, clone
from checks.network.polls import poll
from checks.network.transfers import download, upload
from checks.wire.endpoints import (
    USER_AGENT,
    addresses_for,
    advertisement_for,
)
from checks.wire.git import Remote
from checks.wire.http import Ask
from config.capacity import Capacity, Clone, LongPoll, Transfer
from config.endpoints import Endpoint, Repository
from config.schema import Profile
from fixtures.sightings import Look, Sighting

_REDIRECTS = 5
_ROOM = 1.25
"""By so much slower than it must be, a transfer still ends in its time, and tells how fast."""


def capacity_of(profile: Profile, endpoint: Endpoint, vantage: str) -> Iterator[tuple[str, object]]:
    """Walk the arguments of a case, by name: what the profile asks of the endpoint's capacity."""
    asked = endpoint.capacity or Capacity()
    for name, probe, transfer in (
        ("downloaded", download, asked.download),
        ("uploaded", upload, asked.upload),
    ):
        if isinstance(transfer, Transfer):
            yield name, _transfer(profile, endpoint, transfer, vantage, probe)
            yield f"{name}_at_least", transfer.at_least
        elif transfer is not None:
            yield from ((name, transfer), (f"{name}_at_least", transfer))
    if isinstance(asked.long_poll, LongPoll):
        yield "polls", _poll(profile, endpoint, asked.long_poll, vantage)
        yield "lasts", asked.long_poll.lasts
    elif asked.long_poll is not None:
        yield from (("polls", asked.long_poll), ("lasts", asked.long_poll))
    if isinstance(asked.clone, Clone):
        yield from _clone(profile, endpoint, asked.clone, vantage)
    elif asked.clone is not None:
        yield from (("cloned", asked.clone), ("offered", asked.clone))


def _transfer(
    profile: Profile, endpoint: Endpoint, transfer: Transfer, vantage: str, probe: Look
) -> Sighting:
    method, redirects = ("GET", _REDIRECTS) if probe is download else ("POST", 0)
    takes = _ROOM * 8 * transfer.bytes / transfer.at_least
    return Sighting(
        probe,
        _ask(endpoint, method, transfer.path, redirects),
        vantage,
        (transfer.bytes,),
        needs=(addresses_for(profile, endpoint, vantage),),
        deadline=profile.deadlines.http + takes,
        takes=takes,
        alone=True,
    )


def _poll(profile: Profile, endpoint: Endpoint, held: LongPoll, vantage: str) -> Sighting:
    return Sighting(
        poll,
        _ask(endpoint, "GET", held.path),
        vantage,
        needs=(addresses_for(profile, endpoint, vantage),),
        deadline=profile.deadlines.http + held.lasts,
        takes=held.lasts,
    )


def _clone(
    profile: Profile, endpoint: Endpoint, wanted: Clone, vantage: str
) -> Iterator[tuple[str, Any]]:
    yield (
        "cloned",
        Sighting(
            clone,
            Remote(endpoint.host, endpoint.port, wanted.path),
            vantage,
            needs=(addresses_for(profile, endpoint, vantage),),
            deadline=wanted.deadline + 2 * TIDY,
            takes=wanted.deadline + 2 * TIDY,
        ),
    )
    repository = Repository(path=wanted.path)
    yield "offered", advertisement_for(profile, endpoint, repository, vantage)


def _ask(endpoint: Endpoint, method: str, path: str, redirects: int = 0) -> Ask:
    return Ask(
        host=endpoint.host,
        port=endpoint.port,
        method=method,
        path=path,
        user_agent=USER_AGENT,
        body=None,
        redirects=redirects,
    )
