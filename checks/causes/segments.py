"""What is too large for the way to an address."""

from collections.abc import Iterator

from checks.causes.rules import headlines, proves
from checks.causes.vocabulary import Cause
from checks.wire.contrasts import Change, OtherHandshake, OtherRequest
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.http import HttpRefusal, Response
from checks.wire.interfaces import Interfaces
from checks.wire.ladder import Ladder, NoLadder
from fixtures.diagnosing import Facts

_SMALL = frozenset({"head", "range"})
"""Requests whose answer fits into a segment."""


@proves(
    Cause.MTU_BLACK_HOLE,
    contrast="what is small passes and is answered; what is large is not, to the same address, with"
    " the same name",
    remedy="lower the MTU of that vantage's interface to the largest packets that pass (ip link"
    " shows what it is; there: sudo ip link set dev IF mtu SIZE), or clamp TCP's segment size on"
    " the way (nft … tcp option maxseg size set rt mtu)",
    undo="at that vantage, set the MTU that ip link showed before (sudo ip link set dev IF mtu"
    " FORMER), or delete"
    " the clamping rule",
)
def mtu_black_hole(facts: Facts) -> Iterator[str]:
    """Silence in a handshake or a body; by smaller segments, or a ClientHello of one, it completes.

    The ladder of segment sizes tells the limit: all below it pass, all above stall. Without the
    ladder, silence after a ClientHello of two segments, where one that fits into one completes.
    """
    shaken = [
        one
        for one in facts.judged(HandshakeRefusal)
        if one.reason == "silent" and is_too_large(facts, one)
    ]
    bodies = [one for one in facts.judged(HttpRefusal) if is_too_large_a_body(facts, one)]
    yield from headlines([*shaken, *bodies])
    if shaken or bodies:
        yield from headlines(line for one in shaken for line in ladders(facts, one.address))
        yield from headlines(line for one in bodies for line in ladders(facts, one.address, "body"))
        yield from _interfaces(facts)
    for one in shaken:
        yield f"{one.address}: {one.sent} bytes sent, a ClientHello of {one.hello_bytes}"
        yield from headlines(otherwise(facts, one))
    for broken in bodies:
        small = [one for one in _asked(facts, broken) if one.change in _SMALL]
        yield from headlines(small)


def is_too_large(facts: Facts, refused: HandshakeRefusal) -> bool:
    """Tell whether size alone makes the difference: small completes, and the usual does not."""
    if completes(facts, refused, "again"):
        return False
    limit = _has_limit(facts, refused.address)
    if refused.phase == "client-hello" and completes(facts, refused, "small-hello"):
        return limit or not _is_uneven(facts, refused.address)
    return limit and _is_silent(facts, refused)


def is_too_large_a_body(facts: Facts, refused: HttpRefusal) -> bool:
    """Tell whether an answer that stalled passes by smaller segments, and again not by the usual.

    The first record of a body may hold its headers too, and is not read before it is whole.
    """
    if refused.reason != "stalled" or refused.hops:
        return False
    again = [one for one in _asked(facts, refused) if one.change == "again"]
    if any(isinstance(one.showed, Response) for one in again):
        return False
    return _has_limit(facts, refused.address, "body")


def otherwise(facts: Facts, refused: HandshakeRefusal) -> list[OtherHandshake]:
    """Return what handshakes with the same address showed, with one thing changed."""
    own = (refused.address, refused.port)
    return [one for one in facts.found(OtherHandshake) if (one.address, one.port) == own]


def completes(facts: Facts, refused: HandshakeRefusal, change: Change) -> bool:
    """Tell whether a handshake with this changed was tried at the same address, and completed."""
    tried = [one for one in otherwise(facts, refused) if one.change == change]
    return bool(tried) and all(isinstance(one.showed, Handshake) for one in tried)


def ladders(facts: Facts, address: str, what: str = "handshake") -> list[Ladder | NoLadder]:
    """Return what the sizes of segments at an address showed, or why nobody tried them."""
    none = [one for one in facts.found(NoLadder) if one.address == address]
    climbed = [one for one in facts.found(Ladder) if (one.address, one.what) == (address, what)]
    return [*climbed, *none]


def _is_silent(facts: Facts, refused: HandshakeRefusal) -> bool:
    """Tell whether it is silent to another name too: what reads names is evaded by segments."""
    named = [one.showed for one in otherwise(facts, refused) if one.change == "other-name"]
    return all(isinstance(one, HandshakeRefusal) and one.reason == "silent" for one in named)


def _has_limit(facts: Facts, address: str, what: str = "handshake") -> bool:
    tried = ladders(facts, address, what)
    return any(isinstance(one, Ladder) and one.limit is not None for one in tried)


def _is_uneven(facts: Facts, address: str) -> bool:
    """Tell whether segments passed and stalled whatever their size, so that it does not count."""
    climbed = [one for one in ladders(facts, address) if isinstance(one, Ladder)]
    return any(rung.end == "passed" for one in climbed for rung in one.rungs)


def _asked(facts: Facts, refused: HttpRefusal) -> list[OtherRequest]:
    return [one for one in facts.found(OtherRequest) if one.address == refused.address]


def _interfaces(facts: Facts) -> list[str]:
    """Return the MTUs of the vantage, and of the others where theirs differ."""
    every = facts.found(Interfaces)
    return headlines([one for one in every if one is every[0] or one.sizes != every[0].sizes])
