from hypothesis import given
from hypothesis import strategies as st

from checks.hosts.drift import Difference, drift
from tests.checks.hosts.files import PLAIN, WHOLE, hosts


@given(st.binary(max_size=100))
def test_a_file_does_not_differ_from_itself(content: bytes) -> None:
    assert drift(hosts(content), hosts(content)) == ()


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_another_content_is_a_difference(before: bytes, now: bytes) -> None:
    assert bool(drift(hosts(before), hosts(now))) == (before != now)


def test_lines_that_are_gone_and_new_are_named_by_their_numbers() -> None:
    assert drift(hosts(WHOLE), hosts(f"{PLAIN}10.0.0.9 nas\n")) == (
        Difference("gone: # Plan 267-D GitHub override (2025-11-20T08:00:00Z)", 3),
        Difference("gone: 140.82.112.3 github.com", 4),
        Difference("gone: 140.82.112.6 api.github.com", 5),
        Difference("new: 10.0.0.9 nas", 3),
    )


def test_a_lost_newline_is_a_difference() -> None:
    (gone, new) = drift(hosts(b"1.1.1.1 a\n"), hosts(b"1.1.1.1 a"))

    assert str(gone) == "line 1: gone: 1.1.1.1 a"
    assert str(new) == "line 1: new: 1.1.1.1 a (no newline ends it)"


def test_owner_and_mode_are_compared() -> None:
    assert drift(hosts(PLAIN), hosts(PLAIN, owner="nobody", mode=0o666)) == (
        Difference("the owner was root, and is nobody"),
        Difference("the mode was 0644, and is 0666"),
    )
