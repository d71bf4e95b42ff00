"""Which nameservers a host's resolver is told to ask."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Literal

from checks.wire.printable import printable
from fixtures.sightings import by_hand, of_the_vantage
from fixtures.vantages import Vantage
from reports.codec import observation

RESOLV_CONF = "/etc/resolv.conf"
_ASKED = 3
"""A resolver asks no more of them (MAXNS of resolv.conf(5))."""


@dataclass(frozen=True, slots=True)
class Server:
    """A nameserver to ask directly."""

    address: str
    port: int = 53

    def __str__(self) -> str:
        if self.port == 53:  # noqa: PLR2004 - the port of DNS
            return self.address
        return (
            f"[{self.address}]:{self.port}"
            if ":" in self.address
            else f"{self.address}:{self.port}"
        )


@observation
class Resolvers:
    """What resolv.conf(5) says to a resolver."""

    kind: Literal["resolvers"] = "resolvers"
    path: str
    servers: tuple[Server, ...]
    implied: bool
    """Whether none is named, and the resolver asks this host itself."""
    search: tuple[str, ...]
    options: tuple[str, ...]
    ignored: tuple[str, ...]
    """Lines that a resolver passes over, comments not counted."""
    at: datetime

    @property
    def headline(self) -> str:
        named = ", ".join(str(server) for server in self.servers)
        return f"{self.path}: {named}{' (none is named)' if self.implied else ''}"


@by_hand(lambda path: f"cat {path}")
@of_the_vantage
async def read_resolvers(path: str, vantage: Vantage, *, deadline: float) -> Resolvers:
    """Read a resolv.conf; one that is missing names none. Raises `VantageError`."""
    found = await vantage.read(path, deadline=deadline)
    return parse_resolvers(path, found.content if found else b"", datetime.now(UTC))


def parse_resolvers(path: str, content: bytes, at: datetime) -> Resolvers:
    """Parse the content of a resolv.conf as glibc's resolver does."""
    servers: list[Server] = []
    search: tuple[str, ...] = ()
    options: list[str] = []
    ignored: list[str] = []
    for line in content.decode("latin-1").split("\n"):
        match re.split(r"[ \t\r\v\f]+", line.rstrip(" \t\r\v\f")):
            case ["nameserver", address, *_] if len(servers) < _ASKED and _is_address(address):
                servers.append(Server(address))
            case ["search", *domains] if domains:
                search = tuple(domains)
            case ["domain", domain, *_]:
                search = (domain,)
            case ["options", *words] if words:
                options += words
            case _ if line.strip() and line[0] not in "#;":
                ignored.append(printable(line))
    return Resolvers(
        path=path,
        servers=tuple(servers) or (Server("127.0.0.1"),),
        implied=not servers,
        search=search,
        options=tuple(options),
        ignored=tuple(ignored),
        at=at,
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
