"""Causes in opening a connection."""

from checks.causes.hosts import overridden
from checks.causes.names import said_of
from checks.causes.rules import headlines, proves
from checks.causes.vocabulary import Cause
from checks.wire.connections import Connection, ConnectionRefusal, RefusalReason
from checks.wire.contrasts import OtherPort
from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import Address
from checks.wire.nameservers import NoReply
from checks.wire.tunnels import ByProxy
from fixtures.diagnosing import Facts

_LET_THROUGH = (
    "see what stands between: that vantage's own firewall (there: sudo nft list ruleset), then the"
    " network's; let that vantage through to the address and port"
)
_TAKE_BACK = "take the new firewall rule back, where it was made"


@proves(
    Cause.TCP_REFUSED,
    contrast="the connection was answered at once, by a refusal: not silence, and not a reset of"
    " a connection that was made",
    remedy="see whether the service runs and listens at that address and port (ss -ltn, at the"
    " service);"
    " else " + _LET_THROUGH,
    undo=_TAKE_BACK,
)
def tcp_refused(facts: Facts) -> list[str]:
    """The socket's own error is ECONNREFUSED."""
    return _refused(facts, "refused")


@proves(
    Cause.TCP_TIMEOUT,
    contrast="nothing at all came back for the connection: neither a refusal nor a reset, and the"
    " vantage has a route",
    remedy=_LET_THROUGH,
    undo=_TAKE_BACK,
)
def tcp_timeout(facts: Facts) -> list[str]:
    """The socket's own error is ETIMEDOUT, or the connection was not made by the deadline."""
    return _refused(facts, "timeout")


@proves(
    Cause.TCP_RESET,
    contrast="the connection was accepted and reset before anything was said on it: what is said"
    " does not matter, as it would for a filter of names",
    remedy="see what stands in front of the service (a full backlog, a connection limit, a filter"
    " of addresses), and let that vantage through",
    undo="take the changed limit or filter rule back",
)
def tcp_reset(facts: Facts) -> list[str]:
    """The socket's own error is ECONNRESET, on a connection on which nothing was sent."""
    return _refused(facts, "reset")


@proves(
    Cause.NO_ROUTE,
    contrast="the vantage's own routes, or a router, say that there is no way, or that nobody is"
    " there: it was not silence",
    remedy="compare ip route get ADDRESS at that vantage and where it works; add the missing route"
    " (there: sudo ip route add …), or leave the family of addresses away that this network does"
    " not have;"
    " where the route is right, nobody has that address any more: correct who gives it",
    undo="at that vantage: sudo ip route del … with the same words",
)
def no_route(facts: Facts) -> list[str]:
    """The socket's own error is ENETUNREACH, EHOSTUNREACH or alike: to an address or nameserver."""
    others = any(facts.judged(kind) for kind in (Address, Stranger, StalePin))
    without = [] if others else headlines(facts.judged(NoWay))
    unasked = said_of(facts, lambda one: isinstance(one, NoReply) and one.reason == "unreachable")
    return [*_refused(facts, "unreachable"), *without, *unasked]


def _refused(facts: Facts, reason: RefusalReason) -> list[str]:
    """Return what was refused so, and what else was seen of the same addresses."""
    stale = overridden(facts)
    refused = [
        one
        for one in facts.judged(ConnectionRefusal)
        if one.reason == reason and one.address not in stale
    ]
    if not refused:
        return []
    addresses = {one.address for one in refused}
    ports = [one for one in facts.found(OtherPort) if one.address in addresses]
    made = [one for one in facts.found(Connection) if one.port == refused[0].port]
    by_proxy = facts.found(ByProxy)
    return headlines([*refused, *by_proxy, *ports, *made])
