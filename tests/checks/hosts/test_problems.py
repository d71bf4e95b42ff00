import pytest
from hypothesis import given

from checks.hosts.problems import problems_of
from fixtures.vantages.hosts_file import parse
from tests.fixtures.vantages.test_hosts_file import CONTENT


def faults(content: bytes) -> list[tuple[int, str, int]]:
    return [
        (line.number, problem.fault, problem.column)
        for line in parse(content)
        for problem in problems_of(line)
    ]


@given(CONTENT)
def test_a_problem_lies_in_its_line(content: bytes) -> None:
    for line in parse(content):
        assert all(1 <= one.column <= len(line.text) + 1 for one in problems_of(line))


def test_nothing_is_wrong_with_entries_blanks_and_comments() -> None:
    content = b"\n# 1.2.3.4 a\n \t\n  140.82.112.3\tgithub.com  www.github.com # since May\n"

    assert faults(content) == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xef\xbb\xbf127.0.0.1 a\n", [(1, "byte-order-mark", 1), (1, "address", 1)]),
        (b"1.1.1.1 a\n1.1.1.2 b\r\n", [(2, "carriage-return", 10)]),
        (b"1.1.1.1 a\x00b\n", [(1, "nul", 10)]),
        (b"1.1.1.1 a # \xe9\n", [(1, "not-utf-8", 13)]),
        (b"1.1.1.1 a", [(1, "no-newline", 10)]),
        (b"fe80::1%eth0 a\n", [(1, "scope", 1)]),
        (b"1.2.3 a\n010.0.0.1 b\n", [(1, "address", 1), (2, "address", 1)]),
        (b"1.1.1.1\n 1.1.1.1 # a\n", [(1, "no-name", 1), (2, "no-name", 2)]),
        (b"1.1.1.1 a b/c -d\n", [(1, "name", 11), (1, "name", 15)]),
        ("1.1.1.1 gïthub.com\n".encode(), [(1, "name", 9)]),
        (b"1.1.1.1 a. b\n", [(1, "trailing-dot", 9)]),
        (b"1.1.1.1 " + b"a" * 64 + b"\n", [(1, "name", 9)]),
    ],
)
def test_what_is_wrong_has_a_place(content: bytes, found: list[tuple[int, str, int]]) -> None:
    assert faults(content) == found
