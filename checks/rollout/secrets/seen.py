"""What is seen of a lane's Secrets: that they are there, and how they are used; no value."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from config.model import Absent
from fixtures.clusters import Listing
from reports.asides import Aside
from reports.codec import observation


@observation
class SecretSeen:
    """Whether a Secret is there, by its metadata alone. Times are UTC."""

    kind: Literal["secret-seen"] = "secret-seen"
    namespace: str
    name: str
    there: bool
    keys: tuple[str, ...] | None
    """What its keys are called; None where nobody tells."""
    created: datetime | None
    deleting: bool
    listing: Listing
    asides: tuple[Aside, ...] = ()

    @property
    def place(self) -> str:
        return f"Secret {self.namespace}/{self.name}"

    @property
    def headline(self) -> str:
        if not self.there:
            return f"{self.place} is not there"
        if self.keys is None:
            return f"{self.place} is there, and nobody tells what its keys are"
        keys = f"with the keys {', '.join(self.keys)}" if self.keys else "without a key"
        return f"{self.place} is there, {keys}"

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@observation
class SyncSeen:
    """When the operation began that Argo CD ran last, or runs. Times are UTC."""

    kind: Literal["sync-seen"] = "sync-seen"
    application: str
    there: bool
    started: datetime | None
    """`status.operationState.startedAt`; None where nothing was synced yet."""
    listing: Listing
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        if not self.there:
            return f"Application {self.application} is not there"
        began = f"began at {self.started}" if self.started else "was never begun"
        return f"the last operation of Application {self.application} {began}"

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a container has a volume; `holds` are the Secrets in it."""

    path: str
    volume: str
    read_only: bool
    holds: tuple[str, ...]
    kept: bool
    """Whether what the cluster made is in it alone: of a Secret, a ConfigMap, a token."""


@dataclass(frozen=True, slots=True)
class RunnerContainer:
    """A container of a runner's Job. Of its variables only paths are kept."""

    name: str
    paths: tuple[tuple[str, str], ...]
    by_variable: tuple[str, ...]
    """Secrets that it is given as variables."""
    mounts: tuple[Mount, ...]
    read_only_root: bool
    init: bool = False
    """Whether it ends before the others begin."""


@dataclass(frozen=True, slots=True)
class RunnerJob:
    """A Job, as far as Secrets are concerned."""

    namespace: str
    name: str
    labels: tuple[tuple[str, str], ...]
    containers: tuple[RunnerContainer, ...]

    def __str__(self) -> str:
        return f"Job {self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class RunnerOf:
    """What is expected of a lane's runners: where they are, and what they are given."""

    namespace: str
    selector: str
    providers: tuple[str, ...]
    home: str | Absent
    """The variable that names the folder that a runner writes to, if its secrets need one."""


@observation
class RunnerJobs:
    """The Jobs of the namespaces in which lanes have runners."""

    kind: Literal["runner-jobs"] = "runner-jobs"
    listing: Listing
    jobs: tuple[RunnerJob, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.jobs))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@observation
class DsnSeen:
    """What a connection string is like, judged where it was read. Nothing of it is kept."""

    kind: Literal["dsn-seen"] = "dsn-seen"
    secret: str
    names_database: bool | None
    """Whether it names the database that it has to; None where that cannot be told."""
    has_password: bool
    encoded: bool | None
    """Whether its password is percent-encoded; None where it has none."""
    fingerprint: str
    at: datetime

    @property
    def headline(self) -> str:
        words = (("database", self.names_database), ("encoded", self.encoded))
        return f"the DSN {self.fingerprint}: " + ", ".join(
            f"{name} {'unknown' if told is None else 'right' if told else 'wrong'}"
            for name, told in words
        )


@observation
class SecretCompared:
    """Whether a Secret of the cluster holds what a secret of the profile does."""

    kind: Literal["secret-compared"] = "secret-compared"
    namespace: str
    name: str
    key: str
    source: str
    equal: bool
    fingerprints: tuple[str, str]
    """Of the source's value, and of the cluster's, with the key of this run."""
    at: datetime

    @property
    def headline(self) -> str:
        same = "is the same as" if self.equal else "is not the same as"
        ours, theirs = self.fingerprints
        return f"{self.key} of Secret {self.namespace}/{self.name} {same} {self.source}" + (
            f" ({ours})" if self.equal else f" ({theirs}, {ours})"
        )


@observation
class ConfigCompared:
    """Whether what a lane is configured with is a copy of a private file."""

    kind: Literal["config-compared"] = "config-compared"
    file: str
    secret: str
    copied: bool
    """Whether the bytes are the same, or the options and their values."""
    beyond: tuple[str, ...] | None
    """Options that the lane may not have, by name; None where nobody says which it may have."""
    fingerprints: tuple[str, str]
    at: datetime

    @property
    def headline(self) -> str:
        same = "is a copy of" if self.copied else "is no copy of"
        beyond = f", with options beyond: {', '.join(self.beyond)}" if self.beyond else ""
        return f"{self.secret} {same} {self.file}{beyond}"


@dataclass(frozen=True, slots=True)
class Leak:
    """A place where a secret stands: where, and of which kind or name; never what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@observation
class Searched:
    """Published files that were searched for secrets. Nothing of them is kept."""

    kind: Literal["files-searched"] = "files-searched"
    paths: tuple[str, ...]
    files: int
    leaks: tuple[Leak, ...]
    unread: tuple[str, ...]
    """What was not read, and why."""
    at: datetime

    @property
    def headline(self) -> str:
        found = f"{len(self.leaks)} places with secrets" if self.leaks else "no secret"
        left = f", {len(self.unread)} left out" if self.unread else ""
        return f"{self.files} files of {', '.join(self.paths)}: {found}{left}"
