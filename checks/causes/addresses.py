"""Where else a name is known to be, and what the same handshake shows there."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from checks.causes.rules import headlines
from checks.wire.connections import Peer
from checks.wire.elsewhere import MOST, Known, OtherAddress, shake_hands_elsewhere
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.identity import StalePin, Stranger, lies_in
from checks.wire.names import Address, Answer
from checks.wire.nameservers import Reply
from checks.wire.trusted import ask_trusted
from fixtures.diagnosing import Facts, of_type
from fixtures.sightings import Sighting

_ADDRESSES = 2
"""Of so many addresses at which a handshake is violated others are tried."""
Broken = HandshakeOutcome


def choose_elsewhere(facts: Facts, vantage: str, limit: float) -> Iterator[Sighting]:
    """Shake hands with the same name at other addresses, where a handshake was found wrong."""
    trusted = facts.given.get("trusted", ())
    for broken in _broken(facts)[:_ADDRESSES]:
        known = tuple(islice(_known(facts, broken), MOST))
        if not (known or trusted):
            continue
        asked = Sighting(ask_trusted, broken.host, vantage, (trusted,), deadline=limit)
        yield Sighting(
            shake_hands_elsewhere,
            Peer(broken.host, broken.port),
            vantage,
            (broken.address, known),
            needs=(asked,) if trusted else (),
            deadline=limit,
        )


def at_others(facts: Facts, broken: Broken) -> list[str]:
    """Say whether the fault is bound to the address or to the name, and what shows it.

    Nothing, where no other address of the name was tried.
    """
    tried = _tried(facts, broken)
    answered = [one for one in tried if isinstance(one.showed, Handshake)]
    if not tried:
        return []
    if any(_is_as_good(one, broken) for one in answered):
        return [f"bound to {broken.address}: at another address it is not so", *headlines(tried)]
    if not answered and all(_is_alike(one, broken) for one in tried):
        return ["bound to the name: at another address it is the same", *headlines(tried)]
    return headlines(tried)


def _tried(facts: Facts, broken: Broken) -> list[OtherAddress]:
    own = (broken.host, broken.port, broken.address)
    every = facts.found(OtherAddress)
    return [one for one in every if (one.host, one.port, one.beside) == own]


def _is_as_good(one: OtherAddress, broken: Broken) -> bool:
    """Tell whether it gets further there: to a handshake at all, or to one that is trusted."""
    return one.serves or not isinstance(broken, Handshake)


def _is_alike(one: OtherAddress, broken: Broken) -> bool:
    if isinstance(one.showed, Handshake) or isinstance(broken, Handshake):
        return False
    return one.showed.reason == broken.reason


def _broken(facts: Facts) -> list[Broken]:
    refused = facts.judged(HandshakeRefusal)
    rejected = [one for one in facts.judged(Handshake) if one.rejected]
    strangers = [one.showed for one in facts.judged(Stranger) if one.showed is not None]
    return [*refused, *rejected, *strangers, *(one.showed for one in facts.judged(StalePin))]


def _known(facts: Facts, broken: Broken) -> Iterator[Known]:
    """Walk other addresses that are known for the name; those that are not the name's left out."""
    strangers = {one.address for one in facts.found(Stranger)} | {broken.address}
    told: set[str] = set()
    for one in chain(_named(facts, broken.host), _siblings(facts, broken.host)):
        if one.address not in strangers | told:
            told.add(one.address)
            yield one


def _named(facts: Facts, host: str) -> Iterator[Known]:
    """Walk what nameservers give, here and elsewhere, and then what was resolved here."""
    replied = (one for one in facts.found(Reply) if one.name == host)
    yield from _each((one.server, one.addresses) for one in replied)
    answered = (one for one in of_type(facts.elsewhere, Answer) if one.name == host)
    yield from _each(("another vantage", one.addresses) for one in answered)
    resolved = (one for one in facts.found(Address) if one.host == host)
    yield from _each(("this vantage's resolver", (one.address,)) for one in resolved)


def _siblings(facts: Facts, host: str) -> Iterator[Known]:
    """Walk the addresses of other names, here, that lie in the networks known for this one."""
    known = facts.given.get("known", ())
    for one in of_type(facts.beside, Address) if known else ():
        if one.host != host and lies_in(one.address, known):
            yield Known(one.address, f"the profile's ranges ({one.host} is there)")


def _each(given: Iterable[tuple[str, Iterable[str]]]) -> Iterator[Known]:
    for by, addresses in given:
        yield from (Known(address, by) for address in addresses)
