import asyncio
import ssl
import time
import zlib
from itertools import cycle

import pytest
import trustme

from checks.wire.exchange import BODY_LIMIT
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, Response, fetch
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.floods import BUFFERED, MEGABYTE, Flood, bounded
from tests.checks.wire.http_sides import Answer, address, https, saying

DEADLINE = 10.0
OK = b"HTTP/1.1 200 OK\r\n"
BOMB = zlib.compress(bytes(128 * MEGABYTE), 9, wbits=31)
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def get(
    port: int, vantage: Local, *, deadline: float = DEADLINE, redirects: int = 5
) -> HttpOutcome:
    ask = Ask("localhost", port, "GET", "/", "test", None, redirects)
    with bounded(deadline + 2):
        (seen,) = asyncio.run(fetch(ask, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    assert len(seen.headline) < 500
    return seen


def pouring(flood: Flood, first: bytes, part: bytes) -> Answer:
    def answer(session: ssl.SSLSocket, _head: bytes) -> None:
        session.sendall(first)
        flood.pour(session.sendall, part)

    return answer


@pytest.mark.parametrize(
    ("first", "part", "broken"),
    [
        (OK + b"X-Long: ", b"a", ("headers", "too-large")),
        (OK, b"X-Many: a\r\n", ("headers", "too-large")),
        (OK + b"a", b"a", ("headers", "too-large")),
        (b"HTTP/1.1 200 ", b"\x1b[31mno reason ends ", ("headers", "too-large")),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", ("headers", "too-large")),
        (b"", b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n", ("headers", "too-large")),
        (b"", b"\r\n", ("headers", "malformed")),
        (b"", b"\x00", ("headers", "malformed")),
        (OK + b"\r\n", b"a", ("body", "too-large")),
        (CHUNKED, b"4000\r\n" + b"a" * 0x4000 + b"\r\n", ("body", "too-large")),
        (CHUNKED, b"1;" + b"x=y;" * 16000 + b"\r\na\r\n", ("body", "too-large")),
        (CHUNKED + b"1;", b"x=y;", ("body", "too-large")),
        (CHUNKED + b"1", b"0", ("body", "too-large")),
        (CHUNKED + b"0\r\n", b"X-Trailer: a\r\n", ("body", "too-large")),
        (OK + b"Content-Length: 999999999999999\r\n\r\n", b"a", ("body", "too-large")),
    ],
)
def test_an_answer_without_end_is_left(
    authority: trustme.CA, here: Local, first: bytes, part: bytes, broken: tuple[str, str]
) -> None:
    flood = Flood()
    with https(authority, pouring(flood, first, part)) as port:
        seen = get(port, here)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == broken
    assert flood.sent < 2 * BODY_LIMIT + BUFFERED
    assert sum(map(len, seen.errors)) < 5000


def test_chunks_of_a_byte_are_left_at_the_deadline_or_before(
    authority: trustme.CA, here: Local
) -> None:
    flood = Flood()
    with https(authority, pouring(flood, CHUNKED, b"1\r\na\r\n" * 3000)) as port:
        seen = get(port, here, deadline=1.5)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) in (("body", "stalled"), ("body", "too-large"))
    assert flood.sent < 2 * BODY_LIMIT + BUFFERED


@pytest.mark.parametrize(
    "coding", ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip, gzip", "\x1b[31m"]
)
def test_what_is_packed_is_not_unpacked_beyond_what_is_shown(
    authority: trustme.CA, here: Local, coding: str
) -> None:
    head = OK + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(BOMB))
    with https(authority, saying(head + BOMB)) as port:
        seen = get(port, here)

    assert isinstance(seen, Response), seen
    assert seen.body_bytes == len(BOMB)
    assert len(seen.excerpt) <= 2000


def test_an_answer_of_a_byte_at_a_time_ends_at_the_deadline(
    authority: trustme.CA, here: Local
) -> None:
    def drip(session: ssl.SSLSocket, _head: bytes) -> None:
        for byte in cycle(OK + b"X-Long: aaaa"):
            session.sendall(bytes([byte]))
            time.sleep(0.01)

    with https(authority, drip) as port:
        seen = get(port, here, deadline=0.5)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("headers", "stalled")


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: +5\r\n",
        b"Content-Length: 0x5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: " + b"9" * 30 + b"\r\n",
        b"Content-Length: " + b"9" * 5000 + b"\r\n",
        b"Content-Length: \xd9\xa5\r\n",  # an Arabic five
    ],
)
def test_a_length_that_is_none_is_malformed(
    authority: trustme.CA, here: Local, lengths: bytes
) -> None:
    with https(authority, saying(OK + lengths + b"\r\nhello")) as port:
        seen = get(port, here)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason, seen.declared_bytes) == ("headers", "malformed", None)


def test_the_same_length_twice_is_one(authority: trustme.CA, here: Local) -> None:
    with https(authority, saying(OK + b"Content-Length: 5\r\n" * 2 + b"\r\nhello")) as port:
        seen = get(port, here)

    assert isinstance(seen, Response), seen
    assert (seen.declared_bytes, seen.excerpt) == (5, "hello")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (b"http://localhost/", "not-https"),
        (b"file:///etc/passwd", "not-https"),
        (b"javascript:alert(1)", "not-https"),
        (b"data:text/html,<script>", "not-https"),
        (b"\x1b]8;;https://evil.test\x07x", "too-many"),  # a path like any other, encoded
        (b"https://", "loop"),
        (b"https://[::1", "malformed"),
        (b"https://[fe80::1%25eth0]/", "malformed"),
        (b"https://[fe80::1%eth0]/", "malformed"),
        (b"https://a\x1b[2Jb/", "malformed"),
        (b"https://a b/", "malformed"),
        (b"https://-oProxyCommand=x/", "malformed"),
        (b"https://a%00b/", "malformed"),
        (b"https://xn--\xc3\xa4/", "malformed"),
        (b"https://localhost:0/", "malformed"),
        (b"https://localhost:99999/", "malformed"),
        (b"https://localhost:-1/", "malformed"),
        (b"https://localhost:\xd9\xa5/", "malformed"),
        (b"https://" + b"a" * 100 + b".test/", "unresolved"),
        (b"https://" + b"a." * 40000 + b"test/", "malformed"),
        (b"https://[fe80::1]/", "unreachable"),
        (b"https://255.255.255.255/", "unreachable"),
        (b"https://user:hidden@[::ffff:127.0.0.1]:1/", "unreachable"),
    ],
)
def test_a_redirect_to_what_is_no_place_is_a_refusal_of_the_far_side(
    authority: trustme.CA, here: Local, location: bytes, reason: str
) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
    with https(authority, saying(head)) as port:
        seen = get(port, here, redirects=2)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("redirect", reason), seen.errors
    assert "hidden" not in seen.headline


def test_a_chain_of_redirects_is_followed_so_far_and_no_further(
    authority: trustme.CA, here: Local
) -> None:
    number = iter(range(1_000_000))

    def onward(session: ssl.SSLSocket, head: bytes) -> None:
        where = b"Location: https://user:hidden@localhost:%d/%d\r\n" % (port, next(number))
        raw = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + where + b"\r\n"
        saying(raw)(session, head)

    with https(authority, onward) as port:
        seen = get(port, here, redirects=20)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.reason, len(seen.hops)) == ("too-many", 21)
    assert "hidden" not in seen.url


@pytest.mark.parametrize(
    ("first", "part"),
    [(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (CHUNKED, b"1\r\na\r\n")],
    ids=["informed", "chunks"],
)
def test_a_flood_of_small_parts_does_not_hold_the_other_sightings_up(
    authority: trustme.CA, here: Local, first: bytes, part: bytes
) -> None:
    late = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            late.append(time.monotonic() - before)

    async def look() -> None:
        watching = asyncio.create_task(watch())
        ask = Ask("localhost", port, "GET", "/", "test", None, 5)
        await fetch(ask, here, (address(),), deadline=1)
        await asyncio.sleep(0.05)
        watching.cancel()

    with https(authority, pouring(Flood(), first, part)) as port:
        asyncio.run(look())

    assert max(late) < 1
