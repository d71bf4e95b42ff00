"""What is seen of a lane's metrics."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from reports.codec import observation

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Server:
    """A Prometheus, and the name of the secret that is its bearer token."""

    url: str
    secret: str | None

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its labels, and its value as Prometheus writes it (`NaN`, `+Inf`).

    A histogram has no value.
    """

    labels: Pairs
    value: str | None

    def __str__(self) -> str:
        told = dict(self.labels)
        name = told.pop("__name__", "")
        inside = ", ".join(f'{label}="{text}"' for label, text in told.items())
        return f"{name}{{{inside}}}" if inside or not name else name


@observation
class Queried:
    """What Prometheus answered to an instant query. Times are UTC."""

    kind: Literal["promql-answer"] = "promql-answer"
    url: str
    promql: str
    """The query as it was asked: with the lane's own in its places."""
    of: Literal["vector", "scalar"]
    series: tuple[Series, ...]
    warnings: tuple[str, ...]
    """What Prometheus says that the answer may lack."""
    infos: tuple[str, ...]
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        """One line for people."""
        many = f"{len(self.series)} series" if self.series else "no series"
        alone = f", {self.series[0].value}" if len(self.series) == 1 else ""
        return f"{self.promql!r} answers {many}{alone}"

    @property
    def transcript(self) -> str:
        lines = [f"{one} => {one.value}" for one in self.series]
        return "\n".join([*lines, *self.warnings, *self.infos])


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """A target that Prometheus scrapes; `health` is `up`, `down`, or `unknown` before the first."""

    job: str
    instance: str
    labels: Pairs
    health: str
    error: str
    scraped: str
    """When it was scraped last, as Prometheus writes it."""

    def __str__(self) -> str:
        return f"{self.job}/{self.instance}"


@observation
class Targets:
    """The active targets of some scrape jobs. Times are UTC."""

    kind: Literal["scrape-targets"] = "scrape-targets"
    url: str
    jobs: tuple[str, ...]
    """Those that were looked for."""
    targets: tuple[ScrapeTarget, ...]
    active: int
    """How many targets of any job there are."""
    at: datetime

    @property
    def headline(self) -> str:
        """One line for people."""
        up = sum(one.health == "up" for one in self.targets)
        return f"{up} of {len(self.targets)} targets of {', '.join(self.jobs)} are up"
