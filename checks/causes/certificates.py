"""Causes in what the far side shows of itself: its certificates, and the clocks they hang on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from checks.causes.addresses import at_others
from checks.causes.portals import portals
from checks.causes.rules import proves
from checks.causes.vocabulary import Cause
from checks.wire.certificates import Certificate
from checks.wire.handshakes import ANCHORLESS, Handshake
from checks.wire.http import Response
from checks.wire.issuers import issued_by_none, said_of, shared_with_none
from checks.wire.plainly import HTTP, PlainAnswer
from checks.wire.printable import printable
from fixtures.diagnosing import Facts, of_type

_NOT_YET, _EXPIRED = 9, 10
DATES = frozenset({_NOT_YET, _EXPIRED})
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
_TOLERANCE = 60.0
_SEVERAL = 2
"""Hosts that have to agree before this clock is the one that is wrong."""


@proves(
    Cause.MITM_UNTRUSTED,
    contrast="the chain ends in an authority that this vantage does not know, and that is not one"
    " whose certificate was merely left out",
    remedy="where a captive portal answers, log in there; else compare the issuer with what"
    " another network is shown; if it is the network's own authority, add it where that vantage"
    " trusts (there: sudo cp CA.pem /usr/local/share/ca-certificates/CA.crt"
    " && sudo update-ca-certificates) and in the profile's authorities; if nobody knows it, send"
    " nothing, and take another way",
    undo="at that vantage: sudo rm /usr/local/share/ca-certificates/CA.crt"
    " && sudo update-ca-certificates --fresh",
)
def mitm_untrusted(facts: Facts) -> Iterator[str]:
    """The chain's issuer is unknown to the trust store.

    Its last certificate is self-signed, or names no place at which its issuer's could be had, and
    no trusted chain has it.
    """
    for one in facts.judged(Handshake):
        top = _unanchored(one)
        if top is None or _left_out(facts, top) is not None:
            continue
        if top.subject == top.issuer or not top.issuer_urls:
            yield one.headline
            yield f"{one.address}: the chain ends with {said_of(top)}"
            yield from portals(facts, one.host, one.address, HTTP)
            yield from at_others(facts, one)


@proves(
    Cause.CHAIN_INCOMPLETE,
    contrast="the issuer that is missing from the chain stands in another one, which is trusted:"
    " it is known, and was not sent",
    remedy="let the server send its intermediate certificates too (nginx: ssl_certificate with the"
    " full chain; certbot: fullchain.pem)",
    undo="put the former certificate file back, and reload the server",
)
def chain_incomplete(facts: Facts) -> Iterator[str]:
    """The chain ends before an anchor, and a trusted chain holds the issuer that is missing."""
    for one in facts.judged(Handshake):
        top = _unanchored(one)
        holder = None if top is None else _left_out(facts, top)
        if top is not None and holder is not None:
            yield one.headline
            yield f"{one.address}: the chain ends with {said_of(top)}"
            yield f"{holder.host} at {holder.address} sends that issuer, and is trusted"


@proves(
    Cause.MITM_TRUSTED,
    contrast="the chain is trusted where it is shown, and another vantage is shown another issuer"
    " for the same name, or the profile names others: somebody answers whom only this one trusts",
    remedy="see which issuer is not the service's own, find its authority in the trust store of"
    " the vantage that is shown it, and who put it there; take it out if nobody answers for it,"
    " else write it into the profile (authorities, and issuers where they are named)",
    undo="at that vantage, put the authority back, and run update-ca-certificates",
)
def mitm_trusted(facts: Facts) -> Iterator[str]:
    """The chain is trusted where it is shown, and is not what is known for the name.

    Elsewhere the same name shows another issuer and another key; or the issuer is none of those
    that the profile names.
    """
    elsewhere = of_type(facts.elsewhere, Handshake)
    judged = facts.judged(Handshake)
    control = [one for one in judged if one in elsewhere]
    here = [one for one in judged if one not in elsewhere]
    there = control or elsewhere
    if others := shared_with_none(here, there):
        yield from (f"{one.address} here: {said_of(one.chain[0])}" for one in others)
        yield from (
            f"{one.address} elsewhere: {said_of(one.chain[0])}" for one in there if one.accepted
        )
    issuers = facts.given.get("issuers")
    if not isinstance(issuers, tuple):
        return
    for one in issued_by_none((one for one in judged if one.accepted), issuers):
        where = "elsewhere" if one in elsewhere else "here"
        yield f"{one.address} {where}: {said_of(one.chain[0])}"
        yield f"the profile names {', '.join(issuers)}"


@proves(
    Cause.CERTIFICATE_EXPIRED,
    contrast="the certificate's own dates say so, and not several other clocks that this one is"
    " wrong",
    remedy="renew the certificate at the far side, and see why it was not renewed by itself"
    " (certbot renew --dry-run, there)",
    undo="put the former certificate file back, and reload the server",
)
def certificate_expired(facts: Facts) -> Iterator[str]:
    """A certificate of the chain ended before it was shown, by this clock and by the others'."""
    yield from _outside(facts, _EXPIRED)


@proves(
    Cause.CERTIFICATE_NOT_YET_VALID,
    contrast="the certificate's own dates say so, and not several other clocks that this one is"
    " wrong",
    remedy="have the certificate issued anew at the far side, or wait until it begins; see its"
    " issuer's clock",
    undo="put the former certificate file back, and reload the server",
)
def certificate_not_yet_valid(facts: Facts) -> Iterator[str]:
    """A certificate of the chain begins after it was shown, by this clock and by the others'."""
    yield from _outside(facts, _NOT_YET)


@proves(
    Cause.HOSTNAME_MISMATCH,
    contrast="a certificate was shown, and it is for other names: that its issuer is unknown, or"
    " that it has ended, would be said beside it",
    remedy="see whether the name leads to the right address; if it does, have its certificate"
    " issued for this name too (subjectAltName), at the far side",
    undo="put the former certificate file back, and reload the server",
)
def hostname_mismatch(facts: Facts) -> Iterator[str]:
    """The certificate's subjectAltName has no entry that matches the name."""
    for one in facts.judged(Handshake):
        if one.mismatch is not None:
            yield one.headline
            if one.chain:
                yield f"{one.address}: {said_of(one.chain[0])}"
            yield from portals(facts, one.host, one.address, HTTP)
            yield from at_others(facts, one)


@proves(
    Cause.CLOCK_SKEW,
    contrast="several hosts agree with each other, and not with this clock: no one of them is what"
    " is wrong",
    remedy="set that vantage's clock, and let it be kept (timedatectl set-ntp true; under WSL:"
    " sudo hwclock -s)",
    undo="at that vantage: sudo timedatectl set-ntp false",
)
def clock_skew(facts: Facts) -> Iterator[str]:
    """The Date of several hosts is as far from this clock, beyond the tolerance.

    Of a certificate: it is valid by their clocks, and not by this one.
    """
    skew = _skew(facts)
    if skew is None:
        return
    validity = [
        f"{one.address}: by the other clocks {said_of(certificate)} is valid"
        for code in (_NOT_YET, _EXPIRED)
        for one, certificate in _failing(facts, code)
        if _valid(certificate, one.at + timedelta(seconds=skew))
    ]
    if validity or _off(facts.judged(Response), _tolerance(facts)):
        yield from validity
        yield from _clocks(facts)


def is_strange(one: Handshake) -> bool:
    """Tell whether a certificate is another name's, or of nobody who is known."""
    return one.mismatch is not None or _unanchored(one) is not None


def _unanchored(one: Handshake) -> Certificate | None:
    """Return the last certificate of a chain that leads to no anchor."""
    unknown = any(error.code in ANCHORLESS for error in one.distrust)
    return one.chain[-1] if unknown and one.chain else None


def _left_out(facts: Facts, top: Certificate) -> Handshake | None:
    """Return a handshake that is trusted, and whose chain has the certificate's issuer."""
    if top.subject == top.issuer:
        return None
    every = of_type((*facts.around, *facts.elsewhere, *facts.beside), Handshake)
    return next(
        (
            one
            for one in every
            if not (one.distrust or one.unjudged)
            and top.issuer in [above.subject for above in one.chain[1:]]
        ),
        None,
    )


def _failing(facts: Facts, code: int) -> Iterator[tuple[Handshake, Certificate]]:
    """Walk the certificates of which verification says so; an anchor is not among those sent."""
    for one in facts.judged(Handshake):
        for error in one.distrust:
            if error.code == code and error.depth < len(one.chain):
                yield one, one.chain[error.depth]


def _outside(facts: Facts, code: int) -> Iterator[str]:
    skew = timedelta(seconds=_skew(facts) or 0.0)
    for one, certificate in _failing(facts, code):
        if not _valid(certificate, one.at + skew):
            yield one.headline
            yield (
                f"{one.address}: {printable(certificate.subject)} is valid from"
                f" {_day(certificate.not_before)} to {_day(certificate.not_after)}, and it was"
                f" {_day(one.at)}"
            )
            yield from _clocks(facts)


def _clocks(facts: Facts) -> list[str]:
    heard = _offsets(facts)
    if not heard:
        return ["no other clock was heard"]
    return [f"{host} is {offset:+.0f} s ahead of this clock" for host, offset in heard.items()]


def _valid(certificate: Certificate, at: datetime) -> bool:
    return certificate.not_before <= at <= certificate.not_after


def _skew(facts: Facts) -> float | None:
    """Return how many seconds several hosts are ahead of this clock; None where they are not."""
    tolerance = _tolerance(facts)
    doubted = any(True for code in DATES for _ in _failing(facts, code))
    if not (doubted or _off(facts.judged(Response), tolerance)):
        return None
    offsets = sorted(_offsets(facts).values())
    if len(offsets) < _SEVERAL or offsets[-1] - offsets[0] > tolerance:
        return None
    middle = offsets[len(offsets) // 2]
    return middle if min(map(abs, offsets)) > tolerance else None


def _offsets(facts: Facts) -> dict[str, float]:
    """Return how far each host's Date is ahead of this clock, by what was heard of it first."""
    every = (*facts.seen, *facts.around, *facts.beside)
    offsets: dict[str, float] = {}
    heard = [(_host(one.url), one.clock_offset) for one in of_type(every, Response)]
    heard += [(one.host, one.clock_offset) for one in of_type(every, PlainAnswer)]
    for host, offset in heard:
        if offset is not None:
            offsets.setdefault(host, offset)
    return offsets


def _off(heard: tuple[Response, ...], tolerance: float) -> bool:
    offsets = [one.clock_offset for one in heard if one.clock_offset is not None]
    return any(abs(offset) > tolerance for offset in offsets)


def _tolerance(facts: Facts) -> float:
    given = facts.given.get("tolerance")
    return float(given) if isinstance(given, int | float) else _TOLERANCE


def _host(url: str) -> str:
    return printable(url.removeprefix("https://").partition("/")[0].partition(":")[0])


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z"
