"""Each check of the tls area has something that it rejects, and something that it accepts."""

from datetime import timedelta

import pytest

from checks.tls import check_certificate, check_handshake
from checks.wire.certificates import Staple
from config.endpoints import Tls
from reports.verdicts import NotApplicable
from tests.checks import made
from tests.checks.made import DAY, NOW

OUTLIVES = check_certificate.check_certificate_outlives_the_renewal_window


def nothing_is_remarked(text: str) -> None:
    raise ValueError(f"unexpected remark: {text}")


def test_every_handshake_must_complete() -> None:
    check_handshake.check_handshake_completes((made.handshake(), made.untrusted()))
    with pytest.raises(AssertionError, match=r"RST\) after client-hello"):
        check_handshake.check_handshake_completes((made.handshake(), made.handshake_refusal()))


@pytest.mark.parametrize(("spoken", "minimum"), [("TLSv1.2", "TLSv1.3"), ("TLSv1", "TLSv1.2")])
def test_the_protocol_must_be_recent_enough(spoken: str, minimum: str) -> None:
    tls = Tls.model_validate({"minimum": minimum})
    check_handshake.check_protocol_is_recent_enough((made.handshake(),), tls)
    with pytest.raises(AssertionError, match=f"{minimum} or newer"):
        check_handshake.check_protocol_is_recent_enough((made.handshake(protocol=spoken),), tls)


def test_the_chain_must_be_trusted() -> None:
    check_certificate.check_certificate_is_trusted((made.handshake(),))
    with pytest.raises(AssertionError, match=r"self-signed certificate \(depth 0\)") as raised:
        check_certificate.check_certificate_is_trusted((made.handshake(), made.untrusted()))
    assert "CN=An authority" in str(raised.value)


def test_the_certificate_must_name_the_host() -> None:
    check_certificate.check_certificate_names_the_host((made.handshake(),))
    with pytest.raises(AssertionError, match=r"it is for b\.test"):
        check_certificate.check_certificate_names_the_host(
            (made.handshake(mismatch="it is for b.test"),)
        )


@pytest.mark.parametrize(("days", "held"), [(15, True), (13, False), (-1, False)])
def test_the_certificate_must_outlive_the_renewal_window(days: int, held: bool) -> None:  # noqa: FBT001
    ending = made.certificate(NOW + days * DAY)
    seen = made.handshake(chain=(ending, made.certificate()))
    tls = Tls(renewal_window=timedelta(days=14).total_seconds())

    if held:
        OUTLIVES((seen,), tls, nothing_is_remarked)
        return
    with pytest.raises(AssertionError, match=f"for 14 days more\n.*{ending.not_after:%Y-%m-%d}"):
        OUTLIVES((seen,), tls, nothing_is_remarked)


def test_a_short_renewal_window_is_told_in_hours() -> None:
    seen = made.handshake(chain=(made.certificate(NOW),))

    with pytest.raises(AssertionError, match=r"for 1\.5 hours more"):
        OUTLIVES((seen,), Tls(renewal_window=5400.0), nothing_is_remarked)


def test_a_certificate_of_an_authority_that_ends_sooner_is_remarked() -> None:
    chain = (made.certificate(), made.certificate(NOW - DAY), made.certificate())
    remarks: list[str] = []

    OUTLIVES((made.handshake(chain=chain),), Tls(), remarks.append)

    assert len(remarks) == 1
    assert f"ends {NOW - DAY:%Y-%m-%d}" in remarks[0]


def test_a_stapled_response_must_be_good() -> None:
    check = check_certificate.check_stapled_response_is_good
    check((made.stapled("good"), made.stapled("good", None), made.handshake()))
    with pytest.raises(AssertionError, match="revoked"):
        check((made.stapled("revoked"),))
    with pytest.raises(NotApplicable, match="no OCSP response"):
        check((made.handshake(),))


def test_a_stapled_response_must_be_current() -> None:
    with pytest.raises(AssertionError, match=r"signature is not verified(.|\n)*2026-11-20"):
        check_certificate.check_stapled_response_is_good((made.stapled("good", NOW - DAY),))


def test_a_stapled_response_must_not_be_of_the_future() -> None:
    soon, later = (
        made.handshake(staple=Staple("good", NOW + ahead, NOW + DAY))
        for ahead in (timedelta(minutes=4), timedelta(minutes=6))
    )

    check_certificate.check_stapled_response_is_good((soon,))
    with pytest.raises(AssertionError, match="good, since 2026-11-21 12:06"):
        check_certificate.check_stapled_response_is_good((later,))
