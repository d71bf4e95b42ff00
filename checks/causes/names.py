"""Causes in the resolution of names."""

from collections.abc import Callable, Iterator

from checks.causes.addresses import at_others
from checks.causes.certificates import DATES
from checks.causes.remedies import KEEP_HOSTS, PUT_HOSTS_BACK
from checks.causes.rules import headlines, proves
from checks.causes.vocabulary import Cause
from checks.wire.handshakes import Handshake
from checks.wire.identity import Stranger
from checks.wire.names import Answer, NoAnswer
from checks.wire.nameservers import NoReply, Reply
from checks.wire.tls import HandshakeOutcome
from checks.wire.trusted import OtherAnswer
from fixtures.diagnosing import Facts

Said = Reply | NoReply
_OTHER_SERVER = (
    "at that vantage, ask another nameserver by hand (dig @SERVER NAME); if it knows the name, put"
    " it before the others where the resolver is configured there, and keep a copy of what stood"
    " there"
)
_COPY_BACK = "at that vantage, put the copy of the resolver's configuration back"


@proves(
    Cause.DNS_NXDOMAIN,
    contrast="a nameserver replied, and says that there is no such name: neither a failure nor"
    " silence",
    remedy="compare the name with the profile letter by letter; " + _OTHER_SERVER,
    undo=_COPY_BACK,
)
def dns_nxdomain(facts: Facts) -> list[str]:
    """Nameservers reply with the response code NXDOMAIN."""
    return said_of(
        facts, lambda one: isinstance(one, Reply) and one.rcode == "NXDOMAIN", final=True
    )


@proves(
    Cause.DNS_SERVFAIL,
    contrast="a nameserver replied, and could not find out: it does not say that there is no such"
    " name",
    remedy=_OTHER_SERVER,
    undo=_COPY_BACK,
)
def dns_servfail(facts: Facts) -> list[str]:
    """Nameservers reply with SERVFAIL, and none of them gives an address."""
    return said_of(facts, lambda one: isinstance(one, Reply) and one.rcode == "SERVFAIL")


@proves(
    Cause.DNS_REFUSED,
    contrast="the nameserver can be reached, and will not answer: it is not silent",
    remedy="see whether the nameserver runs, and whom it answers; " + _OTHER_SERVER,
    undo=_COPY_BACK,
)
def dns_refused(facts: Facts) -> list[str]:
    """Nameservers reply with REFUSED, or their port refuses; none of them gives an address."""
    return said_of(
        facts,
        lambda one: one.rcode == "REFUSED" if isinstance(one, Reply) else one.reason == "refused",
    )


@proves(
    Cause.DNS_TIMEOUT,
    contrast="nothing came back until the deadline: neither a reply nor a refusal",
    remedy="see whether packets to port 53 leave that vantage and come back; " + _OTHER_SERVER,
    undo=_COPY_BACK,
)
def dns_timeout(facts: Facts) -> list[str]:
    """Nameservers are silent until the deadline, and none of them gives an address."""
    return said_of(facts, lambda one: isinstance(one, NoReply) and one.reason == "timeout")


@proves(
    Cause.DNS_HIJACK,
    contrast="the address is not the name's own, and what answers there is somebody else, or"
    " nobody: a resolver that merely fails gives no address, and a service that merely fails"
    " answers at an address of its own",
    remedy=KEEP_HOSTS + "pin the name there, in the managed block, to an address that serves it; or"
    " let that vantage ask a nameserver that does not lie",
    undo=PUT_HOSTS_BACK,
)
def dns_hijack(facts: Facts) -> Iterator[str]:
    """DNS gives an address that is forbidden or outside the known ranges; it is not the name's.

    At a forbidden one the name's trusted identity is not shown; at any other one, another
    identity is: a certificate for other names, or of an unknown issuer. Or no valid certificate
    is shown there at all, and resolvers that are trusted (DoT, DoH) give other addresses. An
    address that one of these gives too is no hijack.
    """
    given = {one.address for one in facts.judged(Stranger)}
    given.update(address for one in facts.judged(Answer) for address in one.addresses)
    given.update(address for one in facts.judged(Reply) for address in one.addresses)
    for stranger in facts.found(Stranger):
        if stranger.address not in given or stranger.source != "dns":
            continue
        trusted = _trusted(facts, stranger)
        if any(stranger.address in addresses for _, addresses in trusted):
            continue
        others = [] if _may_be_its_own(stranger) else [one for one, _ in trusted]
        if others or _is_somebody_else(stranger.showed, forbidden=stranger.forbidden):
            yield stranger.headline
            yield from headlines(others)
            if stranger.showed is not None:
                yield from at_others(facts, stranger.showed)
            for reply in facts.found(Reply):
                if stranger.address in reply.addresses:
                    yield reply.headline


def _trusted(facts: Facts, stranger: Stranger) -> list[tuple[OtherAnswer, tuple[str, ...]]]:
    """Return what trusted resolvers give for the name, of the address's family."""
    family = "AAAA" if ":" in stranger.address else "A"
    return [
        (one, one.showed.addresses)
        for one in facts.found(OtherAnswer)
        if one.trusted
        and isinstance(one.showed, Reply)
        and one.name == stranger.host
        and one.showed.question == family
        and one.showed.addresses
    ]


def _may_be_its_own(stranger: Stranger) -> bool:
    """Tell whether a valid certificate of the name is shown there, or nobody looked."""
    return stranger.showed is None or _is_its_own(stranger.showed)


def _is_its_own(showed: HandshakeOutcome) -> bool:
    """Tell whether the name's own identity is shown, if perhaps one that has ended."""
    if not isinstance(showed, Handshake) or showed.mismatch is not None:
        return False
    return all(error.code in DATES for error in showed.distrust)


def _is_somebody_else(showed: HandshakeOutcome | None, *, forbidden: bool) -> bool:
    if isinstance(showed, Handshake) and showed.rejected:
        return forbidden or not _is_its_own(showed)
    return forbidden and showed is not None and not isinstance(showed, Handshake)


def said_of(facts: Facts, counts: Callable[[Said], bool], *, final: bool = False) -> list[str]:
    """Return what nameservers said that counts: as it was judged, or behind a name without answer.

    A resolver goes on to its next nameserver unless what one says is `final`.
    """
    every: list[Said] = [*facts.judged(Reply), *facts.judged(NoReply)]
    if judged := [one for one in every if counts(one)]:
        return [*headlines(judged), *_asked_again(facts, {one.name for one in judged})]
    every = [*facts.found(Reply), *facts.found(NoReply)]
    lines: list[str] = []
    for missing in facts.judged(NoAnswer):
        own = [one for one in every if one.name == missing.name]
        # Resolvers ask over UDP; what TCP shows tells of them only where nothing else is asked.
        own = [one for one in own if one.transport == "udp"] or own
        answered = any(isinstance(one, Reply) and one.addresses for one in own)
        if final or not answered:
            counting = [one for one in own if counts(one)]
            lines += [missing.headline, *headlines(counting)] if counting else []
    missed = {one.name for one in facts.judged(NoAnswer)}
    return [*lines, *_asked_again(facts, missed)] if lines else []


def _asked_again(facts: Facts, names: set[str]) -> list[str]:
    """Return what was said when the names were asked again, by those who are trusted first."""
    again = [one for one in facts.found(OtherAnswer) if one.name in names]
    again.sort(key=lambda one: not one.trusted)
    return headlines(again)
