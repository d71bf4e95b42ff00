"""What time it is at a host, asked in plain HTTP: no certificate has to be valid for that."""

import asyncio
import re
import shlex
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from checks.wire.connections import Peer
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage
from reports.codec import observation

_HTTP = 80
_HEAD = 8192
"""Bytes of an answer in which its Date stands."""
_DATE = re.compile(rb"\r\ndate:[ \t]*([^\r\n]{1,64})\r\n", re.IGNORECASE)


@observation
class Dated:
    """The time that a host's plain HTTP answer bears, beside this clock's."""

    kind: Literal["dated"] = "dated"
    host: str
    address: str
    clock_offset: float | None
    """Seconds that it is ahead of our clock; None where no answer bears a date."""
    at: datetime

    @property
    def headline(self) -> str:
        if self.clock_offset is None:
            return f"{self.host} at {self.address} tells no time in plain HTTP"
        return f"{self.host} at {self.address} is {self.clock_offset:+.0f} s ahead of this clock"


@by_hand(lambda _, address: f"date -u; curl -sSI http://{shlex.quote(address)}/ | grep -i ^date")
async def hear_date(peer: Peer, vantage: Vantage, address: str, *, deadline: float) -> Dated:
    """Ask the address's port 80 for its Date; a host that does not answer tells none.

    Raises `VantageError`.
    """
    head = b""
    try:
        async with asyncio.timeout(deadline):
            stream = await vantage.open(address, _HTTP, deadline=deadline)
            try:
                await stream.send(f"HEAD / HTTP/1.1\r\nHost: {peer.host}\r\n\r\n".encode())
                while b"\r\n\r\n" not in head and len(head) < _HEAD:
                    more = await stream.receive()
                    if not more:
                        break
                    head += more
            finally:
                await stream.close()
    except OSError:
        pass  # it tells no time, and why is not what is asked here
    return Dated(host=peer.host, address=address, clock_offset=_offset(head), at=datetime.now(UTC))


def _offset(head: bytes) -> float | None:
    found = _DATE.search(head)
    try:
        theirs = parsedate_to_datetime(found[1].decode("latin-1")) if found else None
        if theirs is None:
            return None
        since = theirs.replace(tzinfo=theirs.tzinfo or UTC) - datetime.now(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return since.total_seconds()
