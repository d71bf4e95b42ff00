import asyncio
import ssl
import subprocess
import zlib
from pathlib import Path

import pytest
import trustme

from checks.wire.git import (
    AdvertisementOutcome,
    AdvertisementRefusal,
    RefsListed,
    RefsRefusal,
    Remote,
    list_refs,
    read_advertisement,
)
from checks.wire.git_command import MEMORY
from checks.wire.git_words import layer_of, said_by_git
from checks.wire.responses import HttpRefusal
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.floods import BUFFERED, MEGABYTE, Flood, bounded
from tests.checks.wire.http_sides import Answer, address, https, saying
from tests.checks.wire.test_pkt_lines import SERVICE, pkt

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n"
HEAD = pkt(b"1" * 40 + b" HEAD\0side-band\n")
REF = pkt(b"2" * 40 + b" refs/heads/" + b"a" * 2000 + b"\n")
DEADLINE = 10
ROOM = MEMORY * MEGABYTE + BUFFERED
"""What git can have been sent until it has no more memory to keep it in."""


def advertised(port: int, vantage: Local) -> AdvertisementOutcome:
    remote = Remote("localhost", port, "a/b")
    with bounded(DEADLINE + 3):
        (seen,) = asyncio.run(read_advertisement(remote, vantage, (address(),), deadline=DEADLINE))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def listed(port: int, vantage: Local) -> RefsListed | RefsRefusal:
    remote = Remote("localhost", port, "a/b")
    with bounded(DEADLINE + 3):
        seen = asyncio.run(list_refs(remote, vantage, (address(),), deadline=DEADLINE))
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def pouring(flood: Flood, first: bytes, part: bytes) -> Answer:
    """Answer with these bytes, and then with this for ever."""

    def answer(session: ssl.SSLSocket, _head: bytes) -> None:
        session.sendall(first)
        flood.pour(session.sendall, part)

    return answer


BEGUN = OK + b"\r\n" + SERVICE + HEAD


def test_an_advertisement_that_never_ends_is_left(authority: trustme.CA, here: Local) -> None:
    flood = Flood()
    with https(authority, pouring(flood, BEGUN, REF)) as port:
        seen = advertised(port, here)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason) == ("body", "too-large")
    assert flood.sent < 64 * MEGABYTE + BUFFERED


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (SERVICE + b"fff0" + b"x" * 100, "it ends within a line: 'fff0xxx"),
        (SERVICE + b"ffff" + b"x" * 100, "a pkt-line cannot have the length 65535"),
        (SERVICE + b"0001" + HEAD, "a pkt-line cannot have the length 1"),
        (SERVICE + b"-001" + HEAD, "no length of a pkt-line: '-001'"),
        (SERVICE + b"0x10" + HEAD, "no length of a pkt-line: '0x10'"),
        (SERVICE + b"\xd9\xa0" * 2 + HEAD, r"no length of a pkt-line: '\xd9\xa0\xd9\xa0'"),
        (SERVICE + pkt(b"ERR \x1b[2J<script>\r\n"), r"the server says: 'ERR \x1b[2J<script>\r'"),
        (b"\x1b]0;owned\x07" + SERVICE, r"no length of a pkt-line: '\x1b]0;'"),
    ],
)
def test_a_length_that_lies_and_a_banner_that_writes_are_quoted(
    authority: trustme.CA, here: Local, raw: bytes, reason: str
) -> None:
    length = b"Content-Length: %d\r\n\r\n" % len(raw)
    with https(authority, saying(OK + length + raw)) as port:
        seen = advertised(port, here)

    assert isinstance(seen, AdvertisementRefusal), seen
    assert seen.reason.startswith(reason)
    assert seen.reason.isprintable()


def test_capabilities_of_a_whole_line_are_kept(authority: trustme.CA, here: Local) -> None:
    raw = SERVICE + pkt(b"1" * 40 + b" HEAD\0" + b"a " * 32000) + b"0000"
    length = b"Content-Length: %d\r\n\r\n" % len(raw)
    with https(authority, saying(OK + length + raw)) as port:
        seen = advertised(port, here)

    assert len(seen.headline) < 200


def packed(first: bytes, part: bytes) -> tuple[bytes, bytes]:
    """Pack the beginning of a gzip stream, and what unpacks to a thousand times itself."""
    packing = zlib.compressobj(9, wbits=31)
    begun = packing.compress(first) + packing.flush(zlib.Z_FULL_FLUSH)
    again = packing.compress(part * (4 * MEGABYTE // len(part)))
    return begun, again + packing.flush(zlib.Z_FULL_FLUSH)


BOMB = packed(SERVICE + HEAD, REF)
LINES = b"2" * 40 + b"\trefs/heads/any\n"
TYPED = b"HTTP/1.1 %d Said\r\nContent-Type: text/plain\r\n"


@pytest.mark.parametrize(
    ("first", "part", "said"),
    [
        (BEGUN, REF, "Out of memory, realloc failed"),
        (TYPED % 200 + b"\r\n", LINES, "Out of memory, realloc failed"),
        (TYPED % 403 + b"\r\n", b"remote: \x1b[31mred\n", "Out of memory, realloc failed"),
        (
            OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB[0],
            BOMB[1],
            "Out of memory, realloc failed",
        ),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a", "unable to access"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Many: a\r\n", "unable to access"),
    ],
)
def test_git_is_given_so_much_memory_and_no_more(
    authority: trustme.CA, here: Local, first: bytes, part: bytes, said: str
) -> None:
    flood = Flood()
    with https(authority, pouring(flood, first, part)) as port:
        seen = listed(port, here)

    assert isinstance(seen, RefsRefusal), seen
    assert (seen.status, seen.layer) == (128, "http")
    assert said in seen.reason
    assert (f"{MEMORY} MiB" in seen.reason) == ("realloc" in said)
    assert flood.sent < ROOM


def test_more_refs_than_are_kept_of_git_s_output_are_at_least_so_many(
    authority: trustme.CA, here: Local
) -> None:
    body = SERVICE + HEAD + b"".join(pkt(b"%040x refs/a/%d\n" % (n, n)) for n in range(200_000))
    length = b"Content-Length: %d\r\n\r\n" % (len(body) + 4)
    with https(authority, saying(OK + length + body + b"0000")) as port:
        seen = listed(port, here)
        ours = advertised(port, here)

    assert isinstance(seen, RefsListed), seen
    assert (seen.cut, seen.head) == (True, "1" * 40)
    assert "at least" in seen.headline
    assert "200001 refs" in ours.headline


@pytest.mark.parametrize(
    "location",
    [
        "file://{folder}/repository.git",
        "ext::sh -c touch% {folder}/touched",
        "ext::sh -c touch% {folder}/touched//info/refs?service=git-upload-pack",
        "ssh://-oProxyCommand=touch%20{folder}%2Ftouched/a/b",
        "git://127.0.0.1/a/b",
        "ftp://127.0.0.1/a/b",
        "fd::0/a",
    ],
)
def test_a_redirect_leads_neither_to_a_file_nor_to_a_command(
    authority: trustme.CA, here: Local, tmp_path: Path, location: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    to = location.format(folder=folder)
    subprocess.run(["git", "init", "-q", "--bare", str(folder / "repository.git")], check=True)
    head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {to}\r\n\r\n".encode()
    with https(authority, saying(head)) as port:
        gits, ours = listed(port, here), advertised(port, here)

    assert isinstance(gits, RefsRefusal), gits
    assert "in libcurl" in gits.reason or "Unsupported URL scheme" in gits.reason
    assert isinstance(ours, HttpRefusal), ours
    assert (ours.phase, ours.reason) == ("redirect", "not-https")
    assert not (folder / "touched").exists()


def test_what_git_repeats_of_a_server_is_read_in_a_moment_and_cut(
    authority: trustme.CA, here: Local
) -> None:
    body = b"repository '" * 400_000 + b"\r\x1b[2K\n"
    head = TYPED % 403 + b"Content-Length: %d\r\n\r\n" % len(body)
    with https(authority, saying(head + body)) as port:
        seen = listed(port, here)

    assert isinstance(seen, RefsRefusal), seen
    assert "The requested URL returned error: 403" in seen.reason
    assert len(seen.reason) < 5000
    assert len(seen.transcript) < 70_000


def test_a_header_does_not_pass_for_git_s_own_words(authority: trustme.CA, here: Local) -> None:
    lies = b"\x0bfatal: SSL certificate problem\x0c\x1c\x1d\x1e\xc2\x85\xe2\x80\xa8fatal: could not"
    head = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nX-Lies: a" + lies + b"\r\n\r\n"
    with https(authority, saying(head)) as port:
        seen = listed(port, here)

    assert isinstance(seen, RefsRefusal), seen
    assert "X-Lies: a\x0bfatal: SSL" in seen.transcript
    assert seen.layer == "http"
    assert "certificate" not in seen.reason


def test_words_that_a_regular_expression_could_be_lost_in_are_cut_first() -> None:
    said = "repository '" * 400_000
    with bounded(seconds=3):
        assert layer_of(said) == "unknown"
        assert len(said_by_git(said)) < 5000
