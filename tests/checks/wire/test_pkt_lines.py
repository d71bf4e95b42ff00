from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from checks.wire.pkt_lines import Advertised

ONE, TWO = "1" * 40, "2" * 40
CAPABILITIES = "multi_ack thin-pack symref=HEAD:refs/heads/main agent=git/2.39.5"


def pkt(line: str | bytes) -> bytes:
    raw = line.encode() if isinstance(line, str) else line
    return b"%04x" % (len(raw) + 4) + raw


SERVICE = pkt("# service=git-upload-pack\n") + b"0000"
WHOLE = (
    SERVICE
    + pkt(f"{ONE} HEAD\0{CAPABILITIES}\n")
    + pkt(f"{ONE} refs/heads/main\n")
    + pkt(f"{TWO} refs/tags/v1\n")
    + pkt(f"{ONE} refs/tags/v1^{{}}\n")
    + b"0000"
)


def read(*parts: bytes) -> Advertised:
    advertised = Advertised()
    for part in parts:
        advertised.feed(part)
    return advertised


def test_a_whole_advertisement_is_read() -> None:
    seen = read(WHOLE)

    assert (seen.fault, seen.refs, seen.head) == (None, 4, ONE)
    assert seen.capabilities == tuple(CAPABILITIES.split())


def test_an_empty_repository_advertises_no_refs() -> None:
    seen = read(SERVICE + pkt(f"{'0' * 40} capabilities^{{}}\0agent=git/2\n") + b"0000")

    assert (seen.fault, seen.refs, seen.head) == (None, 0, None)
    assert seen.capabilities == ("agent=git/2",)


def test_a_shallow_repository_of_sha_256_is_read() -> None:
    long = "a" * 64
    lines = pkt(f"{long} refs/heads/main\0agent=git/2\n") + pkt(f"shallow {long}\n")
    seen = read(SERVICE + pkt("version 1\n") + lines + b"0000")

    assert (seen.fault, seen.refs) == (None, 1)


@given(some.lists(some.integers(0, len(WHOLE)), max_size=20))
def test_it_does_not_matter_how_it_was_cut_up(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(WHOLE)]
    seen = read(*(WHOLE[start:end] for start, end in pairwise(places)))

    assert (seen.fault, seen.refs, seen.head) == (None, 4, ONE)


@given(some.integers(0, len(WHOLE) - 1))
def test_any_beginning_of_it_is_at_fault(length: int) -> None:
    assert read(WHOLE[:length]).fault is not None


@given(some.binary(max_size=200))
def test_noise_is_at_fault_and_never_an_error(noise: bytes) -> None:
    assert read(noise).fault is not None
    assert read(WHOLE[:-4] + noise).fault is not None or noise == b"0000"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "it ends before its flush packet"),
        (b"<!DOCTYPE html>", "no length of a pkt-line: '<!DO'"),
        (b"0000", "the service is not named first"),
        (pkt("# service=git-receive-pack\n") + b"0000", "not the service that was asked for"),
        (pkt(f"{ONE} HEAD\0{CAPABILITIES}\n"), "not the service that was asked for"),
        (SERVICE + b"0001", "a pkt-line cannot have the length 1"),
        (SERVICE + b"0004", "a pkt-line cannot have the length 4"),
        (SERVICE + b"ffff", "a pkt-line cannot have the length 65535"),
        (SERVICE + pkt("ERR access denied\n"), "the server says: 'ERR access denied'"),
        (SERVICE + pkt("xyz refs/heads/main\n"), "no line of a ref"),
        (WHOLE[:-4] + pkt(f"{ONE} refs/heads/x\0again\n"), "no line of a ref"),
        (WHOLE + b"0000", "it goes on after its flush packet"),
        (WHOLE[:-4], "it ends before its flush packet"),
        (WHOLE[:-6], "it ends within a line"),
    ],
)
def test_a_fault_is_named(raw: bytes, fault: str) -> None:
    seen = read(raw).fault

    assert seen is not None
    assert seen.startswith(fault)
    assert seen.isprintable()


def test_what_comes_after_a_fault_is_not_kept() -> None:
    advertised = read(b"zzzz")
    for _ in range(100):
        advertised.feed(bytes(10_000))

    assert len(advertised._buffer) < 100
