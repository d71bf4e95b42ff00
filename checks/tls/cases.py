"""What the tls area looks at: each endpoint's handshakes, from each of its vantages."""

from collections.abc import Iterator
from typing import Any

from checks.wire.endpoints import asked_beside, exchanges_for, handshakes_for, vantages_for
from config.endpoints import Endpoint, Tls
from config.model import Absent
from config.schema import Profile, networks
from fixtures.sightings import Case


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of every endpoint and vantage."""
    if isinstance(profile.endpoints, Absent):
        yield Case("endpoints", "none", absent=profile.endpoints)
        return
    for endpoint in profile.endpoints:
        for vantage in vantages_for(profile, endpoint.vantages):
            if isinstance(endpoint.tls, Absent):
                yield Case(str(endpoint), vantage, absent=endpoint.tls)
                continue
            arguments = dict(_arguments(profile, endpoint, endpoint.tls, vantage))
            yield Case(str(endpoint), vantage, arguments)


def _arguments(
    profile: Profile, endpoint: Endpoint, tls: Tls, vantage: str
) -> Iterator[tuple[str, Any]]:
    yield "tls", tls
    yield "known", networks(profile, endpoint)
    yield "handshakes", handshakes_for(profile, endpoint, vantage)
    yield from asked_beside(profile)
    if tls.issuers is not None:
        yield "issuers", tls.issuers
    beside = vantages_for(profile, endpoint.vantages)[0]
    if vantage != beside:
        yield from (("control", handshakes_for(profile, endpoint, beside)), ("beside", beside))
    if again := exchanges_for(profile, endpoint, vantage):
        yield "again", again
