"""What is seen of an HTTP exchange: a whole answer, or where it broke."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from checks.wire.exchange import Reason
from checks.wire.printable import printable
from checks.wire.transcripts import of_headers
from reports.codec import observation


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect that was followed by hand."""

    status: int
    location: str


class Phase(NamedTuple):
    """A part of the exchange; both in seconds, `start` from the exchange's beginning.

    With redirects the four come again for each request.
    """

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
    """The address that answered at last."""
    status: int
    version: str
    """`HTTP/1.1` or `HTTP/2`."""
    headers: tuple[tuple[str, str], ...]
    """All headers in the order sent; credentials are redacted by the journal."""
    hops: tuple[Hop, ...]
    body_bytes: int
    """Bytes of the body as sent, before any content coding is undone."""
    declared_bytes: int | None
    """Content-Length; None where there was none."""
    excerpt: str
    """The first 2,000 characters of the body, for people."""
    clock_offset: float | None
    """Seconds that the far side's Date (and Age) is ahead of our clock; None without one."""
    phases: tuple[Phase, ...]
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        onward = (
            f" from {printable(self.url)}, after {len(self.hops)} redirects" if self.hops else ""
        )
        return f"{self.address}: {self.version} {self.status}, {self.body_bytes} bytes{onward}"

    @property
    def clock(self) -> tuple[str, float, float] | None:
        """Whose clock was heard, by how many seconds it is ahead of ours, and within how many.

        Date tells whole seconds, and was written at some time while it was waited for.
        """
        if self.clock_offset is None:
            return None
        waited = max((one.seconds for one in self.phases if one.name == "first-byte"), default=0.0)
        return (urlsplit(self.url).netloc, self.clock_offset, 1.0 + waited)

    @property
    def transcript(self) -> str:
        hops = [f"{hop.status} to {printable(hop.location)}" for hop in self.hops]
        took = ", ".join(f"{one.name} {one.seconds * 1000:.1f} ms" for one in self.phases)
        status = f"{self.version} {self.status}"
        return "\n".join([*hops, status, *of_headers(self.headers), took])


@observation
class HttpRefusal:
    """An exchange that broke after the handshake, or a redirect that leads nowhere."""

    kind: Literal["http-refusal"] = "http-refusal"
    url: str
    address: str
    phase: Literal["request", "headers", "body", "redirect"]
    reason: Reason
    status: int | None
    hops: tuple[Hop, ...]
    body_bytes: int
    declared_bytes: int | None
    errors: tuple[str, ...]
    phases: tuple[Phase, ...]
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        status = f" {self.status}" if self.status is not None else ""
        declared = f" of {self.declared_bytes}" if self.declared_bytes is not None else ""
        came = f", {self.body_bytes}{declared} bytes received" if self.phase == "body" else ""
        said = printable("; ".join(self.errors))
        return f"{self.address}:{status} {self.reason} in the {self.phase}{came}: {said}"
