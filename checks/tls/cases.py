"""What the tls area looks at: each endpoint's handshakes, from each of its vantages."""

from collections.abc import Iterator

from checks.wire.endpoints import asked_beside, exchanges_for, handshakes_for, vantages_for
from config.model import Absent
from config.schema import Profile
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
            arguments = {
                "tls": endpoint.tls,
                "handshakes": handshakes_for(profile, endpoint, vantage),
                **dict(asked_beside(profile)),
            }
            if again := exchanges_for(profile, endpoint, vantage):
                arguments["again"] = again
            yield Case(str(endpoint), vantage, arguments)
