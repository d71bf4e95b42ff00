import re
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.hosts.parsing import (
    Family,
    Line,
    escape,
    is_loopback,
    look_up,
    parse,
    unescape,
    unparse,
)

PIECES = st.sampled_from(
    rb"127.0.0.1 ::1 ::ffff:1.2.3.4 fe80::1%eth0 1.2.3 github.com GitHub.com # \ \x00 .".split()
    + [bytes([byte]) for byte in b" \t\n\v\r\0\x85\xff"]
    + [b"\r\n", "é".encode(), "\ufeff".encode(), "\u2028".encode()]
)
CONTENT = st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=40).map(b"".join))


def only(content: bytes) -> Line:
    (line,) = parse(content)
    return line


def faults(content: bytes) -> list[tuple[int, str, int]]:
    return [
        (line.number, problem.fault, problem.column)
        for line in parse(content)
        for problem in line.problems
    ]


@given(CONTENT)
def test_a_file_is_written_as_it_was_read(content: bytes) -> None:
    assert unparse(parse(content)) == content


@given(CONTENT)
def test_text_that_is_escaped_prints_and_comes_back(content: bytes) -> None:
    text = escape(content)

    assert unescape(text) == content
    assert all(character.isprintable() for character in text.replace("\t", "").replace("\n", ""))


@given(CONTENT)
def test_positions_are_exact(content: bytes) -> None:
    lines = parse(content)
    raw = content.split(b"\n")

    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert unescape(line.text) == raw[line.number - 1]
        for word in (line.address, *line.names, line.comment):
            if word is not None:
                assert line.text[word.column - 1 :].startswith(word.text)
        assert all(1 <= one.column <= len(line.text) + 1 for one in line.problems)


@given(CONTENT)
def test_words_are_what_stands_between_blanks_before_the_comment(content: bytes) -> None:
    for line in parse(content):
        read = unescape(line.text).partition(b"\0")[0].partition(b"#")[0]
        words = [unescape(word.text) for word in (line.address, *line.names) if word is not None]

        assert words == [word for word in re.split(rb"[ \t\r\v\f]+", read) if word]


NAMES = st.sampled_from(["github.com", "GITHUB.com", "api.github.com", "a.b"])
ADDRESSES = st.sampled_from(["1.2.3.4", "5.6.7.8", "2001:db8::1", "::ffff:9.9.9.9", "1.2.3"])
ENTRIES = st.lists(st.tuples(ADDRESSES, st.lists(NAMES, min_size=1, max_size=3)), max_size=8)
READ: dict[Family, dict[str, str]] = {
    "IPv4": {"1.2.3.4": "1.2.3.4", "5.6.7.8": "5.6.7.8", "::ffff:9.9.9.9": "9.9.9.9"},
    "IPv6": {"2001:db8::1": "2001:db8::1", "::ffff:9.9.9.9": str(ip_address("::ffff:9.9.9.9"))},
}


@given(ENTRIES, NAMES, st.sampled_from(list(READ)))
def test_the_first_line_of_a_family_answers(
    entries: list[tuple[str, list[str]]], name: str, family: Family
) -> None:
    lines = parse("".join(f"{one} {' '.join(names)}\n" for one, names in entries).encode())

    found = look_up(lines, name, family)

    assert [(line.number, address) for line, address in found] == [
        (number, READ[family][one])
        for number, (one, names) in enumerate(entries, 1)
        if one in READ[family] and name.lower() in [other.lower() for other in names]
    ]


def test_a_line_is_its_address_its_names_and_its_comment() -> None:
    line = only(b"  140.82.112.3\tgithub.com  www.github.com # since May\n")

    assert (line.number, line.family, line.ended, line.problems) == (1, "IPv4", True, ())
    assert line.address is not None
    assert (line.address.text, line.address.column) == ("140.82.112.3", 3)
    assert [(word.text, word.column) for word in line.names] == [
        ("github.com", 16),
        ("www.github.com", 28),
    ]
    assert line.comment is not None
    assert (line.comment.text, line.comment.column) == (" since May", 44)


def test_nothing_is_in_an_empty_file_and_in_a_comment() -> None:
    assert parse(b"") == ()
    assert not any(line.answers or line.problems for line in parse(b"\n# 1.2.3.4 a\n \t\n"))


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


def test_what_stands_after_a_nul_is_not_read() -> None:
    line = only(b"1.1.1.1 a\x00b c\n")

    assert [word.text for word in line.names] == ["a"]
    assert line.text == "1.1.1.1 a\\x00b c"


def test_a_line_whose_address_has_a_scope_answers_for_nothing() -> None:
    assert look_up(parse(b"fe80::1%eth0 a\n"), "a", "IPv6") == ()


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"]
)
def test_loopback_is_known_in_every_spelling(address: str) -> None:
    assert is_loopback(only(f"{address} a\n".encode()))


@pytest.mark.parametrize("address", ["140.82.112.3", "2001:db8::1", "nonsense"])
def test_other_addresses_are_not_loopback(address: str) -> None:
    assert not is_loopback(only(f"{address} a\n".encode()))
