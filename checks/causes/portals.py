"""Captive portals, by what answers in plain HTTP in the place of a name."""

from urllib.parse import urlsplit

from checks.wire.plainly import PlainAnswer
from fixtures.diagnosing import Facts

_LOGIN = " 511"
"""Network Authentication Required (RFC 6585, 6)."""


def plainly(facts: Facts, host: str, address: str, *ports: int) -> list[str]:
    """Tell what answers in plain HTTP there; of one that leads to a login, that it is a portal."""
    return [
        f"a captive portal answers: {one.headline}" if _is_portal(one) else one.headline
        for one in facts.found(PlainAnswer)
        if (one.host, one.address) == (host, address) and one.port in ports
    ]


def portals(facts: Facts, host: str, address: str, *ports: int) -> list[str]:
    """Tell of portals alone."""
    return [line for line in plainly(facts, host, address, *ports) if line.startswith("a captive")]


def _is_portal(one: PlainAnswer) -> bool:
    """Tell whether it leads to another host's page, or says that the network asks for a login."""
    leads_to = _host(one.location) if one.location else None
    return leads_to not in (None, one.host.lower().rstrip(".")) or _LOGIN in one.status[:12]


def _host(location: str) -> str | None:
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None
