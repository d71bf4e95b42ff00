"""How fast bytes come and go, by nginx that limits its rate, and by far sides that break."""

import asyncio
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
import trustme

from checks.network import check_capacity
from checks.network.transfers import Transfer, TransferOutcome, download, upload
from checks.wire.connections import ConnectionRefusal
from checks.wire.http import Ask, HttpRefusal
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from reports.verdicts import Inconclusive
from tests.against.nginx import Place, Site, nginx
from tests.checks import made
from tests.checks.wire.conftest import authority, here
from tests.checks.wire.far_sides import far_side, reset, stay_silent
from tests.checks.wire.http_sides import https, part_well, saying

__all__ = ["authority", "here"]

KIB = 1024
JUDGE_DOWNLOAD = check_capacity.check_download_reaches_the_rate
JUDGE_UPLOAD = check_capacity.check_upload_reaches_the_rate


def moved(place: Place, vantage: Local, path: str, size: int, deadline: float = 20) -> object:
    """Load from there; what was seen has survived the codec."""
    ask = Ask("localhost", place.port, "GET", path, "touchstone", None, 5)
    at = (made.address(place.address),)
    return survived(asyncio.run(download(ask, vantage, size, at, deadline=deadline)))


def sent(port: int, vantage: Local, size: int, deadline: float = 20) -> TransferOutcome:
    """Send to there; what was seen has survived the codec."""
    ask = Ask("localhost", port, "POST", "/", "touchstone", None, 0)
    at = (made.address("127.0.0.1"),)
    return survived(asyncio.run(upload(ask, vantage, size, at, deadline=deadline)))


def survived(seen: TransferOutcome) -> TransferOutcome:
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


@pytest.fixture(scope="module")
def served(
    authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Place]]:
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "bulk").write_bytes(bytes(200 * KIB))
    pem = folder / "localhost.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(pem)
    whose = f"ssl_certificate {pem}; ssl_certificate_key {pem}; root {folder};"
    sites = {
        "swift": Site(whose),
        "second": Site(whose, "ssl http2"),
        "slow": Site(f"{whose} limit_rate 4k;"),
        "moved": Site(f"{whose} location /old {{ return 302 /bulk; }}"),
    }
    with nginx(folder, "127.46.1", sites) as places:
        yield places


@pytest.mark.parametrize("name", ["swift", "second"])
def test_as_much_as_is_wanted_is_loaded_and_no_more(
    served: Mapping[str, Place], here: Local, name: str
) -> None:
    seen = moved(served[name], here, "/bulk", 100 * KIB)

    assert isinstance(seen, Transfer)
    assert (seen.status, seen.whole, seen.broken) == (200, True, None)
    assert 100 * KIB <= seen.size < 200 * KIB
    assert seen.bits_per_second == pytest.approx(8 * seen.size / seen.seconds)
    JUDGE_DOWNLOAD(seen, 70e3)
    with pytest.raises(AssertionError, match=r"at least 1e\+12 kbit/s\n *saw .*kbit/s"):
        JUDGE_DOWNLOAD(seen, 1e15)


def test_a_page_that_comes_too_slowly_is_told_by_its_rate(
    served: Mapping[str, Place], here: Local
) -> None:
    seen = moved(served["slow"], here, "/bulk", 128 * KIB, deadline=4)

    assert isinstance(seen, Transfer)
    assert (seen.whole, seen.broken) == (False, None)
    assert 0 < seen.size < 64 * KIB
    with pytest.raises(AssertionError, match=r"at least 1000 kbit/s\n *saw .* its time was over"):
        JUDGE_DOWNLOAD(seen, 1e6)


def test_redirects_do_not_count_as_time(served: Mapping[str, Place], here: Local) -> None:
    seen = moved(served["moved"], here, "/old", 100 * KIB)

    assert isinstance(seen, Transfer)
    assert seen.url.endswith("/bulk")
    assert seen.seconds < sum(one.seconds for one in seen.phases)


@pytest.mark.parametrize(
    ("path", "told"), [("/none", "HTTP 404"), ("/localhost.pem", "too little to tell, of 102400")]
)
def test_what_is_no_page_of_that_size_measures_nothing(
    served: Mapping[str, Place], here: Local, path: str, told: str
) -> None:
    seen = moved(served["swift"], here, path, 100 * KIB)

    assert isinstance(seen, Transfer)
    with pytest.raises(Inconclusive, match=told):
        JUDGE_DOWNLOAD(seen, 70e3)


HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + bytes(20000)


@pytest.mark.parametrize(
    ("end", "reason"), [(reset, "reset"), (part_well, "truncated"), (stay_silent, "stalled")]
)
def test_a_body_that_breaks_says_where(
    authority: trustme.CA, here: Local, end: Callable[[ssl.SSLSocket], None], reason: str
) -> None:
    with https(authority, saying(HALF, end)) as port:
        seen = moved(Place("127.0.0.1", port), here, "/", 64 * KIB, deadline=2)

    assert isinstance(seen, Transfer)
    assert seen.broken is not None
    assert (seen.broken.phase, seen.broken.reason, seen.size) == ("body", reason, 20000)
    assert seen.outcomes == (seen.broken,)
    with pytest.raises(AssertionError, match=f"{reason} in the body, 20000 of 65536 bytes"):
        JUDGE_DOWNLOAD(seen, 1.0)


def test_what_breaks_before_the_body_is_no_transfer(authority: trustme.CA, here: Local) -> None:
    with https(authority, lambda session, _: reset(session)) as port:
        seen = moved(Place("127.0.0.1", port), here, "/", 64 * KIB)
    assert isinstance(seen, HttpRefusal)
    with far_side(reset) as port:
        seen = moved(Place("127.0.0.1", port), here, "/", 64 * KIB)
    assert isinstance(seen, ConnectionRefusal)


@contextmanager
def taking(authority: trustme.CA, most: int, answer: bytes) -> Iterator[int]:
    """Read at most so much of a body, answer if that was all, and be silent if not."""

    def take(session: ssl.SSLSocket, head: bytes) -> None:
        fields, _, body = head.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", fields, re.IGNORECASE)
        assert length, fields
        taken = len(body)
        while taken < min(most, int(length[1])):
            taken += len(session.recv(65536))
        if taken < int(length[1]):
            session.unwrap().recv(1)  # reads no more, and says nothing of it
        saying(answer)(session, head)

    with https(authority, take) as port:
        yield port


def test_what_is_sent_is_measured_to_its_answer(authority: trustme.CA, here: Local) -> None:
    with taking(authority, 1 << 30, b"HTTP/1.1 204 No Content\r\n\r\n") as port:
        seen = sent(port, here, 300 * KIB)

    assert isinstance(seen, Transfer)
    assert (seen.size, seen.whole, seen.status) == (300 * KIB, True, 204)
    JUDGE_UPLOAD(seen, 70e3)
    with pytest.raises(AssertionError, match="307200 bytes sent"):
        JUDGE_UPLOAD(seen, 1e15)


def test_what_nobody_takes_is_stalled(authority: trustme.CA, here: Local) -> None:
    with taking(authority, 16 * KIB, b"") as port:
        seen = sent(port, here, 8 * KIB * KIB, deadline=3)

    assert isinstance(seen, Transfer)
    assert seen.size < 8 * KIB * KIB
    assert not seen.whole
    assert seen.broken is not None
    with pytest.raises(AssertionError, match=r"stalled|truncated|reset"):
        JUDGE_UPLOAD(seen, 1.0)


def test_a_path_that_takes_nothing_measures_nothing(authority: trustme.CA, here: Local) -> None:
    with taking(authority, 1 << 30, b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n") as port:
        seen = sent(port, here, 64 * KIB)

    assert isinstance(seen, Transfer)
    with pytest.raises(Inconclusive, match=r"nothing to measure: .*HTTP 405"):
        JUDGE_UPLOAD(seen, 70e3)


def test_the_commands_repeat_it() -> None:
    ask = Ask("a.test", 8443, "GET", "/bulk", "touchstone", None, 5)
    loading = Sighting(download, ask, "here", (1000,)).by_hand
    sending = Sighting(upload, ask, "here", (1000,)).by_hand

    assert loading.startswith("curl -sSL -A touchstone https://a.test:8443/bulk | head -c 1000")
    assert "head -c 1000 /dev/urandom | curl" in sending
