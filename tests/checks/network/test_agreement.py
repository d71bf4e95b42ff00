"""Vantages that give different answers for a name."""

import pytest

from checks.network.cases import cases
from checks.network.check_agreement import check_vantages_agree_on_the_name as agree
from checks.wire.names import Answer
from config.loading import load
from tests.checks import made


def remarks_of(here: Answer, there: Answer) -> list[str]:
    said: list[str] = []
    agree(here, there, "host", said.append)
    return said


def test_the_same_addresses_in_another_order_are_the_same_answer() -> None:
    one, other = made.answer("192.0.2.1", "192.0.2.2"), made.answer("192.0.2.2", "192.0.2.1")

    assert remarks_of(one, other) == []
    assert remarks_of(made.answer("192.0.2.1", source="hosts-file"), made.answer("192.0.2.1")) == []


@pytest.mark.parametrize(("here", "there"), [("dns", "hosts-file"), ("hosts-file", "dns")])
def test_a_name_that_is_pinned_at_one_of_them_is_a_difference(here: str, there: str) -> None:
    one, other = made.answer("11.2.0.12", source=here), made.answer("192.0.2.1", source=there)

    with pytest.raises(AssertionError) as raised:
        remarks_of(one, other)

    told = str(raised.value)
    assert "the answer that is given from host" in told
    assert f"11.2.0.12 ({here})" in told
    assert f"192.0.2.1 ({there})" in told


def test_nameservers_may_give_each_its_own_and_it_is_told() -> None:
    (said,) = remarks_of(made.answer("192.0.2.1"), made.answer("192.0.2.9"))

    assert "other addresses here than from host" in said
    assert "192.0.2.1" in said
    assert "192.0.2.9" in said


def test_all_vantages_are_compared_with_the_first() -> None:
    offered = [case for case in cases(load("runner").profile) if "control" in case.arguments]

    assert {case.vantage for case in offered} == {"runner"}
    assert {case["beside"] for case in offered} == {"host"}
    assert {case["control"].vantage for case in offered} == {"host"}
    assert not [case for case in cases(load("github").profile) if "control" in case.arguments]
