from datetime import UTC, datetime

import pytest

from checks.hosts.blocks import find_blocks, read_stamp, spellings, without_blocks
from fixtures.vantages.hosts_file import parse
from tests.checks.hosts.files import BLOCK, PINS, PLAIN, WHOLE


def test_a_block_is_its_marker_and_the_lines_under_it() -> None:
    (block,) = find_blocks(parse(f"{WHOLE}\n10.0.0.1 other\n".encode()), BLOCK.marker)

    assert block.stamp == "2025-11-20T08:00:00Z"
    assert list(block.numbers) == [3, 4, 5]
    assert [(pin.name, pin.address, pin.number) for pin in block.pins] == [
        ("github.com", "140.82.112.3", 4),
        ("api.github.com", "140.82.112.6", 5),
    ]


@pytest.mark.parametrize("end", ["", "\n", "# another\n10.0.0.1 other\n"])
def test_a_block_ends_at_a_blank_line_a_comment_or_the_end(end: str) -> None:
    (block,) = find_blocks(parse((WHOLE + end).encode()), BLOCK.marker)

    assert list(block.numbers) == [3, 4, 5]


def test_every_block_is_found() -> None:
    found = find_blocks(parse((PINS + PINS).encode()), BLOCK.marker)

    assert [block.opening.number for block in found] == [1, 4]


def test_a_block_in_a_file_with_crlf_is_found() -> None:
    (block,) = find_blocks(parse(WHOLE.replace("\n", "\r\n").encode()), BLOCK.marker)

    assert block.stamp == "2025-11-20T08:00:00Z"


def test_a_marker_that_is_no_comment_of_its_own_opens_nothing() -> None:
    lines = parse(
        b"10.0.0.1 a # Plan 267-D GitHub override (2025)\n# Plan 267-D GitHub overrides\n"
    )

    assert find_blocks(lines, BLOCK.marker) == ()


def test_a_marker_may_have_no_stamp_and_signs_that_mean_something_in_patterns() -> None:
    (block,) = find_blocks(parse(b"# pins (by hand)*\n1.1.1.1 a\n"), "pins (by hand)*")

    assert block.stamp == ""


def test_the_lines_without_blocks_are_what_stood_there_before() -> None:
    assert without_blocks(parse(WHOLE.encode()), BLOCK.marker) == parse(PLAIN.encode())


@pytest.mark.parametrize(
    "stamp",
    [
        "2025-11-20T08:00:00Z",
        "20251120T080000Z",
        "2025-11-20 08:00:00 UTC",
        "20251120-080000",
        "20251120080000",
        "2025-11-20T08:00:00.123+00:00",
        "2025-11-20T08:00Z",
    ],
)
def test_a_stamp_is_read_in_the_usual_spellings(stamp: str) -> None:
    assert read_stamp(stamp) == datetime(2025, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp", ["", "yesterday", "2025-13-20T08:00:00Z", "2025-11-20T08:00:00+02:00", "2025"]
)
def test_what_is_no_utc_time_is_no_stamp(stamp: str) -> None:
    assert read_stamp(stamp) is None


def test_a_stamp_is_looked_for_in_its_compact_spellings_too() -> None:
    assert spellings("2025-11-20T08:00:00Z")[:3] == (
        "2025-11-20T08:00:00Z",
        "20251120T080000Z",
        "20251120T080000",
    )
    assert spellings("yesterday") == ("yesterday",)
