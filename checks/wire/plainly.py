"""What answers in plain HTTP: it needs no valid certificate to tell the time, or who it is."""

import asyncio
import re
import shlex
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from checks.wire.connections import Peer
from checks.wire.printable import printable
from fixtures.sightings import by_hand
from fixtures.vantages import Vantage
from reports.codec import observation

HTTP = 80
_HEAD = 8192
"""Bytes of an answer in which its headers stand."""
_KEPT = 200
"""Characters of a header that are kept."""
_STATUS = re.compile(rb"HTTP/1\.[01] [1-5][0-9]{2}[^\r\n]*")


@observation
class PlainAnswer:
    """What a plain HTTP answer says of its sender, and of the time."""

    kind: Literal["plain-answer"] = "plain-answer"
    host: str
    address: str
    port: int
    status: str
    """The first line of the answer."""
    location: str | None
    """Where a redirect leads."""
    clock_offset: float | None
    """Seconds that its Date is ahead of our clock; None where it bears none."""
    at: datetime

    @property
    def headline(self) -> str:
        onward = f", Location: {printable(self.location)}" if self.location else ""
        date = "" if self.clock_offset is None else f", {self.clock_offset:+.0f} s ahead of us"
        said = printable(self.status)
        return f"{self.address} port {self.port}, in plain HTTP: {said}{onward}{date}"


@observation
class NoPlainAnswer:
    """Nothing came back that is an HTTP answer."""

    kind: Literal["no-plain-answer"] = "no-plain-answer"
    host: str
    address: str
    port: int
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.address} port {self.port} does not answer in plain HTTP"


def _command(peer: Peer, address: str) -> str:
    host = f"[{address}]" if ":" in address else address
    url = f"http://{host}:{peer.port}/"
    return f"date -u; curl -sSI -H {shlex.quote(f'Host: {peer.host}')} {shlex.quote(url)}"


@by_hand(_command)
async def ask_plainly(
    peer: Peer, vantage: Vantage, address: str, *, deadline: float
) -> PlainAnswer | NoPlainAnswer:
    """Ask for the head of `/` in plain HTTP, at the peer's port of the address.

    Raises `VantageError`.
    """
    head = await _head(peer, vantage, address, deadline)
    at = datetime.now(UTC)
    status = _STATUS.match(head)
    if status is None:
        return NoPlainAnswer(host=peer.host, address=address, port=peer.port, at=at)
    date = _header(head, b"date")
    return PlainAnswer(
        host=peer.host,
        address=address,
        port=peer.port,
        status=_kept(status[0]),
        location=_header(head, b"location"),
        clock_offset=_offset(date, at) if date else None,
        at=at,
    )


async def _head(peer: Peer, vantage: Vantage, address: str, deadline: float) -> bytes:
    head = b""
    try:
        async with asyncio.timeout(deadline):
            stream = await vantage.open(address, peer.port, deadline=deadline)
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
        pass  # what came until then is what it said; why no more came is not what is asked here
    return head


def _header(head: bytes, name: bytes) -> str | None:
    found = re.search(rb"\r\n" + name + rb":[ \t]*([^\r\n]+)", head, re.IGNORECASE)
    return _kept(found[1]) if found else None


def _kept(said: bytes) -> str:
    """Keep what it said up to the limit; dots tell that more was said."""
    text = said.decode("latin-1")
    return text if len(text) <= _KEPT else text[: _KEPT - 1] + "…"


def _offset(date: str, at: datetime) -> float | None:
    try:
        theirs = parsedate_to_datetime(date)
        return (theirs.replace(tzinfo=theirs.tzinfo or UTC) - at).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
