"""Causes in the hosts file."""

from collections.abc import Iterator
from typing import Any

from checks.causes.remedies import KEEP_HOSTS, PUT_HOSTS_BACK
from checks.causes.rules import proves
from checks.causes.vocabulary import Cause
from checks.hosts.blocks import find_blocks
from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import Bypass
from checks.hosts.settings import WslConfMissing, WslConfSeen
from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.identity import StalePin, Stranger
from checks.wire.names import Answer, NoAnswer
from checks.wire.responses import HttpRefusal
from config.hosts import Block
from fixtures.diagnosing import Facts, of_type

Pinned = StalePin | ConnectionRefusal | HandshakeRefusal | Handshake
_FALSE = frozenset({"false", "0"})
_BROKEN: tuple[type[Any], ...] = (
    *(NoAnswer, Stranger, ConnectionRefusal),
    *(HandshakeRefusal, HttpRefusal),
)


@proves(
    Cause.HOSTS_OVERRIDE_STALE,
    contrast="the name is served, at an address that DNS gives; only the one that is pinned has"
    " been left: neither the service nor the way to it is broken",
    remedy=KEEP_HOSTS
    + "take the name's line out of the managed block, or pin it to an address that"
    " serves it",
    undo=PUT_HOSTS_BACK,
)
def hosts_override_stale(facts: Facts) -> Iterator[str]:
    """The hosts file answers with an address that no longer serves the name; one of DNS does."""
    for pin in left_by_the_name(facts):
        for past in facts.found(Bypass):
            others = [one for one in past.serving if one != pin.address]
            if others and past.host.lower() == pin.host.lower():
                yield pin.headline
                yield past.headline


@proves(
    Cause.HOSTS_REGENERATED,
    contrast="the block is not merely outdated or malformed: WSL has written the file anew, and it"
    " is gone",
    remedy=KEEP_HOSTS + "put generateHosts = false into the section [network] of /etc/wsl.conf, and"
    " write the managed block again, from the newest backup beside the file",
    undo=PUT_HOSTS_BACK + "; take generateHosts = false out of /etc/wsl.conf",
)
def hosts_regenerated(facts: Facts) -> Iterator[str]:
    """The managed block is gone, and WSL wrote the file: its header stands there.

    Besides, WSL still generates it (generateHosts is not false), or a baseline has the block.
    """
    block = facts.given.get("block")
    if not isinstance(block, Block):
        return
    own = any(facts.judged(kind) for kind in (HostsFileSeen, WslConfSeen, WslConfMissing))
    for file in facts.found(HostsFileSeen) if own else ():
        if file.header is None or find_blocks(file.lines, block.marker):
            continue
        lines = [*_generating(facts), *_had_block(facts, block)]
        if lines:
            yield f"{file.where(file.header)}: WSL's header"
            yield f"{file.path} has no block '# {block.marker}'"
            yield from lines


@proves(
    Cause.HOSTS_NOT_IN_CONTAINER,
    contrast="the host's own hosts file answers; the container has a file of its own, in which the"
    " name does not stand: the block is not what is wrong",
    remedy="give the container the line too: --add-host NAME:ADDRESS, or extra_hosts in the compose"
    " file, and start it again",
    undo="take --add-host or extra_hosts away, and start it again",
)
def hosts_not_in_container(facts: Facts) -> Iterator[str]:
    """From another vantage the hosts file answers for the name; here it does not.

    What was judged here is a refusal, an address that is not the name's, or that the two differ.
    """
    broken = [one for kind in _BROKEN for one in facts.judged(kind)]
    others = of_type(facts.elsewhere, Answer)
    here: list[Answer | NoAnswer] = [*facts.found(Answer), *facts.found(NoAnswer)]
    for there in others:
        own = [one for one in here if one.name == there.name and one not in others]
        pinned = any(isinstance(one, Answer) and one.source == "hosts-file" for one in own)
        compared = there in facts.judged(Answer)
        if there.source == "hosts-file" and own and (broken or compared) and not pinned:
            yield f"elsewhere: {there.headline}"
            yield from (f"here: {one.headline}" for one in own)


def overridden(facts: Facts) -> set[str]:
    """Return the pinned addresses that are proved stale: what fails there is no cause beside."""
    stale = set(hosts_override_stale(facts))
    return {pin.address for pin in left_by_the_name(facts) if pin.headline in stale}


def left_by_the_name(facts: Facts) -> Iterator[Pinned]:
    """Walk what was judged at addresses that the hosts file gives, and does not serve the name."""
    yield from facts.judged(StalePin)
    given = {
        (one.name.lower(), address)
        for one in facts.found(Answer)
        if one.source == "hosts-file"
        for address in one.addresses
    }
    broken: tuple[Pinned, ...] = (
        *facts.judged(ConnectionRefusal),
        *facts.judged(HandshakeRefusal),
        *(one for one in facts.judged(Handshake) if one.rejected),
    )
    yield from (one for one in broken if (one.host.lower(), one.address) in given)


def _generating(facts: Facts) -> Iterator[str]:
    for missing in facts.found(WslConfMissing):
        yield missing.headline
    for conf in facts.found(WslConfSeen):
        wanted = ("network", "generatehosts")
        first = next((one for one in conf.read.settings if (one.section, one.key) == wanted), None)
        if first is None:
            yield f"{conf.path} does not say generateHosts = false in [network]"
        elif first.value.lower() not in _FALSE:
            yield f"{conf.path}:{first.number}: generateHosts = {first.value}"


def _had_block(facts: Facts, block: Block) -> Iterator[str]:
    for before in of_type(facts.before, HostsFileSeen):
        if find_blocks(before.lines, block.marker):
            yield f"{before.path} had the block at {before.at:%Y-%m-%dT%H:%M:%SZ}"
