"""The profile: what is expected, of what, and from where."""

from datetime import date
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from config.addresses import KnownRanges, Network, RangesFile
from config.asking import HttpsProxy, TrustedResolver
from config.clusters import ClusterSpec
from config.endpoints import Endpoint
from config.hosts import HostsFile
from config.lanes import Lane
from config.model import Absent, Duration, Model, OrAbsent, takes
from config.repositories import Repository
from config.vantages import LabVantage, LocalVantage, Name, VantageSpec

Variable = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        json_schema_extra=takes("the name of an environment variable"),
    ),
]


def _nameserver(value: str) -> str:
    nameserver_address(value)
    return value


def nameserver_address(text: str) -> tuple[str, int]:
    """Split `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`; raises `ValueError`. The port is 53."""
    bare, port = text, "53"
    if text.startswith("["):
        bare, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError("no address")
        port = rest[1:] if rest else port
    elif text.count(":") == 1:
        bare, _, port = text.partition(":")
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):  # noqa: PLR2004
        raise ValueError("no port")
    return str(ip_address(bare)), int(port)


Nameserver = Annotated[
    str,
    AfterValidator(_nameserver),
    Field(json_schema_extra=takes("an address such as 9.9.9.9, 9.9.9.9:53 or [2620:fe::fe]:53")),
]


def _nameservers(value: Any) -> str:
    if isinstance(value, Absent) or (isinstance(value, dict) and "absent" in value):
        return "<absent>"
    return "<word>" if isinstance(value, str) else "<given>"


Nameservers = Annotated[
    Annotated[tuple[Nameserver, ...], Tag("<given>"), Field(min_length=1)]
    | Annotated[Literal["configured"], Tag("<word>")]
    | Annotated[Absent, Tag("<absent>")],
    Discriminator(_nameservers),
]


class Deadlines(Model):
    """How long each layer may take, in seconds, and the whole sighting."""

    resolve: Duration = 10.0
    connect: Duration = 10.0
    tls: Duration = 10.0
    http: Duration = 20.0
    git: Duration = 20.0
    sighting: Duration = 60.0


class Secret(Model):
    """A value that must not be written anywhere; the profile names its source, never the value."""

    name: Name
    env: Variable | None = None
    """The environment variable that holds it."""
    file: str | None = Field(default=None, min_length=1)
    """The file that holds it."""

    @model_validator(mode="after")
    def _one_source(self) -> "Secret":
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret has exactly one source: env or file")
        return self


class Waiver(Model):
    """A violation that somebody accepted, for a while."""

    check: str = Field(min_length=1)
    target: str = "*"
    reason: str = Field(min_length=1)
    approved_by: str = Field(min_length=1)
    until: date = Field(json_schema_extra=takes("a date such as 2027-01-31"))
    """The last day on which it waives."""


class Profile(Model):
    """One plan's expectations."""

    name: Name
    description: str = ""
    vantages: tuple[VantageSpec, ...] = Field(default=(LocalVantage(name="here"),), min_length=1)
    in_flight: int = Field(default=64, ge=1, le=4096)
    """How many sightings are made at once."""
    deadlines: Deadlines = Deadlines()
    nameservers: Nameservers = "configured"
    """Asked directly, beside the system: those of resolv.conf, or ADDRESS[:PORT] each."""
    trusted_resolvers: tuple[TrustedResolver, ...] = ()
    """Asked over TLS or HTTPS for a name that a check found wrong; nobody is, unless named here."""
    https_proxy: HttpsProxy | None = None
    """The proxy of vantages whose environment names none: tried once a request has failed."""
    ranges: Annotated[
        RangesFile | None,
        WithJsonSchema(
            {
                "type": "string",
                "x-takes": "the name of a file of address ranges below config/ranges, or a path",
            }
        ),
    ] = None
    """The dated file of known address ranges: a name below config/ranges, or a path."""
    forbidden: tuple[Network, ...] = ()
    """Addresses that no name of this profile may resolve to."""
    authorities: tuple[str, ...] = ()
    """PEM files of certificate authorities that are trusted beside the system's."""
    endpoints: OrAbsent[tuple[Endpoint, ...]]
    hosts: OrAbsent[HostsFile]
    repositories: OrAbsent[Annotated[tuple[Repository, ...], Field(min_length=1)]] | None = None
    """Left out, nothing is said of repositories, and their areas have nothing to look at."""
    clusters: tuple[ClusterSpec, ...] = ()
    lanes: OrAbsent[Annotated[tuple[Lane, ...], Field(min_length=1)]] | None = None
    """Left out, nothing is said of lanes, and the area that judges them has nothing to look at."""
    secrets: tuple[Secret, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    clock_tolerance: Duration = 60.0
    """How far the Date of an answer may be from this clock, in seconds."""
    log_dir: str | None = Field(default=None, min_length=1)
    """A folder to which the run's log is copied."""


def networks(profile: Profile, endpoint: Endpoint) -> tuple[str, ...]:
    """Return the networks in which the endpoint's addresses are known to lie, in CIDR notation.

    Empty where the endpoint names no ranges: nothing is known then.
    """
    sets = profile.ranges.sets if profile.ranges else {}
    return tuple(
        dict.fromkeys(str(network) for name in endpoint.ranges for network in sets.get(name, ()))
    )


__all__ = [
    "Deadlines",
    "KnownRanges",
    "LabVantage",
    "LocalVantage",
    "Nameserver",
    "Network",
    "Profile",
    "Secret",
    "TrustedResolver",
    "VantageSpec",
    "Waiver",
    "nameserver_address",
    "networks",
]
