"""The certificate is of an issuer that is known for the name, and the same from everywhere."""

import pytest

from checks.wire.issuers import issued_by_none, said_of, shared_with_none
from checks.wire.tls import Handshake
from reports.verdicts import Inconclusive, expected

pytestmark = pytest.mark.network

_HOLDERS = ("check_certificate_is_trusted", "check_certificate_names_the_host")


def check_certificate_is_issued_by_a_named_authority(
    handshakes: tuple[Handshake, ...], issuers: tuple[str, ...]
) -> None:
    others = [
        f"{one.address}: {said_of(one.chain[0])}" for one in issued_by_none(handshakes, issuers)
    ]
    assert not others, expected(f"an issuer with {' or '.join(issuers)} in its name", others)


def check_vantages_are_shown_the_same_issuer(
    handshakes: tuple[Handshake, ...], control: tuple[Handshake, ...], beside: str
) -> None:
    others = shared_with_none(handshakes, control)
    saw = [f"{one.address}: {said_of(one.chain[0])}" for one in others]
    shown = [
        f"from {beside}: {one.address}: {said_of(one.chain[0])}" for one in control if one.accepted
    ]
    assert not others, expected(f"an issuer or a key that {beside} is shown too", saw + shown)
    _must_be_accepted(handshakes, "here")
    _must_be_accepted(control, f"from {beside}")


def _must_be_accepted(seen: tuple[Handshake, ...], where: str) -> None:
    """Raise `Inconclusive` where a chain that nobody trusts, or of another name, says nothing."""
    for one in seen:
        if one.rejected:
            mend = f"look at {' and '.join(_HOLDERS)} first"
            raise Inconclusive(f"{where}: {one.headline}", mend, held_by=_HOLDERS)
        if one.unjudged is not None:
            raise Inconclusive(f"{where}: {one.unjudged.reason}", one.unjudged.mend)
