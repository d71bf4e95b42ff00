"""What a git server shows over smart HTTP: to our own client, and to git."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository at a host, over https."""

    host: str
    port: int
    path: str

    def __str__(self) -> str:
        at = self.host if self.port == 443 else f"{self.host}:{self.port}"
        return f"{at}/{self.path.strip('/')}"


@observation
class Advertisement:
    """What `info/refs?service=git-upload-pack` advertises, read by our own client."""

    kind: Literal["advertisement"] = "advertisement"
    url: str
    address: str
    refs: int
    head: str | None
    capabilities: tuple[str, ...]
    seconds: float
    at: datetime


@observation
class AdvertisementRefusal:
    """An HTTP answer that is not a git advertisement."""

    kind: Literal["advertisement-refusal"] = "advertisement-refusal"
    url: str
    address: str
    status: int
    content_type: str | None
    reason: str
    seconds: float
    at: datetime


@observation
class RefsListed:
    """`git ls-remote` ended with exit status 0."""

    kind: Literal["refs-listed"] = "refs-listed"
    url: str
    refs: int
    head: str | None
    transcript: str
    seconds: float
    at: datetime


@observation
class RefsRefusal:
    """`git ls-remote` failed, or was ended at its deadline (`status` is None)."""

    kind: Literal["refs-refusal"] = "refs-refusal"
    url: str
    status: int | None
    layer: Literal["names", "connection", "tls", "trust", "http", "git", "unknown"]
    """The layer that git's own words name."""
    reason: str
    transcript: str
    seconds: float
    at: datetime


async def read_advertisement(
    remote: Remote, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[
    Advertisement | AdvertisementRefusal | HttpRefusal | Distrust | HandshakeRefusal | ConnectionRefusal, ...
]:
    """Ask each of the addresses for `info/refs?service=git-upload-pack`."""


async def list_refs(
    remote: Remote, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> RefsListed | RefsRefusal:
    """Run `git ls-remote` with its verbose log, and end it at the deadline."""
