"""What a name resolves to, by the system's own resolver."""

import shlex
import time
from dataclasses import field
from datetime import UTC, datetime
from typing import Literal

from checks.wire.printable import listed, printable
from fixtures.sightings import EXPECTED, by_hand
from fixtures.vantages import NameNotResolvedError, Source, Vantage
from reports.codec import observation

ADDRESSES = 100
"""More than these are no answer to work with: each is connected to, several times."""


@observation
class Answer:
    """Addresses that the vantage's own resolver gives, in its order."""

    kind: Literal["answer"] = "answer"
    name: str
    addresses: tuple[str, ...]
    source: Source
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.name}: {listed(self.addresses)} ({self.source})"


@observation
class NoAnswer:
    """The vantage's own resolver has no address: it said so, or was silent."""

    kind: Literal["no-answer"] = "no-answer"
    name: str
    code: str
    """EAI_NONAME, EAI_AGAIN, …; `timeout`; or `too-many` addresses."""
    text: str
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        return f"{self.name}: {self.code}: {printable(self.text)}"


@observation
class Address:
    """An address that may be looked at as the name's own."""

    kind: Literal["address"] = "address"
    host: str
    address: str
    source: Source
    known: bool | None = field(metadata=EXPECTED)
    """Whether it lies in the known ranges; None where none are known. Outside, it showed the
    name's trusted identity: a remark, no violation."""
    at: datetime

    @property
    def headline(self) -> str:
        outside = ", outside the known ranges, shows the name's identity"
        where = outside if self.known is False else ""
        return f"{self.address} is {self.host}'s ({self.source}{where})"


def _command(name: str) -> str:
    return f"getent ahosts {shlex.quote(name)}"


@by_hand(_command)
async def ask_system(name: str, vantage: Vantage, *, deadline: float) -> Answer | NoAnswer:
    """Ask the vantage's own resolver for all addresses of a name, as its programs do.

    A negative answer, silence until the deadline (seconds), and more addresses than anybody
    could look at, are returned as `NoAnswer`. Raises `VantageError`.
    """
    at, began = datetime.now(UTC), time.monotonic()
    try:
        found = await vantage.resolve(name, deadline=deadline)
    except NameNotResolvedError as error:
        code, text = error.code, error.text
    except TimeoutError:
        code, text = "timeout", f"no answer within {deadline:g} s"
    else:
        if len(found.addresses) <= ADDRESSES:
            return Answer(
                name=name,
                addresses=found.addresses,
                source=found.source,
                seconds=time.monotonic() - began,
                at=at,
            )
        code, text = "too-many", f"{len(found.addresses)} addresses: {listed(found.addresses)}"
    return NoAnswer(name=name, code=code, text=text, seconds=time.monotonic() - began, at=at)
