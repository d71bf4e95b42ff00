"""A contrast: the same name at another address that is known for it."""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from checks.wire.connections import Peer
from checks.wire.handshakes import HandshakeOutcome, is_accepted
from checks.wire.nameservers import Reply
from checks.wire.tls import import_late, shake_hands_at
from checks.wire.together import each
from checks.wire.trusted import OtherAnswer
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

MOST = 2
"""So many other addresses of a name are tried."""


@dataclass(frozen=True, slots=True)
class Known:
    """An address, and from where it is known for the name."""

    address: str
    by: str


@observation
class OtherAddress:
    """A handshake with the same name at another address."""

    kind: Literal["other-address"] = "other-address"
    host: str
    port: int
    beside: str
    """The address at which it was found wrong."""
    address: str
    known_by: str
    showed: HandshakeOutcome
    at: datetime

    @property
    def serves(self) -> bool:
        """Whether the name's trusted identity is shown there."""
        return is_accepted(self.showed)

    @property
    def headline(self) -> str:
        return f"the same name at {self.address}, known by {self.known_by}: {self.showed.headline}"


@observation
class NoOtherAddress:
    """No other address is known for the name."""

    kind: Literal["no-other-address"] = "no-other-address"
    host: str
    port: int
    beside: str
    at: datetime

    @property
    def headline(self) -> str:
        return f"no other address than {self.beside} is known for {self.host}"


def _command(peer: Peer, beside: str, known: tuple[Known, ...]) -> str:
    name = shlex.quote(peer.host)
    others = " ".join(one.address for one in known) or f"$(dig +short {name} A {name} AAAA)"
    shake = f'openssl s_client -connect "[$at]:{peer.port}" -servername {name} </dev/null'
    return f"for at in {others}; do test $at = {beside} || {shake}; done"


@prepared_by(import_late)
@by_hand(_command)
async def shake_hands_elsewhere(
    peer: Peer,
    vantage: Vantage,
    beside: str,
    known: tuple[Known, ...],
    answers: tuple[OtherAnswer, ...] = (),
    *,
    deadline: float,
) -> tuple[OtherAddress | NoOtherAddress, ...]:
    """Shake hands with the same name at other addresses: those of trusted resolvers come first.

    Of the family of `beside` before the other one, and `MOST` of them, all at once. Raises
    `VantageError`.
    """
    at = datetime.now(UTC)
    chosen = _chosen(beside, (*_given(answers), *known))
    if not chosen:
        return (NoOtherAddress(host=peer.host, port=peer.port, beside=beside, at=at),)
    shown = await each(
        [shake_hands_at(peer, one.address, vantage, deadline=deadline) for one in chosen]
    )
    return tuple(
        OtherAddress(
            host=peer.host,
            port=peer.port,
            beside=beside,
            address=one.address,
            known_by=one.by,
            showed=showed,
            at=at,
        )
        for one, showed in zip(chosen, shown, strict=True)
    )


def _given(answers: tuple[OtherAnswer, ...]) -> Iterator[Known]:
    for one in answers:
        if isinstance(one.showed, Reply):
            for address in one.showed.addresses:
                yield Known(address, one.showed.server)


def _chosen(beside: str, every: Iterable[Known]) -> list[Known]:
    """Return the first few that are not the address itself, its own family first."""
    others: dict[str, Known] = {}
    for one in every:
        if one.address != beside:
            others.setdefault(one.address, one)
    return sorted(others.values(), key=lambda one: (":" in one.address) != (":" in beside))[:MOST]
