"""Who issued a certificate, held against the profile and against another vantage."""

from dataclasses import replace
from typing import Any

import pytest

from checks.tls.cases import cases
from checks.tls.check_issuer import (
    check_certificate_is_issued_by_a_named_authority as is_of_a_named_issuer,
)
from checks.tls.check_issuer import check_vantages_are_shown_the_same_issuer as agree
from checks.wire.handshakes import Handshake, Unjudged
from config.endpoints import Endpoint, Tls
from config.loading import load
from config.schema import Profile
from config.vantages import LabVantage
from reports.verdicts import Inconclusive
from tests.checks import made

PUBLIC = r"CN=Public DV E36,O=Public Limited\, Inc.,C=GB"
OWN_STORE = Unjudged("there is no trust store there", "install ca-certificates")


def issued_by(name: str, key: str = "1" * 64, **changes: Any) -> Handshake:
    certificate = replace(made.certificate(), issuer=name, spki_sha256=key)
    return made.handshake(chain=(certificate,), **changes)


HERE, THERE = issued_by("O=The company's inspection"), issued_by(PUBLIC, "9" * 64)


@pytest.mark.parametrize("part", ["Public Limited, Inc", r"limited\, inc", "dv e36", "O=PUBLIC"])
def test_an_issuer_is_named_by_a_part_of_its_name(part: str) -> None:
    is_of_a_named_issuer((THERE,), ("Nobody's", part))


def test_the_certificate_of_every_address_must_be_of_a_named_issuer() -> None:
    other = issued_by("O=The company's inspection", address="192.0.2.7")

    with pytest.raises(AssertionError) as raised:
        is_of_a_named_issuer((THERE, other), ("Public", "Other"))

    told = str(raised.value)
    assert "an issuer with Public or Other in its name" in told
    assert "192.0.2.7: CN=a.test, issued by O=The company's inspection" in told
    assert "issued by CN=Public" not in told


def test_who_issued_what_is_above_the_certificate_does_not_count() -> None:
    above = (*HERE.chain, replace(made.certificate(), issuer=PUBLIC))

    with pytest.raises(AssertionError, match="issued by O=The company's inspection"):
        is_of_a_named_issuer((made.handshake(chain=above),), ("Public",))


def test_vantages_must_be_shown_the_same_issuer() -> None:
    with pytest.raises(AssertionError) as raised:
        agree((HERE,), (THERE,), "host")

    told = str(raised.value)
    assert "an issuer or a key that host is shown too" in told
    assert "192.0.2.1: CN=a.test, issued by O=The company's inspection" in told
    assert "from host: 192.0.2.1: CN=a.test, issued by CN=Public DV E36" in told


def test_one_address_of_several_may_not_be_another_s() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.8"):
        agree((THERE, replace(HERE, address="192.0.2.8")), (THERE,), "host")


@pytest.mark.parametrize("key", ["9" * 64, "8" * 64])
def test_the_same_issuer_or_the_same_key_is_enough(key: str) -> None:
    agree((issued_by(PUBLIC, key),), (THERE, HERE), "host")
    agree((issued_by("CN=Public DV R36", "9" * 64),), (THERE,), "host")


@pytest.mark.parametrize(
    ("unlike", "reason"),
    [
        ({"distrust": made.untrusted().distrust}, r"self-signed certificate"),
        ({"mismatch": "it is for b.test"}, r"it is for b\.test"),
        ({"unjudged": OWN_STORE}, r"no trust store"),
    ],
)
def test_a_chain_that_is_not_accepted_tells_nothing_of_its_issuer(
    unlike: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Inconclusive, match=f"here: .*{reason}"):
        agree((replace(HERE, **unlike),), (THERE,), "host")
    with pytest.raises(Inconclusive, match=f"from host: .*{reason}"):
        agree((HERE,), (replace(THERE, **unlike),), "host")


def test_what_nobody_accepts_names_the_checks_that_tell_why() -> None:
    with pytest.raises(Inconclusive) as raised:
        agree((HERE,), (made.untrusted(),), "host")

    assert raised.value.held_by == (
        "check_certificate_is_trusted",
        "check_certificate_names_the_host",
    )
    assert all(name in raised.value.mend for name in raised.value.held_by)


def test_issuers_are_asked_for_where_the_profile_names_them() -> None:
    named = Endpoint(host="a.test", tls=Tls(issuers=("Public Limited",)))
    profile = load("lab").profile.model_copy(update={"endpoints": (named, Endpoint(host="b.test"))})

    assert offered(profile, "issuers") == [("a.test", "lab", ("Public Limited",))]


def test_all_vantages_are_compared_with_the_endpoint_s_first() -> None:
    runner = load("runner").profile

    assert {(at, beside) for _, at, beside in offered(runner, "beside")} == {("runner", "host")}
    assert {control.vantage for _, _, control in offered(runner, "control")} == {"host"}
    assert not offered(load("github").profile, "control")


def test_the_labs_container_is_compared_since_it_has_the_labs_authority() -> None:
    labs = (LabVantage(name="one", kind="lab"), LabVantage(name="other", kind="lab"))
    profile = load("lab").profile.model_copy(update={"vantages": labs})

    assert {at for _, at, _ in offered(profile, "tls")} == {"one", "other"}
    assert {at for _, at, _ in offered(profile, "control")} == {"other"}


def offered(profile: Profile, name: str) -> list[tuple[str, str, Any]]:
    return [
        (case.target, case.vantage, case[name]) for case in cases(profile) if name in case.arguments
    ]
