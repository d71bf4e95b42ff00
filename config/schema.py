"""The profile: what is expected, of what, and from where."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.endpoints import Endpoint, Network
from config.hosts import HostsFile
from config.model import Absent, Duration, Model

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]


class LocalVantage(Model):
    """This host."""

    name: Name
    kind: Literal["local"] = "local"


class LabVantage(Model):
    """The embedded lab: its resolver, its hosts file, its authority."""

    name: Name
    kind: Literal["lab"]


VantageSpec = Annotated[LocalVantage | LabVantage, Field(discriminator="kind")]


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
    env: str | None = None
    file: str | None = None

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
    until: date


class Profile(Model):
    """One plan's expectations."""

    name: Name
    description: str = ""
    vantages: tuple[VantageSpec, ...] = (LocalVantage(name="here"),)
    in_flight: int = Field(default=64, ge=1, le=4096)
    deadlines: Deadlines = Deadlines()
    nameservers: tuple[str, ...] | Literal["configured"] | Absent = "configured"
    """Asked directly, beside the system: those of resolv.conf, or ADDRESS[:PORT] each."""
    ranges: str | None = None
    """The dated file of known address ranges: a name below config/ranges, or a path."""
    forbidden: tuple[Network, ...] = ()
    """Addresses that no name of this profile may resolve to."""
    authorities: tuple[str, ...] = ()
    """PEM files of certificate authorities that are trusted beside the system's."""
    endpoints: tuple[Endpoint, ...] | Absent
    hosts: HostsFile | Absent
    secrets: tuple[Secret, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    log_dir: str | None = None
    """A folder to which the run's log is copied."""
