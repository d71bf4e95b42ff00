"""What is expected of a network endpoint."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.capacity import Capacity
from config.model import Duration, Model, OrAbsent, takes
from config.paths import RepositoryPath, UrlPath

HTTPS = 443
Host = Annotated[
    str,
    Field(
        min_length=1,
        max_length=253,
        pattern=r"^[A-Za-z0-9._:-]+$",
        json_schema_extra=takes("a host name such as github.com, without https:// and path"),
    ),
]
Port = Annotated[int, Field(ge=1, le=65535)]
Status = Annotated[int, Field(ge=100, le=599)]
HeaderName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        json_schema_extra=takes("the name of a header, such as X-GitHub-Request-Id"),
    ),
]

Issuer = Annotated[
    str,
    Field(
        min_length=3,
        max_length=256,
        pattern=r"[^\s=,].*[^\s=,].*[^\s=,]",
        json_schema_extra=takes(
            "a part of an issuer's distinguished name, such as Sectigo Limited: 3 letters at least"
        ),
    ),
]

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0 Safari/537.36"
)


def at_port(host: str, port: int) -> str:
    """Write a host and a port for people; the port of HTTPS goes without saying."""
    if port == HTTPS:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Tls(Model):
    """What the certificate and the handshake must be like."""

    renewal_window: Duration = 14 * 86400.0
    """How long before its end a certificate must have been renewed."""
    minimum: Literal["TLSv1.2", "TLSv1.3"] = "TLSv1.2"
    """The oldest protocol version that may be negotiated."""
    issuers: Annotated[tuple[Issuer, ...], Field(min_length=1, max_length=32)] | None = None
    """Who may have issued the certificate: each a part of a distinguished name, in any case."""


class Request(Model):
    """One HTTP request, and what its answer must be like."""

    path: UrlPath = "/"
    method: Literal["GET", "HEAD", "POST"] = "GET"
    body: str | None = None
    user_agent: Literal["browser", "touchstone"] = "touchstone"
    """Whose User-Agent is sent; some middleboxes treat them differently."""
    status: tuple[Status, ...] = Field(default=(200,), min_length=1)
    """The statuses that are right for the last answer, after redirects."""
    carries: tuple[HeaderName, ...] = ()
    """Names of headers that the answer must have."""
    redirects: int = Field(default=5, ge=0, le=20)
    """How many redirects are followed."""


class Repository(Model):
    """A git repository that is served over smart HTTP at the endpoint."""

    path: RepositoryPath


class Samples(Model):
    """How often the endpoint is tried, and how many of the tries must succeed."""

    count: int = Field(ge=2, le=1000)
    at_least: int = Field(ge=1)
    interval: Duration = 1.0
    """From the beginning of one try to the beginning of the next."""

    @model_validator(mode="after")
    def _possible(self) -> "Samples":
        if self.at_least > self.count:
            raise ValueError(f"at_least is {self.at_least}, more than the count of {self.count}")
        return self


class Endpoint(Model):
    """A host and port that must be reachable, and what must be found there."""

    host: Host
    port: Port = 443
    function: str | None = None
    """What the endpoint is needed for: essential, download actions, …"""
    vantages: tuple[str, ...] = ()
    """Names of vantages to look from; all of the profile's when empty."""
    ranges: tuple[str, ...] = ()
    """Names of known address ranges; an address outside must show the name's TLS identity."""
    tls: OrAbsent[Tls] = Tls()
    http: OrAbsent[tuple[Request, ...]] = ()
    git: OrAbsent[Repository] | None = None
    samples: Samples | None = None
    capacity: Capacity | None = None

    def __str__(self) -> str:
        return at_port(self.host, self.port)
