"""The interfaces of a vantage, and how much each of them takes (MTU)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.printable import listed
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage
from fixtures.vantages.facts import interface_sizes
from reports.codec import observation

INTERFACES = "/sys/class/net"
LOOPBACK = "lo"


@dataclass(frozen=True, slots=True)
class Interface:
    """One of them; the MTU is in bytes."""

    name: str
    mtu: int

    def __str__(self) -> str:
        return f"{self.name} {self.mtu}"


@observation
class Interfaces:
    """All of a vantage's, by name."""

    kind: Literal["interfaces"] = "interfaces"
    vantage: str
    interfaces: tuple[Interface, ...]
    at: datetime

    @property
    def sizes(self) -> frozenset[int]:
        """The MTUs of those that lead anywhere."""
        return frozenset(one.mtu for one in self.interfaces if one.name != LOOPBACK)

    @property
    def headline(self) -> str:
        named = listed([str(one) for one in self.interfaces]) or "not known, no interface is listed"
        return f"MTU at {self.vantage}: {named}"


@by_hand(lambda _: "ip link")
async def read_interfaces(_: str, vantage: Vantage, *, deadline: float) -> Interfaces:  # noqa: ARG001 - each read has its own
    """Read which interfaces there are, where the kernel shows them as files."""
    found = await interface_sizes(vantage)
    return Interfaces(
        vantage=vantage.name,
        interfaces=tuple(Interface(name, found[name]) for name in sorted(found)),
        at=datetime.now(UTC),
    )
