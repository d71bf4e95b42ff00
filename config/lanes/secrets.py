"""What is expected of a lane's Secrets: that they are there, never what they hold."""

from pydantic import Field

from config.lanes.words import Namespace, ObjectName, Text
from config.model import Model
from config.vantages import Name


class NamedSecret(Model):
    """A Secret of the cluster."""

    name: ObjectName
    namespace: Namespace | None = None
    """Without one, the runtime's."""
    keys: tuple[Text, ...] = ()
    """Keys that it has to have; values are never asked for."""
    same_as: Name | None = None
    """The name of a secret of this profile with which the value of `key` has to agree; compared
    where it is read, and told as equal or not."""
    key: Text | None = None


class Dsn(Model):
    """A connection string, which is judged where it is read, and never kept."""

    secret: Name
    """The name of a secret of this profile."""
    database: Text
    """What the database has to be called."""


class LaneSecrets(Model):
    """The Secrets of a lane."""

    present: tuple[NamedSecret, ...] = ()
    obsolete: tuple[NamedSecret, ...] = ()
    """Those that must be gone."""
    providers: tuple[NamedSecret, ...] = ()
    """Those that are mounted into runners, read-only."""
    dsn: tuple[Dsn, ...] = ()
    before_sync: tuple[NamedSecret, ...] = Field(default=())
    """Those that have to be there before the application is synced."""
    private: tuple[Text, ...] = ()
    """Files of this host whose content must not be copied into the lane's configuration."""
