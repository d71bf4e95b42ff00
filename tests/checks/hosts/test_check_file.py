import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.hosts import check_file as checks
from checks.hosts.file import HostsFileMissing
from config.hosts import HostsFile
from config.model import Absent
from tests.checks.hosts.files import NOON, PLAIN, WHOLE, hosts
from tests.checks.hosts.judging import Remarks, violated

FILE = HostsFile(block=Absent(absent="none here"))


@given(st.one_of(st.binary(max_size=80), st.text("127.0:1af# \tgithub.com\n\\\r\0", max_size=80)))
def test_any_content_is_judged(content: str | bytes) -> None:
    file = hosts(content)
    with contextlib.suppress(AssertionError):
        checks.check_every_line_is_read(file, Remarks())
    with contextlib.suppress(AssertionError):
        checks.check_encoding_is_plain(file, Remarks())
    with contextlib.suppress(AssertionError):
        checks.check_no_name_is_given_twice(file)
    with contextlib.suppress(AssertionError):
        checks.check_no_name_has_two_addresses(file)
    with contextlib.suppress(AssertionError):
        checks.check_no_public_name_points_at_this_host(file, FILE)


def test_a_file_that_is_there_upholds() -> None:
    checks.check_file_is_there(hosts(PLAIN))


def test_a_missing_file_is_a_violation() -> None:
    with violated("none"):
        checks.check_file_is_there(HostsFileMissing(path="/etc/hosts", at=NOON))


def test_lines_that_are_read_uphold_and_a_last_dot_is_remarked() -> None:
    remarks = Remarks()

    checks.check_every_line_is_read(hosts(f"{WHOLE}127.0.1.1 PC-7. PC-7\n"), remarks)

    assert remarks == ["/etc/hosts:6:11: PC-7. answers only when it is asked for with its last dot"]


@pytest.mark.parametrize(
    ("line", "saw"),
    [
        (b"1.2.3 a", "/etc/hosts:3:1: 1.2.3 is not an IP address"),
        (b"fe80::1%eth0 a", "/etc/hosts:3:1: fe80::1%eth0 has a scope"),
        (b"1.2.3.4", "/etc/hosts:3:1: an address without a name"),
        (b"1.2.3.4 a/b", "/etc/hosts:3:9: a/b is not a host name"),
        (b"1.2.3.4 a\x00b", "/etc/hosts:3:10: a NUL byte"),
    ],
)
def test_a_malformed_line_is_a_violation_with_its_place(line: bytes, saw: str) -> None:
    with violated(saw):
        checks.check_every_line_is_read(hosts(PLAIN.encode() + line + b"\n"), Remarks())


def test_plain_text_upholds_and_crlf_is_remarked_once() -> None:
    remarks = Remarks()

    checks.check_encoding_is_plain(hosts("1.1.1.1 a\r\n1.1.1.2 b\r\n"), remarks)

    assert remarks == ["2 lines end with CR LF, the first is /etc/hosts:1:10: ends with CR LF"]


@pytest.mark.parametrize(
    ("content", "saw"),
    [
        (b"\xef\xbb\xbf1.1.1.1 a\n", "/etc/hosts:1:1: a byte order mark"),
        (b"# caf\xe9\n", "/etc/hosts:1:6: bytes that are not UTF-8"),
    ],
)
def test_another_encoding_is_a_violation(content: bytes, saw: str) -> None:
    with violated(saw):
        checks.check_encoding_is_plain(hosts(content), Remarks())


def test_a_last_newline_upholds() -> None:
    checks.check_last_line_ends_with_a_newline(hosts(WHOLE))
    checks.check_last_line_ends_with_a_newline(hosts(""))


def test_a_missing_last_newline_is_a_violation() -> None:
    with violated("/etc/hosts:2:"):
        checks.check_last_line_ends_with_a_newline(hosts("1.1.1.1 a\n1.1.1.2 b"))


def test_a_name_may_have_an_address_of_each_family() -> None:
    checks.check_no_name_is_given_twice(hosts(PLAIN))
    checks.check_no_name_has_two_addresses(hosts(PLAIN))


def test_a_name_that_is_given_twice_is_named_with_both_lines() -> None:
    text = "1.1.1.1 a b\n2.2.2.2 c\n1.1.1.1 B\n"

    with violated("b is given 1.1.1.1 on line 1 and line 3"):
        checks.check_no_name_is_given_twice(hosts(text))
    checks.check_no_name_has_two_addresses(hosts(text))


def test_a_name_with_two_addresses_is_named_with_both_lines() -> None:
    text = "1.1.1.1 a\n2.2.2.2 c A\n"

    with violated("a is given 1.1.1.1 on line 1; 2.2.2.2 on line 2"):
        checks.check_no_name_has_two_addresses(hosts(text))
    checks.check_no_name_is_given_twice(hosts(text))


def test_own_and_local_names_may_point_at_this_host() -> None:
    text = (
        "127.0.0.1 localhost vm localhost.localdomain kubernetes.docker.internal\n"
        "::1 ip6-localhost\n127.0.1.1 Runner-7.corp.com runner-7\n0.0.0.0 a.test\n"
    )

    checks.check_no_public_name_points_at_this_host(hosts(text), FILE)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0"])
def test_a_public_name_that_points_at_this_host_is_a_violation(address: str) -> None:
    with violated(f"/etc/hosts:1: {address} github.com: github.com points at this host"):
        checks.check_no_public_name_points_at_this_host(hosts(f"{address} github.com\n"), FILE)


def test_the_profile_may_let_public_names_point_at_this_host() -> None:
    let = HostsFile(block=FILE.block, loopback=("*.Example.com",))

    checks.check_no_public_name_points_at_this_host(hosts("127.0.0.1 ads.example.com\n"), let)
    with violated("github.com points at this host"):
        checks.check_no_public_name_points_at_this_host(hosts("127.0.0.1 github.com\n"), let)
