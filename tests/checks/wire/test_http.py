import gzip
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import h2.connection
import pytest
import trustme

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, Response, fetch
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import (
    close_at_hello,
    far_side,
    over_tls,
    reset,
    server_context,
    shut,
    stay_silent,
)
from tests.checks.wire.http_sides import get, https, https2, part_well, saying

OK = b"HTTP/1.1 200 OK\r\n"


def answered(seen: HttpOutcome) -> Response:
    assert isinstance(seen, Response), seen
    return seen


def broken(seen: HttpOutcome) -> HttpRefusal:
    assert isinstance(seen, HttpRefusal), seen
    return seen


def test_a_whole_answer(authority: trustme.CA, here: Local) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    raw = OK + f"Date: {date}\r\nX-GitHub-Request-Id: A1\r\n".encode()
    with https(authority, saying(raw + b"content-length: 5\r\n\r\nh\xc3\xa9ll")) as port:
        seen = answered(get(port, here, "/_ping?x=1"))

    assert (seen.status, seen.version, seen.hops) == (200, "HTTP/1.1", ())
    assert seen.url == f"https://localhost:{port}/_ping?x=1"
    assert seen.headers[1:] == (("X-GitHub-Request-Id", "A1"), ("content-length", "5"))
    assert (seen.body_bytes, seen.declared_bytes, seen.excerpt) == (5, 5, "héll")
    assert seen.clock_offset == pytest.approx(3600, abs=30)
    assert seen.clock is not None
    assert seen.clock[:2] == (f"localhost:{port}", seen.clock_offset)
    assert seen.clock[2] == 1.0 + seen.phases[2].seconds
    assert [phase.name for phase in seen.phases] == ["connect", "tls", "first-byte", "transfer"]
    starts = [phase.start for phase in seen.phases]
    assert starts == sorted(starts)
    assert sum(phase.seconds for phase in seen.phases) <= seen.seconds


def test_the_request_is_what_was_asked_for(authority: trustme.CA, here: Local) -> None:
    heads: list[bytes] = []

    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        heads.append(head)
        saying(OK + b"Content-Length: 0\r\n\r\n")(session, head)

    with https(authority, answer) as port:
        get(port, here, "/café?q=a b", method="POST", body="{}")

    lines = heads[0].split(b"\r\n")
    assert lines[0] == b"POST /caf%C3%A9?q=a%20b HTTP/1.1"
    assert f"Host: localhost:{port}".encode() in lines
    assert b"User-Agent: Mozilla/5.0 (test)" in lines
    assert b"Content-Type: application/json" in lines
    assert b"Content-Length: 2" in lines


@pytest.mark.parametrize("status", [204, 401, 403, 404, 500, 503])
def test_any_status_is_an_answer(authority: trustme.CA, here: Local, status: int) -> None:
    raw = f"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n".encode()
    with https(authority, saying(raw)) as port:
        assert answered(get(port, here)).status == status


def test_a_head_request_has_a_length_and_no_body(authority: trustme.CA, here: Local) -> None:
    with https(authority, saying(OK + b"Content-Length: 9000\r\n\r\n")) as port:
        seen = answered(get(port, here, method="HEAD"))

    assert (seen.body_bytes, seen.declared_bytes) == (0, 9000)


def test_http_2_is_spoken_where_it_is_agreed(authority: trustme.CA, here: Local) -> None:
    def play(speaker: h2.connection.H2Connection, stream: int) -> None:
        speaker.send_headers(
            stream, [(":status", "200"), ("server", "h2"), ("content-length", "3")]
        )
        speaker.send_data(stream, b"abc", end_stream=True)

    with https2(authority, play) as port:
        seen = answered(get(port, here))

    assert (seen.version, seen.status, seen.excerpt) == ("HTTP/2", 200, "abc")
    assert seen.headers == (("server", "h2"), ("content-length", "3"))


def test_the_lower_layers_refuse_in_their_own_types(authority: trustme.CA, here: Local) -> None:
    with far_side(close_at_hello) as port:
        assert isinstance(get(port, here), HandshakeRefusal)
    assert isinstance(get(port, here), ConnectionRefusal)
    with far_side(reset) as port:
        refusal = get(port, here)
    assert isinstance(refusal, ConnectionRefusal)
    assert refusal.reason == "reset"


def test_nothing_is_sent_to_an_untrusted_far_side(here: Local) -> None:
    heads: list[bytes] = []
    with https(trustme.CA(), lambda _session, head: heads.append(head)) as port:
        seen = get(port, here)

    assert isinstance(seen, Distrust)
    assert [error.text for error in seen.errors] == ["unable to get local issuer certificate"]
    assert seen.mismatch is None
    assert heads == []


def test_nothing_is_sent_to_another_hosts_certificate(authority: trustme.CA, here: Local) -> None:
    heads: list[bytes] = []
    with https(authority, lambda _session, head: heads.append(head)) as port:
        seen = get(port, here, host="elsewhere.example")

    assert isinstance(seen, Distrust)
    assert (seen.errors, seen.mismatch) == ((), "it is for localhost, 127.0.0.1, other.example")
    assert heads == []


CUTS = {
    "nothing": (b"", "headers", 0, None),
    "half a header": (OK + b"X-", "headers", 0, None),
    "a part": (OK + b"Content-Length: 100\r\n\r\n0123456789", "body", 10, 100),
    "chunks": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n012",
        "body",
        8,
        None,
    ),
}
ENDS = {"reset": reset, "truncated": shut, "closed": part_well, "stalled": stay_silent}


@pytest.mark.parametrize("after", CUTS)
@pytest.mark.parametrize("end", ENDS)
def test_a_cut_is_told_by_its_kind_and_place(
    authority: trustme.CA, here: Local, after: str, end: str
) -> None:
    raw, phase, received, declared = CUTS[after]
    with https(authority, saying(raw, ENDS[end])) as port:
        seen = broken(get(port, here, deadline=0.5 if end == "stalled" else 10))

    assert (seen.phase, seen.reason) == (phase, "truncated" if end == "closed" else end)
    assert (seen.body_bytes, seen.declared_bytes) == (received, declared)
    assert seen.status == (200 if phase == "body" else None)


def test_a_body_without_a_length_ends_with_close_notify_and_only_so(
    authority: trustme.CA, here: Local
) -> None:
    raw = OK + b"Connection: close\r\n\r\nall of it"
    with https(authority, saying(raw)) as port:
        whole = answered(get(port, here))
    with https(authority, saying(raw, shut)) as port:
        cut = broken(get(port, here))

    assert (whole.body_bytes, whole.declared_bytes) == (9, None)
    assert (cut.reason, cut.body_bytes) == ("truncated", 9)


def test_a_length_that_is_too_short_ends_the_body_there(authority: trustme.CA, here: Local) -> None:
    with https(authority, saying(OK + b"Content-Length: 3\r\n\r\nabcdef")) as port:
        seen = answered(get(port, here))

    assert (seen.body_bytes, seen.declared_bytes, seen.excerpt) == (3, 3, "abc")


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 2OO OK\r\n\r\n",
        OK + b"Content-Length: -5\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"a\x00b: c\r\n\r\n",
    ],
)
def test_what_is_not_http_is_malformed(authority: trustme.CA, here: Local, raw: bytes) -> None:
    with https(authority, saying(raw)) as port:
        assert broken(get(port, here)).reason == "malformed"


def test_long_headers_are_kept_up_to_the_bound(authority: trustme.CA, here: Local) -> None:
    def raw(size: int) -> bytes:
        return OK + b"X-Long: " + b"a" * size + b"\r\nContent-Length: 0\r\n\r\n"

    with https(authority, saying(raw(100_000))) as port:
        kept = answered(get(port, here))
    with https(authority, saying(raw(200_000))) as port:
        seen = broken(get(port, here))

    assert len(kept.headers[0][1]) == 100_000
    assert (seen.phase, seen.reason) == ("headers", "too-large")


def test_a_body_that_never_ends_is_ended(authority: trustme.CA, here: Local) -> None:
    def pour(session: ssl.SSLSocket, _head: bytes) -> None:
        session.sendall(OK + b"\r\n")
        while True:
            session.sendall(bytes(1 << 20))

    with https(authority, pour) as port:
        seen = broken(get(port, here))

    assert (seen.phase, seen.reason) == ("body", "too-large")
    assert 8 << 20 < seen.body_bytes < 9 << 20


def test_a_gzip_bomb_stays_packed(authority: trustme.CA, here: Local) -> None:
    packed = gzip.compress(b"0" * 50_000_000)
    raw = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with https(authority, saying(raw + packed)) as port:
        seen = answered(get(port, here))

    assert (seen.body_bytes, seen.excerpt) == (len(packed), "0" * 2000)


def test_hostile_bytes_are_kept_as_text_that_can_be_written_down(
    authority: trustme.CA, here: Local
) -> None:
    body = b"\x00\x1b[31m\xff\xfe\xed\xa0\x80\xe2\x80\xae"
    raw = OK + b"X-Bytes: \xe9\xff\r\nContent-Length: %d\r\n\r\n" % len(body)
    with https(authority, saying(raw + body)) as port:
        seen = answered(get(port, here))

    assert ("X-Bytes", "éÿ") in seen.headers
    assert seen.excerpt.startswith("\x00\x1b[31m\ufffd")


@pytest.mark.parametrize(
    ("date", "offset"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", pytest.approx(-datetime.now(UTC).timestamp(), abs=600)),
        ("yesterday", None),
        ("", None),
        ("Thu, 99 Xxx 99999 99:99:99 GMT", None),
    ],
)
def test_a_date_is_compared_or_left(
    authority: trustme.CA, here: Local, date: str, offset: float | None
) -> None:
    raw = OK + f"Date: {date}\r\nContent-Length: 0\r\n\r\n".encode()
    with https(authority, saying(raw)) as port:
        assert answered(get(port, here)).clock_offset == offset


def test_the_age_of_a_kept_answer_is_added_to_its_date(authority: trustme.CA, here: Local) -> None:
    date = format_datetime(datetime.now(UTC) - timedelta(minutes=5), usegmt=True)
    raw = OK + f"Date: {date}\r\nAge: 300\r\nContent-Length: 0\r\n\r\n".encode()
    with https(authority, saying(raw)) as port:
        assert answered(get(port, here)).clock_offset == pytest.approx(0, abs=30)


def test_a_certificate_that_is_asked_for_late_is_an_alert(
    authority: trustme.CA, here: Local
) -> None:
    context = server_context(authority.issue_cert("localhost"))
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with far_side(over_tls(context)) as port:
        seen = get(port, here)

    assert isinstance(seen, HandshakeRefusal)
    assert seen.reason == "alert"


@pytest.mark.parametrize(
    ("ask", "command"),
    [
        (
            Ask("example.org", 443, "GET", "/", "Mozilla/5.0 (X11)", None, 0),
            "-A 'Mozilla/5.0 (X11)' -X GET --connect-timeout 10 --max-time 60 https://example.org/",
        ),
        (
            Ask("example.org", 8443, "POST", "/a?b", "t", "{}", 5),
            (
                "-A t -H 'Content-Type: application/json' --data-raw '{}' "
                "-L --max-redirs 5 --connect-timeout 10 --max-time 60 'https://example.org:8443/a?b'"
            ),
        ),
    ],
)
def test_it_can_be_repeated_by_hand(ask: Ask, command: str) -> None:
    assert Sighting(fetch, ask, "here").by_hand == f"curl -sS -D - -o /dev/null {command}"
