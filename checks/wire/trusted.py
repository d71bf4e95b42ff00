"""A name that was found wrong, asked again: by UDP, by TCP, and of resolvers that are trusted."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Literal
from urllib.parse import urlsplit

from checks.wire.connections import Peer
from checks.wire.journey import import_late as import_http
from checks.wire.nameservers import NoReply, Question, Reply, ask_servers
from checks.wire.nameservers import import_late as import_dns
from checks.wire.resolvers import RESOLV_CONF, Server, read_resolvers
from checks.wire.together import each
from config.asking import DOT, TrustedResolver, host_and_port
from config.endpoints import HTTPS
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

_QUESTIONS: tuple[Question, ...] = ("A", "AAAA")


@dataclass(frozen=True, slots=True)
class Trusted:
    """A resolver that the profile trusts, and the one way in which it is asked."""

    name: str
    address: str
    way: Literal["dot", "doh"]
    host: str
    """The name in its certificate."""
    port: int
    path: str = ""
    """Of DNS over HTTPS alone."""

    @property
    def peer(self) -> Peer:
        return Peer(self.host, self.port)

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"


@observation
class OtherAnswer:
    """What a nameserver, or a resolver that is trusted, says when it is asked once more."""

    kind: Literal["other-answer"] = "other-answer"
    name: str
    trusted: bool
    """Whether the profile trusts it, and it was asked by TLS."""
    showed: Reply | NoReply
    at: datetime

    @property
    def headline(self) -> str:
        whom = "a trusted resolver" if self.trusted else "a configured nameserver"
        return f"asked again, {whom}: {self.showed.headline}"


def trusted_by(resolvers: tuple[TrustedResolver, ...]) -> tuple[Trusted, ...]:
    """Return each way in which the profile's trusted resolvers are asked."""
    every: list[Trusted] = []
    for one in resolvers:
        if one.dot is not None:
            host, port = host_and_port(one.dot, DOT)
            every.append(Trusted(one.name, one.address, "dot", host, port))
        if one.url is not None:
            parts = urlsplit(one.url)
            host, port = host_and_port(parts.netloc, HTTPS)
            every.append(Trusted(one.name, one.address, "doh", host, port, parts.path or "/"))
    return tuple(every)


def _import_late() -> None:
    """Import what asks: who only lists the checks should not wait for it."""
    from checks.wire import asking_trusted  # noqa: F401, PLC0415

    import_dns()
    import_http()


def _dig(name: str, one: Trusted) -> str:
    way = [f"+https={one.path}"] if one.way == "doh" else ["+tls"]
    asked = ["dig", f"@{one.address}", "-p", str(one.port), *way, "+tls-ca"]
    return shlex.join([*asked, f"+tls-hostname={one.host}", name, "A"])


@prepared_by(_import_late)
@by_hand(lambda name, trusted: "; ".join(_dig(name, one) for one in trusted))
async def ask_trusted(
    name: str, vantage: Vantage, trusted: tuple[Trusted, ...], *, deadline: float
) -> tuple[OtherAnswer, ...]:
    """Ask each of the trusted resolvers for A and AAAA, all at once, by TLS that is verified.

    One whose certificate is not trusted was not asked: nothing is sent. Raises `VantageError`.
    """
    from checks.wire.asking_trusted import ask_by_tls  # noqa: PLC0415 - see _import_late

    at = datetime.now(UTC)
    shown = await each(
        [
            ask_by_tls(name, kind, one, vantage, deadline=deadline)
            for one, kind in product(trusted, _QUESTIONS)
        ]
    )
    return tuple(OtherAnswer(name=name, trusted=True, showed=one, at=at) for one in shown)


def _dig_plainly(name: str, servers: tuple[Server, ...]) -> str:
    at = [f"@{one.address} -p {one.port} {shlex.quote(name)} A" for one in servers]
    asked = at or [f"{shlex.quote(name)} A"]
    return "; ".join(f"dig {one}; dig {one} +tcp" for one in asked)


@prepared_by(import_dns)
@by_hand(_dig_plainly)
async def ask_again(
    name: str, vantage: Vantage, servers: tuple[Server, ...], *, deadline: float
) -> tuple[OtherAnswer, ...]:
    """Ask each nameserver once more, as `ask_servers` does; where none is given, the vantage's.

    Raises `VantageError`.
    """
    at = datetime.now(UTC)
    asked = servers or (await read_resolvers(RESOLV_CONF, vantage, deadline=deadline)).servers
    shown = await ask_servers(name, vantage, asked, deadline=deadline)
    return tuple(OtherAnswer(name=name, trusted=False, showed=one, at=at) for one in shown)
