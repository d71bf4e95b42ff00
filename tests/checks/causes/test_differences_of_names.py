"""Which names are looked at as the same thing: order, other addresses, pins, strangers."""

from dataclasses import replace

import pytest

from checks.wire.identity import Stranger
from tests.checks import made
from tests.checks.causes.views import (
    CUT,
    ONE,
    OTHER,
    THIRD,
    WHOLE,
    at,
    facts,
    first,
    view,
)


def test_how_names_are_resolved_is_first_where_the_names_differ_by_it() -> None:
    here = view("here", *WHOLE, facts=facts())
    hijacked = (made.answer("11.2.0.12"), made.stranger())
    there = view("there", *hijacked, facts=facts("192.0.2.99"))
    told = first(here, there)

    assert told.layer == "resolver configuration"
    assert told.saw["here"].startswith("asks 192.0.2.53; 192.0.2.1, DNS")
    assert told.saw["there"].startswith("asks 192.0.2.99; 11.2.0.12, DNS; 11.2.0.12 for a.test")
    same = first(here, view("there", *hijacked, facts=facts()))
    assert (same.layer, same.equal) == ("names", ("resolver configuration",))
    pinned = (made.answer("11.2.0.12", source="hosts-file"), made.stale_pin())
    assert first(here, view("there", *pinned, facts=facts("192.0.2.99"))).layer == "names"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([ONE, OTHER], [OTHER, ONE]),
        ([ONE, OTHER], [OTHER, THIRD]),
        ([ONE], [OTHER]),
    ],
    ids=["order", "overlap", "nothing in common"],
)
def test_other_addresses_that_serve_the_name_are_no_difference(
    here: list[str], there: list[str]
) -> None:
    told = first(
        view("here", made.answer(*here), *(one for each in here for one in at(each))),
        view("there", made.answer(*there), *(one for each in there for one in at(each))),
    )

    assert not told.differs
    assert bool(told.beside) == ({*here} != {*there})


def test_an_address_that_one_was_given_and_that_serves_worse_is_a_difference() -> None:
    refused = replace(made.connection_refusal(), address=OTHER)
    there = view("there", made.answer(ONE, OTHER), *at(ONE), made.address(OTHER), refused)
    told = first(view("here", made.answer(ONE), *at(ONE)), there)

    assert told.layer == "names"
    assert told.saw["there"] == "192.0.2.1, 192.0.2.2, DNS; 192.0.2.2: refused (ECONNREFUSED)"


def test_other_addresses_of_another_issuer_are_a_difference() -> None:
    between = replace(made.certificate(), issuer="CN=A proxy")
    seen = (made.address(OTHER), made.handshake(address=OTHER, chain=(between,)))
    told = first(view("here", made.answer(ONE), *at(ONE)), view("there", made.answer(OTHER), *seen))

    assert told.layer == "names"
    assert told.saw["there"] == "192.0.2.2, DNS; certificate issued by CN=A proxy"


def test_addresses_of_which_nothing_is_known_are_a_difference() -> None:
    assert first(view("here", made.answer(ONE)), view("there", made.answer(OTHER))).differs


def test_a_pin_beside_other_addresses_is_a_difference() -> None:
    pinned = view("there", made.answer(OTHER, source="hosts-file"), *at(OTHER))
    told = first(view("here", made.answer(ONE), *at(ONE)), pinned)

    assert told.layer == "names"
    assert told.saw["there"].startswith("192.0.2.2, hosts file")
    same = view("there", made.answer(ONE, source="hosts-file"), *at(ONE))
    assert not first(view("here", made.answer(ONE), *at(ONE)), same).differs


def test_an_address_without_a_way_beside_another_is_no_difference() -> None:
    there = view("there", made.answer(ONE, "2001:db8::1"), *at(ONE), made.no_way())
    told = first(view("here", made.answer(ONE), *at(ONE)), there)

    assert not told.differs
    assert "there has no way to 2001:db8::1 (ENETUNREACH: Network is unreachable)" in told.beside


def test_a_stranger_at_the_same_address_differs_by_what_it_showed() -> None:
    shown = Stranger(
        host="a.test", address=ONE, source="dns", forbidden=False, showed=CUT, at=made.NOW
    )
    here = view("here", made.answer(ONE), made.address(ONE, known=False))

    assert first(here, view("there", made.answer(ONE), shown)).layer == "TLS"


def test_nameservers_count_where_nothing_else_differs() -> None:
    here = view("here", *WHOLE, made.reply(ONE))
    there = view("there", *WHOLE, made.no_reply())
    told = first(here, there)

    assert told.layer == "names"
    assert told.saw["there"] == "nameservers, A over UDP: no reply (timeout)"
    assert first(here, view("there", *WHOLE[:3], CUT, made.no_reply())).layer == "TLS"
    assert not first(here, view("there", *WHOLE, made.reply(THIRD, server="192.0.2.99"))).differs
