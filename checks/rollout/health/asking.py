"""What is asked of a health endpoint, as the profile names it."""

from dataclasses import dataclass

from checks.wire.endpoints import USER_AGENT
from checks.wire.exchange import Request, target_of
from checks.wire.http import Ask, request_of
from config.lanes.health import Health, place_of


@dataclass(frozen=True, slots=True)
class PlainAsk:
    """One request in plain HTTP."""

    host: str
    port: int
    path: str

    @property
    def request(self) -> Request:
        headers = (("User-Agent", USER_AGENT), ("Accept", "*/*"))
        target = target_of(self.path)
        return Request("GET", self.host, self.port, target, headers, None, scheme="http")

    def __str__(self) -> str:
        return self.request.url


def asked_of(health: Health) -> Ask | PlainAsk:
    """Return the request that an endpoint is asked with; redirects are not followed."""
    scheme, host, port = place_of(health.url)
    _, _, rest = health.url.partition("://")
    _, slash, path = rest.partition("/")
    asked = f"{slash}{path}" or "/"
    if scheme == "https":
        return Ask(host, port, "GET", asked, USER_AGENT, None, 0)
    return PlainAsk(host, port, asked)


def url_of(ask: Ask | PlainAsk) -> str:
    """Return a request's URL: the port of its scheme goes without saying."""
    return ask.request.url if isinstance(ask, PlainAsk) else request_of(ask).url
