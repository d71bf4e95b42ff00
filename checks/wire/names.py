"""What a name resolves to: by the system's resolver, and by each nameserver."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fixtures.sightings import by_hand
from fixtures.vantages import Source, Vantage
from reports.codec import observation


@observation
class Answer:
    """Addresses that the vantage's own resolver gives, in its order."""

    kind: Literal["answer"] = "answer"
    name: str
    addresses: tuple[str, ...]
    source: Source
    seconds: float
    at: datetime


@observation
class NoAnswer:
    """The vantage's own resolver has no address: it said so, or was silent."""

    kind: Literal["no-answer"] = "no-answer"
    name: str
    code: str
    """EAI_NONAME, EAI_AGAIN, …, or `timeout`."""
    text: str
    seconds: float
    at: datetime


@observation
class Address:
    """An address that may be looked at as the name's own."""

    kind: Literal["address"] = "address"
    host: str
    address: str
    source: Literal["hosts-file", "dns"]
    known: bool
    """Whether it lies in the known ranges (or nothing is known). Outside, it showed the
    name's trusted identity: a remark, no violation."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """A nameserver to ask directly."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        return self.address if self.port == 53 else f"{self.address}:{self.port}"


@observation
class Reply:
    """What one nameserver replied to one question; a negative response code is a reply."""

    kind: Literal["reply"] = "reply"
    name: str
    server: str
    transport: Literal["udp", "tcp"]
    question: Literal["A", "AAAA"]
    rcode: str
    flags: tuple[str, ...]
    aliases: tuple[str, ...]
    """The CNAME chain, in order."""
    addresses: tuple[str, ...]
    ttl: int | None
    """Seconds; the smallest of the answer's records."""
    edns_size: int | None
    truncated: bool
    seconds: float
    at: datetime


@observation
class NoReply:
    """One nameserver did not reply to one question, or not with a DNS message."""

    kind: Literal["no-reply"] = "no-reply"
    name: str
    server: str
    transport: Literal["udp", "tcp"]
    question: Literal["A", "AAAA"]
    reason: Literal["timeout", "refused", "reset", "unreachable", "malformed", "closed"]
    text: str
    seconds: float
    at: datetime


async def ask_system(name: str, vantage: Vantage, *, deadline: float) -> Answer | NoAnswer: ...


async def ask_server(
    name: str, vantage: Vantage, server: Server, *, deadline: float
) -> tuple[Reply | NoReply, ...]:
    """Ask one nameserver for A and AAAA, over UDP and over TCP: four replies."""
