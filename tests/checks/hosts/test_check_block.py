import pytest

from checks.hosts import check_block as checks
from reports.verdicts import Inconclusive
from tests.checks.hosts.files import BLOCK, PINS, PLAIN, WHOLE, hosts
from tests.checks.hosts.judging import Remarks, violated


def test_one_block_is_one_block() -> None:
    checks.check_block_is_there_once(hosts(WHOLE), BLOCK)


def test_no_block_is_a_violation() -> None:
    with violated("none in /etc/hosts"):
        checks.check_block_is_there_once(hosts(PLAIN), BLOCK)


def test_two_blocks_are_named_by_their_lines() -> None:
    with violated("/etc/hosts:3: # Plan 267-D", "/etc/hosts:6: # Plan 267-D"):
        checks.check_block_is_there_once(hosts(WHOLE + PINS), BLOCK)


def test_a_block_with_its_time_is_well_formed() -> None:
    checks.check_block_is_well_formed(hosts(WHOLE), BLOCK)


def test_a_block_without_its_time_is_not_well_formed() -> None:
    with violated("/etc/hosts:3:", "'today' is not a UTC time"):
        checks.check_block_is_well_formed(
            hosts(WHOLE.replace("2025-11-20T08:00:00Z", "today")), BLOCK
        )


def test_a_block_with_a_line_that_nobody_reads_is_not_well_formed() -> None:
    with violated("/etc/hosts:4: 140.82.112 github.com: the resolver does not read it"):
        checks.check_block_is_well_formed(hosts(WHOLE.replace("140.82.112.3", "140.82.112")), BLOCK)


def test_a_block_with_every_name_upholds() -> None:
    remarks = Remarks()

    checks.check_block_pins_every_name(
        hosts(WHOLE.replace("github.com", "GitHub.com")), BLOCK, remarks
    )

    assert remarks == []


def test_a_name_that_the_profile_does_not_name_is_remarked() -> None:
    remarks = Remarks()

    checks.check_block_pins_every_name(hosts(f"{WHOLE}1.1.1.1 other.com\n"), BLOCK, remarks)

    assert remarks == ["/etc/hosts:6 pins other.com, which the profile does not name"]


def test_a_missing_name_is_a_violation() -> None:
    with violated("api.github.com is not in the block"):
        checks.check_block_pins_every_name(
            hosts(WHOLE.replace("api.github.com", "api.example.com")), BLOCK, Remarks()
        )


def test_a_name_in_a_line_that_nobody_reads_is_missing() -> None:
    with violated("api.github.com is not in the block"):
        checks.check_block_pins_every_name(
            hosts(WHOLE.replace("140.82.112.6", "140.82.112")), BLOCK, Remarks()
        )


def test_without_a_block_nothing_is_said_of_its_form() -> None:
    with pytest.raises(Inconclusive) as raised:
        checks.check_block_is_well_formed(hosts(PLAIN), BLOCK)

    assert raised.value.held_by == ("check_block_is_there_once",)


def test_without_a_block_nothing_is_said_of_its_names() -> None:
    with pytest.raises(Inconclusive) as raised:
        checks.check_block_pins_every_name(hosts(PLAIN), BLOCK, Remarks())

    assert raised.value.held_by == ("check_block_is_there_once",)


def test_the_block_alone_answers_for_its_names() -> None:
    checks.check_no_other_line_answers_for_the_names(
        hosts(f"{WHOLE}\n10.0.0.1 nas\n# 1.1.1.1 github.com\n1.1.1 github.com\n"), BLOCK
    )


def test_a_line_before_the_block_wins_over_it() -> None:
    with violated("/etc/hosts:1: 1.1.1.1 www GITHUB.com: it stands before the block (line 4)"):
        checks.check_no_other_line_answers_for_the_names(
            hosts(f"1.1.1.1 www GITHUB.com\n{WHOLE}"), BLOCK
        )


def test_a_line_after_the_block_answers_too_and_so_does_one_for_ipv6() -> None:
    with violated(
        "/etc/hosts:7: 1.1.1.1 github.com: the block (line 3) wins over it",
        "/etc/hosts:8: 2001:db8::1 api.github.com",
    ):
        checks.check_no_other_line_answers_for_the_names(
            hosts(f"{WHOLE}\n1.1.1.1 github.com\n2001:db8::1 api.github.com\n"), BLOCK
        )


def test_a_line_that_answers_without_a_block_is_a_violation() -> None:
    with violated("/etc/hosts:1: 1.1.1.1 github.com: it answers, and there is no block"):
        checks.check_no_other_line_answers_for_the_names(hosts("1.1.1.1 github.com\n"), BLOCK)
