"""What dig is told by a nameserver, in the words of our own observations."""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from checks.wire.nameservers import Question, Transport
from checks.wire.resolvers import Server
from tests.needs import need

_FAILURES = {
    "connection refused": "refused",
    "timed out": "timeout",
    "end of file": "closed",
    "connection reset": "reset",
}


@dataclass(frozen=True)
class Told:
    """A reply, by the fields that a `Reply` has; the chain of aliases followed."""

    rcode: str
    flags: tuple[str, ...]
    aliases: tuple[str, ...]
    addresses: tuple[str, ...]
    ttl: int | None
    edns_size: int | None
    truncated: bool


@dataclass(frozen=True)
class Untold:
    """No reply, and why, in the words that a `NoReply` has."""

    reason: str


def dig(
    name: str, kind: Question, server: Server, transport: Transport, *more: str
) -> Told | Untold:
    """Ask as our probe asks: once, recursion desired, EDNS with 1232 bytes, nothing retried."""
    over = ("+tcp",) if transport == "tcp" else ("+notcp", "+ignore")
    said = run_dig(
        *(f"@{server.address}", "-p", str(server.port), "-q", name, "-t", kind, *over),
        *("+noall", "+answer", "+comments", "+tries=1", "+time=1", "+bufsize=1232"),
        *("+nocookie", "+noadflag", "+noidnin", "+noidnout", *more),
    )
    return read_dig(said, name, kind)


def run_dig(*arguments: str) -> str:
    return subprocess.run(
        [need("dig"), *arguments],
        env=os.environ | {"LC_ALL": "C", "HOME": "/nonexistent"},  # nobody's .digrc
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    ).stdout


def read_dig(said: str, name: str, kind: Question) -> Told | Untold:
    """Read what dig printed of one question."""
    status = re.search(r"status: (\w+)", said)
    flags = re.search(r";; flags:([ a-z]*);", said)
    if status is None or flags is None:
        return Untold(next((why for words, why in _FAILURES.items() if words in said), said))
    size = re.search(r"EDNS: version: 0, .*udp: (\d+)", said)
    aliases, addresses, ttls = _follow(said, name, kind)
    return Told(
        rcode=status[1],
        flags=tuple(flags[1].upper().split()),
        aliases=aliases,
        addresses=addresses,
        ttl=min(ttls, default=None),
        edns_size=int(size[1]) if size else None,
        truncated="tc" in flags[1].split(),
    )


def _follow(
    said: str, name: str, kind: Question
) -> tuple[tuple[str, ...], tuple[str, ...], Sequence[int]]:
    """Follow the aliases in the answer's records; returns all times to live on the way."""
    lines = [line.split() for line in said.splitlines() if line and not line.startswith(";")]
    records = [(owner.lower(), int(ttl), its, value) for owner, ttl, _, its, value, *_ in lines]
    at, aliases, ttls = f"{name.rstrip('.').lower()}.", list[str](), list[int]()
    while alias := next((one for one in records if one[0] == at and one[2] == "CNAME"), None):
        aliases.append(alias[3].rstrip("."))
        ttls.append(alias[1])
        at = alias[3].lower()
        records.remove(alias)
    found = [one for one in records if one[0] == at and one[2] == kind]
    return tuple(aliases), tuple(one[3] for one in found), ttls + [one[1] for one in found]
