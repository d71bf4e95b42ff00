"""The certificate is the host's, is trusted, and stays valid long enough to be renewed."""

from datetime import timedelta

import pytest

from checks.wire.tls import Distrust, Handshake
from config.endpoints import Tls
from fixtures.subjects import holds
from reports.verdicts import NotApplicable, expected

pytestmark = pytest.mark.network


@holds(Distrust)
def check_certificate_is_trusted(handshakes: tuple[Handshake, ...]) -> None:
    errors = [
        f"{one.address}: {error.text} (depth {error.depth})"
        for one in handshakes
        for error in one.distrust
    ]
    issuers = [f"{one.address}: issued by {one.chain[0].issuer}" for one in handshakes if one.chain]
    assert not errors, expected("a chain that the trust store accepts", errors + issuers)


@holds(Distrust)
def check_certificate_names_the_host(handshakes: tuple[Handshake, ...]) -> None:
    others = [f"{one.address}: {one.mismatch}" for one in handshakes if one.mismatch is not None]
    assert not others, expected("a certificate for the host's name", others)


def check_certificate_outlives_the_renewal_window(
    handshakes: tuple[Handshake, ...], tls: Tls
) -> None:
    window = timedelta(seconds=tls.renewal_window)
    ending = [
        f"{one.address}: {certificate.subject} ends {certificate.not_after:%Y-%m-%d %H:%M}Z"
        for one in handshakes
        for certificate in one.chain
        if certificate.not_after < one.at + window
    ]
    assert not ending, expected(f"every certificate valid for {window.days} more days", ending)


def check_stapled_response_is_good(handshakes: tuple[Handshake, ...]) -> None:
    stapled = [one for one in handshakes if one.staple is not None]
    if not stapled:
        raise NotApplicable("no OCSP response is stapled")
    bad = [
        f"{one.address}: {one.staple.status}"
        for one in stapled
        if one.staple is not None and one.staple.status != "good"
    ]
    assert not bad, expected("the certificate's status to be good", bad)
