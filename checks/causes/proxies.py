"""Causes in a proxy on the way."""

import re
from collections.abc import Iterator

from checks.causes.remedies import SET_PROXY, UNSET_PROXY
from checks.causes.rules import headlines, proves
from checks.causes.vocabulary import Cause
from checks.wire.connections import ConnectionRefusal
from checks.wire.git import AdvertisementRefusal, RefsRefusal
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.http import Response
from checks.wire.tunnels import ByProxy
from fixtures.diagnosing import Facts

_PROXY_AUTH = 407
_FAILING = 500
_TUNNEL = re.compile(r"(?:CONNECT tunnel failed, response|Received HTTP code) (\d{3})")
"""libcurl's words for what a proxy answered to CONNECT, of 7.88 and of older ones."""
_CUT = frozenset({"reset", "closed", "silent"})


@proves(
    Cause.PROXY_AUTH,
    contrast="the proxy answers, and asks who is there: it does not refuse the name",
    remedy="at that vantage, give the proxy its credentials where the tool reads them (a netrc"
    " file, or the"
    " variable https_proxy set from a secret), not on a command line",
    undo=UNSET_PROXY,
)
def proxy_auth(facts: Facts) -> Iterator[str]:
    """A proxy answers 407: to a request, to git's CONNECT, or to ours.

    Ours counts where git fails, or where the direct way is closed.
    """
    yield from with_status(facts, _PROXY_AUTH)
    for one, status in _tunnels(facts):
        if status == _PROXY_AUTH:
            yield one.headline
    yield from headlines(
        one for one in _refusing(facts) if one.answer and one.answer.status == _PROXY_AUTH
    )


@proves(
    Cause.PROXY_REFUSED,
    contrast="the proxy answered CONNECT, and not with 407: it knows who asks, and refuses",
    remedy="let the proxy's operator allow the name and port; else " + SET_PROXY,
    undo=UNSET_PROXY,
)
def proxy_refused(facts: Facts) -> Iterator[str]:
    """The proxy answers git's CONNECT, or ours, with a status that is neither 2xx nor 407.

    Ours counts where git fails, or where the direct way is closed; that the proxy cannot reach
    the service (5xx) only where it is reached directly.
    """
    for one, status in _tunnels(facts):
        if status != _PROXY_AUTH:
            yield one.headline
            yield f"CONNECT was answered with {status}"
    yield from headlines(
        one for one in _refusing(facts) if one.answer and one.answer.status != _PROXY_AUTH
    )


def is_served_by_proxy(facts: Facts) -> bool:
    """Tell whether the target is served to whoever asks through the proxy."""
    return any(_is_served(one.through) for one in facts.found(ByProxy))


def with_status(facts: Facts, status: int) -> list[str]:
    """Return the answers that were judged, and have the status."""
    answered = [one for one in facts.judged(Response) if one.status == status]
    refused = [one for one in facts.judged(AdvertisementRefusal) if one.status == status]
    return headlines([*answered, *refused])


def _tunnels(facts: Facts) -> Iterator[tuple[RefsRefusal, int]]:
    for one in facts.judged(RefsRefusal):
        if found := _TUNNEL.search(one.reason):
            yield one, int(found[1])


def _refusing(facts: Facts) -> Iterator[ByProxy]:
    """Walk what proxies answered in place of a tunnel, where somebody had to go by them."""
    by_git = bool(facts.judged(RefsRefusal))
    for one in facts.found(ByProxy):
        if one.answer is None or one.answer.opens:
            continue
        if one.answer.status >= _FAILING and not _is_served(one.directly):
            continue
        if by_git or _is_closed(one.directly):
            yield one


def _is_served(outcome: object) -> bool:
    if isinstance(outcome, Response):
        return outcome.status < _FAILING
    return isinstance(outcome, Handshake) and outcome.accepted


def _is_closed(outcome: object) -> bool:
    """Tell whether the direct way ends below HTTP, as where a firewall lets the proxy out alone."""
    if isinstance(outcome, HandshakeRefusal):
        return outcome.reason in _CUT
    return isinstance(outcome, ConnectionRefusal)
