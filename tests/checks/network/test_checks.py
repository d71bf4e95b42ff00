"""Each check of the network area has something that it rejects, and something that it accepts."""

from dataclasses import replace

import pytest

from checks.network import (
    check_connections,
    check_git,
    check_http,
    check_names,
    check_nameservers,
    check_overrides,
    check_samples,
    check_ways,
)
from config.endpoints import Request, Samples
from reports.verdicts import Inconclusive, NotApplicable
from tests.checks import made

KNOWN = ("192.0.2.0/24",)
AGREE = check_nameservers.check_nameservers_agree_with_the_system


def nothing_is_remarked(text: str) -> None:
    raise ValueError(f"unexpected remark: {text}")


def test_a_name_must_resolve() -> None:
    check_names.check_name_resolves(made.answer("192.0.2.1"))
    with pytest.raises(AssertionError, match="EAI_NONAME"):
        check_names.check_name_resolves(made.no_answer())


def test_a_stranger_is_not_the_names() -> None:
    check = check_names.check_addresses_belong_to_the_name
    check((made.address(),), nothing_is_remarked)
    with pytest.raises(AssertionError, match=r"11\.2\.0\.12"):
        check((made.address(), made.stranger()), nothing_is_remarked)


def test_an_address_outside_the_known_ranges_is_remarked() -> None:
    remarks: list[str] = []

    check_names.check_addresses_belong_to_the_name(
        (made.address("198.51.100.7", known=False),), remarks.append
    )

    assert [remark.partition(" ")[0] for remark in remarks] == ["198.51.100.7"]


def test_where_no_ranges_are_known_only_a_stranger_is_judged() -> None:
    check = check_names.check_addresses_belong_to_the_name
    unknown = made.address(known=None)
    with pytest.raises(NotApplicable, match="names no ranges"):
        check((unknown, made.no_way()), nothing_is_remarked)
    with pytest.raises(AssertionError, match=r"11\.2\.0\.12"):
        check((unknown, made.stranger()), nothing_is_remarked)


def test_an_address_without_a_way_says_nothing_of_whose_it_is() -> None:
    check = check_names.check_addresses_belong_to_the_name
    check((made.address(), made.no_way()), nothing_is_remarked)
    with pytest.raises(Inconclusive) as raised:
        check((made.no_way(),), nothing_is_remarked)
    assert raised.value.held_by == ("check_there_is_a_way_to_the_name",)


def test_there_must_be_a_way_to_one_address_and_the_others_are_remarked() -> None:
    check = check_ways.check_there_is_a_way_to_the_name
    remarks: list[str] = []

    check((made.address(), made.no_way()), remarks.append)

    assert len(remarks) == 1
    assert "no way to 2001:db8::1 for a.test (dns): ENETUNREACH" in remarks[0]
    check((made.stranger(), made.stale_pin()), nothing_is_remarked)
    with pytest.raises(AssertionError, match="ENETUNREACH"):
        check((made.no_way(), made.no_way("2001:db8::2")), nothing_is_remarked)


def test_every_nameserver_must_reply() -> None:
    check, reply, silence = (
        check_nameservers.check_nameservers_reply,
        made.reply("192.0.2.1"),
        made.no_reply(),
    )
    check((reply, replace(reply, transport="tcp")), nothing_is_remarked)
    with pytest.raises(AssertionError, match="timeout"):
        check((reply, silence), nothing_is_remarked)


def test_what_was_asked_over_tcp_alone_says_so() -> None:
    check, remarks = check_nameservers.check_nameservers_reply, list[str]()
    reply = replace(made.reply("192.0.2.1"), transport="tcp")
    check((reply,), remarks.append)
    assert remarks == ["asked over TCP alone: no datagrams can be sent from here"]
    with pytest.raises(AssertionError, match="a reply to every question, over TCP\\n"):
        check((replace(made.no_reply(), transport="tcp"),), nothing_is_remarked)


def test_every_nameserver_must_know_the_name() -> None:
    check, answer = check_nameservers.check_nameservers_know_the_name, made.answer("192.0.2.1")
    check((made.reply("192.0.2.1"), made.reply()), answer, nothing_is_remarked)
    with pytest.raises(AssertionError, match="NXDOMAIN"):
        check((made.reply("192.0.2.1"), made.reply(rcode="NXDOMAIN")), answer, nothing_is_remarked)
    with pytest.raises(AssertionError, match=r"192\.0\.2\.54 has no address"):
        check(
            (made.reply("192.0.2.1"), made.reply(server="192.0.2.54")),
            answer,
            nothing_is_remarked,
        )


def test_a_name_that_the_hosts_file_gives_may_be_unknown_to_dns() -> None:
    remarks: list[str] = []

    check_nameservers.check_nameservers_know_the_name(
        (made.reply(rcode="NXDOMAIN"),),
        made.answer("192.0.2.1", source="hosts-file"),
        remarks.append,
    )

    assert len(remarks) == 1
    assert "the hosts file answers" in remarks[0]


def test_nameservers_must_agree_with_the_system_or_stay_in_the_known_ranges() -> None:
    check, answer = AGREE, made.answer("192.0.2.1")
    check(answer, (made.reply("192.0.2.1"), made.reply("192.0.2.9"), made.reply()), KNOWN)
    with pytest.raises(AssertionError, match=r"192\.0\.2\.53/udp A: 203\.0\.113\.5\b"):
        check(answer, (made.reply("203.0.113.5"),), KNOWN)


def test_an_address_beside_the_systems_own_is_a_difference() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.53/udp A: 203\.0\.113\.5\n?"):
        AGREE(made.answer("192.0.2.1"), (made.reply("192.0.2.1", "203.0.113.5"),), KNOWN)


def test_addresses_of_a_family_that_the_system_has_not_are_no_difference() -> None:
    AGREE(made.answer("192.0.2.1"), (made.reply("192.0.2.1"), made.reply("2001:db8::1")), KNOWN)
    with pytest.raises(AssertionError, match="2001:db8::2"):
        AGREE(made.answer("192.0.2.1", "2001:db8::1"), (made.reply("2001:db8::2"),), KNOWN)


@pytest.mark.parametrize(
    ("source", "known", "words"),
    [("dns", (), "names no ranges"), ("hosts-file", KNOWN, "the hosts file answers")],
)
def test_a_difference_that_may_be_is_told(source: str, known: tuple[str, ...], words: str) -> None:
    answer = made.answer("192.0.2.1", source=source)
    AGREE(answer, (made.reply("192.0.2.1"),), known)
    with pytest.raises(NotApplicable, match=rf"{words}.*203\.0\.113\.5; beside .*192\.0\.2\.1"):
        AGREE(answer, (made.reply("203.0.113.5"),), known)


def test_no_nameserver_may_give_a_forbidden_address() -> None:
    check = check_nameservers.check_no_nameserver_gives_a_forbidden_address
    hijacked, answer = made.reply("192.0.2.1", "11.2.0.12"), made.answer("192.0.2.1")
    forbidden = ("11.2.0.0/16",)
    check((made.reply("192.0.2.1"), made.reply()), answer, forbidden)
    with pytest.raises(AssertionError, match=r"192\.0\.2\.53/udp A: 11\.2\.0\.12"):
        check((made.reply("192.0.2.1"), hijacked), answer, forbidden)
    with pytest.raises(NotApplicable, match=r"the hosts file answers, and heals.*11\.2\.0\.12"):
        check((hijacked,), made.answer("192.0.2.1", source="hosts-file"), forbidden)


def test_a_pinned_address_must_still_be_the_names() -> None:
    check = check_overrides.check_hosts_file_gives_current_addresses
    pinned, cut_off = made.address(source="hosts-file"), made.no_way(source="hosts-file")
    check((pinned, cut_off))
    with pytest.raises(AssertionError, match=r"192\.0\.2\.9"):
        check((made.stale_pin(), cut_off))
    with pytest.raises(NotApplicable, match="does not give this name"):
        check((made.address(), made.stranger(), made.no_way()))
    with pytest.raises(Inconclusive, match="no way to any pin"):
        check((cut_off,))


def test_every_address_must_accept_a_connection() -> None:
    check_connections.check_connection_is_made((made.connection(),))
    with pytest.raises(AssertionError, match="ECONNREFUSED"):
        check_connections.check_connection_is_made((made.connection(), made.connection_refusal()))


def test_an_answer_must_be_whole() -> None:
    check_http.check_response_is_whole((made.response(),))
    with pytest.raises(AssertionError, match="5 of 10 bytes"):
        check_http.check_response_is_whole((made.response(), made.http_refusal()))


@pytest.mark.parametrize("status", [403, 500, 204])
def test_an_answer_must_have_the_expected_status(status: int) -> None:
    expects = Request(status=(200, 301))
    check_http.check_response_has_the_expected_status(
        (made.response(), made.response(301)), expects
    )
    with pytest.raises(AssertionError, match=f"HTTP status 200 or 301\n(.|\n)*{status}"):
        check_http.check_response_has_the_expected_status((made.response(status),), expects)


def test_an_answer_must_carry_its_headers_whatever_their_case() -> None:
    carrying = made.response(headers=(("x-github-request-id", "1"),))
    check_http.check_response_carries_its_headers((carrying,), ("X-GitHub-Request-Id",))
    with pytest.raises(AssertionError, match="sent no X-GitHub-Request-Id"):
        check_http.check_response_carries_its_headers(
            (carrying, made.response()), ("X-GitHub-Request-Id",)
        )


def test_clocks_must_agree() -> None:
    check = check_http.check_clock_agrees_with_the_date_header
    check((made.response(clock_offset=-59.0), made.response(clock_offset=None)), 60.0)
    with pytest.raises(AssertionError, match=r"\+61 s"):
        check((made.response(clock_offset=61.0),), 60.0)
    with pytest.raises(Inconclusive, match="no answer carried a Date"):
        check((made.response(clock_offset=None),), 60.0)


def test_git_must_be_advertised() -> None:
    check_git.check_git_advertises_refs((made.advertisement(),))
    with pytest.raises(AssertionError, match="not an advertisement"):
        check_git.check_git_advertises_refs((made.advertisement_refusal(),))
    with pytest.raises(AssertionError, match="truncated"):
        check_git.check_git_advertises_refs((made.advertisement(), made.http_refusal()))


def test_git_must_list_refs_where_our_own_client_reads_them() -> None:
    advertised = (made.advertisement(),)
    check_git.check_git_lists_refs(made.refs(), advertised)
    with pytest.raises(AssertionError, match="gnutls_handshake"):
        check_git.check_git_lists_refs(made.refs_refusal(), advertised)
    with pytest.raises(AssertionError, match="at least one ref"):
        check_git.check_git_lists_refs(made.refs(0), advertised)


def test_enough_attempts_must_succeed_and_the_failed_ones_are_told() -> None:
    wanted = Samples(count=3, at_least=2, interval=1)
    remarks: list[str] = []
    good, cut = made.attempt(1), made.attempt(2, made.handshake(), made.handshake_refusal())

    check_samples.check_enough_attempts_succeed((good, cut, good), wanted, remarks.append)

    assert len(remarks) == 1
    assert "attempt 2 of 3" in remarks[0]
    distrusted = made.attempt(3, made.untrusted())
    with pytest.raises(AssertionError, match=r"1 of 3\n"):
        check_samples.check_enough_attempts_succeed(
            (good, cut, distrusted), wanted, nothing_is_remarked
        )
