"""What is expected of a lane's Secrets: that they are there, never what they hold."""

from typing import Annotated

from pydantic import Field, model_validator

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Model, OrAbsent
from config.vantages import Name

_SEVERAL = Field(min_length=1)


class NamedSecret(Model):
    """A Secret of the cluster."""

    name: ObjectName
    namespace: Namespace | None = None
    """Without one, the runtime's."""
    keys: tuple[Text, ...] = ()
    """Keys that it has to have; values are never asked for."""
    same_as: Name | None = None
    """The name of a secret of this profile with which the value of `key` has to agree: compared
    where both are read, and told as equal or not."""
    key: Text | None = None

    @model_validator(mode="after")
    def _both(self) -> "NamedSecret":
        if (self.same_as is None) != (self.key is None):
            raise ValueError("`same_as` and `key` belong together: what is compared with what")
        return self

    def __str__(self) -> str:
        return self.name


class Dsn(Model):
    """A connection string, which is judged where it is read, and never kept."""

    secret: Name
    """The name of a secret of this profile."""
    database: Text
    """What the database has to be called."""


class Private(Model):
    """A file of this host that the lane's configuration must not be a copy of."""

    file: Text
    """Its path; `~` is the home of who runs this: `~/.codex/config.toml`."""
    secrets: Annotated[tuple[Name, ...], _SEVERAL]
    """Names of secrets of this profile: what the lane is configured with."""
    options: tuple[Text, ...] = ()
    """Options that the lane's own may have, as dotted TOML keys; any, if left out."""


class LaneSecrets(Model):
    """The Secrets of a lane. What it does not have is left out, or absent with the reason."""

    present: OrAbsent[tuple[NamedSecret, ...]] = ()
    obsolete: OrAbsent[tuple[NamedSecret, ...]] = ()
    """Those that must be gone."""
    providers: OrAbsent[tuple[NamedSecret, ...]] = ()
    """Those that are mounted into runners, read-only."""
    dsn: OrAbsent[tuple[Dsn, ...]] = ()
    compare_values: bool = False
    """Whether the cluster may be asked for the value of Secrets that are `same_as` another. Who
    asks needs a role that may get those Secrets: the one that the suite ships may not."""
    before_sync: OrAbsent[tuple[NamedSecret, ...]] = ()
    """Those that have to be there before the application is synced."""
    private: OrAbsent[tuple[Private, ...]] = ()
    published: OrAbsent[tuple[Text, ...]] = ()
    """Files and folders of this host in which the lane's evidence is kept, or reports of it: no
    secret may stand in them. `evidence` is where runs are."""
