"""What an HTTPS endpoint answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `user_agent` is the literal header value."""

    host: str
    port: int
    method: str
    path: str
    user_agent: str
    body: str | None
    redirects: int

    def __str__(self) -> str:
        at = self.host if self.port == 443 else f"{self.host}:{self.port}"
        path = "" if self.path == "/" else self.path
        return f"{at}{path}" if self.method == "GET" else f"{self.method}:{at}{path}"


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed by hand."""

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the exchange; both in seconds, `start` from the exchange's beginning."""

    name: Literal["connect", "tls", "first-byte", "transfer"]
    start: float
    seconds: float


@observation
class Response:
    """A whole answer."""

    kind: Literal["response"] = "response"
    url: str
    """The URL that answered at last."""
    address: str
    status: int
    version: str
    headers: tuple[tuple[str, str], ...]
    """All headers in the order sent; credentials are redacted by the journal."""
    hops: tuple[Hop, ...]
    body_bytes: int
    declared_bytes: int | None
    """Content-Length; None where there was none."""
    excerpt: str
    """The first 2,000 characters of the body, for people."""
    clock_offset: float | None
    """Seconds that the far side's Date is ahead of our clock; None without one."""
    phases: tuple[Phase, ...]
    seconds: float
    at: datetime


@observation
class HttpRefusal:
    """An exchange that broke after the handshake."""

    kind: Literal["http-refusal"] = "http-refusal"
    url: str
    address: str
    phase: Literal["request", "headers", "body", "redirect"]
    reason: Literal["reset", "truncated", "stalled", "malformed", "too-large", "loop"]
    status: int | None
    body_bytes: int
    declared_bytes: int | None
    errors: tuple[str, ...]
    phases: tuple[Phase, ...]
    seconds: float
    at: datetime


async def fetch(
    ask: Ask, vantage: Vantage, addresses: tuple[Address, ...], *, deadline: float
) -> tuple[Response | HttpRefusal | Distrust | HandshakeRefusal | ConnectionRefusal, ...]:
    """Make the request to each of the addresses, on a connection of its own."""
