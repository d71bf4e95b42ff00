"""One HTTP exchange: what is asked, what came back, and where it broke."""

from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Literal
from urllib.parse import quote

from config.endpoints import HTTPS

Reason = Literal[
    "reset",
    "truncated",
    "stalled",
    "alert",
    "cancelled",
    "malformed",
    "too-large",
    "loop",
    "too-many",
    "not-https",
    "unresolved",
    "unreachable",
]
"""RST; the end before the end; nothing until the deadline; the peer's TLS alert; an HTTP/2 error
code; not HTTP; headers or a body beyond the bounds. Of redirects: a circle; more than were asked
for; one to another scheme; to a name without an address; to a host that refused."""

_PORTS = {"https": HTTPS, "http": 80}
BODY_LIMIT = 8 * 1024 * 1024
_UNQUOTED = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `authority` is the host, with the port where it is not the scheme's own."""

    method: str
    host: str
    port: int
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | AsyncIterable[bytes] | None = None
    """What is sent in parts is made when it is sent: it is not for a request that is redirected."""
    scheme: Literal["https", "http"] = "https"

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def target_of(path: str | bytes) -> str:
    """Percent-encode what may not stand in a request line, and nothing else; text as UTF-8."""
    return quote(path, safe=_UNQUOTED)


@dataclass(slots=True)
class Exchange:
    """What came back of a request, as far as it came. Times are monotonic."""

    phase: Literal["request", "headers", "body", "redirect"] = "request"
    status: int | None = None
    version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    declared: int | None = None
    body_bytes: int = 0
    began: float = field(default_factory=monotonic)
    first_byte: float | None = None
    """When the headers were there."""
    heard_at: datetime | None = None
    """The same, by our clock (UTC)."""

    def header(self, name: str) -> str | None:
        """Return the first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


class ExchangeBrokenError(Exception):
    """An exchange that did not come to its end; the `Exchange` says how far it came."""

    def __init__(self, reason: Reason, *errors: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.errors = errors
