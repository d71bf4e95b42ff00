"""The sightings of an endpoint, declared in one place: areas share them, each is made once."""

from collections.abc import Iterable, Iterator
from typing import Any

from checks.wire.connections import Peer, connect
from checks.wire.git import Remote, list_refs, read_advertisement
from checks.wire.http import Ask, fetch
from checks.wire.identity import Named, identify
from checks.wire.names import ask_system
from checks.wire.nameservers import ask_configured, ask_servers
from checks.wire.resolvers import RESOLV_CONF, Server, read_resolvers
from checks.wire.tls import shake_hands
from checks.wire.trusted import trusted_by
from config.endpoints import BROWSER, Endpoint, Repository, Request
from config.model import Absent
from config.schema import Profile, nameserver_address, networks
from fixtures.sightings import Sighting

USER_AGENT = "touchstone"


def vantages_for(profile: Profile, named: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the vantages to look from: those that are named, or all."""
    return tuple(named) or tuple(vantage.name for vantage in profile.vantages)


def asked_beside(profile: Profile) -> Iterator[tuple[str, Any]]:
    """Return whom the profile lets be asked once something is violated: arguments of every case.

    `servers` are nameservers; of none, the vantage's own are asked.
    """
    if profile.trusted_resolvers:
        yield "trusted", trusted_by(profile.trusted_resolvers)
    if profile.https_proxy is not None:
        yield "https_proxy", profile.https_proxy
    if not isinstance(profile.nameservers, Absent):
        yield "servers", _servers(profile)


def answer_for(profile: Profile, endpoint: Endpoint, vantage: str) -> Sighting:
    """Ask the vantage's own resolver for the endpoint's host."""
    return Sighting(ask_system, endpoint.host, vantage, deadline=profile.deadlines.resolve)


def addresses_for(profile: Profile, endpoint: Endpoint, vantage: str) -> Sighting:
    """Tell which of the answer's addresses belong to the name."""
    named = Named(
        host=endpoint.host,
        port=endpoint.port,
        known=networks(profile, endpoint),
        forbidden=tuple(str(network) for network in profile.forbidden),
    )
    answer = answer_for(profile, endpoint, vantage)
    return Sighting(identify, named, vantage, needs=(answer,), deadline=profile.deadlines.tls)


def connections_for(profile: Profile, endpoint: Endpoint, vantage: str) -> Sighting:
    """Connect to each address."""
    addresses = addresses_for(profile, endpoint, vantage)
    return Sighting(
        connect, _peer(endpoint), vantage, needs=(addresses,), deadline=profile.deadlines.connect
    )


def handshakes_for(profile: Profile, endpoint: Endpoint, vantage: str) -> Sighting:
    """Shake hands with each address."""
    addresses = addresses_for(profile, endpoint, vantage)
    return Sighting(
        shake_hands, _peer(endpoint), vantage, needs=(addresses,), deadline=profile.deadlines.tls
    )


def replies_for(profile: Profile, endpoint: Endpoint, vantage: str) -> Sighting | Absent:
    """Ask each nameserver of the profile, or of the vantage's resolv.conf, for the host."""
    deadline = profile.deadlines.resolve
    if isinstance(profile.nameservers, Absent):
        return profile.nameservers
    if profile.nameservers == "configured":
        resolvers = Sighting(read_resolvers, RESOLV_CONF, vantage, deadline=deadline)
        return Sighting(
            ask_configured, endpoint.host, vantage, needs=(resolvers,), deadline=deadline
        )
    servers = _servers(profile)
    return Sighting(ask_servers, endpoint.host, vantage, (servers,), deadline=deadline)


def ask_for(endpoint: Endpoint, request: Request) -> Ask:
    """Return a request as it is sent."""
    return Ask(
        host=endpoint.host,
        port=endpoint.port,
        method=request.method,
        path=request.path,
        user_agent=BROWSER if request.user_agent == "browser" else USER_AGENT,
        body=request.body,
        redirects=request.redirects,
    )


def responses_for(profile: Profile, endpoint: Endpoint, request: Request, vantage: str) -> Sighting:
    """Make the request to each address."""
    addresses = addresses_for(profile, endpoint, vantage)
    ask = ask_for(endpoint, request)
    return Sighting(fetch, ask, vantage, needs=(addresses,), deadline=profile.deadlines.http)


def advertisement_for(
    profile: Profile, endpoint: Endpoint, repository: Repository, vantage: str
) -> Sighting:
    """Read the repository's advertisement from each address."""
    return Sighting(
        read_advertisement,
        _remote(endpoint, repository),
        vantage,
        needs=(addresses_for(profile, endpoint, vantage),),
        deadline=profile.deadlines.git,
    )


def exchanges_for(profile: Profile, endpoint: Endpoint, vantage: str) -> tuple[Sighting, ...]:
    """Return the sightings of all that is asked of the endpoint, each on its own connection."""
    requests = () if isinstance(endpoint.http, Absent) else endpoint.http
    asked = [responses_for(profile, endpoint, request, vantage) for request in requests]
    if endpoint.git is not None and not isinstance(endpoint.git, Absent):
        asked.append(advertisement_for(profile, endpoint, endpoint.git, vantage))
    return tuple(asked)


def refs_for(
    profile: Profile, endpoint: Endpoint, repository: Repository, vantage: str
) -> Sighting:
    """Let git itself list the repository's refs."""
    return Sighting(
        list_refs,
        _remote(endpoint, repository),
        vantage,
        needs=(addresses_for(profile, endpoint, vantage),),
        deadline=profile.deadlines.git,
    )


def _servers(profile: Profile) -> tuple[Server, ...]:
    """Return the nameservers that the profile names; none where they are the vantage's own."""
    if isinstance(profile.nameservers, Absent) or profile.nameservers == "configured":
        return ()
    return tuple(Server(*nameserver_address(one)) for one in profile.nameservers)


def _peer(endpoint: Endpoint) -> Peer:
    return Peer(endpoint.host, endpoint.port)


def _remote(endpoint: Endpoint, repository: Repository) -> Remote:
    return Remote(endpoint.host, endpoint.port, repository.path)
