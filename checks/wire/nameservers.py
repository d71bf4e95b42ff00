"""What a name resolves to, by each nameserver that is asked directly."""

import shlex
from datetime import datetime
from itertools import chain, product
from typing import Literal

from checks.wire.connections import RefusalReason
from checks.wire.printable import listed, printable
from checks.wire.resolvers import Resolvers, Server
from checks.wire.together import each
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import NoDatagramsError, Vantage
from reports.codec import observation

Question = Literal["A", "AAAA"]
Transport = Literal["udp", "tcp", "dot", "doh"]
"""The last two: over TLS (RFC 7858), over HTTPS (RFC 8484)."""
NoReplyReason = RefusalReason | Literal["malformed", "closed", "tls", "distrust", "http"]
"""The last three: TLS was refused, its certificate is not trusted, HTTP answered something else."""


@observation
class Reply:
    """What one nameserver replied to one question; a negative response code is a reply."""

    kind: Literal["reply"] = "reply"
    name: str
    server: str
    transport: Transport
    question: Question
    rcode: str
    flags: tuple[str, ...]
    aliases: tuple[str, ...]
    """The CNAME chain, in order, without the name itself."""
    addresses: tuple[str, ...]
    ttl: int | None
    """Seconds; the smallest of the answer's records."""
    edns_size: int | None
    """The size of UDP message that the server takes; None without EDNS."""
    truncated: bool
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        said = listed(self.addresses) or "no address"
        cut = ", truncated" if self.truncated else ""
        return (
            f"{self.server}/{self.transport} {self.name} {self.question}: {self.rcode}, {said}{cut}"
        )


@observation
class NoReply:
    """One nameserver did not reply to one question, or not with a reply to it."""

    kind: Literal["no-reply"] = "no-reply"
    name: str
    server: str
    transport: Transport
    question: Question
    reason: NoReplyReason
    text: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        asked = f"{self.server}/{self.transport} {self.name} {self.question}"
        return f"{asked}: {self.reason}: {printable(self.text)}"


def _dig(name: str, servers: tuple[Server, ...]) -> str:
    asked = [
        f"@{server.address}" + (f" -p {server.port}" if server.port != 53 else "")  # noqa: PLR2004
        for server in servers
    ]
    quoted = shlex.quote(name)
    return "; ".join(f"dig {at} {quoted} A; dig {at} {quoted} A +tcp" for at in asked)


def import_late() -> None:
    """Import what reads DNS: who only lists the checks should not wait for it."""
    from checks.wire import asking  # noqa: F401, PLC0415


@prepared_by(import_late)
@by_hand(lambda name: f"dig {shlex.quote(name)} A; dig {shlex.quote(name)} A +tcp")
async def ask_configured(
    name: str, vantage: Vantage, resolvers: Resolvers, *, deadline: float
) -> tuple[Reply | NoReply, ...]:
    """Ask the configured nameservers, as `ask_servers` does."""
    return await ask_servers(name, vantage, resolvers.servers, deadline=deadline)


@prepared_by(import_late)
@by_hand(_dig)
async def ask_servers(
    name: str, vantage: Vantage, servers: tuple[Server, ...], *, deadline: float
) -> tuple[Reply | NoReply, ...]:
    """Ask each nameserver for A and AAAA, over UDP and over TCP, all at once.

    Over TCP alone where the vantage sends no datagrams. A question is sent once, so that
    loss is seen. Raises `VantageError`, also for a name that cannot be asked for.
    """
    from checks.wire.asking import Asked, ask_in_turn  # noqa: PLC0415 - see import_late

    async def ask(asked: Asked) -> tuple[Reply | NoReply, ...]:
        try:
            return (await ask_in_turn(asked, vantage, deadline),)
        except NoDatagramsError:
            return ()

    transports: tuple[Transport, ...] = ("udp", "tcp")
    questions: tuple[Question, ...] = ("A", "AAAA")
    asked = [Asked(name, *parts) for parts in product(servers, questions, transports)]
    return tuple(chain.from_iterable(await each([ask(one) for one in asked])))
