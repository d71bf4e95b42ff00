import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import hpack
import pytest
import trustme

from checks.wire.exchange import BODY_LIMIT
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, Response, fetch
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import far_side, over_tls, server_context, stay_silent
from tests.checks.wire.floods import BUFFERED, Flood, bounded
from tests.checks.wire.http_sides import address

DEADLINE = 10.0
STALLED = 1.5
ENDLESS = "stalled or too-large"
"""Frames that carry nothing: what ends them is the deadline, or the bound where both are quick."""
DATA, HEADERS, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
STREAM = 1


def frame(kind: int, payload: bytes = b"", *, stream: int = 0, flags: int = 0) -> bytes:
    """Pack a frame (RFC 9113, 4.1)."""
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


def headers(*fields: tuple[str | bytes, str | bytes], flags: int = END_HEADERS) -> bytes:
    packed = hpack.Encoder().encode([(":status", "200"), *fields], huffman=False)
    return frame(HEADERS, packed, stream=STREAM, flags=flags)


BEGUN = frame(SETTINGS)
INFORMED = frame(
    HEADERS, hpack.Encoder().encode([(":status", "103")]), stream=STREAM, flags=END_HEADERS
)
# One entry of four kilobytes in the dynamic table, and then indexes of it: a byte for each.
ENTRY = hpack.Encoder().encode([("x", "a" * 4000)], huffman=False)
BOMB = b"\x88" + ENTRY + b"\xbe" * 12000


@contextmanager
def speaking(authority: trustme.CA, flood: Flood, first: bytes, part: bytes) -> Iterator[int]:
    """Say these frames, and then this one for ever; yields the port."""
    context = server_context(authority.issue_cert("localhost"))
    context.set_alpn_protocols(["h2"])

    def serve(session: ssl.SSLSocket) -> None:
        received = b""
        while b"\x00\x00\x00\x01" not in received[24:] or len(received) < 100:  # the request
            received += session.recv(65536)
        session.sendall(first)
        if part:
            flood.pour(session.sendall, part)
        else:
            stay_silent(session)

    with far_side(over_tls(context, serve)) as port:
        yield port


def get(port: int, vantage: Local, deadline: float = DEADLINE) -> HttpOutcome:
    ask = Ask("localhost", port, "GET", "/", "test", None, 5)
    with bounded(deadline + 2):
        (seen,) = asyncio.run(fetch(ask, vantage, (address(),), deadline=deadline))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    assert len(seen.headline) < 500
    return seen


@pytest.mark.parametrize(
    ("first", "part", "broken"),
    [
        (b"", frame(SETTINGS), ("headers", "too-large")),
        (b"", frame(SETTINGS, b"\x00\x04\x00\x00\xff\xff" * 2000), ("headers", "too-large")),
        (BEGUN, frame(PING, bytes(8)), ("headers", "too-large")),
        (BEGUN, frame(PING, bytes(8), flags=ACK), ("headers", "too-large")),
        (BEGUN, frame(WINDOW, b"\x00\x00\x00\x01"), ("headers", "too-large")),
        (BEGUN, frame(0xBB, bytes(1000), stream=STREAM), ("headers", "too-large")),  # unknown
        (BEGUN, INFORMED, ("headers", "too-large")),
        (BEGUN, frame(DATA, bytes(1000), stream=STREAM), ("headers", "malformed")),
        (
            BEGUN,
            frame(PUSH, b"\x00\x00\x00\x02\x88", stream=STREAM, flags=4),
            ("headers", "malformed"),
        ),
        (BEGUN, frame(HEADERS, b"\x88", stream=2, flags=END_HEADERS), ("headers", "malformed")),
        (
            BEGUN + frame(HEADERS, b"\x88", stream=STREAM),
            frame(CONTINUATION, b"\x00\x01x\x01y" * 100, stream=STREAM),
            ("headers", "malformed"),
        ),
        (
            BEGUN + frame(HEADERS, b"\x88", stream=STREAM),
            frame(CONTINUATION, b"", stream=STREAM),
            ("headers", "malformed"),
        ),
        (BEGUN, frame(HEADERS, BOMB, stream=STREAM, flags=END_HEADERS), ("headers", "too-large")),
        (BEGUN, b"\xff\xff\xff\x00\x00\x00\x00\x00\x01", ("headers", "too-large")),
        (BEGUN + headers(), frame(PING, bytes(8)), ("body", ENDLESS)),
        (BEGUN + headers(), frame(DATA, stream=STREAM), ("body", ENDLESS)),
        (
            BEGUN + headers(),
            frame(DATA, b"\xff" + bytes(255), stream=STREAM, flags=PADDED),
            ("body", ENDLESS),
        ),
        (BEGUN + headers(), frame(DATA, b"a" * 16000, stream=STREAM), ("body", "too-large")),
    ],
)
def test_frames_without_end_end_with_a_refusal(
    authority: trustme.CA, here: Local, first: bytes, part: bytes, broken: tuple[str, str]
) -> None:
    flood = Flood()
    deadline = STALLED if broken[1] == ENDLESS else DEADLINE
    with speaking(authority, flood, first, part) as port:
        seen = get(port, here, deadline)

    assert isinstance(seen, HttpRefusal), seen
    assert seen.phase == broken[0], seen
    assert seen.reason in broken[1].split(" or "), seen
    assert flood.sent < 2 * BODY_LIMIT + BUFFERED
    assert sum(map(len, seen.errors)) < 5000


@pytest.mark.parametrize(
    "status", ["99999999999999999999", "-200", "0", "9" * 5000, "", "200\x1b[2J"]
)
def test_a_status_that_is_none_is_malformed(
    authority: trustme.CA, here: Local, status: str
) -> None:
    packed = hpack.Encoder().encode([(":status", status)], huffman=False)
    first = BEGUN + frame(HEADERS, packed, stream=STREAM, flags=END_HEADERS | END_STREAM)
    with speaking(authority, Flood(), first, b"") as port:
        seen = get(port, here)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason, seen.status) == ("headers", "malformed", None)


@pytest.mark.parametrize("length", ["9" * 30, "-1", "5, 6", "\x1b"])
def test_a_length_that_is_none_is_malformed(
    authority: trustme.CA, here: Local, length: str
) -> None:
    first = BEGUN + headers(("content-length", length)) + frame(DATA, b"hello", stream=STREAM)
    with speaking(authority, Flood(), first, b"") as port:
        seen = get(port, here, STALLED)

    assert isinstance(seen, HttpRefusal), seen
    assert seen.declared_bytes is None


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (b"https://a\x00b/", "malformed"),
        (b"https://a\x1bb/", "malformed"),
        (b"https://\xff/", "malformed"),
        (b"https://a\r\nb/", "unresolved"),  # line ends are taken out, as browsers do
    ],
)
def test_a_redirect_to_what_is_no_place_is_a_refusal(
    authority: trustme.CA, here: Local, location: bytes, reason: str
) -> None:
    packed = hpack.Encoder().encode([(":status", "302"), ("location", location)], huffman=False)
    first = BEGUN + frame(HEADERS, packed, stream=STREAM, flags=END_HEADERS | END_STREAM)
    with speaking(authority, Flood(), first, b"") as port:
        seen = get(port, here)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("redirect", reason)
    assert seen.hops[0].location == location.decode("latin-1")


def test_hostile_bytes_of_headers_are_kept_as_they_came(authority: trustme.CA, here: Local) -> None:
    hostile = "\x1b]0;owned\x07\u202e<script>|`\r\n\x00\x9b".encode()
    first = BEGUN + headers((b"x-hostile", hostile), flags=END_HEADERS | END_STREAM)
    with speaking(authority, Flood(), first, b"") as port:
        seen = get(port, here)

    assert isinstance(seen, Response), seen
    assert ("x-hostile", hostile.decode("latin-1")) in seen.headers
    assert all(line.isprintable() for line in seen.transcript.split("\n"))
