"""Captive portals, through the whole program: each is named as one."""

from pathlib import Path

import pytest

from tests.program import Ended, run_checks
from tests.stand_in_sites import ADDRESSES, WEB
from tests.stand_ins import Identity, Internet, make_identity, with_internet

GITHUB = ("--profile=github", "-m", "smoke")
PAGE = "HTTP/1.1 302 Moved Temporarily, Location: http://login.portal.test/"

BOTH = {"mitm-untrusted", "hostname-mismatch"}


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity()


def diagnoses(ended: Ended, check: str) -> dict[str, str]:
    """Return the facts of each cause that is named where the check of github.com is violated."""
    return {
        one["cause"]: "\n".join(one["facts"])
        for line in ended.journal("verdict")
        if f"{check}[github.com@host]" in line["check"]
        for one in line["diagnoses"]
    }


def test_one_that_speaks_no_tls(tmp_path: Path, identity: Identity) -> None:
    within = with_internet(tmp_path / "host", identity, Internet(portal=True))

    ended = run_checks(tmp_path, *GITHUB, within=within)

    (facts,) = diagnoses(ended, "check_handshake_completes").values()
    assert f"a captive portal answers: {WEB[0]} port 443, in plain HTTP: {PAGE}" in facts
    assert "log in at the portal that answers" in ended.out


def test_one_that_opens_tls(tmp_path: Path, identity: Identity) -> None:
    others = {name: where for name, where in ADDRESSES.items() if where != WEB}
    internet = Internet(served=others, strangers=WEB, logins=WEB)
    within = with_internet(tmp_path / "host", identity, internet)

    ended = run_checks(tmp_path, *GITHUB, within=within)

    found = diagnoses(ended, "check_certificate_is_trusted")
    assert found.keys() == BOTH, ended.out
    says = f"a captive portal answers: {WEB[0]} port 80, in plain HTTP: {PAGE}"
    assert all(says in facts for facts in found.values())
    assert "where a captive portal answers, log in there" in ended.out


def test_somebody_else_without_a_page_to_lead_to_is_none(
    tmp_path: Path, identity: Identity
) -> None:
    others = {name: where for name, where in ADDRESSES.items() if where != WEB}
    within = with_internet(tmp_path / "host", identity, Internet(served=others, strangers=WEB))

    ended = run_checks(tmp_path, *GITHUB, within=within)

    assert diagnoses(ended, "check_certificate_is_trusted").keys() == BOTH
    assert "a captive portal answers: " not in ended.out
