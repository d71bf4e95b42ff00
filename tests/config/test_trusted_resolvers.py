"""Whom the shipped profiles ask beside a vantage's own resolver: nobody, unless they name it."""

import pytest

from config.loading import PROFILES, load, parse

COMMENTED = "# trusted_resolvers:\n"


def text_of(name: str) -> str:
    return (PROFILES / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["github", "runner", "lab"])
def test_nobody_outside_is_asked_by_itself(name: str) -> None:
    assert load(name).profile.trusted_resolvers == ()


@pytest.mark.parametrize("name", ["github", "runner"])
def test_what_stands_there_as_a_comment_can_be_used(name: str) -> None:
    before, commented, after = text_of(name).partition(COMMENTED)
    assert commented
    line, rest = after.split("\n", 1)
    used = f"{before}{commented[2:]}{line.removeprefix('#')}\n{rest}"

    (one,) = parse(used, PROFILES / f"{name}.yaml").trusted_resolvers
    assert (one.name, one.address, one.dot) == ("quad9", "9.9.9.9", "dns.quad9.net")


def test_where_a_resolver_lies_another_one_is_named() -> None:
    (one,) = load("cube-castle").profile.trusted_resolvers

    assert (one.dot, one.url) == ("dns.quad9.net", "https://dns.quad9.net/dns-query")
