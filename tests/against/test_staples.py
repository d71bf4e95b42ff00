"""OCSP responses that nginx staples: read as openssl reads them, believed as curl believes them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus

from checks.tls import check_certificate
from checks.wire.certificates import Staple
from checks.wire.handshakes import Handshake
from checks.wire.http import Ask
from fixtures.vantages.local import Local
from tests.against.chains import CHAINS, HOST, INTERMEDIATE, LEAF
from tests.against.curl import curl
from tests.against.issuing import DAY, NOW, answer_ocsp, issue, refuse_ocsp
from tests.against.nginx import Place, Site, nginx
from tests.against.openssl import Shown, s_client
from tests.checks.wire.looking import look

NETWORK = "127.44.5"
GOOD, REVOKED, UNKNOWN = OCSPCertStatus.GOOD, OCSPCertStatus.REVOKED, OCSPCertStatus.UNKNOWN
WEEK_AGO = NOW - 7 * DAY
ANOTHER = issue("another", INTERMEDIATE)


def answered(
    status: OCSPCertStatus, since: datetime = NOW - DAY, until: datetime | None = NOW + DAY
) -> tuple[bytes, Staple]:
    response = answer_ocsp(LEAF, INTERMEDIATE, status, (since, until))
    return response, Staple(status.name.lower(), since, until)


def refused(status: OCSPResponseStatus) -> tuple[bytes, Staple]:
    return refuse_ocsp(status), Staple(status.name.lower(), None, None)


STAPLES: Mapping[str, tuple[bytes, Staple]] = {
    "good": answered(GOOD),
    "revoked": answered(REVOKED),
    "unknown": answered(UNKNOWN),
    "good-until-yesterday": answered(GOOD, WEEK_AGO, NOW - DAY),
    "good-from-tomorrow": answered(GOOD, NOW + DAY, NOW + 2 * DAY),
    "good-without-an-end": answered(GOOD, until=None),
    "try-later": refused(OCSPResponseStatus.TRY_LATER),
    "unauthorized": refused(OCSPResponseStatus.UNAUTHORIZED),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("staples")


@pytest.fixture(scope="module")
def authorities(folder: Path) -> Path:
    return CHAINS["good"].authorities(folder, "root")


@pytest.fixture(scope="module")
def places(folder: Path) -> Iterator[Mapping[str, Place]]:
    shown = CHAINS["good"].directives(folder, "good")
    responses = {name: response for name, (response, _) in STAPLES.items()}
    responses["for-another"] = answer_ocsp(ANOTHER, INTERMEDIATE, GOOD)
    sites = {"none": Site(f"{shown} return 204;")}
    for name, response in responses.items():
        (folder / f"{name}.ocsp").write_bytes(response)
        stapling = f"ssl_stapling on; ssl_stapling_file {folder}/{name}.ocsp;"
        sites[name] = Site(f"{shown} {stapling} return 204;")
    with nginx(folder, NETWORK, sites) as serving:
        yield serving


def look_at(place: Place, authorities: Path) -> Handshake:
    seen = look(place.port, Local(authorities=(str(authorities),)), HOST, place.address)
    assert seen.accepted
    return seen


def is_upheld(seen: Handshake) -> bool:
    try:
        check_certificate.check_stapled_response_is_good((seen,))
    except AssertionError:
        return False
    return True


def shown_to_openssl(place: Place, authorities: Path) -> Staple | None:
    shown = s_client(place, HOST, authorities)
    assert isinstance(shown, Shown), shown
    assert shown.errors == ()
    return shown.staple


def believed_by_curl(place: Place, authorities: Path) -> bool:
    """Let curl ask, which goes no further with a staple that does not say good, now and signed."""
    ask = Ask(HOST, place.port, "GET", "/", "touchstone", None, redirects=0)
    ended = curl(ask, place, authorities, "--cert-status").exit
    assert ended in (0, 91)  # CURLE_SSL_INVALIDCERTSTATUS
    return ended == 0


@pytest.mark.parametrize("name", STAPLES)
def test_a_staple_says_what_openssl_reads_in_it(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places[name]
    ours, theirs = look_at(place, authorities), shown_to_openssl(place, authorities)

    assert ours.staple == theirs == STAPLES[name][1]


@pytest.mark.parametrize("name", [*STAPLES, "for-another"])
def test_a_staple_is_upheld_where_curl_believes_it(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    seen = look_at(places[name], authorities)

    assert is_upheld(seen) == believed_by_curl(places[name], authorities)


def test_where_nothing_is_stapled_there_is_none(
    places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["none"]

    assert look_at(place, authorities).staple is None
    assert shown_to_openssl(place, authorities) is None
    assert not believed_by_curl(place, authorities)


def test_a_response_for_another_certificate_says_nothing_of_this_one(
    places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["for-another"]
    ours, theirs = look_at(place, authorities), shown_to_openssl(place, authorities)

    assert theirs == Staple("good", NOW - DAY, NOW + DAY)  # it shows, and does not judge
    assert ours.staple == Staple("for another certificate", NOW - DAY, NOW + DAY)
