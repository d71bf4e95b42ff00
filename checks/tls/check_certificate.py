"""The certificate is the host's, is trusted, and stays valid long enough to be renewed."""

from datetime import timedelta

import pytest

from checks.wire.printable import printable
from checks.wire.tls import Distrust, Handshake
from config.endpoints import Tls
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected

pytestmark = pytest.mark.network

_CLOCKS = timedelta(minutes=5)
"""How far a responder's clock may be ahead of ours, as for curl and OpenSSL (RFC 6960, 4.2.2.1)."""


@pytest.mark.smoke
@holds(Distrust)
def check_certificate_is_trusted(handshakes: tuple[Handshake, ...]) -> None:
    errors = [
        f"{one.address}: {error.text} (depth {error.depth})"
        for one in handshakes
        for error in one.distrust
    ]
    issuers = [
        f"{one.address}: issued by {printable(one.chain[0].issuer)}"
        for one in handshakes
        if one.chain
    ]
    assert not errors, expected("a chain that the trust store accepts", errors + issuers)
    for one in handshakes:
        if one.unjudged is not None:
            raise Inconclusive(one.unjudged.reason, one.unjudged.mend)


@pytest.mark.smoke
@holds(Distrust)
def check_certificate_names_the_host(handshakes: tuple[Handshake, ...]) -> None:
    others = [f"{one.address}: {one.mismatch}" for one in handshakes if one.mismatch is not None]
    assert not others, expected("a certificate for the host's name", others)


def check_certificate_outlives_the_renewal_window(
    handshakes: tuple[Handshake, ...], tls: Tls, remark: Remark
) -> None:
    window = timedelta(seconds=tls.renewal_window)
    ending = [
        f"{one.address}: {printable(certificate.subject)} ends"
        f" {certificate.not_after:%Y-%m-%d %H:%M}Z"
        for one in handshakes
        for certificate in one.chain[:1]
        if certificate.not_after < one.at + window
    ]
    assert not ending, expected(f"the certificate to be valid for {_in_words(window)} more", ending)
    for one in handshakes:
        for above in one.chain[1:]:
            if above.not_after < one.at + window:
                remark(
                    f"{one.address}: beside it {printable(above.subject)} was sent, which ends"
                    f" {above.not_after:%Y-%m-%d %H:%M}Z"
                )


def check_stapled_response_is_good(handshakes: tuple[Handshake, ...]) -> None:
    stapled = [(one, one.staple) for one in handshakes if one.staple is not None]
    if not stapled:
        raise NotApplicable("no OCSP response is stapled")
    bad = [
        f"{one.address}: {staple.status}, since {staple.this_update or 'no set time'},"
        f" to be renewed by {staple.next_update or 'no set time'}"
        for one, staple in stapled
        if staple.status != "good"
        or (staple.next_update is not None and staple.next_update <= one.at)
        or (staple.this_update is not None and staple.this_update > one.at + _CLOCKS)
    ]
    wanted = "a current OCSP response that says good (its signature is not verified)"
    assert not bad, expected(wanted, bad)


def _in_words(window: timedelta) -> str:
    if window < timedelta(days=1):
        return f"{window.total_seconds() / 3600:g} hours"
    return f"{window / timedelta(days=1):g} days"
