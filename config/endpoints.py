"""What is expected of a network endpoint."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.model import Absent, Duration, Model

Network = IPv4Network | IPv6Network
Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")]
Port = Annotated[int, Field(ge=1, le=65535)]

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


class Tls(Model):
    """What the certificate and the handshake must be like."""

    renewal_window: Duration = Field(default=14 * 86400.0)
    minimum: Literal["TLSv1.2", "TLSv1.3"] = "TLSv1.2"


class Request(Model):
    """One HTTP request, and what its answer must be like."""

    path: str = Field(default="/", pattern="^/")
    method: Literal["GET", "HEAD", "POST"] = "GET"
    body: str | None = None
    user_agent: Literal["browser", "touchstone"] = "touchstone"
    status: tuple[Annotated[int, Field(ge=100, le=599)], ...] = Field(default=(200,), min_length=1)
    carries: tuple[str, ...] = ()
    """Names of headers that the answer must have."""
    redirects: int = Field(default=5, ge=0, le=20)


class Repository(Model):
    """A git repository that is served over smart HTTP at the endpoint."""

    path: str = Field(pattern=r"^/?[^\s]+$")


class Samples(Model):
    """How often the endpoint is tried, and how many of the tries must succeed."""

    count: int = Field(ge=2, le=1000)
    at_least: int = Field(ge=1)
    interval: Duration = 1.0

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
    tls: Tls | Absent = Tls()
    http: tuple[Request, ...] | Absent = ()
    git: Repository | Absent | None = None
    samples: Samples | None = None

    def __str__(self) -> str:
        return self.host if self.port == 443 else f"{self.host}:{self.port}"  # noqa: PLR2004
